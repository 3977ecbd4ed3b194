"""What a note is."""

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
