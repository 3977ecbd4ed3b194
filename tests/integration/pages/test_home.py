"""Home: what needs somebody now, what came in, and the pace of the account in the frame of every page."""

from datetime import datetime, timedelta

import pytest

from huntaze.delivery.model import Glance
from huntaze.ids import new_id
from huntaze.members.model import Principal, Role
from huntaze.messages.model import Words
from huntaze.outgoing.watching import Watching
from tests.integration.pages.conftest import Place
from tests.support.browser import Page
from tests.support.fake_delivery import FakeDeadLetters, FakePaces
from tests.support.talks import Talks

INBOX = "/messages/onlyfans"
PAY = """
INSERT INTO transactions
    (workspace_id, id, fan_id, platform, platform_transaction_id, kind, amount_cents, currency, occurred_at)
VALUES (%s, %s, %s, 'onlyfans', %s, %s, %s, %s, %s)
"""
UNCHANGED = "SELECT 1"
PAUSED = "UPDATE platform_connections SET paused_at = now(), pause_reason = 'On <b>holiday</b>'"
HELD = "UPDATE platform_connections SET held_until = now() + interval '1 hour', held_reason = 'too_fast'"
EXPIRED = "UPDATE platform_connections SET status = 'expired'"


def _hrefs(page: Page) -> set[str]:
    return {given["href"] for tag, given in page.read.tags if tag == "a" and "href" in given}


def _paced(place: Place, paces: FakePaces) -> None:
    """What Redis would say."""
    place.parts.watching = Watching(
        place.parts.in_workspace, FakeDeadLetters(), paces, held=None, clock=place.parts.clock
    )


def test_what_needs_somebody_is_told_with_its_number_and_leads_there(
    place: Place, ana: Principal, talks: Talks
) -> None:
    zoe, max_ = talks.open("Zoë"), talks.open("Max")
    talks.hear(zoe, "Are you\nthere?")
    failed, unknown = talks.say(max_, "Good morning"), talks.say(zoe, "Always")
    talks.become(failed, "failed", "price")
    talks.become(unknown, "unknown")
    draft = place.parts.drafts.write(
        place.member(ana.workspace_id, Role.MACHINE, "bot@example.com"), max_, Words(text="Would you like more?")
    )
    place.run(PAUSED)
    browser = place.signed_in()
    page = browser.get("/")
    assert (page.title, page.status) == ("Home · Huntaze", 200)
    for words in (
        "Accounts that send nothing 1",
        "“On <b>holiday</b>”",
        "Not sent, or uncertain 2",
        "1 not sent · 1 uncertain",
        "Not sent: the platform does not take this price.",
        "Drafts to approve 1",
        "Draft by a machine, not sent",
        "Unread conversations 1",
    ):
        assert words in page.text
    assert {
        "/platforms/connect/onlyfans",
        f"{INBOX}/sent?state=trouble",
        f"{INBOX}/{max_}?at={failed}#m-{failed}",
        f"{INBOX}/{zoe}?at={unknown}#m-{unknown}",
        f"{INBOX}/drafts",
        f"{INBOX}/{max_}#draft-{draft.id}",
        f"{INBOX}?unread=1",
        f"{INBOX}/{zoe}",
    } <= _hrefs(page)
    for href in _hrefs(page) - {"#main"}:
        assert browser.get(href.partition("#")[0]).status == 200, href


def test_where_nothing_waits_it_is_calm(place: Place, talks: Talks) -> None:
    talks.open("Zoë")
    page = place.signed_in().get("/onlyfans")
    assert "Nothing needs you" in page.text
    assert "Get started" not in page.text


def test_an_empty_workspace_is_told_how_to_begin(place: Place, ana: Principal) -> None:
    browser = place.signed_in()
    steps = {"/platforms/connect/onlyfans", "/platforms/connect/onlyfans/imports", "/settings/team"}
    assert steps <= _hrefs(browser.get("/"))
    assert all(browser.get(step).status == 200 for step in steps)
    place.fan(ana)
    page = browser.get("/")
    assert "Add your fans Done" in page.text
    place.member(ana.workspace_id, Role.CHATTER, "tom@example.com")
    theirs = place.signed_in("tom@example.com").get("/")
    assert "Nothing needs you" in theirs.text
    assert "Get started" not in theirs.text


def test_each_role_sees_its_own_part(place: Place, ana: Principal, talks: Talks) -> None:
    talks.hear(talks.open("Zoë"), "Hello?")
    for role, sees in ((Role.CHATTER, (True, False)), (Role.ANALYST, (False, True)), (Role.MANAGER, (True, True))):
        place.member(ana.workspace_id, role, f"{role}@example.com")
        browser = place.signed_in(f"{role}@example.com")
        page = browser.get("/")
        assert ("Unread conversations" in page.text, "No payments are known" in page.text) == sees
        assert ('id="pace"' in page.html) == sees[0]


