"""What a merge is."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from huntaze.cursors import Position
from huntaze.money import Money

REVERSIBLE = timedelta(days=30)
MOST_TAGS = 100  # of one fan


@dataclass(frozen=True, slots=True)
class Moved:
    """A moment that a merge made later, and what it was."""

    before: datetime | None
    given: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """What the kept fan got of the merged one; `filled` names what had been empty."""

    value: Money
    tags: tuple[str, ...] = ()
    filled: tuple[str, ...] = ()
    seen: Moved | None = None
    message: Moved | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Merge:
    """One fan was found to be another: the kept one is shown for both from then on."""

    id: UUID
    kept_id: UUID
    merged_id: UUID
    merged_by: UUID
    merged_at: datetime
    given: Given

    @property
    def reversible_until(self) -> datetime:
        """Until when it can be taken back."""
        return self.merged_at + REVERSIBLE


@dataclass(frozen=True, slots=True)
class NamedMerge:
    """A merge as people know it."""

    merge: Merge
    kept_name: str
    merged_name: str
    merged_by_name: str

    @property
    def position(self) -> Position:
        """The place right after this merge, newest first."""
        return Position(self.merge.merged_at.isoformat(), self.merge.id)
