"""What a timeline is made of."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import ClassVar
from uuid import UUID

from huntaze.cursors import Position
from huntaze.money import Money


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened; `kind` says what, and `id` is that of the note, the payment, the message or the fan."""

    kind: ClassVar[str]
    at: datetime
    id: UUID

    @property
    def position(self) -> Position:
        """The place right after this event, newest first."""
        return Position(self.at.isoformat(), self.id)


@dataclass(frozen=True, slots=True)
class NoteWritten(Event):
    """A member wrote a note."""

    kind = "note"
    author_name: str
    text: str


@dataclass(frozen=True, slots=True)
class Paid(Event):
    """The fan paid for something: `what` is subscription, ppv or tip."""

    kind = "transaction"
    what: str
    amount: Money


@dataclass(frozen=True, slots=True)
class Talked(Event):
    """All messages of one day in the workspace's zone; it stands where its last one is."""

    kind = "messages"
    day: date
    first_at: datetime
    received: int
    sent: int


@dataclass(frozen=True, slots=True)
class Added(Event):
    """The fan was added to the workspace."""

    kind = "created"
