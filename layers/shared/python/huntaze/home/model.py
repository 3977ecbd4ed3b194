"""What needs somebody now."""

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from huntaze.conversations.model import Conversation
from huntaze.cursors import Position
from huntaze.sent.model import Entry


@dataclass(frozen=True, slots=True)
class Waiting:
    """How many drafts, failed and unknown messages there are; of very many it says only that they are."""

    drafts: int
    failed: int
    unknown: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftAtHand:
    """A draft that somebody should read, in whose conversation."""

    id: UUID
    conversation_id: UUID
    fan_name: str = field(repr=False)
    text: str = field(repr=False)  # shortened
    by_machine: bool
    created_at: datetime

    @property
    def position(self) -> Position:
        """The place right after it, newest first."""
        return Position(self.created_at.isoformat(), self.id)


@dataclass(frozen=True, slots=True, kw_only=True)
class Needs:
    """How much of each kind waits for a person, and the newest few of it."""

    unread: int  # conversations
    waiting: Waiting
    conversations: tuple[Conversation, ...] = ()
    drafts: tuple[DraftAtHand, ...] = ()
    trouble: tuple[Entry, ...] = ()
    any_fans: bool = True
