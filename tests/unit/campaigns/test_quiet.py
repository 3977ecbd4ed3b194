"""Quiet hours are local times of day, whatever the clocks do. An exhaustive search by the minute is the judge."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from huntaze.campaigns.model import QuietHours
from huntaze.campaigns.quiet import after_so_much, is_quiet, known_zone, next_change, quiet_from

PARIS, KATHMANDU, LORD_HOWE, NEW_YORK = "Europe/Paris", "Asia/Kathmandu", "Australia/Lord_Howe", "America/New_York"
NIGHT = QuietHours(begin=time(22), end=time(8))
MINUTE = timedelta(minutes=1)


def utc(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)


@pytest.mark.parametrize(
    ("at", "zone", "quiet"),
    [
        (utc(2026, 1, 15, 20, 59), PARIS, False),
        (utc(2026, 1, 15, 21, 0), PARIS, True),
        (utc(2026, 1, 16, 6, 59), PARIS, True),
        (utc(2026, 1, 16, 7, 0), PARIS, False),
        (utc(2026, 7, 15, 20, 0), PARIS, True),  # summer time: an hour earlier
        (utc(2026, 7, 15, 16, 14), KATHMANDU, False),  # 21:59 at 5 hours 45 minutes
        (utc(2026, 7, 15, 16, 15), KATHMANDU, True),
    ],
)
def test_it_is_quiet_by_the_clocks_of_the_zone(at: datetime, zone: str, *, quiet: bool) -> None:
    assert is_quiet(at, NIGHT, zone) is quiet


def test_within_one_day_the_end_is_not_quiet_any_more() -> None:
    noon = QuietHours(begin=time(12), end=time(14))
    assert [is_quiet(utc(2026, 6, 1, hour), noon, "UTC") for hour in (11, 12, 13, 14)] == [False, True, True, False]


def test_quiet_hours_that_are_none_are_refused() -> None:
    with pytest.raises(ValueError, match="different"):
        QuietHours(begin=time(8), end=time(8))


def test_a_night_with_summer_time_is_an_hour_shorter_and_one_with_its_end_longer() -> None:
    for begin, hours in ((utc(2026, 3, 28, 21), 9), (utc(2026, 10, 24, 20), 11), (utc(2026, 1, 10, 21), 10)):
        assert is_quiet(begin, NIGHT, PARIS)
        assert next_change(begin, NIGHT, PARIS) == begin + timedelta(hours=hours)


def test_an_edge_that_a_clock_skips_is_where_it_goes_on() -> None:
    """On 29 March 2026 at 01:00 UTC the clocks of Paris go from 02:00 to 03:00."""
    until_half_past_two = QuietHours(begin=time(22), end=time(2, 30))
    assert next_change(utc(2026, 3, 29, 0, 30), until_half_past_two, PARIS) == utc(2026, 3, 29, 1)
    from_half_past_two = QuietHours(begin=time(2, 30), end=time(8))
    assert next_change(utc(2026, 3, 29, 0, 30), from_half_past_two, PARIS) == utc(2026, 3, 29, 1)


def test_an_hour_that_comes_twice_is_quiet_twice() -> None:
    """On 25 October 2026 at 01:00 UTC the clocks of Paris go back from 03:00 to 02:00."""
    half_an_hour = QuietHours(begin=time(2, 15), end=time(2, 45))
    at, seen = utc(2026, 10, 24, 23), []
    for _ in range(4):
        at = next_change(at, half_an_hour, PARIS)
        seen.append(at)
    quarters = [(0, 15), (0, 45), (1, 15), (1, 45)]
    assert seen == [utc(2026, 10, 25, hour, minute) for hour, minute in quarters]


ZONES = st.sampled_from([PARIS, KATHMANDU, LORD_HOWE, NEW_YORK, "UTC", "Pacific/Chatham", "America/St_Johns"])
# Around the days on which clocks change somewhere, and any other.
MOMENTS = st.one_of(
    st.datetimes(datetime(2026, 3, 6), datetime(2026, 4, 8)),  # noqa: DTZ001 - the strategy wants naive bounds
    st.datetimes(datetime(2026, 9, 24), datetime(2026, 11, 3)),  # noqa: DTZ001
).map(lambda at: at.replace(tzinfo=UTC, second=0, microsecond=0))
TIMES = st.times().map(lambda at: at.replace(second=0, microsecond=0))


@given(MOMENTS, ZONES, TIMES, TIMES)
def test_the_next_change_is_what_a_search_by_the_minute_finds(at: datetime, zone: str, begin: time, end: time) -> None:
    if begin == end:
        return
    quiet = QuietHours(begin=begin, end=end)
    was, found = is_quiet(at, quiet, zone), at + MINUTE
    while is_quiet(found, quiet, zone) == was:
        found += MINUTE
    assert next_change(at, quiet, zone) == found


@given(MOMENTS, ZONES, TIMES, TIMES, st.integers(0, 3000))
def test_work_is_done_outside_of_quiet_hours_alone(at: datetime, zone: str, begin: time, end: time, work: int) -> None:
    if begin == end:
        return
    quiet, left, found = QuietHours(begin=begin, end=end), work, at
    while left or is_quiet(found, quiet, zone):
        left -= not is_quiet(found, quiet, zone)
        found += MINUTE
        if found - at > timedelta(days=5):
            return
    assert after_so_much(at, work * MINUTE, quiet, zone) == found


def test_the_end_of_work_is_told_by_the_clocks_of_the_zone() -> None:
    end = after_so_much(utc(2026, 7, 1, 19, 30), timedelta(hours=1), NIGHT, PARIS)
    assert end == utc(2026, 7, 2, 6, 30)
    assert end is not None
    assert end.tzinfo == ZoneInfo(PARIS)


def test_without_quiet_hours_work_takes_as_long_as_it_takes() -> None:
    assert after_so_much(utc(2026, 7, 1), timedelta(days=3), None, "UTC") == utc(2026, 7, 4)
    assert quiet_from(utc(2026, 7, 1), None, "UTC") is None


def test_what_takes_longer_than_a_year_has_no_end_that_can_be_told() -> None:
    assert after_so_much(utc(2026, 7, 1), timedelta(days=400), None, "UTC") is None
    nearly_always = QuietHours(begin=time(0, 1), end=time(0))
    assert after_so_much(utc(2026, 7, 1), timedelta(days=1), nearly_always, "UTC") is None


@pytest.mark.parametrize(("zone", "known"), [(PARIS, PARIS), ("Mars/Base", "UTC"), ("", "UTC"), (None, "UTC")])
def test_a_zone_that_nobody_knows_is_the_creators(zone: str | None, known: str) -> None:
    assert known_zone(zone, "UTC") == known
