from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from huntaze.money import MOST_CENTS
from huntaze.web import format as formats
from huntaze.web import typed


@pytest.mark.parametrize(
    ("text", "locale", "cents"),
    [
        ("0", "en", 0),
        ("12", "en", 1200),
        ("12.5", "en", 1250),
        ("12,50", "en", 1250),
        ("12.50", "fr", 1250),
        ("$1,234.56", "en", 123_456),
        ("1,234", "en", 123_400),
        ("1 234,56 €", "fr", 123_456),
        ("1\u202f234,56\u00a0$US", "fr", 123_456),
        ("1.234,56", "fr", 123_456),
        ("USD 12", "en", 1200),
        ("92233720368547758.07", "en", MOST_CENTS),
    ],
)
def test_amounts_are_read_as_people_write_them(text: str, locale: str, cents: int) -> None:
    assert typed.cents(text, locale) == cents


@pytest.mark.parametrize("locale", ["en", "fr"])
@pytest.mark.parametrize(
    "text",
    [
        "",
        "-1",
        "(1)",
        "12.345",
        "1.2.3",
        "1e9",
        "½",
        "١٢",
        "$",
        "ten",
        "92233720368547758.08",
        "9" * 10_000,
        "1\n2",
        "\x001",
    ],
)
def test_what_is_none_or_two_is_not_guessed(text: str, locale: str) -> None:
    assert typed.cents(text, locale) is None


@given(st.integers(0, MOST_CENTS), st.sampled_from(["en", "fr"]))
def test_what_a_form_shows_is_read_as_the_same(cents: int, locale: str) -> None:
    assert typed.cents(formats.typed_money(cents, locale), locale) == cents


@given(st.text(max_size=30), st.sampled_from(["en", "fr"]))
def test_no_text_is_an_impossible_amount(text: str, locale: str) -> None:
    amount = typed.cents(text, locale)
    assert amount is None or 0 <= amount <= MOST_CENTS


def test_a_day_begins_where_the_workspace_is() -> None:
    assert typed.day("2026-05-01", "UTC") == datetime(2026, 5, 1, tzinfo=UTC)
    assert typed.day("2026-05-01", "Europe/Paris") == datetime(2026, 4, 30, 22, tzinfo=UTC)


@pytest.mark.parametrize("text", ["", "2026-02-30", "31/03/2026", "2026-5", "tomorrow", "0000-01-01"])
def test_what_is_no_day_is_none(text: str) -> None:
    assert typed.day(text, "UTC") is None


@pytest.mark.parametrize("text", ["0001-01-01", "9999-12-31"])
@pytest.mark.parametrize("zone", ["Pacific/Kiritimati", "Pacific/Pago_Pago"])
def test_days_at_the_end_of_time_break_nothing(text: str, zone: str) -> None:
    typed.day(text, zone)


def test_tags_are_split_at_commas_and_kept_once() -> None:
    assert typed.tags(" vip, likes   voice ,vip,, \n") == ("vip", "likes voice")
    assert typed.tags("") == ()
