"""Whole files in every combination of how programs write them, beside what must be read from each."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import product

import pytest

from huntaze.imports.reading.rows import Rejected, Row
from tests.support.sheets import ENCODINGS, ENDS, encoded, layout, lines, read, row, rules

DELIMITERS = {"comma": ",", "semicolon": ";", "tab": "\t"}
HEADER = ("Username", "Display Name", "Total Spent", "Last Seen", "Notes")
NOTE = 'He said "hi, there";\tand left\nfor good'

# An amount, the locale it needs, and what it is in cents or why it is none.
MONEY: tuple[tuple[str, str | None, int | str], ...] = (
    ("1234.56", None, 123_456),
    ("$1,234.56", None, 123_456),
    ("1.234,56 $", None, 123_456),
    ("1\u00a0234,56", None, 123_456),
    ("1'234.56", None, 123_456),
    ("USD 1234", None, 123_400),
    ("1.234", "fr-FR", 123_400),
    ("1,234", "en-US", 123_400),
    ("1.234", None, "ambiguous_amount"),
    ("(12.00)", None, "negative_amount"),
    ("-12,00", None, "negative_amount"),
    ("12 €", None, "other_currency"),
    ("0.125", None, "fraction_of_a_cent"),
    ("twelve", None, "bad_amount"),
    ("99999999999999999999", None, "too_much"),
)
APRIL = datetime(2025, 4, 3, tzinfo=UTC)
DATES: tuple[tuple[str, str | None, datetime | str], ...] = (
    ("2025-04-03", None, APRIL),
    ("2025-04-03T10:20:30Z", None, APRIL.replace(hour=10, minute=20, second=30)),
    ("2025-04-03 10:20:30+02:00", None, APRIL.replace(hour=8, minute=20, second=30)),
    ("2025/04/03", None, APRIL),
    ("13.04.2025 9:05", None, APRIL.replace(day=13, hour=9, minute=5)),
    ("3 août 2025", None, APRIL.replace(month=8)),
    ("Apr 3, 2025, 10:20 PM", None, APRIL.replace(hour=22, minute=20)),
    ("03/04/2025", "fr-FR", APRIL),
    ("04/03/2025", "en-US", APRIL),
    ("03/04/2025", None, "ambiguous_date"),
    ("03/04/25", None, "bad_date"),
    ("2025-02-30", None, "bad_date"),
    ("2999-01-01", None, "in_the_future"),
)


@dataclass(frozen=True)
class Make:
    """How a program writes its files."""

    encoding: str
    delimiter: str
    end: str
    quoted: bool

    def __str__(self) -> str:
        quoting = "all quoted" if self.quoted else "quoted where needed"
        return f"{self.encoding}-{self.delimiter}-{self.end}-{quoting}"

    def file(self, table: Sequence[Sequence[str]]) -> bytes:
        return encoded(lines(table, DELIMITERS[self.delimiter], self.end, quoted=self.quoted), self.encoding)


MAKES = [Make(*each) for each in product(ENCODINGS, DELIMITERS, ENDS, (False, True))]
# Amounts and dates take turns in them; both must go with the one locale of the file.
_FRENCH = {None, "fr-FR"}
_MONEY = [case for case in MONEY if case[1] in _FRENCH and case[2] != "ambiguous_amount"]
_DATES = [case for case in DATES if case[1] in _FRENCH and case[2] != "ambiguous_date"]


def test_there_are_enough_of_them() -> None:
    assert len(MAKES) + len(MONEY) + len(DATES) >= 120


@pytest.mark.parametrize("turn", range(len(MAKES)), ids=lambda turn: str(MAKES[turn]))
def test_files_of_every_make(turn: int) -> None:
    make, (amount, _, cents), (date, _, at) = MAKES[turn], _MONEY[turn % len(_MONEY)], _DATES[turn % len(_DATES)]
    table = (
        HEADER,
        ("@zoe", "Zoë – d’Ys", amount, "", NOTE),  # noqa: RUF001  (Windows-1252 has its own bytes for these)
        ("eric", "Éric", "", date, ""),
        ("", "", "", "", ""),
        ("b", 'say "B"', "0", "", "x"),
        ("c", "C", "free", "", "x"),
        ("d", "short"),
        ("e", "E", "", "", "x", "long"),
        ("", "nobody", "", "", ""),
    )
    seen = layout(make.file(table))
    assert (seen.encoding, seen.delimiter) == (ENCODINGS[make.encoding][0], DELIMITERS[make.delimiter])
    assert seen.header == HEADER
    assert read(make.file(table), rules(locale="fr-FR")) == [
        _expected(1, table[1], "Total Spent", cents, handle="zoe", name=table[1][1]),
        _expected(2, table[2], "Last Seen", at, handle="eric", name="Éric"),
        row(4, handle="b", name='say "B"', spent_cents=0),
        Rejected(5, "Total Spent", "bad_amount", table[5]),
        Rejected(6, None, "too_few_cells", table[6]),
        Rejected(7, None, "too_many_cells", table[7]),
        Rejected(8, "Username", "no_name", table[8]),
    ]


@pytest.mark.parametrize(("amount", "locale", "cents"), MONEY)
def test_amounts_in_files(amount: str, locale: str | None, cents: int | str) -> None:
    table = (HEADER, ("a", "A", amount, "", ""), ("b", "B", "1", "", ""))
    assert read(lines(table, ",", "CRLF", quoted=False), rules(locale=locale)) == [
        _expected(1, table[1], "Total Spent", cents, handle="a", name="A"),
        row(2, handle="b", name="B", spent_cents=100),
    ]


@pytest.mark.parametrize(("date", "locale", "at"), DATES)
def test_dates_in_files(date: str, locale: str | None, at: datetime | str) -> None:
    table = (HEADER, ("a", "A", "", date, ""), ("b", "B", "", "2025-04-03", ""))
    assert read(lines(table, ",", "CRLF", quoted=False), rules(locale=locale)) == [
        _expected(1, table[1], "Last Seen", at, handle="a", name="A"),
        row(2, handle="b", name="B", last_seen_at=APRIL),
    ]


def _expected(
    number: int, cells: tuple[str, ...], column: str, expected: int | datetime | str, **said: object
) -> Row | Rejected:
    """The row, or why it is rejected."""
    if isinstance(expected, str):
        return Rejected(number, column, expected, cells)
    return row(number, **said, **{"spent_cents" if column == "Total Spent" else "last_seen_at": expected})
