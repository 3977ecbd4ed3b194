from datetime import UTC, datetime, timedelta

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
