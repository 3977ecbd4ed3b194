"""Answering: what is typed is kept, what is sent is said once, one person answers, and drafts wait for a person."""

from collections.abc import Callable
from uuid import UUID

import pytest

from huntaze.delivery.gate import Gate
from huntaze.fans.model import Platform
from huntaze.members.model import Principal, Role
from huntaze.messages.model import Words
from huntaze.quick_replies.model import NewQuickReply
from huntaze.wording.model import Wording
from tests.integration.pages.conftest import Place
from tests.support.browser import Browser, Page
from tests.support.talks import Talks

INBOX = "/messages/onlyfans"


@pytest.fixture
def said(place: Place) -> Callable[[], list[tuple[object, ...]]]:
    return lambda: place.run("SELECT text, price_cents, status FROM messages WHERE direction = 'out' ORDER BY id")


Said = Callable[[], list[tuple[object, ...]]]


def _open(place: Place, conversation_id: UUID, email: str = "ana@example.com", **how: str) -> Browser:
    browser = place.signed_in(email, **how)
    browser.get(f"{INBOX}/{conversation_id}")
    return browser


def _typed(page: Page, conversation_id: UUID) -> dict[str, str]:
    form = page.form(f"{INBOX}/{conversation_id}/messages")
    return {name: form.value(name) for name in ("text", "price", "media")}


@pytest.mark.parametrize("part", ["", "composer"], ids=["whole", "part"])
def test_an_answer_is_sent_and_stands_in_the_thread_at_once(place: Place, zoe: UUID, said: Said, part: str) -> None:
    page = _open(place, zoe).submit(f"{INBOX}/{zoe}/messages", element=part, text="Good morning\r\nZoë")
    assert page.status == 200
    assert "Good morning Zoë" in page.text
    assert "Leaves about" in page.text
    assert ("<html" in page.html) == (not part)
    assert _typed(page, zoe)["text"] == ""
    assert said() == [("Good morning\nZoë", 0, "queued")]


def test_what_is_sent_twice_is_said_once(place: Place, zoe: UUID, said: Said) -> None:
    browser = _open(place, zoe)
    assert browser.last
    fields = [*browser.last.form(f"{INBOX}/{zoe}/messages").fields, ("text", "Once")]
    for _ in range(2):
        assert browser.post(f"{INBOX}/{zoe}/messages", fields).status == 200
    assert said() == [("Once", 0, "queued")]
    page = browser.post(f"{INBOX}/{zoe}/messages", [*fields, ("text", "Something else")])
    assert page.status == 409
    assert "This was sent already" in page.text
    assert browser.submit(f"{INBOX}/{zoe}/messages").status == 200
    assert len(said()) == 2


def test_a_price_and_media_are_sent_with_it(place: Place, zoe: UUID, said: Said) -> None:
    typed = {"text": "For you", "price": "9,50", "media": "https://media.example.com/1.jpg"}
    page = _open(place, zoe, language="fr").submit(f"{INBOX}/{zoe}/messages", **typed)
    assert page.status == 200
    assert said() == [("For you", 950, "queued")]
    assert "9,50\u00a0$US" in page.html


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"text": "  "}, "This is needed."),
        ({"text": "x" * 5001}, "At most 5,000 characters."),
        ({"text": "Hi", "price": "many"}, "Write an amount such as"),
        ({"text": "Hi", "price": "1", "media": "https://media.example.com/1.jpg"}, "does not take this price"),
        ({"text": "Hi", "price": "9"}, "needs something to unlock"),
        ({"text": "Hi", "media": "http://10.0.0.1/"}, "Each line is one address"),
    ],
)
def test_what_cannot_be_sent_is_said_beside_it_and_stays(
    place: Place, zoe: UUID, said: Said, typed: dict[str, str], words: str
) -> None:
    for part in ("", "composer"):
        page = _open(place, zoe).submit(f"{INBOX}/{zoe}/messages", element=part, **typed)
        assert page.status == 400
        assert words in page.text
        assert _typed(page, zoe) == {name: typed.get(name, "").strip() for name in ("text", "price", "media")}
    assert said() == []


def test_what_is_typed_is_kept_until_it_is_sent_or_emptied(place: Place, ana: Principal, zoe: UUID) -> None:
    browser = _open(place, zoe)
    assert browser.last
    fields = browser.last.form(f"{INBOX}/{zoe}/messages").fields
    typed = [*fields, ("text", "Half a sen"), ("price", "what"), ("media", "https://media.example.com/1.jpg")]
    assert browser.post(f"{INBOX}/{zoe}/composer", typed, follow=False).status == 204
    page = place.signed_in().get(f"{INBOX}/{zoe}")
    assert _typed(page, zoe) == {"text": "Half a sen", "price": "", "media": "https://media.example.com/1.jpg"}
    holder = place.parts.presence.holder(ana, zoe)
    assert holder
    assert holder.member_id == ana.member_id
    assert browser.post(f"{INBOX}/{zoe}/composer", fields, follow=False).status == 204
    assert place.parts.presence.holder(ana, zoe) is None
    assert place.parts.composer.of(ana, zoe).content.text == ""


def test_while_somebody_else_answers_it_can_be_taken_over(place: Place, ana: Principal, zoe: UUID, said: Said) -> None:
    ben = place.member(ana.workspace_id, Role.CHATTER, "ben@example.com")
    place.parts.presence.be_there(ben, zoe, answering=True)
    browser = _open(place, zoe)
    assert browser.last
    assert "Ben is answering." in browser.last.text
    page = browser.submit(f"{INBOX}/{zoe}/messages", text="Mine")
    assert page.status == 409
    assert "Ben is answering this conversation. Yours was not sent." in page.text
    assert _typed(page, zoe)["text"] == "Mine"
    assert said() == []
    page = browser.submit(f"{INBOX}/{zoe}/messages", take_over="1")
    assert page.status == 200
    assert said() == [("Mine", 0, "queued")]


