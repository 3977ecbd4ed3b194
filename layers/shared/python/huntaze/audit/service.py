"""Keeping what people did, in the transaction in which they did it; reading it, and finding out if it is whole."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import datetime, timedelta
from typing import Any, Protocol
from uuid import UUID

from huntaze.audit.model import (
    BEGINNING,
    Action,
    Actor,
    Ends,
    Entry,
    Fault,
    Link,
    Named,
    Noted,
    Reason,
    Search,
    Stretch,
    Verification,
)
from huntaze.clock import Clock
from huntaze.cursors import Position
from huntaze.errors import TooLarge
from huntaze.members.model import Permission, Principal
from huntaze.paging import Page

STRETCH = 20_000  # hashed in about half a second, far from the limit of a statement
PATIENCE = timedelta(seconds=15)  # then the caller goes on with another request
MOST_ROWS_AT_ONCE = 5_000
_EXPORT_PAGE = 1_000
_MOST_ACTORS = 500


class AuditTrail(Protocol):
    """The audit log of one workspace, inside one transaction."""

    def record(self, action: Action, object_id: UUID | None = None, **details: Any) -> None:
        """Keep what the one who acts in this transaction has just done, as the last thing that a use case writes.

        Whoever writes an entry holds the end of the workspace's chain until the transaction ends: what comes after it
        makes others wait, and what locks after it could make two wait for each other. Details are ids, numbers and our
        own words, never what somebody wrote or who somebody is: an entry cannot be erased.
        """
        ...


class AuditLogStore(Protocol):
    """The same for those who read it."""

    def newest(self, wanted: Search, before: Position | None, limit: int) -> Sequence[Entry]:
        """Entries from the newest on, or from a place on."""
        ...

    def actors(self, limit: int) -> Sequence[Actor]:
        """Who may stand in the log."""
        ...

    def names(self, ids: Collection[UUID]) -> Mapping[UUID, Named]:
        """What fans, conversations and members with these ids are called today."""
        ...

    def ends(self) -> Ends:
        """How many entries there are, the last of them, and where the chain is said to end."""
        ...

    def stretch(self, after: Link, until: int, limit: int) -> Stretch:
        """The next entries behind a place, judged."""
        ...

    def hash_at(self, number: int) -> bytes | None:
        """The hash of one entry, if there is such an entry."""
        ...


class Stores(Protocol):
    """What a transaction gives to these use cases."""

    @property
    def audit(self) -> AuditTrail:
        """What people do."""
        ...

    @property
    def audit_log(self) -> AuditLogStore:
        """What people did."""
        ...


Transactions = Callable[[Principal], AbstractContextManager[Stores]]


class AuditLog:
    """The use cases around what people did."""

    def __init__(self, transactions: Transactions, clock: Clock) -> None:
        self._transactions = transactions
        self._clock = clock

    def page(self, who: Principal, wanted: Search, limit: int, after: Position | None = None) -> Page[Entry]:
        """A page of what people did, newest first."""
        who.must(Permission.READ_AUDIT)
        with self._transactions(who) as stores:
            return Page.of(stores.audit_log.newest(wanted, after, limit + 1), limit)

    def actors(self, who: Principal) -> tuple[Actor, ...]:
        """Who may stand in the log."""
        who.must(Permission.READ_AUDIT)
        with self._transactions(who) as stores:
            return tuple(stores.audit_log.actors(_MOST_ACTORS))

    def names(self, who: Principal, ids: Collection[UUID]) -> Mapping[UUID, Named]:
        """What the log speaks of, as it is called today: names are not in it."""
        who.must(Permission.READ_AUDIT)
        with self._transactions(who) as stores:
            return stores.audit_log.names(ids) if ids else {}

    def each_matching(self, who: Principal, wanted: Search) -> Iterator[tuple[Entry, ...]]:
        """What people did, to take along: page by page, newest first; TooLarge when it is more than one answer."""
        who.must(Permission.READ_AUDIT)
        first = self.page(who, wanted, MOST_ROWS_AT_ONCE)
        if first.next is not None:
            raise TooLarge(f"More than {MOST_ROWS_AT_ONCE} entries are more than one file holds. Choose fewer days.")
        with self._transactions(who) as stores:
            stores.audit.record(Action.EXPORT_REQUESTED, of="audit")
        return iter([first.items])

    def verify(self, who: Principal, noted: Link | None = None, checked: Link = BEGINNING) -> Verification:
        """Whether the chain holds, looked at from a place on for as long as one request may take.

        `noted` is an entry that somebody noted down earlier. Whoever could compute a whole new chain is found by it.
        """
        who.must(Permission.READ_AUDIT)
        now = self._clock.now()
        with self._transactions(who) as stores:
            ends = stores.audit_log.ends()
            checked, fault, complete = self._walk(stores.audit_log, ends, checked, now + PATIENCE)
            found = stores.audit_log.hash_at(noted.number) if noted else None
        return Verification(
            entries=ends.entries,
            head=ends.recorded,
            checked_to=checked,
            complete=complete,
            fault=fault or (_fault_at_the_end(ends, checked) if complete else None),
            noted=Noted(noted.number, same=found == noted.hash) if noted else None,
            checked_at=now,
        )

    def _walk(
        self, log: AuditLogStore, ends: Ends, checked: Link, deadline: datetime
    ) -> tuple[Link, Fault | None, bool]:
        """From a place on, until a fault, the end, or the time is over: how far, the fault, and whether it is all."""
        until = max(ends.last, ends.recorded.number if ends.recorded else 0)
        if checked.number and log.hash_at(checked.number) != checked.hash:
            return checked, Fault(checked.number, Reason.CHANGED), True
        while True:
            stretch = log.stretch(checked, until, STRETCH)
            if stretch.fault is not None:
                return checked, stretch.fault, True
            checked = stretch.last
            if stretch.entries < STRETCH or checked.number >= until:
                return checked, None, True
            if self._clock.now() >= deadline:
                return checked, None, False


def _fault_at_the_end(ends: Ends, checked: Link) -> Fault | None:
    """What is wrong where the chain ends, once every entry has proved to continue the one before it."""
    recorded = ends.recorded or BEGINNING
    if ends.recorded is None and ends.entries:
        return Fault(ends.last, Reason.END_CHANGED)
    if checked.number < recorded.number:
        return Fault(checked.number + 1, Reason.MISSING)
    if checked.number > recorded.number:
        return Fault(recorded.number + 1, Reason.SURPLUS)
    if checked.hash != recorded.hash:
        return Fault(recorded.number, Reason.END_CHANGED)
    return Fault(ends.last, Reason.SURPLUS) if ends.entries != ends.last else None
