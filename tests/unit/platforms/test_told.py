"""What bridges tell is read with care."""

import json
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from huntaze.platforms.told import Told, Unreadable

READERS = ("name", "text", "number", "flag", "moment", "currency", "inner", "each", "words")
RIGHT: dict[str, list[object]] = {
    "name": ["a", "é", "a b", "x" * 200],
    "text": ["", "hi\nthere", "x" * 100_000],
    "number": [0, 1, 10**12],
    "flag": [True, False],
    "moment": ["2026-05-01T10:00:00Z", "2026-05-01T12:00:00.5+02:00"],
    "currency": ["USD", "EUR"],
    "inner": [{}],
    "each": [[], [{}]],
    "words": [[], ["send", 5, None]],
}
WRONG: dict[str, list[object]] = {
    "name": ["", "x" * 201, "a\nb", "a\0", "\ud800", "\u202e", 5, True, [], {}],
    "text": ["x" * 100_001, 5, None, [], {}],
    "number": [-1, 10**12 + 1, 1.0, "1", True, None, []],
    "flag": [0, 1, "true", None],
    "moment": ["2026-05-01T10:00:00", "2026-05-01", "today", "", 5, None],
    "currency": ["usd", "US", "USDT", "ÄÖÜ", 5, None],
    "inner": [None, [], "x"],
    "each": [None, {}, "x", [5], [None], [[]]],
    "words": [None, {}, "send"],
}


@pytest.mark.parametrize(("reader", "value"), [(reader, value) for reader in READERS for value in RIGHT[reader]])
def test_what_is_right_is_read(reader: str, value: Any) -> None:
    getattr(Told({"it": value}), reader)("it")


@pytest.mark.parametrize(("reader", "value"), [(reader, value) for reader in READERS for value in WRONG[reader]])
def test_what_is_wrong_is_unreadable(reader: str, value: Any) -> None:
    with pytest.raises(Unreadable):
        getattr(Told({"it": value}), reader)("it")


@pytest.mark.parametrize("reader", READERS)
def test_what_must_be_there_must_be_there(reader: str) -> None:
    with pytest.raises(Unreadable):
        getattr(Told({}), reader)("it")


@pytest.mark.parametrize("reader", ["name", "number", "flag", "moment", "currency", "reference"])
def test_what_may_be_missing_may_be_null(reader: str) -> None:
    assert getattr(Told({"it": None}), f"{reader}_or_none")("it") is None
    assert getattr(Told({}), f"{reader}_or_none")("it") is None


def test_texts_lose_what_no_database_keeps() -> None:
    assert Told({"it": "a\0b\ud800c"}).text("it") == "ab?c"


def test_a_moment_has_its_offset() -> None:
    assert Told({"it": "2026-05-01T12:00:00+02:00"}).moment("it") == datetime(2026, 5, 1, 10, tzinfo=UTC)


@pytest.mark.parametrize("value", ["typed", "", 5, [], {}, True])
def test_a_reference_that_is_none_of_ours_is_none(value: object) -> None:
    assert Told({"it": value}).reference_or_none("it") is None


def test_one_of_ours_is() -> None:
    one = UUID("0197a000-0000-7000-8000-000000000001")
    assert Told({"it": str(one)}).reference_or_none("it") == one


_JSON = st.recursive(st.none() | st.text() | st.integers() | st.dictionaries(st.text(), st.none()), st.lists)


@given(st.binary(max_size=300) | _JSON.map(lambda value: json.dumps(value).encode()))
def test_a_body_is_an_object_or_unreadable(body: bytes) -> None:
    try:
        Told.of(body)
    except Unreadable:
        return
    assert isinstance(json.loads(body), dict)


def test_neither_depth_nor_digits_break_it() -> None:
    for body in (b"[" * 200_000, b'{"a":' * 100_000, b'{"it": ' + b"9" * 10_000 + b"}"):
        with pytest.raises(Unreadable):
            Told.of(body)
