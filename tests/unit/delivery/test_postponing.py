"""What the queue does not take back comes again by itself, so it must be known by what it was when it came."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from typing import Any
from uuid import UUID

from huntaze.clock import FixedClock
from huntaze.delivery.model import Pace, Sender
from huntaze.delivery.permits import Permit, Planned, parse
from huntaze.delivery.planning import Planner
from huntaze.delivery.postponing import Postponing
from huntaze.measures import Count
from tests.support import permits
from tests.support.fake_delivery import RecordedMeasures
from tests.support.workspaces import NOON

PERMIT = parse(permits.body(), permits.ATTRIBUTES)
SENDER = Sender(PERMIT.workspace_id, PERMIT.account_id, "onlyfans", Pace())


class Anything:
    """Stores and plans that take what they are told."""

    @property
    def outbox(self) -> Any:
        return self

    def is_a_copy(self, *_: object) -> bool:
        return False

    def put_back(self, *_: object) -> None: ...

    def plan_flow(self, *_: object) -> timedelta:
        return timedelta(seconds=3)


@contextmanager
def transactions(_: UUID) -> Iterator[Any]:
    yield Anything()


def postponing(taken: list[Planned], *, takes: bool, measures: RecordedMeasures | None = None) -> Postponing:
    def publish(planned: Sequence[Planned]) -> list[Permit]:
        taken.extend(planned if takes else ())
        return [] if takes else [one.permit for one in planned]

    plans: Any = Anything()
    planner = Planner(plans, FixedClock(NOON), lambda: PERMIT.message_id)
    return Postponing(transactions, planner, publish, measures or RecordedMeasures())


def test_what_the_queue_takes_waits_there_until_its_new_slot() -> None:
    taken: list[Planned] = []
    assert postponing(taken, takes=True).until(SENDER, PERMIT, timedelta(0)) == []
    assert taken == [Planned(PERMIT.at(NOON + timedelta(seconds=3)), timedelta(seconds=3))]


def test_what_the_queue_refuses_comes_again_as_it_was() -> None:
    assert postponing([], takes=False).until(SENDER, PERMIT, timedelta(0)) == [PERMIT]
    assert postponing([], takes=False).for_a_moment([PERMIT]) == [PERMIT]


def test_what_is_put_back_because_something_is_away_is_counted_and_what_lacked_time_is_not() -> None:
    measures = RecordedMeasures()
    postponing([], takes=True, measures=measures).for_a_moment([PERMIT, PERMIT])
    postponing([], takes=True, measures=measures).shortly([PERMIT])
    assert measures.counted == [(Count.STALLED, 2, PERMIT.message_type)]