def test_money_is_compared_with_as_much_of_the_time_before(place: Place, ana: Principal, talks: Talks) -> None:
    place.clock.advance(datetime.fromisoformat("2027-05-14T10:30:00+00:00") - place.clock.now())
    fan_id = place.parts.conversations.get(ana, talks.open("Zoë")).fan_id
    for kind, cents, currency, at in (
        ("tip", 2_500, "USD", "2027-05-14T09:00:00"),
        ("ppv", 5_000, "USD", "2027-05-13T10:29:00"),
        ("ppv", 99_900, "USD", "2027-05-13T10:31:00"),  # later yesterday
        ("subscription", 10_000, "USD", "2027-05-01T00:00:00"),
        ("tip", 58_700, "USD", "2027-04-14T10:29:00"),
        ("tip", 77_700, "USD", "2027-04-14T10:31:00"),  # later in that month
        ("tip", 700, "EUR", "2027-05-14T09:00:00"),
        ("tip", 12_345, "USD", "2027-03-31T23:59:59"),  # long ago
    ):
        paid = (ana.workspace_id, new_id(), fan_id, str(new_id()), kind, cents, currency, f"{at}+00:00")
        place.run(PAY, *paid)
    text = place.signed_in().get("/").text
    dollars, _, euros = text.partition("€7.00")
    assert "Today $25.00 $50.00 yesterday by this time · 50% less" in dollars
    assert "This month $1,174.00 $587.00 last month by this time · 100% more" in dollars
    assert "Pay-per-view $1,049.00 Subscription $100.00 Tips $25.00 of it today $25.00" in dollars
    assert "Nothing yesterday by this time" in euros
    assert "Nothing last month by this time" in euros


def test_without_payments_it_says_so_and_where_to_go(place: Place, talks: Talks) -> None:
    assert talks
    page = place.signed_in().get("/")
    assert "No payments are known of this month or the last." in page.text
    assert "Look at the account" in page.text


@pytest.mark.parametrize("wait", [0, 5])
def test_nothing_is_sent_again_while_nothing_is_new(place: Place, talks: Talks, wait: int) -> None:
    place.clock.advance(datetime.fromisoformat("2027-05-14T10:30:00+00:00") - place.clock.now())
    _paced(place, FakePaces(Glance(0 if wait else 7, timedelta(seconds=wait))))
    zoe, browser = talks.open("Zoë"), place.signed_in()
    first = browser.part("/", "home")
    word = first.headers["ETag"]
    assert word.strip('"') in browser.get("/").html, "the page asks with what it was told"
    known = {"hx_request": "true", "hx_request_type": "partial", "hx_target": "article#home", "if_none_match": word}
    same = browser.get("/", **known)
    assert (same.status, same.content) == (304, b"")
    place.advance(timedelta(seconds=20))
    assert browser.get("/", **known).status == 304
    talks.hear(zoe, "Hello?")
    news = browser.get("/", **known)
    assert news.status == 200
    assert news.headers["ETag"] != word
    assert news.html.lstrip().startswith('<article class="fan" id="home">')
    assert 'hx-target="#home-live"' in news.html
    assert "Hello?" in news.text


@pytest.mark.parametrize(
    ("left", "change", "words"),
    [
        (7, UNCHANGED, "7 of 10 left"),
        (0, UNCHANGED, "Next at "),
        (7, PAUSED, "Paused"),
        (7, HELD, "Waits until "),
        (7, EXPIRED, "Signed out"),
    ],
)
def test_the_pace_is_told_in_the_frame_and_only_when_it_changes(
    place: Place, talks: Talks, left: int, change: str, words: str
) -> None:
    assert talks
    _paced(place, FakePaces(Glance(left, timedelta(seconds=0 if left else 30))))
    place.run(change)
    browser = place.signed_in()
    assert words not in browser.get("/settings/profile").html, "no page waits for it"
    part = browser.part("/pace", "pace")
    assert words in part.text
    known = {"hx_request_type": "partial", "hx_target": "span#pace", "if_none_match": part.headers["ETag"]}
    assert browser.get("/pace", **known).status == 304


@pytest.mark.parametrize(("change", "words"), [(UNCHANGED, ""), (EXPIRED, "Signed out")])
def test_while_redis_is_away_the_pace_is_quiet(place: Place, talks: Talks, change: str, words: str) -> None:
    assert talks
    _paced(place, FakePaces(is_away=True))
    place.run(change)
    browser = place.signed_in()
    part = browser.part("/pace", "pace")
    assert part.status == 200
    assert part.text == words
    assert "nobody knows at the moment" in browser.get("/").text


def test_who_is_not_in_the_inbox_is_told_no_pace(place: Place, ana: Principal, talks: Talks) -> None:
    assert talks
    place.member(ana.workspace_id, Role.ANALYST, "ben@example.com")
    assert place.signed_in("ben@example.com").part("/pace", "pace").text == ""


def test_drafts_go_on_page_by_page(place: Place, ana: Principal, talks: Talks) -> None:
    zoe = talks.open("Zoë")
    for number in range(45):
        place.parts.drafts.write(ana, zoe, Words(text=f"Draft {number:02}."))
    browser = place.signed_in()
    assert "Drafts to approve 45" in browser.get("/").text
    page = browser.get(f"{INBOX}/drafts")
    [href] = [given["href"] for tag, given in page.read.tags if given.get("rel") == "next"]
    rest = browser.get(href)
    assert page.text.count("Draft ") + rest.text.count("Draft ") == 45
    assert "To the first" in rest.text
    assert browser.get(f"{INBOX}/drafts?cursor=nonsense").path == f"{INBOX}/drafts"


def test_of_very_many_it_says_only_that_they_are(place: Place, ana: Principal, talks: Talks) -> None:
    zoe = talks.open("Zoë")
    place.parts.drafts.write(ana, zoe, Words(text="One"))
    place.run(
        "INSERT INTO drafts (workspace_id, id, conversation_id, fan_id, account_id, author, author_id, text)"
        " SELECT workspace_id, gen_random_uuid(), conversation_id, fan_id, account_id, author, author_id, 'Another'"
        " FROM drafts, generate_series(1, 120)"
    )
    assert "Drafts to approve 99+" in place.signed_in().get("/").text
