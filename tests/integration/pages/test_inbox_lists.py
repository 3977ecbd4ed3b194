"""The list of conversations narrowed: what holds is seen, can be taken off, and news come as it is narrowed."""

import json
import re
from datetime import timedelta
from uuid import UUID

import psycopg
import pytest

from huntaze.members.model import Principal
from tests.integration.pages.conftest import Place, noon
from tests.support.browser import Browser, Page
from tests.support.talks import Talks

INBOX = "/messages/onlyfans"


@pytest.fixture
def people(place: Place, talks: Talks) -> dict[str, UUID]:
    """Three who wrote, the newest last."""
    now = place.clock.now()
    people = {
        "Ada": talks.open("Ada", tags=("vip",), value_cents=123_456),
        "Bea": talks.open("Bea", tags=("vip",), value_cents=100),
        "Cy": talks.open("Cy", value_cents=0),
    }
    for hours, conversation_id in enumerate(people.values()):
        talks.hear(conversation_id, "Hello?", at=now - timedelta(hours=10 - hours))
    return people


def _names(page: Page) -> list[str]:
    return re.findall(r'<span class="cut" dir="auto">(.*?)</span>', page.html)


def _links(page: Page, words: str) -> list[str]:
    """Where the links with these words lead."""
    found = re.findall(r'<a [^>]*?href="([^"]*)"[^>]*>(.*?)</a>', page.html, re.DOTALL)
    return [href.replace("&amp;", "&") for href, inside in found if words in re.sub(r"<[^>]*>", "", inside)]


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("tag=vip", ["Bea", "Ada"]),
        ("min_value=%241%2C234.56", ["Ada"]),
        ("tag=vip&min_value=1", ["Bea", "Ada"]),
        ("tag=vip&min_value=2&q=ad&unread=1&unanswered=1&platform=onlyfans", ["Ada"]),
        ("tag=vip&archived=1", []),
        ("until=1999-12-31", []),
        ("since=1999-12-31", ["Cy", "Bea", "Ada"]),
    ],
)
def test_conditions_hold_all_at_once(place: Place, people: dict[str, UUID], query: str, names: list[str]) -> None:
    assert people
    assert _names(place.signed_in().get(f"{INBOX}?{query}")) == names


def test_each_row_shows_what_its_fan_spent(place: Place, people: dict[str, UUID]) -> None:
    page = place.signed_in().get(INBOX)
    assert "Spent so far $1,234.56" in page.text
    assert page.text.count("Spent so far") == 2  # who spent nothing has nothing to show
    assert people
    assert "1\u202f234,56\u00a0$" in place.signed_in(language="fr").get(INBOX).html


def test_what_holds_is_a_chip_that_takes_it_off(place: Place, people: dict[str, UUID]) -> None:
    browser = place.signed_in()
    page = browser.get(f"{INBOX}/{people['Ada']}?tag=vip&min_value=5&since=2026-05-01&q=a&unanswered=1")
    here = f"{INBOX}/{people['Ada']}"
    assert _links(page, "Tag: vip") == [f"{here}?q=a&min_value=5&since=2026-05-01&unanswered=1"]
    assert _links(page, "Spent $5.00 or more") == [f"{here}?q=a&tag=vip&since=2026-05-01&unanswered=1"]
    assert _links(page, "From May 1") == [f"{here}?q=a&tag=vip&min_value=5&unanswered=1"]
    assert _links(page, "To answer") == [f"{here}?q=a&tag=vip&min_value=5&since=2026-05-01"]
    assert _links(page, "Clear all") == [here]
    assert _links(browser.get(f"{INBOX}?q=a"), "Clear all") == []


@pytest.mark.parametrize(("zone", "named"), [("UTC", "2026-05-01"), ("Pacific/Auckland", "2026-05-02")])
def test_days_are_those_of_the_workspace(place: Place, zone: str, named: str) -> None:
    ana = place.member(place.workspace(timezone=zone))
    talks = Talks(place, ana)
    talks.hear(talks.open("Zoë"), "Hello?", at=noon())
    browser = place.signed_in()
    assert _names(browser.get(f"{INBOX}?since={named}&until={named}")) == ["Zoë"]
    other = "2026-05-02" if zone == "UTC" else "2026-05-01"
    assert _names(browser.get(f"{INBOX}?since={other}&until={other}")) == []


