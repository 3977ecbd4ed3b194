"""Erasing a person: every row in one transaction, and the owner who wanted it on record."""

from collections.abc import Callable, Collection, Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Protocol
from uuid import UUID

from huntaze.audit.model import Action
from huntaze.audit.service import AuditTrail
from huntaze.clock import Clock
from huntaze.cursors import Position
from huntaze.erasures.model import Erasure
from huntaze.members.model import Permission, Principal
from huntaze.paging import Page
from huntaze.tombstones.model import Identity
from huntaze.tombstones.service import Tombstones, TombstoneStore


class ErasureStore(Protocol):
    """The erasures of one workspace, inside one transaction."""

    def lock_talk(self, fan_id: UUID) -> Sequence[UUID]:
        """The conversations with this person, in which nothing new is said until this transaction ends."""
        ...

    def lock_person(self, fan_id: UUID) -> UUID:
        """Who is shown for this fan, whom nobody else changes meanwhile; NotFound when there never was such a fan."""
        ...

    def lock_messages(self, fan_id: UUID) -> Sequence[UUID]:
        """Keep from workers what waits for who is shown as this fan; Conflict while one of them has it."""
        ...

    def of(self, fan_id: UUID) -> Erasure | None:
        """The erasure of a fan who is shown for a person, if there was one."""
        ...

    def identities(self, fan_id: UUID) -> Sequence[Identity]:
        """What names the person, by all who are shown as this fan."""
        ...

    def add(self, erasure_id: UUID, fan_id: UUID, requested_by: UUID, at: datetime) -> None:
        """Keep what is asked for."""
        ...

    def carry_out(self, erasure_id: UUID) -> None:
        """Erase the person; Conflict while something is on its way to them."""
        ...

    def newest(self, after: Position | None, limit: int) -> Sequence[Erasure]:
        """All erasures, the newest first."""
        ...

    def ids_of_exports(self, export_ids: Collection[UUID]) -> frozenset[UUID]:
        """Which of these exports there are."""
        ...

    def keys_of_imports(self, keys: Collection[str]) -> frozenset[str]:
        """Which of these files an import has."""
        ...

    def erased_at(self, erasure_id: UUID) -> datetime:
        """When the rows went."""
        ...

    def swept(self, erasure_id: UUID, at: datetime, *, done: bool) -> None:
        """Note that the files are gone, and with `done` that there can be no more."""
        ...


class Stores(Protocol):
    """What a transaction gives to these use cases."""

    @property
    def erasures(self) -> ErasureStore:
        """Who was forgotten."""
        ...

    @property
    def tombstones(self) -> TombstoneStore:
        """What is remembered of them."""
        ...

    @property
    def audit(self) -> AuditTrail:
        """What people do."""
        ...


Transactions = Callable[[Principal], AbstractContextManager[Stores]]


class Erasures:
    """The use cases around erasures."""

    def __init__(
        self, transactions: Transactions, tombstones: Tombstones, clock: Clock, new_id: Callable[[], UUID]
    ) -> None:
        self._transactions = transactions
        self._tombstones = tombstones
        self._clock = clock
        self._new_id = new_id

    def erase(self, who: Principal, fan_id: UUID) -> Erasure:
        """Erase a person, with everybody who was merged into them; asked again, the same erasure.

        Files that may hold them are deleted afterwards, by `Sweeping`.
        """
        who.must(Permission.ERASE_PEOPLE)
        with self._transactions(who) as stores:
            stores.erasures.lock_talk(fan_id)  # before the fan, like everybody who locks both
            shown = stores.erasures.lock_person(fan_id)
            known = stores.erasures.of(shown)
            if known is not None:
                return known
            erasure_id = self._new_id()
            marks = self._tombstones.of(who.workspace_id, stores.erasures.identities(shown))
            stores.erasures.add(erasure_id, shown, who.member_id, self._clock.now())
            stores.tombstones.keep(erasure_id, marks)
            stores.erasures.lock_messages(shown)
            stores.erasures.carry_out(erasure_id)
            erased = stores.erasures.of(shown)
            assert erased is not None  # noqa: S101  # it was added above
            stores.audit.record(Action.FAN_ERASED, shown, erasure=str(erasure_id))
            return erased

    def page(self, who: Principal, limit: int, after: Position | None = None) -> Page[Erasure]:
        """Who was forgotten, and how far it is; the newest first."""
        who.must(Permission.ERASE_PEOPLE)
        with self._transactions(who) as stores:
            return Page.of(stores.erasures.newest(after, limit + 1), limit)
