"""What can be done with fans."""

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Protocol
from uuid import UUID

from huntaze.clock import Clock
from huntaze.fans.model import Fan, Listing, NewFan, Page, Platform, Position
from huntaze.members.model import Permission, Principal


class FanStore(Protocol):
    """The fans of one workspace, inside one transaction."""

    def add(self, new: NewFan, fan_id: UUID, at: datetime) -> Fan:
        """Keep a new fan; Conflict when the platform's id is taken."""
        ...

    def newest(self, limit: int, platform: Platform | None, after: Position | None) -> Sequence[Fan]:
        """Fans from the newest on, or from a place on."""
        ...


class Stores(Protocol):
    """What a transaction gives to these use cases."""

    @property
    def fans(self) -> FanStore:
        """The fans of the workspace."""
        ...


Transactions = Callable[[Principal], AbstractContextManager[Stores]]


class Fans:
    """The use cases around fans."""

    def __init__(self, transactions: Transactions, clock: Clock, new_id: Callable[[], UUID]) -> None:
        self._transactions = transactions
        self._clock = clock
        self._new_id = new_id

    def page(self, who: Principal, wanted: Listing) -> Page:
        """A page of the workspace's fans, newest first."""
        who.must(Permission.READ_FANS)
        with self._transactions(who) as stores:
            # One more than wanted tells whether there is a next page.
            found = stores.fans.newest(wanted.limit + 1, wanted.platform, wanted.after)
        shown = tuple(found[: wanted.limit])
        return Page(shown, Position.of(shown[-1]) if len(found) > len(shown) else None)

    def create(self, who: Principal, new: NewFan) -> Fan:
        """Add a fan; Conflict when the workspace has this platform's id already."""
        who.must(Permission.WRITE_FANS)
        with self._transactions(who) as stores:
            return stores.fans.add(new, self._new_id(), self._clock.now())
