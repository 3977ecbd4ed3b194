"""Finding out that two fans are one person, and that they are not."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from uuid import UUID

from huntaze.audit.model import Action
from huntaze.audit.service import AuditTrail
from huntaze.clock import Clock
from huntaze.cursors import Position
from huntaze.errors import Conflict, Invalid, NotFound
from huntaze.fans.model import Fan
from huntaze.members.model import Permission, Principal
from huntaze.merges.model import REVERSIBLE, Merge, NamedMerge
from huntaze.merges.rules import Other, joined, parted
from huntaze.paging import Page


class MergeStore(Protocol):
    """The merges of one workspace, inside one transaction."""

    def shown(self, fan_id: UUID) -> UUID:
        """Who is shown for this fan: the one it was merged into, or itself. NotFound when there never was such a fan.

        What comes from outside, by a webhook or a sync, asks this before it writes down anything about a fan.
        """
        ...

    def hide(self, merged_id: UUID, kept_id: UUID, at: datetime) -> None:
        """Show one fan for another, and for those who were merged into that one before."""
        ...

    def show_again(self, merge: Merge) -> None:
        """Undo that."""
        ...

    def give(self, fan: Fan) -> None:
        """Write down the kept fan as it is now."""
        ...

    def add(self, merge: Merge) -> None:
        """Keep what was merged."""
        ...

    def get(self, merge_id: UUID) -> Merge:
        """One merge in effect; NotFound when there is none."""
        ...

    def into(self, kept_id: UUID) -> Sequence[Merge]:
        """The merges into a fan that are in effect, the oldest first."""
        ...

    def change(self, merge: Merge) -> None:
        """Write down what it gives now."""
        ...

    def end(self, merge_id: UUID, by: UUID, at: datetime) -> None:
        """It is in effect no longer."""
        ...

    def newest(self, since: datetime, after: Position | None, limit: int) -> Sequence[NamedMerge]:
        """What can be undone of the merges since then, the newest first."""
        ...

    def named(self, merge_id: UUID) -> NamedMerge:
        """One merge with the names in it."""
        ...


class MergedFans(Protocol):
    """What merges need to know of the fans."""

    def get_to_change(self, fan_id: UUID) -> Fan:
        """One fan, which nobody else changes meanwhile; NotFound when there is none."""
        ...

    def even_hidden(self, fan_ids: Sequence[UUID]) -> Mapping[UUID, Fan]:
        """These fans, also where they are deleted or merged, which nobody else changes meanwhile."""
        ...


class Stores(Protocol):
    """What a transaction gives to these use cases."""

    @property
    def fans(self) -> MergedFans:
        """The fans of the workspace."""
        ...

    @property
    def merges(self) -> MergeStore:
        """Which of them are one person."""
        ...

    @property
    def audit(self) -> AuditTrail:
        """What people do."""
        ...


Transactions = Callable[[Principal], AbstractContextManager[Stores]]


@dataclass(frozen=True, slots=True)
class Preview:
    """Two fans, and what the kept one would be after the merge."""

    kept: Fan
    merged: Fan
    after: Fan


class Merges:
    """The use cases around merges."""

    def __init__(self, transactions: Transactions, clock: Clock, new_id: Callable[[], UUID]) -> None:
        self._transactions = transactions
        self._clock = clock
        self._new_id = new_id

    def shown(self, who: Principal, fan_id: UUID) -> UUID:
        """Who is shown for this fan: the one it was merged into, or itself."""
        who.must(Permission.READ_FANS)
        with self._transactions(who) as stores:
            return stores.merges.shown(fan_id)

    def preview(self, who: Principal, kept_id: UUID, merged_id: UUID) -> Preview:
        """What would become of the kept fan; the same refusals as merging itself."""
        who.must(Permission.WRITE_FANS)
        with self._transactions(who) as stores:
            kept, merged = _both(stores, kept_id, merged_id)
        after, _ = joined(kept, merged)
        return Preview(kept, merged, after)

    def merge(self, who: Principal, kept_id: UUID, merged_id: UUID) -> NamedMerge:
        """Show one fan for both from now on; it can be undone for 30 days."""
        who.must(Permission.WRITE_FANS)
        with self._transactions(who) as stores:
            kept, merged = _both(stores, kept_id, merged_id)
            after, given = joined(kept, merged)
            merge = Merge(
                id=self._new_id(),
                kept_id=kept_id,
                merged_id=merged_id,
                merged_by=who.member_id,
                merged_at=self._clock.now(),
                given=given,
            )
            stores.merges.add(merge)
            stores.merges.hide(merged_id, kept_id, merge.merged_at)
            stores.merges.give(after)
            named = stores.merges.named(merge.id)
            stores.audit.record(Action.FAN_MERGED, kept_id, merged=str(merged_id), merge=str(merge.id))
            return named

    def undo(self, who: Principal, merge_id: UUID) -> Merge:
        """Show both again. What the merge gave is taken back, what people changed since stays."""
        who.must(Permission.WRITE_FANS)
        now = self._clock.now()
        with self._transactions(who) as stores:
            # The kept fan is locked before anything else: whoever merges, undoes or erases here meets at this row.
            stores.fans.even_hidden([stores.merges.get(merge_id).kept_id])
            merge = stores.merges.get(merge_id)
            if merge.merged_at <= now - REVERSIBLE:
                raise Conflict("This merge is more than 30 days old and stays.")
            others = [other for other in stores.merges.into(merge.kept_id) if other.id != merge.id]
            fans = stores.fans.even_hidden([merge.kept_id, merge.merged_id, *(other.merged_id for other in others)])
            if stores.merges.shown(merge.kept_id) != merge.kept_id:
                raise Conflict("The fan that was kept has been merged into another one since. Undo that merge first.")
            after, changed = parted(
                fans[merge.kept_id],
                merge,
                fans[merge.merged_id],
                [Other(other, fans[other.merged_id]) for other in others],
            )
            stores.merges.end(merge.id, who.member_id, now)
            stores.merges.show_again(merge)
            for other in changed:
                stores.merges.change(other)
            stores.merges.give(after)
            stores.audit.record(Action.FAN_UNMERGED, merge.kept_id, merged=str(merge.merged_id), merge=str(merge.id))
            return merge

    def into(self, who: Principal, fan_id: UUID) -> tuple[NamedMerge, ...]:
        """The merges into one fan that can be undone, the oldest first."""
        who.must(Permission.WRITE_FANS)
        since = self._clock.now() - REVERSIBLE
        with self._transactions(who) as stores:
            found = [merge for merge in stores.merges.into(fan_id) if merge.merged_at > since]
            return tuple(stores.merges.named(merge.id) for merge in found)

    def reversible(self, who: Principal, limit: int, after: Position | None = None) -> Page[NamedMerge]:
        """The merges that can be undone, the newest first."""
        who.must(Permission.WRITE_FANS)
        with self._transactions(who) as stores:
            found = stores.merges.newest(self._clock.now() - REVERSIBLE, after, limit + 1)
            return Page.of(found, limit)


def _both(stores: Stores, kept_id: UUID, merged_id: UUID) -> tuple[Fan, Fan]:
    """Both fans, locked in one order for everybody, so that two who merge them both ways wait for each other."""
    if kept_id == merged_id:
        raise Invalid.field("mergedId", "Is the same fan as keptId")
    fans = {fan_id: _shown(stores, fan_id) for fan_id in sorted((kept_id, merged_id))}
    return fans[kept_id], fans[merged_id]


def _shown(stores: Stores, fan_id: UUID) -> Fan:
    try:
        return stores.fans.get_to_change(fan_id)
    except NotFound:
        if stores.merges.shown(fan_id) != fan_id:
            raise Conflict("One of the two has been merged into another fan already.") from None
        raise
