"""What can be done with fans."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import datetime, timedelta
from typing import Protocol
from uuid import UUID

from huntaze.audit.model import Action
from huntaze.audit.service import AuditTrail
from huntaze.clock import Clock
from huntaze.cursors import Position
from huntaze.errors import Invalid
from huntaze.fans.model import (
    About,
    Changes,
    DeletedFan,
    Fan,
    Filters,
    Listing,
    NewFan,
    Page,
    Placed,
    Selection,
    Sort,
    Totals,
)
from huntaze.members.model import Permission, Principal
from huntaze.paging import Page as PageOf
from huntaze.tags.service import TagStore, few_enough
from huntaze.tombstones.model import Identity
from huntaze.tombstones.service import Tombstones, TombstoneStore, without_a_key
from huntaze.versions import must_be_current

RESTORABLE = timedelta(days=30)
EXPORT_PAGE = 1_000


class FanStore(Protocol):
    """The fans of one workspace, inside one transaction. Deleted ones are only there to be restored."""

    def add(self, new: NewFan, fan_id: UUID, at: datetime) -> Fan:
        """Keep a new fan; Conflict when the platform's id is taken."""
        ...

    def matching(self, filters: Filters, sort: Sort, after: Position | None, limit: int) -> Sequence[Placed]:
        """Fans in this order, from the first on or from a place on."""
        ...

    def totals(self, filters: Filters) -> Totals:
        """All that match, counted and summed up."""
        ...

    def get(self, fan_id: UUID) -> Fan:
        """One fan; NotFound when there is none."""
        ...

    def get_to_change(self, fan_id: UUID) -> Fan:
        """The same, and nobody else changes the fan before this transaction ends."""
        ...

    def get_to_refer(self, fan_id: UUID) -> Fan:
        """The same, and nobody erases the fan before this transaction ends."""
        ...

    def change(self, fan_id: UUID, changes: Changes) -> Fan:
        """Change what is in `changes`; NotFound when there is no such fan."""
        ...

    def delete(self, fan_id: UUID, at: datetime) -> None:
        """Take a fan out of every list; NotFound when there is none."""
        ...

    def restore(self, fan_id: UUID, deleted_after: datetime) -> Fan:
        """Bring back who was deleted after this moment; who was not deleted is just there. NotFound otherwise."""
        ...

    def even_hidden(self, fan_ids: Sequence[UUID]) -> Mapping[UUID, Fan]:
        """These fans, also where they are deleted or merged, which nobody else changes meanwhile."""
        ...

    def deleted(self, deleted_after: datetime, after: Position | None, limit: int) -> Sequence[DeletedFan]:
        """Who was deleted since then and can be restored, the last deleted first."""
        ...

    def note_message(self, fan_id: UUID, at: datetime) -> None:
        """Something was said to or by a fan, deleted or not."""
        ...

    def selected(self, chosen: Selection) -> Sequence[UUID]:
        """Who is selected, kept from others until this transaction ends; NotFound unless all ids are there."""
        ...


class Stores(Protocol):
    """What a transaction gives to these use cases."""

    @property
    def fans(self) -> FanStore:
        """The fans of the workspace."""
        ...

    @property
    def tags(self) -> TagStore:
        """Their tags."""
        ...

    @property
    def tombstones(self) -> TombstoneStore:
        """Who was erased and must not come back."""
        ...

    @property
    def audit(self) -> AuditTrail:
        """What people do."""
        ...


Transactions = Callable[[Principal], AbstractContextManager[Stores]]


