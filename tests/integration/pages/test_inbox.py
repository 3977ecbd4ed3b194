"""The inbox: who wrote, what was said, what became of it, and what can be done about that."""

import re
from datetime import timedelta
from uuid import UUID

import pytest

from huntaze.ids import new_id
from huntaze.members.model import Principal, Role
from tests.integration.pages.conftest import Place
from tests.support.browser import Page
from tests.support.talks import Talks

INBOX = "/messages/onlyfans"


def _names(page: Page) -> list[str]:
    return re.findall(r'<span class="cut" dir="auto">(.*?)</span>', page.html)


def test_the_newest_stands_first_with_what_was_said_and_what_is_unread(place: Place, talks: Talks) -> None:
    max_, zoe = talks.open("Max"), talks.open("Zoë")
    talks.hear(zoe, "Are you there?", at=place.clock.now() - timedelta(hours=1))
    talks.hear(zoe, "Hello?", at=place.clock.now() - timedelta(minutes=50))
    talks.hear(max_, "Good\n\nmorning")
    page = place.signed_in().get(INBOX)
    assert page.title == "Inbox · Huntaze"
    assert _names(page) == ["Max", "Zoë"]
    assert "Good morning 1 unread" in page.text
    assert "Hello? 2 unread" in page.text
    assert place.signed_in().get("/onlyfans/inbox").status == 200


def test_without_conversations_it_says_what_comes(place: Place, ana: Principal) -> None:
    assert ana
    page = place.signed_in().get(INBOX)
    assert "No conversations yet" in page.text


def test_it_is_narrowed_to_a_name_the_unread_and_the_archived(place: Place, ana: Principal, talks: Talks) -> None:
    talks.hear(talks.open("Max"), "One")
    read = talks.open("Zoë")
    place.parts.conversations.change(ana, talks.open("Old"), {"archived": True})
    browser = place.signed_in()
    assert _names(browser.get(f"{INBOX}?q=zo")) == ["Zoë"]
    assert _names(browser.get(f"{INBOX}?unread=1")) == ["Max"]
    assert _names(browser.get(f"{INBOX}?archived=1")) == ["Old"]
    assert _names(browser.get(f"{INBOX}?platform=fansly")) == []
    assert "Nothing here" in browser.get(f"{INBOX}?q=nobody").text
    assert _names(browser.get(f"{INBOX}?unread=1&archived=1")) == []
    part = browser.part(f"{INBOX}/{read}?unread=1", "conversations")
    assert part.html.lstrip().startswith('<div id="conversations">')
    assert _names(part) == ["Max"]


def test_it_goes_on_page_by_page(place: Place, talks: Talks) -> None:
    for number in range(45):
        talks.open(f"Fan {number}")
    browser = place.signed_in()
    page = browser.get(INBOX)
    [href] = [given["href"] for tag, given in page.read.tags if given.get("rel") == "next"]
    rest = browser.get(href)
    assert len(_names(page)) + len(_names(rest)) == 45
    assert "To the first" in rest.text
    assert len(_names(browser.get(f"{INBOX}?cursor=nonsense"))) == 40


def test_opening_a_thread_reads_it(place: Place, ana: Principal, talks: Talks) -> None:
    zoe = talks.open("Zoë")
    talks.hear(zoe, "Hello?")
    page = place.signed_in().get(f"{INBOX}/{zoe}")
    assert page.title == "Zoë · Huntaze"
    assert "Zoë said: Hello?" in page.text
    assert "Today" in page.text
    assert place.parts.conversations.get(ana, zoe).unread_count == 0


def test_who_may_not_answer_reads_nothing_away(place: Place, ana: Principal, talks: Talks) -> None:
    zoe = talks.open("Zoë")
    talks.hear(zoe, "Hello?")
    place.member(ana.workspace_id, Role.ANALYST, "ben@example.com")
    assert place.signed_in("ben@example.com").get(f"{INBOX}/{zoe}").status == 403
    assert place.parts.conversations.get(ana, zoe).unread_count == 1


def test_only_who_may_see_the_inbox_finds_it_in_the_navigation(place: Place, ana: Principal) -> None:
    place.member(ana.workspace_id, Role.ANALYST, "ben@example.com")
    assert f'href="{INBOX}"' in place.signed_in().get("/settings/profile").html
    assert f'href="{INBOX}"' not in place.signed_in("ben@example.com").get("/settings/profile").html


def test_what_is_older_comes_on_demand(place: Place, talks: Talks) -> None:
    zoe, now = talks.open("Zoë"), place.clock.now()
    for number in range(50):
        talks.hear(zoe, f"Line {number:02}.", at=now - timedelta(days=1, minutes=50 - number))
    browser = place.signed_in()
    page = browser.get(f"{INBOX}/{zoe}")
    assert page.text.rindex("Line 10.") < page.text.rindex("Line 49.")
    assert "Line 09." not in page.text
    assert "Yesterday" in page.text
    [href] = [given["href"] for tag, given in page.read.tags if "lines=" in given.get("href", "")]
    part = browser.part(href, "talk")
    assert "Line 00." in part.text
    assert "Older messages" not in part.text


