"""What is on its way, how fast it goes, and what a person may decide about it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from huntaze.cursors import Position
from huntaze.delivery.model import Pace, QueueFigures
from huntaze.errors import Conflict, FieldError, Invalid
from huntaze.messages.model import Content, Message, Queued, Status, Written

# How the use cases behind call what these callers know by other names.
_NAMES = {"text": "content", "attachments": "mediaUrls"}


class Decision(StrEnum):
    """What a person knows of a message of which nobody else does whether it arrived."""

    ARRIVED = "arrived"
    SEND_AGAIN = "send-again"


@dataclass(frozen=True, slots=True)
class Send:
    """A message to a fan, who is named by our id or by the platform's."""

    recipient: str = field(repr=False)
    written: Written


@dataclass(frozen=True, slots=True)
class Refused:
    """A message of a batch that was not let out, and why."""

    reason: Exception


Sent = Queued | Refused


@dataclass(frozen=True, slots=True)
class Activity:
    """How much there is to send, in all workspaces: accounts, what they could begin at once, and campaigns."""

    accounts: int  # in use: neither disconnected nor paused by a person
    waiting: int  # the part of them that has something to send
    away: int  # the part of these that may not send
    tokens_left: int  # sends that the others could begin now
    campaigns: int  # under way


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a message stands after somebody has decided about it."""

    message: Message
    estimated_send_time: datetime | None


@dataclass(frozen=True, slots=True)
class Rewording:
    """What a message says from now on, and through which account it leaves when not through the one it was for."""

    content: Content
    account_id: UUID | None = None


class LeftAlready(Conflict):
    """A message can be changed no more: it is on its way, has come to an end, or some of it may have arrived."""

    def __init__(self, status: Status) -> None:
        super().__init__(f"This message is {status} now and cannot be changed any more. It stays as it was.")
        self.status = status


@dataclass(frozen=True, slots=True)
class Try:
    """One time that a message was handed over, and what came of it."""

    at: datetime
    outcome: str | None
    detail: str | None


@dataclass(frozen=True, slots=True)
class Troubled:
    """A message that needs a person, with every time that it was tried."""

    message: Message
    tries: tuple[Try, ...]

    @property
    def position(self) -> Position:
        """The place right after it, newest first."""
        return self.message.position


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountRow:
    """An account as the database has it. `tokens_left` is what the claim, which has the last word, would find."""

    id: UUID
    platform: str
    status: str
    paused_at: datetime | None
    pause_reason: str | None
    held_until: datetime | None  # by machine: it ends by itself
    held_reason: str | None
    pace: Pace
    tokens_left: int
    token_back_in: timedelta | None  # until the next of those that are out comes back
    backlog: int

    @property
    def may_send(self) -> bool:
        """Whether anything leaves through it now."""
        return self.status == "active" and self.paused_at is None


@dataclass(frozen=True, slots=True)
class AccountStanding:
    """The same with what the pace says; nothing of it is known while Redis is away, when nothing leaves either."""

    row: AccountRow
    tokens_left: int | None
    next_slot_at: datetime | None


@dataclass(frozen=True, slots=True)
class Today:
    """What has happened since midnight, where the workspace is."""

    queued: int
    processed: int
    failed: int

    @property
    def failure_rate(self) -> float:
        """Which share of what came to an end failed: 0 is none, 1 is all."""
        return round(self.failed / self.processed, 4) if self.processed else 0.0


@dataclass(frozen=True, slots=True)
class Overview:
    """How sending goes."""

    queue: QueueFigures | None  # nothing while the queue cannot be asked
    held: str | None
    today: Today
    last_processed_at: datetime | None
    backlog: int
    accounts: tuple[AccountStanding, ...]


Tries = Mapping[UUID, tuple[Try, ...]]


def in_their_words(refusal: Invalid) -> Invalid:
    """The same refusal, its fields called as these callers call them."""
    return Invalid(FieldError(_NAMES.get(one.field, one.field), one.message) for one in refusal.fields)
