import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from huntaze.imports.reading.faults import Fault
from huntaze.imports.reading.money import cents
from huntaze.money import MOST_CENTS

NBSP, NARROW, THIN = "\u00a0", "\u202f", "\u2009"


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("0", 0),
        ("12", 1_200),
        ("1234", 123_400),
        ("1234.5", 123_450),
        ("1234,56", 123_456),
        ("1,234.56", 123_456),
        ("1.234,56", 123_456),
        ("1.234.567", 123_456_700),
        ("12,345,678.9", 1_234_567_890),
        ("1 234,56", 123_456),
        ("1 234", 123_400),
        (f"1{NBSP}234,56", 123_456),
        (f"1{NARROW}234{NARROW}567,00", 123_456_700),
        (f"12{THIN}345.60", 1_234_560),
        ("1'234.50", 123_450),
        ("1\u2019234\u2019567", 123_456_700),
        (".5", 50),
        (",50", 50),
        ("0.500", 50),
        ("12.5000", 1_250),
        ("+12.00", 1_200),
        ("-0.00", 0),
        ("(0)", 0),
        ("92233720368547758.07", MOST_CENTS),
    ],
)
def test_what_can_be_read_in_one_way_needs_no_locale(text: str, amount: int) -> None:
    assert cents(text, "USD", None) == amount
    assert cents(text, "USD", ".") == amount
    assert cents(text, "USD", ",") == amount


@pytest.mark.parametrize("text", ["1.234", "12,345", "999.000", "$1,000", "1.000 USD"])
def test_what_can_be_read_in_two_ways_is_refused(text: str) -> None:
    assert cents(text, "USD", None) == "ambiguous_amount"


@pytest.mark.parametrize(
    ("text", "mark", "amount"),
    [
        ("1.234", ",", 123_400),
        ("1,234", ".", 123_400),
        ("1.230", ".", 123),
        ("1.234", ".", "fraction_of_a_cent"),
        ("1,234", ",", "fraction_of_a_cent"),
    ],
)
def test_the_locale_decides_between_two_ways(text: str, mark: str, amount: int | str) -> None:
    assert cents(text, "USD", mark) == amount


@pytest.mark.parametrize(
    ("text", "currency"),
    [
        ("$12", "USD"),
        ("$ 12.00", "CAD"),
        ("US$12", "USD"),
        ("12,00 $US", "USD"),
        ("12,00 $ US", "USD"),
        ("CA$12.00", "CAD"),
        ("USD 12", "USD"),
        ("12.00 usd", "USD"),
        ("$12.00 USD", "USD"),
        ("12 €", "EUR"),
        (f"12,00{NBSP}€", "EUR"),
        ("€12", "EUR"),
        ("EUR12", "EUR"),
        ("£12", "GBP"),
        ("12 zł", "PLN"),
        ("12 kr", "SEK"),
        ("CHF 12.00", "CHF"),
        ("R$ 12,00", "BRL"),
        ("￥12", "JPY"),
    ],
)
def test_a_sign_of_the_fans_currency_fits(text: str, currency: str) -> None:
    assert cents(text, currency, None) == 1_200


@pytest.mark.parametrize(
    ("text", "currency"),
    [("$12", "EUR"), ("€12", "USD"), ("EUR 12", "USD"), ("$12 CAD", "USD"), ("CA$12", "USD"), ("R$ 12", "USD")],
)
def test_a_sign_of_another_currency_is_refused(text: str, currency: str) -> None:
    assert cents(text, currency, None) == "other_currency"


@pytest.mark.parametrize(
    "text",
    ["-12", "−12.00", "(12.00)", "($12.00)", "$(12.00)", "-$12", "$-12", "12.00-", "- 12", "-1.234", "(1,234)"],  # noqa: RUF001
)
def test_less_than_nothing_is_refused(text: str) -> None:
    assert cents(text, "USD", None) == "negative_amount"


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("12.345,678", "fraction_of_a_cent"),
        ("1,2345", "fraction_of_a_cent"),
        ("0.001", "fraction_of_a_cent"),
        ("1234.567", "fraction_of_a_cent"),
        ("1 234.567", "fraction_of_a_cent"),
        ("92233720368547758.08", "too_much"),
        ("9" * 60, "too_much"),
    ],
)
def test_nothing_is_rounded(text: str, reason: str) -> None:
    assert cents(text, "USD", None) == reason


@pytest.mark.parametrize(
    "text",
    [
        *("", "-", "$", "free", "n/a", "12.", "1.2.3", "1,23,456", "1234,567.89", "1,234,56", "0,123.45"),
        *(
            "1 23",
            "12 3456",
            "1 234'567",
            "1e5",
            "1,23E+11",
            "12%",
            "12 fans",
            "(-12)",
            "-(12)",
            "--12",
            "(12",
            "12)",
        ),
        *("١٢", "１２", "12 13", "=12", "#12", "1_000", "12\n", "0x12", "½", "9" * 65, "'12"),  # noqa: RUF001
    ],
)
def test_what_is_no_amount_is_refused(text: str) -> None:
    assert cents(text, "USD", None) in {"bad_amount", "other_currency"}


@given(st.text(st.sampled_from("0123456789.,' $€-()") | st.characters(codec="utf-8"), max_size=70))
def test_no_digit_is_lost_or_made_up(text: str) -> None:
    for mark in (None, ".", ","):
        amount = cents(text, "USD", mark)
        if not isinstance(amount, Fault):
            assert str(amount).strip("0") == re.sub("[^0-9]", "", text).strip("0")
