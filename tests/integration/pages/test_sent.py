"""The log of what was said to fans: who let it out, what became of it, and what can be done about that."""

import re
from datetime import timedelta
from uuid import UUID

from huntaze.attachments.model import Media
from huntaze.ids import new_id
from huntaze.members.model import Principal, Role
from huntaze.messages.model import Content, InConversation, Told, Words, Written
from huntaze.money import Money
from tests.integration.pages.conftest import Place
from tests.support.browser import Page
from tests.support.talks import Talks

INBOX = "/messages/onlyfans"
SENT = f"{INBOX}/sent"


def _row(page: Page, message_id: UUID) -> str:
    part = page.html.partition(f'id="m-{message_id}"')[2].partition("</li>")[0]
    return " ".join(re.sub(r"<[^>]*>", " ", part).split())


def _shown(page: Page) -> list[str]:
    return re.findall(r'<li data-row id="m-([^"]*)"', page.html)


def _elsewhere(place: Place, who: Principal, conversation_id: UUID) -> None:
    told = Told(
        conversation_id=conversation_id,
        platform_message_id=str(new_id()),
        content=Content("From my phone", Money(0, "USD"), ()),
        occurred_at=place.clock.now(),
    )
    place.parts.receiving.note_sent_elsewhere(who.workspace_id, told)


def test_each_message_tells_to_whom_by_whom_and_what_became_of_it(place: Place, ana: Principal, talks: Talks) -> None:
    zoe = talks.open("Zoë")
    waiting, failed, unknown = (talks.say(zoe, words) for words in ("I wait", "I\nfailed", "Nobody knows"))
    talks.become(failed, "failed", "price")
    talks.become(unknown, "unknown")
    sold = talks.say(zoe, "Unlock me", price_cents=1_500, media=(Media("https://media.example.com/1.jpg"),))
    talks.become(sold, "sent")
    place.run("UPDATE messages SET bought_at = now() WHERE id = %s", sold)
    talks.hear(zoe, "What a fan says is not in it")
    page = place.signed_in().get(SENT)
    assert "What a fan says" not in page.text
    assert len(_shown(page)) == 4
    assert re.search(r"Zoë I wait Leaves about .* in line · approved by Ana .* Cancel$", _row(page, waiting))
    assert "Zoë I failed Not sent: the platform does not take this price. · approved by Ana" in _row(page, failed)
    assert _row(page, failed).endswith("Send again")
    assert "We cannot tell whether it arrived · approved by Ana" in _row(page, unknown)
    assert "It arrived" in _row(page, unknown)
    assert re.search(r"Sent .* approved by Ana .* \$15.00 Bought", _row(page, sold))
    assert place.parts.conversations.get(ana, zoe).unread_count == 1, "nothing is read by looking"


def test_it_is_narrowed_by_person_state_and_day(place: Place, ana: Principal, talks: Talks) -> None:
    tom = place.member(ana.workspace_id, Role.CHATTER, "tom@example.com")
    zoe = talks.open("Zoë")
    mine = talks.say(zoe, "Mine")
    talks.become(mine, "failed", "price")
    written = Written(Words(text="His"))
    his = place.parts.messages.send(tom, InConversation(zoe), written).message.id
    browser = place.signed_in()

    def found(query: str) -> list[str]:
        return _shown(browser.get(f"{SENT}?{query}"))

    assert found("") == [str(his), str(mine)]
    assert found(f"person={ana.member_id}") == [str(mine)]
    assert found(f"person={tom.member_id}") == [str(his)]
    assert found(f"person={tom.member_id}&state=trouble") == []
    assert found("state=trouble") == [str(mine)]
    assert found("state=waiting") == [str(his)]
    assert found("state=sent") == found("state=cancelled") == found("person=elsewhere") == []
    today = f"{place.clock.now():%Y-%m-%d}"
    yesterday = f"{place.clock.now() - timedelta(days=1):%Y-%m-%d}"
    assert len(found(f"since={today}&until={today}")) == 2
    assert found(f"until={yesterday}") == []
    assert found("person=nonsense&state=nonsense") == [str(his), str(mine)]
    page = browser.get(f"{SENT}?since=31/03/2026")
    assert (page.status, "Write a date such as" in page.text, len(_shown(page))) == (400, True, 2)
    assert "No message fits" in browser.get(f"{SENT}?state=cancelled").text


