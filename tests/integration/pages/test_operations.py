"""Operations: is it healthy, and what do I do if not; readable whatever is away."""

import re

import pytest

from huntaze.delivery.model import QueueDepth
from huntaze.ids import new_id
from huntaze.members.model import Principal, Role
from tests.integration.pages.conftest import Place
from tests.support.browser import Page
from tests.support.fake_delivery import FakeDeadLetters, dead_permit
from tests.support.imports import Importing
from tests.support.talks import Talks

OPERATIONS = "/operations"
REDRIVE = f"{OPERATIONS}/redrive"
OPENED = """
UPDATE platform_connections SET bridge_url = 'https://bridge.example.com', credentials = '\\x01'
"""
PAUSED = "UPDATE platform_connections SET paused_at = now(), pause_reason = 'On holiday'"


@pytest.fixture
def calm(place: Place, talks: Talks) -> Place:
    """An account that is well, and nothing else."""
    talks.open("Zoë")
    place.run(OPENED)
    return place


def _troubles(page: Page) -> set[str]:
    return set(re.findall(r'id="trouble-(\w+)"', page.html))


def test_a_calm_day_says_so(calm: Place) -> None:
    page = calm.signed_in().get(OPERATIONS)

    assert (page.title, page.status) == ("Operations · Huntaze", 200)
    assert "All is well" in page.text
    assert "Nothing needs you" in page.text
    assert _troubles(page) == set()


@pytest.mark.parametrize(
    ("away", "named", "told"),
    [
        ("redis", {"redis"}, "The pace keeper does not answer."),
        ("queue", {"queue"}, "The queue does not answer."),
        ("dead_letters", {"dead_letters"}, "Whether something was set aside cannot be told"),
        ("bridge", {"platformonlyfans"}, "The bridge of this account does not answer."),
        ("hanging", {"redis"}, "The pace keeper does not answer."),
    ],
)
def test_what_is_away_is_said_and_the_rest_shows(
    calm: Place, talks: Talks, away: str, named: set[str], told: str
) -> None:
    failed = talks.say(talks.open("Max"), "Good morning")
    talks.become(failed, "failed", "price")
    if away == "hanging":
        calm.around.hanging.add("redis")
    else:
        calm.around.away.add(away)
    page = calm.signed_in().get(OPERATIONS)
    calm.around.over.set()

    assert page.status == 200
    assert _troubles(page) == named
    assert told in page.text
    assert "Something is away" in page.text
    assert "Good morning" in page.text
    assert "OnlyFans" in page.text


def test_what_failed_and_what_nobody_knows_of_can_be_decided_here(calm: Place, talks: Talks) -> None:
    zoe = talks.open("Robin")
    failed, unknown = talks.say(zoe, "I failed"), talks.say(zoe, "Nobody knows")
    talks.become(failed, "failed", "price")
    talks.become(unknown, "unknown")
    browser = calm.signed_in()
    page = browser.get(OPERATIONS)

    assert "unknown_messages" in _troubles(page)
    assert "1" in page.text
    arrived = f"/messages/onlyfans/{zoe}/messages/{unknown}/resolution"
    answer = browser.submit(arrived, decision="arrived")
    assert answer.status == 200
    assert "Operations" in answer.title
    assert "Nobody knows" not in answer.text


def test_dead_letters_are_put_back_once_somebody_has_said_so(calm: Place) -> None:
    letters = FakeDeadLetters([dead_permit(), dead_permit()])
    calm.parts.permit_queue = letters  # type: ignore[assignment]  # keeps the same Protocol
    calm.around.dead = 2
    browser = calm.signed_in()
    page = browser.get(OPERATIONS)
    assert _troubles(page) == {"dead_letters"}
    assert "2 wake-up calls go back into the queue" in page.text

    page = browser.submit(REDRIVE)

    assert "2 wake-up calls are back in the queue." in page.text
    assert (len(letters.dead), len(letters.queue)) == (0, 2)
    [(action,)] = calm.run("SELECT action FROM audit_log ORDER BY at DESC LIMIT 1")
    assert action == "delivery.redriven"


def test_a_queue_that_is_away_puts_nothing_back_and_says_so(calm: Place) -> None:
    calm.parts.permit_queue = FakeDeadLetters([dead_permit()], is_away=True)  # type: ignore[assignment]
    calm.around.dead = 1
    browser = calm.signed_in()
    browser.get(OPERATIONS)
    assert "Nothing was put back" in browser.submit(REDRIVE).text


def test_figures_and_what_is_under_way(calm: Place, ana: Principal, importing: Importing) -> None:
    calm.around.waiting = QueueDepth(101, 20, 3)
    importing.uploaded("Username\nrobin\n")
    importing.parts.import_worker.receive(importing.tickets.waiting[0].body(), lambda: 0.0)  # it begins, and goes on
    calm.run(
        "INSERT INTO exports (workspace_id, id, requested_by, filters, sort, expected_rows, created_at, expires_at)"
        " VALUES (%s, %s, %s, '{}', 'createdAt', 9000, now(), now() + interval '1 day')",
        *(ana.workspace_id, new_id(), ana.member_id),
    )
    page = calm.signed_in().get(OPERATIONS)

    assert _troubles(page) == {"queue"}
    for words in ("Due now 101", "Waiting for their time 20", "Being worked on 3", "Your export", "Import"):
        assert words in page.text


def test_it_is_told_anew_only_when_something_is_new(calm: Place) -> None:
    browser = calm.signed_in()
    asked = {"hx_request": "true", "hx_request_type": "partial", "hx_target": "article#operations"}
    known = asked | {"if_none_match": browser.get(OPERATIONS, **asked).headers["ETag"]}
    assert browser.get(OPERATIONS, **known).status == 304
    calm.around.away.add("redis")
    news = browser.get(OPERATIONS, **known)
    assert news.status == 200
    assert _troubles(news) == {"redis"}


def test_an_account_that_rests_is_told(calm: Place) -> None:
    calm.run(PAUSED)
    page = calm.signed_in().get(OPERATIONS)
    assert _troubles(page) == {"platformonlyfans"}
    assert "Somebody has paused this account." in page.text


@pytest.mark.parametrize("role", [Role.CHATTER, Role.ANALYST])
def test_it_is_for_those_who_operate(place: Place, role: Role) -> None:
    place.member(place.workspace(), role)
    browser = place.signed_in()
    page = browser.get("/")
    assert 'href="/operations"' not in page.html
    assert browser.get(OPERATIONS).status == 403
    assert browser.post(REDRIVE, []).status == 403


@pytest.mark.parametrize("role", [Role.OWNER, Role.MANAGER])
def test_they_find_it_in_the_navigation(place: Place, role: Role) -> None:
    place.member(place.workspace(), role)
    assert 'href="/operations"' in place.signed_in().get("/").html


def test_it_speaks_french(calm: Place) -> None:
    calm.around.away.add("redis")
    page = calm.signed_in(language="fr").get(OPERATIONS)
    assert "Le gardien du rythme ne répond pas." in page.text
