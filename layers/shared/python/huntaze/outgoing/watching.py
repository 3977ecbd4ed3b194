"""How sending goes, and what in it needs a person."""

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Protocol
from uuid import UUID
from zoneinfo import ZoneInfo

from huntaze.clock import Clock
from huntaze.cursors import Position
from huntaze.delivery.model import Glance, Pace, QueueFigures
from huntaze.errors import Unavailable
from huntaze.members.model import Permission, Principal
from huntaze.messages.model import Filters, Message
from huntaze.outgoing.model import AccountRow, AccountStanding, Overview, Today, Tries, Troubled
from huntaze.paging import Page
from huntaze.workspaces.model import Workspace

_TROUBLED = Filters(in_trouble=True)


class WatchedStore(Protocol):
    """The messages on their way of one workspace, inside one transaction."""

    def tries(self, message_ids: Sequence[UUID]) -> Tries:
        """Each time that these messages were handed over, the oldest first."""
        ...

    def accounts(self) -> Sequence[AccountRow]:
        """The accounts that messages leave through."""
        ...

    def since(self, moment: datetime) -> Today:
        """What was queued and what came to an end since then."""
        ...

    def last_processed_at(self) -> datetime | None:
        """When the last message came to an end."""
        ...


class ListedMessages(Protocol):
    """What watching needs of messages."""

    def matching(self, filters: Filters, after: Position | None, limit: int, offset: int = 0) -> Sequence[Message]:
        """Messages from the newest on, or from a place on, or after so many."""
        ...


class Home(Protocol):
    """The workspace itself."""

    def get(self) -> Workspace:
        """The workspace."""
        ...


class Stores(Protocol):
    """What a transaction gives to these use cases."""

    @property
    def outgoing(self) -> WatchedStore:
        """The messages on their way."""
        ...

    @property
    def messages(self) -> ListedMessages:
        """All messages."""
        ...

    @property
    def workspace(self) -> Home:
        """Where it is midnight when."""
        ...


Transactions = Callable[[Principal], AbstractContextManager[Stores]]


class Queue(Protocol):
    """The queue of permits and its dead letters."""

    def figures(self) -> QueueFigures:
        """What it says of itself; Unavailable when it cannot be asked."""
        ...


class Paces(Protocol):
    """How fast accounts may send at this moment."""

    def look(self, accounts: Sequence[tuple[UUID, Pace]]) -> Sequence[Glance]:
        """The pace of each, without taking anything; Unavailable when nobody can say."""
        ...


class Watching:
    """The use cases of those who look."""

    def __init__(
        self, transactions: Transactions, queue: Queue, paces: Paces | None, *, held: str | None, clock: Clock
    ) -> None:
        self._transactions = transactions
        self._queue = queue
        self._paces = paces
        self._held = held
        self._clock = clock

    def overview(self, who: Principal) -> Overview:
        """How sending goes. What is away takes its own figures along and leaves the rest."""
        who.must(Permission.APPROVE_REPLIES)
        with self._transactions(who) as stores:
            today = stores.outgoing.since(_midnight(self._clock.now(), stores.workspace.get().timezone))
            last, rows = stores.outgoing.last_processed_at(), stores.outgoing.accounts()
        return Overview(
            queue=self._figures(),
            held=self._held,
            today=today,
            last_processed_at=last,
            backlog=sum(row.backlog for row in rows),
            accounts=self._standings(rows),
        )

    def troubled(self, who: Principal, limit: int, after: Position | None = None) -> Page[Troubled]:
        """What failed, and what may have arrived; newest first, with every time that it was tried."""
        who.must(Permission.APPROVE_REPLIES)
        with self._transactions(who) as stores:
            found = stores.messages.matching(_TROUBLED, after, limit + 1)
            tries = stores.outgoing.tries([message.id for message in found])
        return Page.of([Troubled(message, tries.get(message.id, ())) for message in found], limit)

    def accounts(self, who: Principal) -> tuple[AccountStanding, ...]:
        """How each account stands: one look into the database, and one into Redis."""
        who.must(Permission.READ_INBOX)
        with self._transactions(who) as stores:
            rows = stores.outgoing.accounts()
        return self._standings(rows)

    def _figures(self) -> QueueFigures | None:
        try:
            return self._queue.figures()
        except Unavailable:
            return None

    def _standings(self, rows: Sequence[AccountRow]) -> tuple[AccountStanding, ...]:
        glances, now = self._glances(rows), self._clock.now()
        return tuple(_standing(row, glance, now) for row, glance in zip(rows, glances, strict=True))

    def _glances(self, rows: Sequence[AccountRow]) -> Sequence[Glance | None]:
        nothing = [None] * len(rows)
        if self._paces is None or not rows:
            return nothing
        try:
            return self._paces.look([(row.id, row.pace) for row in rows])
        except Unavailable:
            return nothing


def _standing(row: AccountRow, glance: Glance | None, now: datetime) -> AccountStanding:
    """Redis and the database must both grant a message, so the slower of them counts; without Redis nothing leaves."""
    if glance is None:
        return AccountStanding(row, None, None)
    seen = glance.beside(row.tokens_left, row.token_back_in)
    slot = max(now + seen.wait, row.held_until or now)
    return AccountStanding(row, seen.left, slot if row.may_send else None)


def _midnight(now: datetime, zone: str) -> datetime:
    """When the day began, where the workspace is."""
    return now.astimezone(ZoneInfo(zone)).replace(hour=0, minute=0, second=0, microsecond=0)