def test_what_was_typed_in_the_app_is_nobodys(place: Place, ana: Principal, talks: Talks) -> None:
    zoe = talks.open("Zoë")
    talks.say(zoe, "Mine")
    _elsewhere(place, ana, zoe)
    browser = place.signed_in()
    page = browser.get(f"{SENT}?person=elsewhere")
    assert len(_shown(page)) == 1
    assert "From my phone" in page.text
    assert "own app" in page.text
    assert len(_shown(browser.get(f"{SENT}?person=elsewhere&state=sent"))) == 1
    assert _shown(browser.get(f"{SENT}?person=elsewhere&state=trouble")) == []


def test_what_failed_is_decided_there_as_in_the_thread(place: Place, ana: Principal, talks: Talks) -> None:
    zoe = talks.open("Zoë")
    failed, unknown, waiting = (talks.say(zoe, words) for words in ("One", "Two", "Three"))
    talks.become(failed, "failed", "price")
    talks.become(unknown, "unknown")
    browser = place.signed_in()
    browser.get(f"{SENT}?state=trouble")
    page = browser.submit(f"{INBOX}/{zoe}/messages/{failed}/retry")
    assert page.path == f"{SENT}?state=trouble", "one stays where one was"
    assert "The message is on its way again." in page.text
    page = browser.submit(f"{INBOX}/{zoe}/messages/{unknown}/resolution", decision="arrived")
    assert "Nothing here" in page.text
    browser.get(f"{SENT}?state=waiting")
    page = browser.submit(f"{INBOX}/{zoe}/messages/{waiting}/cancel")
    assert _shown(page) == [str(failed)]
    assert place.parts.messages.get(ana, unknown).status == "sent"


def test_a_link_leads_to_the_message_in_its_thread(place: Place, talks: Talks) -> None:
    zoe = talks.open("Zoë")
    old = talks.say(zoe, "Long ago")
    talks.become(old, "sent")
    for number in range(60):
        talks.pass_by(minutes=1)
        talks.hear(zoe, f"Line {number:02}.")
    new = talks.say(zoe, "Just now")
    browser = place.signed_in()
    page = browser.get(SENT)
    hrefs = {given["href"] for tag, given in page.read.tags if "at=" in given.get("href", "")}
    assert hrefs == {f"{INBOX}/{zoe}?at={each}#m-{each}" for each in (old, new)}
    at_old, at_new = (browser.get(f"{INBOX}/{zoe}?at={each}") for each in (old, new))
    assert f'id="m-{old}"' in at_old.html
    assert "Line 00." not in at_old.text
    assert "To the newest" in at_old.text
    assert f'id="m-{new}"' in at_new.html
    assert 'id="composer"' in at_new.html, "what is at the end anyway is shown as the end"
    for nothing in ("nonsense", str(new_id())):
        assert f'id="m-{new}"' in browser.get(f"{INBOX}/{zoe}?at={nothing}").html
    max_ = talks.open("Max")
    assert "Long ago" not in browser.get(f"{INBOX}/{max_}?at={old}").text


def test_it_goes_on_page_by_page_also_in_two_states(place: Place, talks: Talks) -> None:
    zoe, said = talks.open("Zoë"), []
    for number in range(45):
        talks.pass_by(seconds=1)
        said.append(talks.say(zoe, f"Number {number}"))
        talks.become(said[-1], "failed" if number % 2 else "unknown", "price")
    browser = place.signed_in()
    for query in ("", "?state=trouble"):
        page = browser.get(SENT + query)
        [href] = [given["href"] for tag, given in page.read.tags if given.get("rel") == "next"]
        rest = browser.get(href)
        assert [UUID(each) for each in _shown(page) + _shown(rest)] == said[::-1]
        assert "To the first" in rest.text
    assert browser.get(f"{SENT}?cursor=nonsense").path == SENT
    part = browser.part(f"{SENT}?state=trouble", "sent")
    assert part.html.lstrip().startswith('<section id="sent"')


def test_only_the_inbox_sees_it(place: Place, ana: Principal, talks: Talks) -> None:
    talks.say(talks.open("Zoë"), "Hello")
    place.member(ana.workspace_id, Role.ANALYST, "ben@example.com")
    place.member(ana.workspace_id, Role.CHATTER, "tom@example.com")
    assert place.signed_in("ben@example.com").get(SENT).status == 403
    page = place.signed_in("tom@example.com").get(SENT)
    assert "Ana" in page.text
    assert f'href="{SENT}"' in place.signed_in("tom@example.com").get(INBOX).html


def test_what_is_not_there_yet_is_said(place: Place, ana: Principal) -> None:
    assert ana
    assert "Nothing sent yet" in place.signed_in().get(SENT).text
