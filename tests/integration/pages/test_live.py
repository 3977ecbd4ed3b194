"""Live: who else is here, who answers, what has come in elsewhere, and a thread that is opened without its frame."""

import re
from uuid import UUID

import pytest

from huntaze.members.model import Principal, Role
from huntaze.messages.model import Words
from tests.integration.pages.conftest import Place
from tests.support.browser import Browser, Page
from tests.support.talks import Talks

INBOX = "/messages/onlyfans"
POLL = {"hx_request_type": "partial", "hx_target": "div#live"}
HERE = "SELECT member_id, here_until FROM conversation_presence"


@pytest.fixture
def ben(place: Place, ana: Principal) -> Principal:
    return place.member(ana.workspace_id, Role.CHATTER, "ben@example.com")


def _open(place: Place, conversation_id: UUID, email: str = "ana@example.com", **how: str) -> Browser:
    browser = place.signed_in(email, **how)
    browser.get(f"{INBOX}/{conversation_id}")
    return browser


def _news(browser: Browser, conversation_id: UUID, known: str = '"old"', **headers: str) -> Page:
    address = f"{INBOX}/{conversation_id}/news?lines=40"
    return browser.get(address, follow=False, **POLL, if_none_match=known, **headers)


def test_who_else_has_it_open_stands_in_the_head(place: Place, zoe: UUID, ben: Principal) -> None:
    assert ben
    mine = _open(place, zoe)
    word = _news(mine, zoe).headers["ETag"]
    assert _news(mine, zoe, word).status == 304
    theirs = _open(place, zoe, "ben@example.com", language="fr")
    assert theirs.last
    assert "Aussi ici : Ana" in theirs.last.text
    told = _news(mine, zoe, word)
    assert "Also here: Ben" in told.text
    assert _news(mine, zoe, told.headers["ETag"]).status == 304
    place.run("UPDATE conversation_presence SET here_until = now() WHERE member_id = %s", ben.member_id)
    assert "Also here" not in _news(mine, zoe, told.headers["ETag"]).text


def test_to_ask_for_news_is_to_be_there_and_is_noted_now_and_then(
    place: Place, ana: Principal, talks: Talks, zoe: UUID
) -> None:
    browser = _open(place, zoe)
    [first] = place.run(HERE)
    assert first[0] == ana.member_id
    talks.pass_by(seconds=20)
    _news(browser, zoe)
    assert place.run(HERE) == [first]
    talks.pass_by(seconds=6)
    _news(browser, zoe)
    [(_, until)] = place.run(HERE)
    assert until > first[1]


@pytest.mark.usefixtures("talks")
def test_a_window_in_the_background_is_not_there(place: Place, zoe: UUID) -> None:
    browser = _open(place, zoe)
    place.run("DELETE FROM conversation_presence")
    _news(browser, zoe, x_unseen="1")
    assert place.run(HERE) == []


def test_who_leaves_is_gone_and_what_was_typed_last_is_kept(place: Place, ana: Principal, zoe: UUID) -> None:
    browser = _open(place, zoe)
    assert browser.last
    fields = browser.last.form(f"{INBOX}/{zoe}/messages").fields
    browser.post(f"{INBOX}/{zoe}/composer", [*fields, ("text", "Half")])
    browser.post(f"{INBOX}/{zoe}/leaving", [*fields, ("text", "Half a sen"), ("for_now", "1")])
    assert place.run(HERE) == []
    assert place.parts.presence.holder(ana, zoe), "who only looks away answers still"
    browser.post(f"{INBOX}/{zoe}/leaving", [("csrf", browser.last.read.forms[0].value("csrf"))])
    assert place.parts.presence.holder(ana, zoe) is None
    assert place.parts.composer.of(ana, zoe).content.text == "Half a sen"


def test_who_types_while_another_answers_is_told_at_once_and_can_take_over(
    place: Place, ana: Principal, zoe: UUID, ben: Principal
) -> None:
    place.parts.presence.be_there(ben, zoe, answering=True)
    browser = _open(place, zoe)
    told = browser.submit(f"{INBOX}/{zoe}/messages", element="composer", text="Mine")
    assert "Ben is answering. Take over" in told.text.replace("answering.Take", "answering. Take")
    address, fields = f"{INBOX}/{zoe}/composer", [*told.form(f"{INBOX}/{zoe}/messages").fields, ("take_over", "1")]
    part = browser.post(address, fields, hx_request_type="partial", hx_target="span#answering")
    assert part.text == ""
    holder = place.parts.presence.holder(ana, zoe)
    assert holder
    assert holder.member_id == ana.member_id
    theirs = _open(place, zoe, "ben@example.com")
    assert theirs.last
    assert "Ana is answering." in theirs.last.text


