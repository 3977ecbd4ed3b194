"""Counting: a worker makes the roll-ups of one workspace true again, topic by topic and a few days at a time."""

import logging
import time
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Protocol
from uuid import UUID

from huntaze.analytics.stale import (
    AT_ONCE,
    WITH_DAYS,
    Rest,
    StaleDay,
    Topic,
    answers_from,
    months_from,
)
from huntaze.analytics.tickets import Ticket
from huntaze.clock import Clock
from huntaze.errors import Unavailable

NOTES_AT_ONCE = 100_000
RESTS_TIMES = 100  # so a topic that is stale all the time costs a hundredth of one connection
LONGEST_REST = timedelta(minutes=10)
AT_MOST = 500  # workspaces in one round of the schedule

_ORDER = (Topic.EVERYTHING, Topic.VALUES, *WITH_DAYS)
_log = logging.getLogger(__name__)


class RecountStore(Protocol):
    """The roll-ups of one workspace, inside one transaction."""

    def alone(self) -> bool:
        """Be the only one who counts here until this transaction ends; False where somebody is at it."""
        ...

    def stale(self, topics: Sequence[Topic]) -> Sequence[Topic]:
        """Those of these topics of which something is stale."""
        ...

    def rests(self) -> dict[Topic, Rest]:
        """When each topic was counted last, and how long that took."""
        ...

    def counted(self, topic: Topic, at: datetime, took: timedelta) -> None:
        """It was counted just now."""
        ...

    def take(self, topic: Topic, at_most: int) -> Sequence[StaleDay]:
        """The days of which something is stale, taken from so many notes at most, the newest day first."""
        ...

    def put_back(self, topic: Topic, days: Sequence[StaleDay]) -> None:
        """These days are stale, and were when they were noted."""
        ...

    def last_day(self, topic: Topic) -> date | None:
        """The last day of which there is anything of a topic that others follow from."""
        ...

    def days(self, topic: Topic) -> Sequence[date]:
        """Every day of which there is anything of a topic, raw or counted."""
        ...

    def recount(self, topic: Topic, days: Sequence[date]) -> None:
        """Count these days again."""
        ...


class Stores(Protocol):
    """What a transaction gives to the worker."""

    @property
    def recounts(self) -> RecountStore:
        """The roll-ups."""
        ...


class EveryWorkspace(Protocol):
    """What is asked across workspaces."""

    def longest_stale(self, at_most: int) -> Sequence[UUID]:
        """Workspaces of which something is stale, the longest first."""
        ...


class CountQueue(Protocol):
    """Where workspaces wait for a worker."""

    def put(self, ticket: Ticket) -> None:
        """Tell a worker; Unavailable when the queue is away."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Counting:
    """Makes the roll-ups of workspaces true."""

    transactions: Callable[[UUID], AbstractContextManager[Stores]]
    clock: Clock
    now: Callable[[], float] = time.monotonic

    def receive(self, body: str, until: float) -> None:
        """Serve a message of the queue, up to this moment of `time.monotonic`."""
        self.count(Ticket.read(body).workspace_id, until)

    def count(self, workspace_id: UUID, until: float, *, rest: bool = True) -> bool:
        """Count what is stale and has rested; whether all of that is counted."""
        for topic in _ORDER:
            if not self._is_due(workspace_id, topic, rest=rest):
                continue
            began, more = self.now(), True
            while more:
                if self.now() >= until:
                    _log.info("there was no time to count everything: the next round goes on")
                    return False
                with self.transactions(workspace_id) as stores:
                    if not stores.recounts.alone():
                        return False
                    more = _step(stores.recounts, topic)
                    took = timedelta(seconds=self.now() - began)
                    stores.recounts.counted(topic, self.clock.now(), took)
        return True

    def rebuild(self, workspace_id: UUID) -> None:
        """Have everything counted again, as if nothing were known."""
        with self.transactions(workspace_id) as stores:
            now = self.clock.now()
            stores.recounts.put_back(Topic.EVERYTHING, [StaleDay(now.date(), now)])

    def _is_due(self, workspace_id: UUID, topic: Topic, *, rest: bool) -> bool:
        with self.transactions(workspace_id) as stores:
            if not stores.recounts.stale([topic]):
                return False
            last = stores.recounts.rests().get(topic) if rest else None
            return last is None or last.counted_at + min(RESTS_TIMES * last.took, LONGEST_REST) <= self.clock.now()


@dataclass(frozen=True, slots=True)
class CountReminding:
    """Tells the workers every minute where something is to be counted. Who hears of it twice counts it once."""

    everywhere: EveryWorkspace
    queue: CountQueue

    def round(self) -> int:
        """How many workspaces they were told of."""
        told = 0
        for workspace_id in self.everywhere.longest_stale(AT_MOST):
            try:
                self.queue.put(Ticket(workspace_id))
            except Unavailable:
                _log.warning("the queue of analytics is away: the next round tells them")
                break
            told += 1
        return told


def _step(store: RecountStore, topic: Topic) -> bool:
    """Count a part of what is stale of a topic; whether some of that is left."""
    stale = store.take(topic, NOTES_AT_ONCE)
    if not stale:
        return False
    if topic is Topic.EVERYTHING:
        _spread(store, min(one.noted_at for one in stale))
        return False
    chosen, left = stale[: AT_ONCE[topic]], stale[AT_ONCE[topic] :]
    store.put_back(topic, left)
    store.recount(topic, [one.day for one in chosen])
    if topic is Topic.TRANSACTIONS:
        store.put_back(Topic.COHORTS, months_from(chosen, store.last_day(topic) or chosen[0].day))
    elif topic is Topic.MESSAGES:
        store.put_back(Topic.ANSWERS, answers_from(chosen, store.last_day(topic) or chosen[0].day))
    return bool(left)


def _spread(store: RecountStore, noted_at: datetime) -> None:
    """Every day of every topic is stale."""
    for topic in WITH_DAYS:
        store.put_back(topic, [StaleDay(day, noted_at) for day in store.days(topic)])
    store.put_back(Topic.VALUES, [StaleDay(noted_at.date(), noted_at)])
