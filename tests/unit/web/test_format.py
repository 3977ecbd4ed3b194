from datetime import UTC, date, datetime, timedelta

import pytest

from huntaze.money import MOST_CENTS, Money
from huntaze.web import format as formats
from huntaze.web.words import words

NOW = datetime(2026, 5, 4, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("cents", "currency", "locale", "text"),
    [
        (0, "USD", "en", "$0.00"),
        (5, "USD", "en", "$0.05"),
        (123_456, "USD", "en", "$1,234.56"),
        (123_456, "USD", "fr", "1\u202f234,56\u00a0$US"),
        (123_456, "EUR", "fr", "1\u202f234,56\u00a0€"),
        (123_456, "SEK", "en", "SEK\u00a01,234.56"),
        (MOST_CENTS, "USD", "en", "$92,233,720,368,547,758.07"),
    ],
)
def test_money_is_written_as_each_language_does(cents: int, currency: str, locale: str, text: str) -> None:
    assert formats.money(Money(cents, currency), locale) == text


@pytest.mark.parametrize(
    ("ago", "english", "french"),
    [
        (timedelta(seconds=59), "just now", "à l\u2019instant"),
        (timedelta(minutes=59), "59 min ago", "il y a 59 min"),
        (timedelta(hours=23, minutes=59), "23 h ago", "il y a 23 h"),
        (timedelta(days=3), "May 1", "1er mai"),
        (timedelta(days=400), "Mar 30, 2025", "30 mars 2025"),
        (timedelta(seconds=-1), "May 4", "4 mai"),
    ],
)
def test_times_are_relative_under_a_day(ago: timedelta, english: str, french: str) -> None:
    for locale, text in (("en", english), ("fr", french)):
        assert formats.relative(NOW - ago, NOW, "UTC", words(locale)) == text


def test_the_exact_time_is_that_of_the_workspace() -> None:
    assert formats.exact(NOW, "Europe/Paris", words("en")) == "May 4, 2026, 14:00 CEST"


@pytest.mark.parametrize(
    ("name", "letters"),
    [("Zoë Laurent", "ZL"), ("max", "M"), ("  ", ""), ("🦄🌈", ""), ("Ana Maria de Sá", "AS"), ("e\u0301mile", "É")],
)
def test_initials_stand_in_for_a_picture(name: str, letters: str) -> None:
    assert formats.initials(name) == letters


@pytest.mark.parametrize(
    ("seconds", "english", "french"),
    [
        (0.4, "0 s", "0\u00a0s"),
        (59, "59 s", "59\u00a0s"),
        (60, "1 min", "1\u00a0min"),
        (3_599.6, "1 h 0 min", "1\u00a0h 0\u00a0min"),
        (3_900, "1 h 5 min", "1\u00a0h 5\u00a0min"),
        (180_000, "2 d 2 h", "2\u00a0j 2\u00a0h"),
    ],
)
def test_how_long_something_takes(seconds: float, english: str, french: str) -> None:
    assert formats.duration(seconds, words("en")) == english
    assert formats.duration(seconds, words("fr")) == french


@pytest.mark.parametrize(
    ("value", "english", "french"),
    [
        (0, "0", "0"),
        (999, "999", "999"),
        (1_000, "1k", "1k"),
        (1_260, "1.2k", "1,2k"),
        (34_567, "34k", "34k"),
        (5_000_000, "5M", "5M"),
    ],
)
def test_counts_where_there_is_little_room(value: int, english: str, french: str) -> None:
    assert (formats.compact(value, "en"), formats.compact(value, "fr")) == (english, french)


@pytest.mark.parametrize(
    ("first", "last", "english", "french"),
    [
        (date(2026, 5, 3), date(2026, 5, 3), "May 3, 2026", "3 mai 2026"),
        (date(2026, 5, 1), date(2026, 5, 31), "May 2026", "mai 2026"),
        (date(2026, 5, 4), date(2026, 5, 10), "May 4 – May 10, 2026", "4 mai – 10 mai 2026"),  # noqa: RUF001  (a dash)
        (date(2025, 12, 29), date(2026, 1, 4), "Dec 29, 2025 – Jan 4, 2026", "29 déc. 2025 – 4 janv. 2026"),  # noqa: RUF001
    ],
)
def test_some_days(first: date, last: date, english: str, french: str) -> None:
    assert formats.stretch(first, last, words("en")) == english
    assert formats.stretch(first, last, words("fr")) == french


def test_beside_an_axis_amounts_have_cents_only_where_they_need_them() -> None:
    assert formats.round_money(Money(150_000, "USD"), "en") == "$1,500"
    assert formats.round_money(Money(75, "USD"), "en") == "$0.75"
    assert formats.round_money(Money(150_000, "EUR"), "fr") == "1\u202f500\u00a0€"
    assert (formats.percent(12, "en"), formats.percent(12, "fr")) == ("12%", "12\u00a0%")
