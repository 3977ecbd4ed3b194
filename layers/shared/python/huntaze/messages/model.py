"""What a message is."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Self
from uuid import UUID

from huntaze.attachments.model import Media
from huntaze.cursors import Position
from huntaze.money import Money

USUAL_PRIORITY = 5
UNWANTED = "This fan is not to be contacted."


class Direction(StrEnum):
    """Who said it."""

    IN = "in"  # the fan
    OUT = "out"  # the creator, or somebody in their name


class Status(StrEnum):
    """Where a message is on its way."""

    RECEIVED = "received"
    DRAFT = "draft"
    QUEUED = "queued"
    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"
    UNKNOWN = "unknown"  # it may have arrived: a person decides
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """What somebody wants to say; without a currency a price is in the platform's own."""

    text: str = field(default="", repr=False)
    price_cents: int = 0
    currency: str | None = None
    media: tuple[Media, ...] = field(default=(), repr=False)


@dataclass(frozen=True, slots=True)
class Written:
    """What somebody writes and sends in one act, and the draft that it was made from, if any."""

    words: Words
    priority: int = USUAL_PRIORITY
    draft_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Content:
    """What is said, for how much, with which media: words that keep the rules of their platform."""

    text: str = field(repr=False)
    price: Money
    media: tuple[Media, ...] = field(repr=False)

    @classmethod
    def kept(cls, text: str, cents: int, currency: str, attachments: Iterable[Mapping[str, str]] | None) -> Self:
        """The same again, from how it is stored."""
        return cls(text, Money(cents, currency), tuple(map(Media.of, attachments)) if attachments else ())

    @property
    def attachments(self) -> list[dict[str, str]]:
        """The media as they are stored and told."""
        return [each.as_json() for each in self.media]


@dataclass(frozen=True, slots=True)
class InConversation:
    """A message goes into this conversation."""

    id: UUID


@dataclass(frozen=True, slots=True)
class ToFan:
    """A message goes to this fan, with whom a conversation is opened if there is none."""

    id: UUID


Address = InConversation | ToFan


@dataclass(frozen=True, slots=True)
class Account:
    """The creator's account on a platform, through which messages leave."""

    id: UUID
    is_active: bool


@dataclass(frozen=True, slots=True)
class Message:
    """A message of this workspace."""

    content: Content
    direction: Direction
    status: Status
    id: UUID
    conversation_id: UUID
    fan_id: UUID
    account_id: UUID | None
    campaign_id: UUID | None
    sent_elsewhere: bool
    read: bool
    priority: int
    approved_by: UUID | None
    approved_at: datetime | None
    sent_by_ai: bool
    attempts: int
    last_error: str | None
    occurred_at: datetime
    queued_at: datetime | None
    sent_at: datetime | None
    created_at: datetime
    updated_at: datetime

    @property
    def position(self) -> Position:
        """The place right after it, newest first."""
        return Position(self.occurred_at.isoformat(), self.id)


@dataclass(frozen=True, slots=True, kw_only=True)
class Outgoing:
    """A message about to be queued: what a person approves, and whose words they were before."""

    conversation_id: UUID
    fan_id: UUID
    account_id: UUID
    content: Content
    priority: int = USUAL_PRIORITY
    approved_hash: bytes | None = None  # of what the person saw; None when they write it themselves at this moment
    ai_suggestion: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A message that the platform tells us of: the fan's, or one that was typed in the platform's own app."""

    conversation_id: UUID
    platform_message_id: str
    content: Content
    occurred_at: datetime
    account_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Filters:
    """Which messages are meant; without any, all."""

    conversation_id: UUID | None = None
    fan_id: UUID | None = None
    status: Status | None = None
    in_trouble: bool = False  # failed or unknown: a person has to look
    approved_by: UUID | None = None


@dataclass(frozen=True, slots=True)
class Listing:
    """Which stretch of which list is wanted, newest first: after a place, or after so many."""

    limit: int
    filters: Filters = Filters()
    after: Position | None = None
    offset: int = 0


@dataclass(frozen=True, slots=True)
class Queued:
    """A message that was let out, and when it is likely to leave; nothing while nobody can say."""

    message: Message
    estimated_send_time: datetime | None
