"""Erasures in memory, keeping the promises of their store."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from huntaze.cursors import Position
from huntaze.erasures.model import Erasure
from huntaze.errors import Conflict, NotFound
from huntaze.tombstones.model import Identity
from tests.support.fake_fans import FakeFans
from tests.support.fake_merges import FakeMerges


class FakeErasures:
    """The erasures of one workspace; with `busy` a message is always on its way."""

    def __init__(self, fans: FakeFans, merges: FakeMerges) -> None:
        self._fans = fans
        self._merges = merges
        self._kept: dict[UUID, Erasure] = {}
        self.busy = False

    def lock_talk(self, _fan_id: UUID) -> Sequence[UUID]:
        return ()

    def lock_person(self, fan_id: UUID) -> UUID:
        if any(erasure.fan_id == fan_id for erasure in self._kept.values()):
            return fan_id
        return self._merges.shown(fan_id)

    def lock_messages(self, _fan_id: UUID) -> Sequence[UUID]:
        return ()

    def of(self, fan_id: UUID) -> Erasure | None:
        return next((erasure for erasure in self._kept.values() if erasure.fan_id == fan_id), None)

    def identities(self, fan_id: UUID) -> Sequence[Identity]:
        fan = self._fans.even_hidden([fan_id])[fan_id]
        return [Identity(fan.platform, fan.platform_id, fan.handle, fan.email)]

    def add(self, erasure_id: UUID, fan_id: UUID, requested_by: UUID, at: datetime) -> None:
        self._kept[erasure_id] = Erasure(
            id=erasure_id,
            fan_id=fan_id,
            requested_by=requested_by,
            requested_by_name=str(requested_by),
            requested_at=at,
            removed={},
            swept_at=None,
            done_at=None,
        )

    def carry_out(self, erasure_id: UUID) -> None:
        if self.busy:
            del self._kept[erasure_id]  # as a rolled back transaction leaves it
            raise Conflict("A message to this fan is being sent right now. Try again in a minute.")
        fan_id = self._kept[erasure_id].fan_id
        self._fans.kept.pop(fan_id, None)
        self._fans.hidden.pop(fan_id, None)
        self._kept[erasure_id] = replace(self._kept[erasure_id], removed={"fans": 1})

    def newest(self, after: Position | None, limit: int) -> Sequence[Erasure]:
        ordered = sorted(self._kept.values(), key=lambda one: (one.requested_at, one.id), reverse=True)
        if after is not None:
            place = (datetime.fromisoformat(after.key), after.id)
            ordered = [one for one in ordered if (one.requested_at, one.id) < place]
        return ordered[:limit]

    def ids_of_exports(self, _export_ids: Collection[UUID]) -> frozenset[UUID]:
        return frozenset()

    def keys_of_imports(self, _keys: Collection[str]) -> frozenset[str]:
        return frozenset()

    def erased_at(self, erasure_id: UUID) -> datetime:
        if erasure_id not in self._kept:
            raise NotFound
        return self._kept[erasure_id].requested_at

    def swept(self, erasure_id: UUID, at: datetime, *, done: bool) -> None:
        self._kept[erasure_id] = replace(self._kept[erasure_id], swept_at=at, done_at=at if done else None)