def test_beyond_very_many_lines_what_is_older_is_a_page_of_its_own(place: Place, talks: Talks) -> None:
    zoe, now = talks.open("Zoë"), place.clock.now()
    for number in range(402):
        talks.hear(zoe, f"Line {number:03}.", at=now - timedelta(minutes=500 - number))
    browser = place.signed_in()
    page = browser.get(f"{INBOX}/{zoe}?lines=400")
    [href] = [given["href"] for tag, given in page.read.tags if "before=" in given.get("href", "")]
    older = browser.get(href)
    assert "Line 001." in older.text
    assert "Line 002." not in older.text
    assert "To the newest" in older.text
    assert "hx-trigger" not in older.html.partition('id="live"')[2]


def _line(page: Page, message_id: UUID) -> str:
    part = page.html.partition(f'id="m-{message_id}"')[2].partition("</li>")[0]
    return " ".join(re.sub(r"<[^>]*>", " ", part).split())


@pytest.mark.parametrize(
    ("status", "reason", "words"),
    [
        ("sending", None, "Sending · Ana"),
        ("sent", None, "Sent "),
        ("failed", "price", "Not sent: the platform does not take this price."),
        ("failed", "something new", "Not sent: it could not be handed over."),
        ("unknown", "no_answer", "We cannot tell whether it arrived"),
    ],
)
def test_what_became_of_a_message_is_told(
    place: Place, talks: Talks, status: str, reason: str | None, words: str
) -> None:
    zoe = talks.open("Zoë")
    message_id = talks.say(zoe, "Good morning")
    talks.become(message_id, status, reason)
    assert words in _line(place.signed_in().get(f"{INBOX}/{zoe}"), message_id)


def test_what_waits_tells_when_and_can_be_withdrawn(place: Place, ana: Principal, talks: Talks) -> None:
    zoe = talks.open("Zoë")
    first, second = talks.say(zoe, "One"), talks.say(zoe, "Two")
    browser = place.signed_in()
    page = browser.get(f"{INBOX}/{zoe}")
    assert "Leaves about" in _line(page, first)
    assert "2nd in line" in _line(page, second)
    cancel = f"{INBOX}/{zoe}/messages/{second}/cancel"
    page = browser.submit(cancel)
    assert "The message will not be sent." in page.text
    assert place.parts.messages.get(ana, second).status == "cancelled"
    page = browser.post(cancel, [("csrf", page.read.forms[0].value("csrf"))])
    assert "The message has moved on meanwhile." in page.text


def test_what_failed_is_sent_again(place: Place, ana: Principal, talks: Talks) -> None:
    zoe = talks.open("Zoë")
    message_id = talks.say(zoe, "Good morning")
    talks.become(message_id, "failed", "no_connection")
    browser = place.signed_in()
    browser.get(f"{INBOX}/{zoe}")
    part = browser.submit(f"{INBOX}/{zoe}/messages/{message_id}/retry", element="talk")
    assert "on its way again" in part.text
    assert "<html" not in part.html
    assert place.parts.messages.get(ana, message_id).status == "queued"


@pytest.mark.parametrize(("decision", "status"), [("arrived", "sent"), ("send-again", "queued")])
def test_a_person_decides_what_nobody_knows(
    place: Place, ana: Principal, talks: Talks, decision: str, status: str
) -> None:
    zoe = talks.open("Zoë")
    message_id = talks.say(zoe, "Good morning")
    talks.become(message_id, "unknown", "no_answer")
    browser = place.signed_in()
    token = browser.get(f"{INBOX}/{zoe}").read.forms[0].value("csrf")
    resolution = f"{INBOX}/{zoe}/messages/{message_id}/resolution"
    page = browser.post(resolution, [("csrf", token), ("decision", "send-again")])
    assert "Nothing was sent." in page.text
    browser.post(resolution, [("csrf", token), ("decision", decision), ("sure", "1")])
    assert place.parts.messages.get(ana, message_id).status == status


def test_a_message_is_decided_about_in_its_own_thread_only(place: Place, talks: Talks) -> None:
    zoe, other = talks.open("Zoë"), talks.open("Max")
    message_id = talks.say(zoe, "Good morning")
    browser = place.signed_in()
    token = browser.get(f"{INBOX}/{zoe}").read.forms[0].value("csrf")
    page = browser.post(f"{INBOX}/{other}/messages/{message_id}/cancel", [("csrf", token)])
    assert page.status == 404


