"""What a note is."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from huntaze.cursors import Position


@dataclass(frozen=True, slots=True)
class Note:
    """What one member wrote about a fan."""

    id: UUID
    fan_id: UUID
    author_id: UUID
    author_name: str
    text: str
    created_at: datetime
    updated_at: datetime

    @property
    def position(self) -> Position:
        """The place right after this note, newest first."""
        return Position(self.created_at.isoformat(), self.id)


@dataclass(frozen=True, slots=True)
class Page:
    """A stretch of notes, and where the next one begins if there is more."""

    notes: tuple[Note, ...]
    next: Position | None

    @classmethod
    def of(cls, found: Sequence[Note], limit: int) -> "Page":
        """A page from what was found; one more than the page holds tells that there is a next one."""
        shown = tuple(found[:limit])
        return cls(shown, shown[-1].position if len(found) > limit else None)
