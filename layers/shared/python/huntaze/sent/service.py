"""Reading what was said to fans, and by whom."""

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import replace
from typing import Protocol
from uuid import UUID

from huntaze.clock import Clock
from huntaze.cursors import Position
from huntaze.delivery.model import Road
from huntaze.members.model import Permission, Principal
from huntaze.messages.model import Status
from huntaze.paging import Page
from huntaze.sent.model import Approver, Entry, Filters
from huntaze.threads.model import Leaving

_MOST_FORESEEN = 10  # of more that wait on one page, only those that leave first are told their place


class SentStore(Protocol):
    """What was said in one workspace, inside one transaction. What was said to deleted fans is hidden."""

    def matching(self, filters: Filters, after: Position | None, limit: int) -> Sequence[Entry]:
        """Messages from the newest on, or from a place on."""
        ...

    def approvers(self) -> Sequence[Approver]:
        """Everybody who has let something out, by name."""
        ...


class Roads(Protocol):
    """What the log needs of messages on their way."""

    def road(self, message_id: UUID) -> Road:
        """How the account of a message stands that waits."""
        ...


class Stores(Protocol):
    """What a transaction gives to these use cases."""

    @property
    def sent(self) -> SentStore:
        """What was said."""
        ...

    @property
    def outbox(self) -> Roads:
        """What is on its way."""
        ...


Transactions = Callable[[Principal], AbstractContextManager[Stores]]


class SentLog:
    """The use cases of those who look who said what."""

    def __init__(self, transactions: Transactions, clock: Clock) -> None:
        self._transactions = transactions
        self._clock = clock

    def page(self, who: Principal, filters: Filters, limit: int, after: Position | None = None) -> Page[Entry]:
        """A page of what was said, newest first."""
        who.must(Permission.READ_INBOX)
        with self._transactions(who) as stores:
            page = Page.of(stores.sent.matching(filters, after, limit + 1), limit)
            waiting = [entry for entry in page.items if entry.status is Status.QUEUED][-_MOST_FORESEEN:]
            leaving = {entry.id: self._leaving(stores, entry.id) for entry in waiting}
        told = tuple(replace(entry, leaving=leaving.get(entry.id)) for entry in page.items)
        return replace(page, items=told)

    def approvers(self, who: Principal) -> tuple[Approver, ...]:
        """Everybody who has let something out."""
        who.must(Permission.READ_INBOX)
        with self._transactions(who) as stores:
            return tuple(stores.sent.approvers())

    def _leaving(self, stores: Stores, message_id: UUID) -> Leaving:
        road = stores.outbox.road(message_id)
        return Leaving(road.ahead + 1, None if road.leaves_in is None else self._clock.now() + road.leaves_in)
