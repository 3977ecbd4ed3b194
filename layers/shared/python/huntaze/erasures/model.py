"""What an erasure is."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from huntaze.cursors import Position

# Whoever was writing a file when the person was erased has ended by then: no function lives longer than 15 minutes.
WRITERS_ENDED = timedelta(minutes=16)


class State(StrEnum):
    """How far an erasure is. The rows go at once; nothing is ever erased in part."""

    SWEEPING = "sweeping"  # files that may hold the person are being deleted
    DONE = "done"


@dataclass(frozen=True, slots=True, kw_only=True)
class Erasure:
    """Somebody was forgotten: no name is in it, `fan_id` is that of an empty row that payments hang on."""

    id: UUID
    fan_id: UUID
    requested_by: UUID
    requested_by_name: str
    requested_at: datetime
    removed: Mapping[str, int]
    swept_at: datetime | None
    done_at: datetime | None

    @property
    def state(self) -> State:
        """How far it is."""
        return State.SWEEPING if self.done_at is None else State.DONE

    @property
    def position(self) -> Position:
        """The place right after this one, newest first."""
        return Position(self.requested_at.isoformat(), self.id)
