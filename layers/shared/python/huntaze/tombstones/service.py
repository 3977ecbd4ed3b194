"""Keeping people who were erased from coming back."""

from collections.abc import Callable, Collection, Sequence
from typing import Protocol
from uuid import UUID

from huntaze.errors import Misconfigured
from huntaze.tombstones.model import Erased, Identity, Mark, marks


class TombstoneStore(Protocol):
    """The tombstones of one workspace, inside one transaction."""

    def count(self) -> int:
        """How many there are: none where nobody was ever erased."""
        ...

    def known(self, hashes: Collection[bytes]) -> frozenset[bytes]:
        """Which of these are there."""
        ...

    def keep(self, erasure_id: UUID, found: Collection[Mark]) -> None:
        """Remember these for good."""
        ...


def without_a_key() -> bytes:
    """For a process that has none and needs none as long as nobody was erased."""
    raise Misconfigured("The setting ERASURE_KEY is missing.")


class Tombstones:
    """Knows erased people by their names. The key is asked for where somebody was erased, and nowhere else."""

    def __init__(self, key: Callable[[], bytes]) -> None:
        self._key = key

    def of(self, workspace_id: UUID, people: Collection[Identity]) -> frozenset[Mark]:
        """The marks to keep of these."""
        key = self._key()
        return frozenset(mark for who in people for mark in marks(who, workspace_id, key))

    def named(self, store: TombstoneStore, workspace_id: UUID, people: Sequence[Identity]) -> tuple[bool, ...]:
        """For each of these whether they were erased: for imports and events, many at once.

        Asked after the rows are written and in their transaction, so that an erasure under way is seen.
        """
        if not people or not store.count():
            return (False,) * len(people)
        key = self._key()
        each = [{mark.hash for mark in marks(who, workspace_id, key)} for who in people]
        known = store.known(frozenset().union(*each))
        return tuple(not known.isdisjoint(hashes) for hashes in each)

    def must_not_name(self, store: TombstoneStore, workspace_id: UUID, who: Identity) -> None:
        """Erased when this person was erased."""
        if any(self.named(store, workspace_id, [who])):
            raise Erased
