"""Today and this month, and as much of yesterday and of last month, as the clock of a place has them."""

from datetime import UTC, datetime, timedelta

import pytest

from huntaze.clock import FixedClock
from huntaze.earnings.model import Stretches
from huntaze.earnings.service import Earnings
from huntaze.errors import Forbidden
from huntaze.members.model import Role
from tests.support.people import principal


def _at(now: str, zone: str = "UTC") -> Stretches:
    return Stretches.at(datetime.fromisoformat(now), zone)


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def test_the_same_stretch_ends_at_the_same_time_of_day() -> None:
    seen = _at("2026-05-14T10:30:20+00:00")
    assert (seen.today, seen.yesterday) == (_moment("2026-05-14"), _moment("2026-05-13"))
    assert seen.yesterday_until == _moment("2026-05-13T10:30:20")
    assert (seen.month, seen.last_month) == (_moment("2026-05-01"), _moment("2026-04-01"))
    assert seen.last_month_until == _moment("2026-04-14T10:30:20")


@pytest.mark.parametrize("day", [29, 30, 31])
def test_of_a_shorter_month_all_of_it_counts(day: int) -> None:
    seen = _at(f"2026-03-{day}T10:30:00+00:00")
    assert seen.last_month_until == seen.month == _moment("2026-03-01")


def test_a_day_begins_where_the_workspace_is() -> None:
    seen = _at("2026-05-31T22:30:00+00:00", "Europe/Paris")
    assert (seen.today, seen.month) == (_moment("2026-05-31T22:00"), _moment("2026-05-31T22:00"))
    assert seen.last_month == _moment("2026-04-30T22:00")
    assert seen.last_month_until == _moment("2026-04-30T22:30")


def test_when_clocks_were_put_forward_what_they_show_counts() -> None:
    seen = _at("2026-03-30T08:00:00+00:00", "Europe/Paris")  # 10:00 there, and so it was yesterday, with an hour less
    assert seen.yesterday_until == _moment("2026-03-29T08:00")
    assert seen.today - seen.yesterday == timedelta(hours=23)
    autumn = _at("2026-10-25T12:00:00+00:00", "Europe/Paris")
    assert autumn.yesterday_until == _moment("2026-10-24T11:00")


@pytest.mark.parametrize("now", ["2026-01-01T00:00:00+00:00", "2026-03-01T00:00:00+00:00", "2024-02-29T23:59:59+00:00"])
def test_nothing_reaches_further_back_than_last_month(now: str) -> None:
    seen = _at(now)
    assert seen.last_month <= seen.yesterday <= seen.yesterday_until <= seen.now
    assert seen.last_month <= seen.last_month_until <= seen.month <= seen.today <= seen.now
    assert seen.now - seen.last_month < timedelta(days=62)


@pytest.mark.parametrize("role", [Role.CHATTER, Role.MACHINE])
def test_money_is_shown_to_those_who_read_analytics(role: Role) -> None:
    earnings = Earnings(lambda _: pytest.fail("nothing is read"), FixedClock(_moment("2026-05-14")))
    with pytest.raises(Forbidden):
        earnings.so_far(principal(role))
