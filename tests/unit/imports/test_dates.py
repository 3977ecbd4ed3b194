import re
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from huntaze.imports.reading.dates import moment
from huntaze.imports.reading.faults import Fault

MIDNIGHT = datetime(2025, 4, 3, tzinfo=UTC)


def _at(hour: int, minute: int = 0, second: int = 0, microsecond: int = 0) -> datetime:
    return MIDNIGHT.replace(hour=hour, minute=minute, second=second, microsecond=microsecond)


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("2025-04-03", MIDNIGHT),
        ("2025/04/03", MIDNIGHT),
        ("2025.4.3", MIDNIGHT),
        ("2025-04-03T10:20:30Z", _at(10, 20, 30)),
        ("2025-04-03 10:20", _at(10, 20)),
        ("2025-04-03 10:20:30.5", _at(10, 20, 30, 500_000)),
        ("2025-04-03T10:20:30.1234560Z", _at(10, 20, 30, 123_456)),
        ("2025-04-03T10:20:30+02:00", _at(8, 20, 30)),
        ("2025-04-03T10:20:30-0530", _at(15, 50, 30)),
        ("2025-04-03 10:20:30 UTC", _at(10, 20, 30)),
        ("2025-04-03 10:20:30 +02", _at(8, 20, 30)),
        ("2025/04/03 10:20", _at(10, 20)),
        ("3 April 2025", MIDNIGHT),
        ("3rd Apr 2025", MIDNIGHT),
        ("Apr 3, 2025", MIDNIGHT),
        ("April 3rd, 2025", MIDNIGHT),
        ("03-Apr-2025", MIDNIGHT),
        ("Apr 3, 2025, 10:20 PM", _at(22, 20)),
        ("Apr 3, 2025 12:05 a.m.", _at(0, 5)),
        ("Apr 3, 2025 12:05\u202fPM", _at(12, 5)),
        ("3 avril 2025", MIDNIGHT),
        ("3 avr. 2025", MIDNIGHT),
        ("3 AVRIL 2025 10:20", _at(10, 20)),
        ("3. April 2025", MIDNIGHT),
        ("3 de abril de 2025", MIDNIGHT),
        ("3 abr 2025", MIDNIGHT),
        ("04/04/2025", datetime(2025, 4, 4, tzinfo=UTC)),
        ("25/12/2024", datetime(2024, 12, 25, tzinfo=UTC)),
        ("12/25/2024", datetime(2024, 12, 25, tzinfo=UTC)),
        ("25.12.2024 9:05", datetime(2024, 12, 25, 9, 5, tzinfo=UTC)),
        ("1er mars 2025", datetime(2025, 3, 1, tzinfo=UTC)),
        ("5. März 2025", datetime(2025, 3, 5, tzinfo=UTC)),
        ("5 août 2025", datetime(2025, 8, 5, tzinfo=UTC)),
        ("5 enero 2025", datetime(2025, 1, 5, tzinfo=UTC)),
        ("29.02.2024", datetime(2024, 2, 29, tzinfo=UTC)),
    ],
)
def test_what_can_be_read_in_one_way_needs_no_locale(text: str, at: datetime) -> None:
    for day_first in (None, True, False):
        assert moment(text, "UTC", day_first=day_first) == at


@pytest.mark.parametrize("text", ["03/04/2025", "3.4.2025", "03-04-2025", "03/04/2025 10:20", "12/11/2025"])
def test_what_can_be_read_in_two_ways_is_refused(text: str) -> None:
    assert moment(text, "UTC", day_first=None) == "ambiguous_date"


def test_the_locale_decides_between_two_ways() -> None:
    assert moment("03/04/2025", "UTC", day_first=True) == MIDNIGHT
    assert moment("04/03/2025 10:20", "UTC", day_first=False) == _at(10, 20)


@pytest.mark.parametrize(
    "text",
    [
        *("", "today", "2025", "2025-04", "20250403", "03042025", "3/4/25", "03.04.25", "'25-04-03", "2025-W14-4"),
        *("2025-13-01", "2025-02-29", "29/02/2025", "31.04.2025", "13/13/2025", "0/1/2025", "2025-04-03T24:00"),
        *("2025-04-03T10", "2025-04-03T10:60", "2025-04-03T10:20:60", "2025-04-03T10:20+15:00", "2025-04-03T10:20+2"),
        *("2025-04-03T10:20:30.1234567", "Apr 3, 2025 13:05 PM", "Apr 3, 2025 0:05 AM", "3 Smarch 2025", "3 2025 Apr"),
        *("03/04-2025", "03 04 2025", "1743638400", "45750", "45750.5", "2025-04-03 10:20 EST", "0000-00-00"),
        *("0001-01-01T00:00:00", "1899-12-30", "２０２５-04-03", "2025-04-03-10:20", "=NOW()", "9" * 70),  # noqa: RUF001
    ],
)
def test_what_is_no_date_is_refused(text: str) -> None:
    for day_first in (None, True, False):
        assert moment(text, "UTC", day_first=day_first) == "bad_date"


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("2025-04-03", datetime(2025, 4, 2, 22, tzinfo=UTC)),
        ("2025-04-03 10:20", _at(8, 20)),
        ("2025-01-03 10:20", datetime(2025, 1, 3, 9, 20, tzinfo=UTC)),
        ("2025-04-03 10:20Z", _at(10, 20)),
        ("2025-03-30 02:30", "no_such_time"),
        ("2025-10-26 02:30", "no_such_time"),
        ("2025-10-26 02:30+01:00", datetime(2025, 10, 26, 1, 30, tzinfo=UTC)),
        ("26 octobre 2025 2:30", "no_such_time"),
        ("2025-10-26", datetime(2025, 10, 25, 22, tzinfo=UTC)),
    ],
)
def test_times_without_a_zone_are_those_of_the_workspace(text: str, at: datetime | str) -> None:
    assert moment(text, "Europe/Paris", day_first=None) == at


def test_a_day_begins_after_midnight_where_clocks_are_put_forward_then() -> None:
    assert moment("2025-04-25", "Africa/Cairo", day_first=None) == datetime(2025, 4, 24, 22, tzinfo=UTC)
    assert moment("2025-04-25 00:30", "Africa/Cairo", day_first=None) == "no_such_time"


def test_a_day_that_a_zone_skipped_never_was() -> None:
    assert moment("2011-12-30", "Pacific/Apia", day_first=None) == "no_such_time"
    assert moment("2011-12-31", "Pacific/Apia", day_first=None) == datetime(2011, 12, 30, 10, tzinfo=UTC)


@given(st.from_regex(r"[0-9]{1,4}[-/. ][0-9]{1,2}[-/. ][0-9]{1,4}([T ][0-9]{1,2}:[0-9]{2})?", fullmatch=True))
def test_no_number_is_lost_or_made_up(text: str) -> None:
    for day_first in (None, True, False):
        at = moment(text, "UTC", day_first=day_first)
        if not isinstance(at, Fault):
            numbers = sorted(int(number) for number in re.findall("[0-9]+", text))
            time = [at.hour, at.minute] if ":" in text else []
            assert sorted([at.year, at.month, at.day, *time]) == numbers


@given(st.text(max_size=70))
def test_any_text_is_a_moment_or_refused(text: str) -> None:
    at = moment(text, "America/New_York", day_first=True)
    assert isinstance(at, Fault) or at.utcoffset() == timedelta(0)
