"""What a conversation is."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import TypedDict
from uuid import UUID

from huntaze.cursors import Position
from huntaze.fans.model import Platform
from huntaze.messages.model import Direction, Status
from huntaze.money import Money


@dataclass(frozen=True, slots=True)
class LastMessage:
    """What was said last, shortened."""

    id: UUID
    direction: Direction
    text: str = field(repr=False)
    status: Status
    occurred_at: datetime


@dataclass(frozen=True, slots=True)
class Conversation:
    """Everything between the creator and one fan on one platform."""

    last_message: LastMessage | None
    platform: Platform
    fan_value: Money
    id: UUID
    fan_id: UUID
    fan_name: str
    fan_handle: str | None
    fan_avatar: str | None
    do_not_contact: bool
    last_message_at: datetime | None
    unread_count: int
    archived: bool
    created_at: datetime
    updated_at: datetime

    @property
    def position(self) -> Position:
        """The place right after it, newest first. Without a message it stands where it was opened."""
        return Position((self.last_message_at or self.created_at).isoformat(), self.id)


@dataclass(frozen=True, slots=True)
class Filters:
    """Which conversations are meant, all conditions at once.

    `q` is part of the fan's name, handle or email, in any case; `unanswered` are those where the fan has the last word.
    """

    q: str | None = None
    platform: Platform | None = None
    unread: bool = False
    archived: bool = False
    newest_from: datetime | None = None
    newest_to: datetime | None = None
    tag: str | None = None
    min_value_cents: int | None = None
    unanswered: bool = False

    @property
    def about_fans(self) -> bool:
        """Whether anything is asked that only the fans tell."""
        return bool(self.q or self.tag) or self.min_value_cents is not None


@dataclass(frozen=True, slots=True)
class Opened:
    """A conversation, and whether it is there only now."""

    conversation: Conversation
    is_new: bool


@dataclass(frozen=True, slots=True)
class Unread:
    """How much in the inbox nobody has read yet."""

    messages: int
    conversations: int


class Changes(TypedDict, total=False):
    """What is to be different about a conversation; what is not in it stays."""

    archived: bool
    read: bool