def test_a_minute_of_silence_ends_answering_and_the_next_letter_asks_again(
    place: Place, ana: Principal, talks: Talks, zoe: UUID, ben: Principal
) -> None:
    browser = _open(place, zoe)
    assert browser.last
    fields = [*browser.last.form(f"{INBOX}/{zoe}/messages").fields, ("text", "Half a sen")]
    browser.post(f"{INBOX}/{zoe}/composer", fields)
    talks.pass_by(seconds=61)
    place.parts.presence.be_there(ben, zoe, answering=True)
    part = browser.post(f"{INBOX}/{zoe}/composer", fields, hx_request_type="partial", hx_target="span#answering")
    assert "Ben is answering." in part.text
    assert place.parts.composer.of(ana, zoe).content.text == "Half a sen"


def test_a_draft_is_approved_while_another_answers_only_by_taking_over(
    place: Place, ana: Principal, zoe: UUID, ben: Principal
) -> None:
    machine = place.member(ana.workspace_id, Role.MACHINE, "machine@example.com")
    draft_id = place.parts.drafts.write(machine, zoe, Words(text="A machine's words")).id
    browser = _open(place, zoe)
    approval = f"{INBOX}/{zoe}/drafts/{draft_id}/approval"
    place.parts.presence.be_there(ben, zoe, answering=True)
    page = browser.submit(approval)
    assert "Ben is answering this conversation. Nothing was sent." in page.text
    assert page.form(approval).value("take_over") == "1"
    assert "Take over and send" in page.text
    page = browser.submit(approval)
    assert "approved and is on its way" in page.text
    assert place.parts.presence.holder(ana, zoe) is None


def test_what_another_has_answered_is_marked(place: Place, talks: Talks, zoe: UUID, ben: Principal) -> None:
    talks.say(zoe, "Mine")
    mark = re.compile(r'<li id="m-[^"]*" class="out" data-another>')
    assert ben
    assert not mark.search(place.signed_in().get(f"{INBOX}/{zoe}").html)
    assert mark.search(place.signed_in("ben@example.com").get(f"{INBOX}/{zoe}").html)


def test_who_has_answered_is_still_there_and_answers_no_more(place: Place, ana: Principal, zoe: UUID) -> None:
    _open(place, zoe).submit(f"{INBOX}/{zoe}/messages", text="Good morning")
    assert [member_id for member_id, _ in place.run(HERE)] == [ana.member_id]
    assert place.parts.presence.holder(ana, zoe) is None


def test_a_thread_is_opened_alone_with_what_belongs_to_it(place: Place, talks: Talks, zoe: UUID) -> None:
    talks.hear(zoe, "Hello?")
    browser = place.signed_in()
    part = browser.part(f"{INBOX}/{zoe}?show=unread", "thread")
    assert part.html.startswith("<title>Zoë · Huntaze</title>")
    assert "<html" not in part.html
    assert "Hello?" in part.text
    assert part.form(f"{INBOX}/{zoe}/messages")
    for target in ("#list", "#live"):
        assert f'hx-target="{target}" hx-swap="outerMorph"' in part.html
    assert f'data-thread="{zoe}"' in part.html.partition('id="live"')[2]
    closed = browser.part(INBOX, "thread")
    assert "Choose a conversation" in closed.text
    assert 'data-thread=""' in closed.html


def _arrivals(page: Page) -> list[tuple[str, str]]:
    inside = page.html.partition('id="live"')[2].partition("</div>")[0]
    return re.findall(r'data-arrival="(\d+)".*?<b dir="auto">(.*?)</b>', inside)


def test_what_came_in_elsewhere_is_told_whatever_the_list_shows(place: Place, talks: Talks, zoe: UUID) -> None:
    max_, answered = talks.open("Max"), talks.open("Done")
    for conversation_id in (zoe, max_, max_, answered):
        talks.hear(conversation_id, "Hello <b>you</b>")
    talks.say(answered, "Hi")
    browser = place.signed_in()
    assert _arrivals(browser.get(f"{INBOX}/{zoe}")) == [("2", "Max")]
    page = browser.get(f"{INBOX}/{zoe}?q=nobody&platform=fansly")
    assert _arrivals(page) == [("2", "Max")]
    assert "Hello &lt;b&gt;you&lt;/b&gt;" in page.html.partition('id="live"')[2]
