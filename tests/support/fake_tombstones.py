"""Tombstones in memory."""

from collections.abc import Collection
from uuid import UUID

from huntaze.tombstones.model import Mark


class FakeTombstones:
    """The tombstones of one workspace."""

    def __init__(self) -> None:
        self.kept: dict[bytes, UUID] = {}

    def count(self) -> int:
        return len(self.kept)

    def known(self, hashes: Collection[bytes]) -> frozenset[bytes]:
        return frozenset(self.kept) & frozenset(hashes)

    def keep(self, erasure_id: UUID, found: Collection[Mark]) -> None:
        for mark in found:
            self.kept.setdefault(mark.hash, erasure_id)