class Fans:
    """The use cases around fans."""

    def __init__(
        self,
        transactions: Transactions,
        clock: Clock,
        new_id: Callable[[], UUID],
        tombstones: Tombstones | None = None,
    ) -> None:
        self._transactions = transactions
        self._clock = clock
        self._new_id = new_id
        self._tombstones = tombstones or Tombstones(without_a_key)

    def page(self, who: Principal, wanted: Listing) -> Page:
        """A page of the workspace's fans."""
        who.must(Permission.READ_FANS)
        with self._transactions(who) as stores:
            found = stores.fans.matching(wanted.filters, wanted.sort, wanted.after, wanted.limit + 1)
        return Page.of(found, wanted.limit)

    def totals(self, who: Principal, filters: Filters) -> Totals:
        """How many fans match, and what they are worth together."""
        who.must(Permission.READ_FANS)
        with self._transactions(who) as stores:
            return stores.fans.totals(filters)

    def top(self, who: Principal, limit: int) -> tuple[Fan, ...]:
        """The most valuable fans."""
        return self.page(who, Listing(limit, sort=Sort.VALUE)).fans

    def get(self, who: Principal, fan_id: UUID) -> Fan:
        """One fan; NotFound when deleted, another workspace's or never there."""
        who.must(Permission.READ_FANS)
        with self._transactions(who) as stores:
            return stores.fans.get(fan_id)

    def create(self, who: Principal, new: NewFan) -> Fan:
        """Add a fan; Conflict when the workspace has this platform's id already, or the person was erased."""
        who.must(Permission.WRITE_FANS)
        with self._transactions(who) as stores:
            fan = stores.fans.add(new, self._new_id(), self._clock.now())
            # Asked after adding, which waits for an erasure of the same platform's id that is under way.
            self._tombstones.must_not_name(stores.tombstones, who.workspace_id, identity(new))
            stores.audit.record(Action.FAN_CREATED, fan.id)
            return fan

    def update(self, who: Principal, fan_id: UUID, changes: Changes, if_match: str | None = None) -> Fan:
        """Change a fan; Stale unless it is still the version that `if_match` names."""
        who.must(Permission.WRITE_FANS)
        with self._transactions(who) as stores:
            fan = stores.fans.get_to_change(fan_id)
            must_be_current(fan, if_match)
            if changes:
                fan = stores.fans.change(fan_id, changes)
                stores.audit.record(Action.FAN_UPDATED, fan_id, fields=sorted(changes))
            return fan

    def delete(self, who: Principal, fan_id: UUID) -> None:
        """Delete a fan; it can be restored for 30 days."""
        who.must(Permission.WRITE_FANS)
        with self._transactions(who) as stores:
            stores.fans.delete(fan_id, self._clock.now())
            stores.audit.record(Action.FAN_DELETED, fan_id)

    def deleted(self, who: Principal, limit: int, after: Position | None = None) -> PageOf[DeletedFan]:
        """Who was deleted and can still be restored, the last deleted first."""
        who.must(Permission.WRITE_FANS)
        with self._transactions(who) as stores:
            found = stores.fans.deleted(self._clock.now() - RESTORABLE, after, limit + 1)
            return PageOf.of(found, limit)

    def restore(self, who: Principal, fan_id: UUID) -> Fan:
        """Undo a deletion; NotFound when it is longer ago than 30 days."""
        who.must(Permission.WRITE_FANS)
        with self._transactions(who) as stores:
            fan = stores.fans.restore(fan_id, self._clock.now() - RESTORABLE)
            stores.audit.record(Action.FAN_RESTORED, fan_id)
            return fan

    def tag(self, who: Principal, chosen: Selection, add: Sequence[str], remove: Sequence[str]) -> int:
        """Put tags on many fans and take tags off them; how many fans that changed. All or none."""
        who.must(Permission.WRITE_FANS)
        if set(add) & set(remove):
            raise Invalid.field("remove", "Names a tag that is also to be added")
        with self._transactions(who) as stores:
            changed = stores.tags.change(few_enough(stores.fans, chosen, field="filters"), add, remove)
            stores.audit.record(Action.FANS_TAGGED, fans=changed, added=len(add), removed=len(remove))
            return changed

    def each_matching(self, who: Principal, filters: Filters, sort: Sort) -> Iterator[tuple[Fan, ...]]:
        """Everybody who matches, for exports: page by page, so that any number takes little memory and short locks."""
        who.must(Permission.READ_ANALYTICS)
        return self._pages(who, filters, sort)

    def _pages(self, who: Principal, filters: Filters, sort: Sort) -> Iterator[tuple[Fan, ...]]:
        after: Position | None = None
        while True:
            with self._transactions(who) as stores:
                found = stores.fans.matching(filters, sort, after, EXPORT_PAGE)
            if found:
                yield tuple(placed.fan for placed in found)
            if len(found) < EXPORT_PAGE:
                return
            after = found[-1].position


def identity(about: About) -> Identity:
    """What would name this person again."""
    return Identity(about.platform, about.platform_id, about.handle, about.email)
