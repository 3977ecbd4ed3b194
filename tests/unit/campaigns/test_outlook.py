"""When a campaign will be through: at the account's pace, with what waits already, outside of quiet hours."""

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from uuid import UUID

from huntaze.campaigns.model import AccountState, QuietHours, Schedule
from huntaze.campaigns.outlook import forecast
from huntaze.campaigns.steps import Lane
from huntaze.delivery.model import Pace
from huntaze.fans.model import Platform
from huntaze.ids import new_id

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
US, THEM, OTHERS = new_id(), new_id(), new_id()
SPACING = timedelta(seconds=6.15)
LANE = Lane(
    account_id=UUID(int=1),
    platform=Platform.ONLYFANS,
    pace=Pace(),
    state=AccountState.ACTIVE,
    held_until=None,
    people=0,
    campaigns={},
)


def through(count: int, schedule: Schedule = Schedule(), **lane: object) -> datetime | None:  # noqa: B008 - frozen
    return forecast([(replace(LANE, **lane), count)], US, schedule, NOW)  # type: ignore[arg-type]


def test_the_first_leaves_at_once_and_each_other_one_spacing_later() -> None:
    assert through(1) == NOW
    assert through(101) == NOW + 100 * SPACING


def test_what_people_let_out_leaves_before() -> None:
    assert through(1, people=10) == NOW + 10 * SPACING


def test_other_campaigns_get_as_many_in_before_as_we_have_or_what_they_have() -> None:
    assert through(10, campaigns={THEM: 3, OTHERS: 1000, US: 10}) == NOW + (3 + 10 + 9) * SPACING


def test_it_begins_when_it_is_to_begin_and_when_the_account_may() -> None:
    assert through(1, Schedule(starts_at=NOW + timedelta(hours=2))) == NOW + timedelta(hours=2)
    assert through(1, held_until=NOW + timedelta(hours=1)) == NOW + timedelta(hours=1)


def test_nothing_is_said_of_an_account_that_sends_nothing() -> None:
    for state in (AccountState.PAUSED, AccountState.EXPIRED, AccountState.REVOKED):
        assert through(1, state=state) is None
        assert forecast([(LANE, 1), (replace(LANE, state=state), 1)], US, Schedule(), NOW) is None
    assert through(1, state=AccountState.HELD) == NOW
    assert forecast([], US, Schedule(), NOW) is None


def test_of_two_accounts_the_slower_one_counts() -> None:
    slow = replace(LANE, pace=Pace(messages=1))
    assert forecast([(LANE, 5), (slow, 2)], US, Schedule(), NOW) == NOW + slow.pace.spacing


def test_quiet_hours_are_waited_for() -> None:
    schedule = Schedule(quiet=QuietHours(begin=time(14, 30), end=time(16)), zone="Europe/Paris")
    assert through(101, schedule) == NOW + 100 * SPACING
    half_an_hour = int(timedelta(minutes=30) / SPACING)
    end = through(half_an_hour + 2, schedule)
    assert end == NOW + (half_an_hour + 1) * SPACING + timedelta(minutes=90)