def test_while_sending_is_held_what_was_typed_stays(place: Place, zoe: UUID, said: Said) -> None:
    browser = _open(place, zoe)
    for part in ("sending", "messages", "idempotency"):
        place.parts.__dict__.pop(part, None)
    place.parts.gate = Gate("Held for the test.")
    page = browser.submit(f"{INBOX}/{zoe}/messages", text="Later")
    assert page.status == 409
    assert "all sending is on hold" in page.text
    assert _typed(page, zoe)["text"] == "Later"
    assert said() == []


def test_without_an_account_it_says_so(place: Place, zoe: UUID) -> None:
    place.run("UPDATE platform_connections SET status = 'expired'")
    page = _open(place, zoe).submit(f"{INBOX}/{zoe}/messages", text="Hi")
    assert page.status == 409
    assert "no account is connected and signed in" in page.text


def test_whom_to_leave_alone_is_not_written_to(place: Place, ana: Principal, talks: Talks) -> None:
    alone = talks.open("Max")
    place.run("UPDATE fans SET do_not_contact = true")
    fan = place.fan(ana, platform=Platform.PATREON)
    elsewhere = place.parts.conversations.open(ana, fan.id).conversation.id
    browser = place.signed_in()
    for conversation_id in (alone, elsewhere):
        page = browser.get(f"{INBOX}/{conversation_id}")
        assert f'action="{INBOX}/{conversation_id}/messages"' not in page.html
    assert "can be read here and not written to" in page.text


def _draft(place: Place, ana: Principal, conversation_id: UUID, text: str = "A machine's words") -> UUID:
    machine = place.member(ana.workspace_id, Role.MACHINE, "machine@example.com")
    return place.parts.drafts.write(machine, conversation_id, Words(text=text)).id


@pytest.mark.usefixtures("talks")
def test_a_draft_is_approved_as_it_was_seen(place: Place, ana: Principal, zoe: UUID, said: Said) -> None:
    draft_id = _draft(place, ana, zoe)
    browser = _open(place, zoe)
    assert browser.last
    assert "Draft by a machine, not sent" in browser.last.text
    place.parts.drafts.change(ana, draft_id, {"text": "Other words"})
    page = browser.submit(f"{INBOX}/{zoe}/drafts/{draft_id}/approval")
    assert "Somebody has changed this draft." in page.text
    assert said() == []
    page = browser.submit(f"{INBOX}/{zoe}/drafts/{draft_id}/approval")
    assert "approved and is on its way" in page.text
    assert said() == [("Other words", 0, "queued")]


def test_a_draft_is_sent_with_other_words_and_used_up(place: Place, ana: Principal, zoe: UUID, said: Said) -> None:
    draft_id = _draft(place, ana, zoe)
    browser = place.signed_in()
    page = browser.get(f"{INBOX}/{zoe}?draft={draft_id}")
    assert _typed(page, zoe)["text"] == "A machine's words"
    assert "You are changing a draft." in page.text
    page = browser.submit(f"{INBOX}/{zoe}/messages", text="My own words")
    assert said() == [("My own words", 0, "queued")]
    assert "Draft by a machine" not in page.text
    assert _typed(browser.get(f"{INBOX}/{zoe}?draft={draft_id}"), zoe)["text"] == ""


def test_a_draft_is_dismissed_in_its_own_thread_only(place: Place, ana: Principal, talks: Talks, zoe: UUID) -> None:
    draft_id, other = _draft(place, ana, zoe), talks.open("Max")
    browser = _open(place, zoe)
    assert browser.last
    token = browser.last.read.forms[0].value("csrf")
    assert browser.post(f"{INBOX}/{other}/drafts/{draft_id}/dismissal", [("csrf", token)]).status == 404
    browser.get(f"{INBOX}/{zoe}")
    page = browser.submit(f"{INBOX}/{zoe}/drafts/{draft_id}/dismissal", element="talk")
    assert "The draft was dismissed." in page.text
    assert "Draft by a machine" not in page.text


def test_a_quick_reply_is_filled_in_for_the_fan_and_counted_when_sent(
    place: Place, ana: Principal, zoe: UUID, said: Said
) -> None:
    new = NewQuickReply(template=Wording("Thank you, {name|love}!"), category="thanks")
    reply = place.parts.quick_replies.create(ana, new)
    browser = place.signed_in()
    assert "Thank you, Zoë!" in browser.get(f"{INBOX}/{zoe}").text
    page = browser.get(f"{INBOX}/{zoe}?reply={reply.id}")
    assert _typed(page, zoe)["text"] == "Thank you, Zoë!"
    assert place.parts.quick_replies.get(ana, reply.id).usage_count == 0
    browser.submit(f"{INBOX}/{zoe}/messages")
    assert said() == [("Thank you, Zoë!", 0, "queued")]
    assert place.parts.quick_replies.get(ana, reply.id).usage_count == 1


def test_news_of_a_hidden_window_read_nothing(place: Place, ana: Principal, talks: Talks, zoe: UUID) -> None:
    browser = _open(place, zoe)
    talks.hear(zoe, "Hello?")
    asking = {"hx_request_type": "partial", "hx_target": "div#live", "if_none_match": '"old"'}
    page = browser.get(f"{INBOX}/{zoe}/news?lines=40", follow=False, **asking, x_unseen="1")
    assert "Hello?" in page.text
    assert place.parts.conversations.get(ana, zoe).unread_count == 1
    browser.get(f"{INBOX}/{zoe}/news?lines=40", follow=False, **asking)
    assert place.parts.conversations.get(ana, zoe).unread_count == 0
