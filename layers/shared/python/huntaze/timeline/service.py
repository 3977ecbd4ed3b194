"""Looking back at what happened with a fan."""

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from typing import Protocol
from uuid import UUID

from huntaze.cursors import Position
from huntaze.fans.model import Fan
from huntaze.members.model import Permission, Principal
from huntaze.paging import Page
from huntaze.timeline.model import Event


class TimelineStore(Protocol):
    """What is known of fans' pasts in one workspace, inside one transaction."""

    def newest(self, fan_id: UUID, before: Position | None, limit: int) -> Sequence[Event]:
        """What happened with a fan, from the newest on, or from a place on."""
        ...


class TimelineFans(Protocol):
    """What timelines need to know of the fans."""

    def get(self, fan_id: UUID) -> Fan:
        """One fan; NotFound when there is none."""
        ...


class Stores(Protocol):
    """What a transaction gives to this use case."""

    @property
    def fans(self) -> TimelineFans:
        """The fans of the workspace."""
        ...

    @property
    def timeline(self) -> TimelineStore:
        """What happened with them."""
        ...


Transactions = Callable[[Principal], AbstractContextManager[Stores]]


class Timeline:
    """The one use case."""

    def __init__(self, transactions: Transactions) -> None:
        self._transactions = transactions

    def of(self, who: Principal, fan_id: UUID, limit: int, before: Position | None = None) -> Page[Event]:
        """What happened with a fan, newest first."""
        who.must(Permission.READ_FANS)
        with self._transactions(who) as stores:
            stores.fans.get(fan_id)
            return Page.of(stores.timeline.newest(fan_id, before, limit + 1), limit)
