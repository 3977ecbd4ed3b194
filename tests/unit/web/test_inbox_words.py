"""How the inbox writes times and places in line, and the addresses of its lists."""

from datetime import datetime
from uuid import UUID

import pytest

from huntaze.fans.model import Platform
from huntaze.web import format as formats
from huntaze.web.inbox_typed import sight_of
from huntaze.web.inbox_views import InboxFilters, Sight
from huntaze.web.words import words

PICTURE = "https://media.example.com/set/1.jpg"
NOW = datetime.fromisoformat("2026-05-02T22:30:00+00:00")
ID = UUID("01900000-0000-7000-8000-000000000001")


@pytest.mark.parametrize(
    ("place", "english", "french"),
    [(1, "1st", "1er"), (2, "2nd", "2e"), (3, "3rd", "3e"), (4, "4th", "4e"), (11, "11th", "11e"), (22, "22nd", "22e")],
)
def test_a_place_in_line(place: int, english: str, french: str) -> None:
    assert (formats.nth(place, "en"), formats.nth(place, "fr")) == (english, french)


@pytest.mark.parametrize(
    ("url", "name"),
    [
        (PICTURE, "media.example.com/…/1.jpg"),
        ("https://media.example.com/1.jpg?size=2", "media.example.com/1.jpg"),
        ("https://media.example.com", "media.example.com/"),
        ("https://media.example.com/a/b/", "media.example.com/…/b"),
    ],
)
def test_media_are_told_apart_by_where_they_lie_and_their_names(url: str, name: str) -> None:
    assert formats.media_name(url) == name


@pytest.mark.parametrize(
    ("price", "media", "says", "problem"),
    [
        ("", PICTURE, None, None),
        ("12", PICTURE, "sight.locked", None),
        ("12", "", "sight.locked_nothing", None),
        ("0", "", "sight.free", None),
        ("2.99", PICTURE, None, "sight.bounds"),
        ("200.01", PICTURE, None, "sight.bounds"),
        ("many", PICTURE, None, "problem.money"),
    ],
)
def test_what_the_fan_will_see_of_a_price(price: str, media: str, says: str | None, problem: str | None) -> None:
    sight = sight_of({"price": price, "media": media}, Platform.ONLYFANS, "en")
    assert (sight.price and sight.price.key, sight.problem and sight.problem.key) == (says, problem)
    assert sight.media == tuple(media.split())


def test_what_is_no_address_yet_is_told_as_it_is() -> None:
    assert formats.media_name("https://[") == "https://["


@pytest.mark.parametrize("typed", ["javascript:hostile()", "http://media.example.com/a.jpg", "https://[", "a.jpg"])
def test_what_may_not_be_attached_becomes_no_link(typed: str) -> None:
    assert sight_of({"media": f"{typed} {PICTURE}"}, Platform.ONLYFANS, "en").media == (PICTURE,)


def test_nothing_is_told_of_a_price_where_nothing_can_be_sent() -> None:
    assert sight_of({"price": "12"}, Platform.PATREON, "en") == Sight()


@pytest.mark.parametrize(
    ("at", "zone", "when", "mark"),
    [
        ("2026-05-02T08:05:00+00:00", "UTC", "08:05", "Today"),
        ("2026-05-02T08:05:00+00:00", "Europe/Paris", "May 2", "Yesterday"),  # there it is the 3rd already
        ("2026-05-02T22:05:00+00:00", "Europe/Paris", "00:05", "Today"),
        ("2025-12-31T08:05:00+00:00", "UTC", "Dec 31, 2025", "December 31, 2025"),
    ],
)
def test_days_begin_where_the_workspace_is(at: str, zone: str, when: str, mark: str) -> None:
    moment = datetime.fromisoformat(at)
    assert formats.when(moment, NOW, zone, words("en")) == when
    assert formats.day_mark(moment, NOW, zone, words("en")) == mark


def test_a_thread_keeps_the_page_of_the_list_and_another_list_begins_anew() -> None:
    filters = InboxFilters(q="zo & co", unread="1", cursor="abc")
    assert filters.thread(ID) == f"/messages/onlyfans/{ID}?q=zo+%26+co&unread=1&cursor=abc"
    assert filters.address(unread="") == "/messages/onlyfans?q=zo+%26+co"