def test_what_is_not_understood_narrows_nothing_and_says_so(place: Place, people: dict[str, UUID]) -> None:
    page = place.signed_in().get(f"{INBOX}?min_value=lots&since=soon&tag=vip")
    assert page.status == 400
    assert _names(page) == ["Bea", "Ada"]
    assert page.html.count('aria-invalid="true"') == 2
    assert 'value="lots"' in page.html
    assert not [given for _, given in page.read.tags if "lots" in given.get("href", "")]
    assert people


def test_the_list_answers_alone_and_reads_nothing(place: Place, ana: Principal, people: dict[str, UUID]) -> None:
    part = place.signed_in().part(f"{INBOX}/{people['Ada']}?tag=vip", "list")
    assert part.html.lstrip().startswith('<div id="list"')
    assert 'id="talk"' not in part.html
    assert f'/{people["Ada"]}?tag=vip" aria-current="page"' in part.html
    assert place.parts.conversations.get(ana, people["Ada"]).unread_count == 1


def test_tags_to_choose_from_come_on_demand(place: Place, people: dict[str, UUID]) -> None:
    part = place.signed_in().part(f"{INBOX}/tags", "known-tags")
    assert part.html.strip() == '<datalist id="known-tags"><option value="vip">2</option></datalist>'
    assert people


class Listening:
    """A page that asks for news."""

    def __init__(self, browser: Browser, address: str) -> None:
        self._browser = browser
        self._take(browser.get(address))

    def _take(self, page: Page) -> None:
        [live] = [given for _, given in page.read.tags if given.get("id") == "live"]
        self._address = live["hx-get"]
        self._known = json.loads(live["hx-headers"])["If-None-Match"]

    def news(self) -> Page | None:
        asking = {"hx_request_type": "partial", "hx_target": "div#live", "if_none_match": self._known}
        page = self._browser.get(self._address, follow=False, **asking)
        if page.status == 304:
            return None
        self._take(page)
        return page


@pytest.mark.parametrize(
    "query", ["tag=vip", "min_value=1", "q=dan", "platform=onlyfans&unanswered=1", "since=2026-01-01&unread=1"]
)
def test_who_comes_to_fit_a_narrowed_list_is_news_in_it(
    place: Place, talks: Talks, people: dict[str, UUID], query: str
) -> None:
    assert people
    page = Listening(place.signed_in(), f"{INBOX}?{query}")
    assert page.news() is None
    dan = talks.open("Dan", tags=("vip",), value_cents=100)
    talks.hear(dan, "Hi")
    news = page.news()
    assert news is not None
    assert _names(news)[0] == "Dan"
    assert page.news() is None


def test_what_is_beside_the_list_is_news_too(place: Place, ana: Principal, people: dict[str, UUID]) -> None:
    page = Listening(place.signed_in(), f"{INBOX}?tag=vip")
    place.parts.conversations.change(ana, people["Cy"], {"read": True})  # the number of those unread
    assert page.news() is not None
    place.run("UPDATE fans SET value_cents = value_cents + 1 WHERE name = 'Ada'")
    news = page.news()
    assert news is not None
    assert "$1,234.57" in news.text
    assert page.news() is None


@pytest.mark.parametrize("query", ["", "?tag=vip&since=2026-01-01", "?unanswered=1"])
def test_an_idle_page_asks_who_is_there_and_one_thing_more(
    place: Place, people: dict[str, UUID], query: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = Listening(place.signed_in(), f"{INBOX}/{people['Ada']}{query}")
    assert page.news() is None
    asked: list[str] = []
    execute = psycopg.Cursor.execute

    def noting(cursor: psycopg.Cursor, statement: str, *others: object, **more: object) -> psycopg.Cursor:
        asked.append(str(statement))
        return execute(cursor, statement, *others, **more)

    monkeypatch.setattr(psycopg.Cursor, "execute", noting)
    assert page.news() is None
    session, memberships, pulse = asked
    assert "session_of" in session
    assert "memberships_of" in memberships
    assert "md5" in pulse