def test_a_price_is_told_and_whether_it_was_paid(place: Place, talks: Talks) -> None:
    zoe = talks.open("Zoë", value_cents=0)
    place.run("UPDATE messages SET read = true")
    message_id = new_id()
    place.run(
        "INSERT INTO messages (workspace_id, id, conversation_id, fan_id, account_id, direction, status,"
        " sent_elsewhere, text, price_cents, currency, attachments, platform_message_id, occurred_at, sent_at)"
        " SELECT workspace_id, %s, id, fan_id, %s, 'out', 'sent', true, 'For you', 900, 'USD',"
        " '[{\"url\": \"https://media.example.com/1.jpg\"}]', 'sold', now(), now() FROM conversations WHERE id = %s",
        *(message_id, talks.account_id, zoe),
    )
    browser = place.signed_in()
    line = _line(browser.get(f"{INBOX}/{zoe}"), message_id)
    assert "$9.00 · Not bought yet" in line
    assert "own app" in line
    assert "Media 1" in line
    place.run("UPDATE messages SET bought_at = now() WHERE id = %s", message_id)
    assert "$9.00 · Bought" in _line(browser.get(f"{INBOX}/{zoe}"), message_id)


def test_a_conversation_is_archived_and_brought_back(place: Place, ana: Principal, talks: Talks) -> None:
    zoe = talks.open("Zoë")
    browser = place.signed_in()
    browser.get(f"{INBOX}/{zoe}")
    page = browser.submit(f"{INBOX}/{zoe}/archive")
    assert "The conversation with Zoë is archived." in page.text
    assert _names(page) == []
    page = browser.submit(f"{INBOX}/{zoe}/reopen")
    assert "is back in the inbox" in page.text
    assert not place.parts.conversations.get(ana, zoe).archived


def test_what_fans_write_is_never_markup(place: Place, talks: Talks) -> None:
    evil = '"><script>alert(1)</script><img src=x onerror=alert(1)>'
    zoe = talks.open(evil)
    talks.hear(zoe, evil)
    page = place.signed_in().get(f"{INBOX}/{zoe}")
    assert not [tag for tag, given in page.read.tags if tag == "img" or "onerror" in given]
    scripts = [given for tag, given in page.read.tags if tag == "script"]
    assert len(scripts) == 4
    assert all(given["src"].startswith("/static/") for given in scripts)


def test_news_come_only_when_there_are_any(place: Place, talks: Talks) -> None:
    zoe = talks.open("Zoë")
    talks.hear(zoe, "Hello?")
    browser = place.signed_in()
    page = browser.get(f"{INBOX}/{zoe}")
    [live] = [given for _, given in page.read.tags if given.get("id") == "live"]
    tag = re.search(r'\\?"(\\"[^}]*\\")\\?"', live["hx-headers"])
    assert tag
    known = tag.group(1).replace('\\"', '"')
    assert browser.get(live["hx-get"], follow=False, **_asking(known)).status == 304
    talks.hear(zoe, "Still there?")
    news = browser.get(live["hx-get"], follow=False, **_asking(known))
    assert news.status == 200
    assert "Still there?" in news.text
    assert 'hx-target="#talk"' in news.html
    assert news.headers["ETag"] != known
    assert browser.get(live["hx-get"], follow=False, **_asking(news.headers["ETag"])).status == 304


def _live(page: Page) -> str:
    [live] = [given for _, given in page.read.tags if given.get("id") == "live"]
    return live["hx-get"]


def test_news_are_asked_for_as_the_page_has_come_to_be(place: Place, talks: Talks) -> None:
    zoe, now = talks.open("Zoë"), place.clock.now()
    for number in range(50):
        talks.hear(zoe, f"Line {number:02}.", at=now - timedelta(minutes=50 - number))
    message_id = talks.say(zoe, "Good morning")
    browser = place.signed_in()
    browser.get(f"{INBOX}/{zoe}")
    assert "q=zo" in _live(browser.part(f"{INBOX}/{zoe}?q=zo", "conversations"))
    assert "lines=80" in _live(browser.part(f"{INBOX}/{zoe}?lines=80", "talk"))
    token = browser.get(f"{INBOX}/{zoe}").read.forms[0].value("csrf")
    here = f"https://pages.example{INBOX}/{zoe}?q=zo&lines=80"
    asking = {"hx_request_type": "partial", "hx_target": "div#talk", "hx_current_url": here}
    part = browser.post(f"{INBOX}/{zoe}/messages/{message_id}/cancel", [("csrf", token)], **asking)
    assert "Line 05." in part.text
    assert "q=zo" in _live(part)
    assert "lines=80" in _live(part)


def _asking(known: str) -> dict[str, str]:
    return {"hx_request_type": "partial", "hx_target": "div#live", "if_none_match": known}


def test_in_french(place: Place, talks: Talks) -> None:
    zoe = talks.open("Zoë")
    talks.say(zoe, "Bonjour")
    page = place.signed_in(language="fr").get(f"{INBOX}/{zoe}")
    assert "1er dans la file" in page.text
