"""Merges in memory, keeping the promises of their store."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from huntaze.cursors import Position
from huntaze.errors import NotFound
from huntaze.fans.model import Fan
from huntaze.merges.model import Merge, NamedMerge
from tests.support.fake_fans import FakeFans


class FakeMerges:
    """The merges of one workspace; everybody who merged is called by their id."""

    def __init__(self, fans: FakeFans) -> None:
        self._fans = fans
        self._into: dict[UUID, UUID] = {}
        self._kept: dict[UUID, Merge] = {}

    def shown(self, fan_id: UUID) -> UUID:
        if fan_id in self._into:
            return self._into[fan_id]
        if fan_id not in self._fans.even_hidden([fan_id]):
            raise NotFound
        return fan_id

    def hide(self, merged_id: UUID, kept_id: UUID, at: datetime) -> None:
        self._into = {fan_id: kept_id if shown == merged_id else shown for fan_id, shown in self._into.items()}
        self._into[merged_id] = kept_id
        self._fans.delete(merged_id, at)
        self._fans.merged.add(merged_id)

    def show_again(self, merge: Merge) -> None:
        self._fans.merged.remove(merge.merged_id)
        self._fans.restore(merge.merged_id, datetime.min.replace(tzinfo=merge.merged_at.tzinfo))
        del self._into[merge.merged_id]
        self._into |= dict.fromkeys(self._below(merge.merged_id), merge.merged_id)

    def give(self, fan: Fan) -> None:
        (self._fans.kept if fan.id in self._fans.kept else {})[fan.id] = fan

    def add(self, merge: Merge) -> None:
        self._kept[merge.id] = merge

    change = add

    def get(self, merge_id: UUID) -> Merge:
        if merge_id not in self._kept:
            raise NotFound
        return self._kept[merge_id]

    def into(self, kept_id: UUID) -> Sequence[Merge]:
        found = [merge for merge in self._kept.values() if merge.kept_id == kept_id]
        return sorted(found, key=lambda merge: (merge.merged_at, merge.id))

    def end(self, merge_id: UUID, _by: UUID, _at: datetime) -> None:
        del self._kept[merge_id]

    def newest(self, since: datetime, after: Position | None, limit: int) -> Sequence[NamedMerge]:
        found = [m for m in self._kept.values() if m.merged_at > since and m.kept_id not in self._into]
        ordered = sorted(found, key=lambda merge: (merge.merged_at, merge.id), reverse=True)
        if after is not None:
            place = (datetime.fromisoformat(after.key), after.id)
            ordered = [merge for merge in ordered if (merge.merged_at, merge.id) < place]
        return [self.named(merge.id) for merge in ordered[:limit]]

    def named(self, merge_id: UUID) -> NamedMerge:
        merge = self._kept[merge_id]
        fans = self._fans.even_hidden([merge.kept_id, merge.merged_id])
        return NamedMerge(merge, fans[merge.kept_id].name, fans[merge.merged_id].name, str(merge.merged_by))

    def _below(self, fan_id: UUID) -> set[UUID]:
        direct = {merge.merged_id for merge in self._kept.values() if merge.kept_id == fan_id}
        return direct.union(*(self._below(found) for found in direct))


def as_before(fan: Fan, other: Fan) -> bool:
    """Whether two states of a fan are the same but for when they were written down."""
    return fan == replace(other, updated_at=fan.updated_at)
