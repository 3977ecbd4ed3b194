"""How sending goes: what the database and Redis say together, and when the day began."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from huntaze.clock import FixedClock
from huntaze.delivery.model import Glance, Pace
from huntaze.errors import Forbidden
from huntaze.ids import new_id
from huntaze.members.model import Principal, Role
from huntaze.outgoing.model import AccountRow, AccountStanding, Today
from huntaze.outgoing.watching import Watching
from tests.support.fake_delivery import FakeDeadLetters, FakePaces
from tests.support.fakes import FakeStores
from tests.support.people import principal

NOW = datetime(2026, 3, 29, 0, 30, tzinfo=UTC)
SECOND = timedelta(seconds=1)
ROW = AccountRow(
    id=new_id(),
    platform="onlyfans",
    status="active",
    paused_at=None,
    pause_reason=None,
    held_until=None,
    held_reason=None,
    pace=Pace(),
    tokens_left=4,
    token_back_in=9 * SECOND,
    backlog=0,
)


def _watching(stores: FakeStores, paces: FakePaces | None, at: datetime = NOW) -> Watching:
    @contextmanager
    def transactions(_who: Principal) -> Iterator[Any]:
        yield stores

    return Watching(transactions, FakeDeadLetters(), paces, held=None, clock=FixedClock(at))


def _seen(row: AccountRow, paces: FakePaces | None) -> AccountStanding:
    stores = FakeStores()
    stores.outgoing.accounts = lambda: [row]  # type: ignore[method-assign]
    (account,) = _watching(stores, paces).overview(principal()).accounts
    return account


@pytest.mark.parametrize(
    ("glance", "changes", "left", "wait"),
    [
        (Glance(7, 0 * SECOND), {}, 4, 0 * SECOND),
        (Glance(2, 3 * SECOND), {}, 2, 3 * SECOND),
        (Glance(None, 0 * SECOND), {}, 4, 0 * SECOND),  # Redis was emptied: the database knows
        (Glance(None, 0 * SECOND), {"tokens_left": 0}, 0, 9 * SECOND),
        (Glance(0, 20 * SECOND), {"tokens_left": 0}, 0, 20 * SECOND),
        (Glance(0, 2 * SECOND), {}, 0, 2 * SECOND),  # the database has tokens: it makes nobody wait
        (Glance(7, 0 * SECOND), {"held_until": NOW + 50 * SECOND}, 4, 50 * SECOND),
        (Glance(7, 0 * SECOND), {"held_until": NOW - 50 * SECOND}, 4, 0 * SECOND),
    ],
)
def test_the_slower_of_both_counts(glance: Glance, changes: dict[str, Any], left: int, wait: timedelta) -> None:
    seen = _seen(replace(ROW, **changes), FakePaces(glance))
    assert (seen.tokens_left, seen.next_slot_at) == (left, NOW + wait)


@pytest.mark.parametrize("shut", [{"status": "expired"}, {"paused_at": NOW}])
def test_an_account_that_sends_nothing_has_no_next_slot(shut: dict[str, Any]) -> None:
    seen = _seen(replace(ROW, **shut), FakePaces())
    assert (seen.tokens_left, seen.next_slot_at) == (4, None)


@pytest.mark.parametrize("paces", [None, FakePaces(is_away=True)])
def test_without_redis_nobody_can_say(paces: FakePaces | None) -> None:
    seen = _seen(ROW, paces)
    assert (seen.tokens_left, seen.next_slot_at) == (None, None)


def test_the_accounts_alone_are_asked_of_the_database_and_of_redis_once() -> None:
    stores, paces = FakeStores(), FakePaces(Glance(2, 3 * SECOND))
    stores.outgoing.accounts = lambda: [ROW]  # type: ignore[method-assign]
    stores.outgoing.since = lambda _: pytest.fail("nothing else is read")  # type: ignore[method-assign]
    (account,) = _watching(stores, paces).accounts(principal(Role.MACHINE))
    assert (account.tokens_left, account.next_slot_at) == (2, NOW + 3 * SECOND)
    with pytest.raises(Forbidden):
        _watching(stores, paces).accounts(principal(Role.ANALYST))


@pytest.mark.parametrize(
    ("zone", "midnight"),
    [
        ("UTC", datetime(2026, 3, 29, tzinfo=UTC)),
        ("Europe/Paris", datetime(2026, 3, 28, 23, tzinfo=UTC)),  # the clock is put forward two hours later
        ("America/Los_Angeles", datetime(2026, 3, 28, 7, tzinfo=UTC)),
    ],
)
def test_the_day_begins_where_the_workspace_is(zone: str, midnight: datetime) -> None:
    stores, asked = FakeStores(), []
    stores.workspace.change({"timezone": zone})

    def since(moment: datetime) -> Today:
        asked.append(moment)
        return Today(0, 0, 0)

    stores.outgoing.since = since  # type: ignore[method-assign]
    _watching(stores, None).overview(principal())
    assert asked == [midnight]


@pytest.mark.parametrize("role", [Role.ANALYST, Role.MACHINE])
def test_who_does_not_send_does_not_watch(role: Role) -> None:
    for act in (_watching(FakeStores(), None).overview, lambda who: _watching(FakeStores(), None).troubled(who, 50)):
        with pytest.raises(Forbidden):
            act(principal(role))


def test_a_day_on_which_nothing_ended_has_no_failures() -> None:
    assert (Today(5, 0, 0).failure_rate, Today(5, 3, 1).failure_rate) == (0.0, 0.3333)
