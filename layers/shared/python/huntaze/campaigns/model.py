"""What a campaign is: its states, whom it is for, what it says, and when it may."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, time
from enum import StrEnum
from typing import TypedDict
from uuid import UUID

from huntaze.cursors import Position
from huntaze.fans.model import Platform

MOST_VARIANTS = 4
MOST_BULK_RECIPIENTS = 100
MOST_NAMED_RECIPIENTS = 1_000
REPLY_HOURS = 72  # a fan who writes within so many hours of a campaign message has replied to it
TIP_HOURS = 24  # and a tip within so many hours of it is its revenue
LATE = 3600  # seconds: a start that was missed by more is left to a person
BULK_MESSAGE = "bulk_message"
CAMPAIGN = "campaign"


class Status(StrEnum):
    """How far a campaign is. `completed` is what its recipients' rows say."""

    DRAFT = "draft"
    SCHEDULED = "scheduled"
    ACTIVE = "active"
    PAUSED = "paused"
    COMPLETED = "completed"
    CANCELLED = "cancelled"


class AccountState(StrEnum):
    """How an account stands, in the words that connections have for it."""

    ACTIVE = "active"
    PAUSED = "paused"  # by a person, who also resumes it
    HELD = "held"  # by a machine, until a time
    EXPIRED = "expired"  # its login ended
    REVOKED = "revoked"  # disconnected


class PauseReason(StrEnum):
    """Why a campaign rests."""

    PERSON = "person"
    ERRORS = "errors"  # too many of its messages failed
    LATE = "late"  # its start was missed by more than an hour


class Reason(StrEnum):
    """Why somebody in the audience gets nothing. These words are part of the API."""

    DO_NOT_CONTACT = "do_not_contact"
    DUPLICATE = "duplicate"  # the same person, asked for twice
    RECENTLY_MESSAGED = "recently_messaged"
    ACTIVE_CHAT = "active_chat"
    FREQUENCY_CAP = "frequency_cap"
    TOMBSTONE = "tombstone"  # erased, and not to be made again
    UNKNOWN = "unknown"  # no such fan, or a deleted one
    UNREACHABLE = "unreachable"  # the platform's name for them is not known
    NO_ACCOUNT = "no_account"  # nothing can be sent where they are
    TOO_LATE = "too_late"  # its time was over before their turn came


class Outcome(StrEnum):
    """What became of one recipient."""

    PENDING = "pending"
    QUEUED = "queued"
    SENT = "sent"
    FAILED = "failed"
    UNKNOWN = "unknown"
    SKIPPED = "skipped"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True, kw_only=True)
class Filter:
    """Fans with all of these qualities; what is None or empty is asked of nobody."""

    tags: tuple[str, ...] = ()  # any of them
    min_value_cents: int | None = None
    max_value_cents: int | None = None
    seen_after: datetime | None = None
    seen_before: datetime | None = None
    platforms: tuple[Platform, ...] = ()
    subscriptions: tuple[str, ...] = ()
    bought: bool | None = None  # whether they ever paid for anything
    replied: bool | None = None  # whether they ever wrote


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """Who is left out although they are meant; 0 switches a rule off."""

    not_within_hours: int = 0  # of the last message to them
    active_chat_minutes: int = 30  # since they wrote
    at_most: int = 0  # campaigns
    in_days: int = 7


@dataclass(frozen=True, slots=True, kw_only=True)
class Audience:
    """Whom a campaign is for: the fans named, if any is left, or those who match and are not excluded."""

    recipient_ids: tuple[str, ...] | None = None  # None: nobody is named, those who match are meant
    include: Filter = Filter()
    exclude: tuple[Filter, ...] = ()
    rules: Rules = Rules()


@dataclass(frozen=True, slots=True, kw_only=True)
class Variant:
    """One wording of a campaign, and which part of the audience gets it, in percent. Prices are in US dollars."""

    content: str = field(default="", repr=False)  # as it is written, with its variables
    name: str = "A"
    share: int = 100
    price_cents: int = 0
    media: tuple[str, ...] = field(default=(), repr=False)

    @property
    def is_blank(self) -> bool:
        """Whether nothing has been written yet: a draft may be so, but nobody can launch it."""
        return not (self.content.strip() or self.media or self.price_cents)


@dataclass(frozen=True, slots=True, kw_only=True)
class QuietHours:
    """Local times of day between which nothing leaves; the end may be on the next day."""

    begin: time
    end: time
    in_fans_zone: bool = False

    def __post_init__(self) -> None:
        if self.begin == self.end:
            raise ValueError("quiet hours begin and end at different times")


@dataclass(frozen=True, slots=True, kw_only=True)
class Schedule:
    """When a campaign begins and ends, and when it rests. Its zone is the creator's, as it was at the launch."""

    starts_at: datetime | None = None
    ends_at: datetime | None = None
    quiet: QuietHours | None = None
    zone: str = "UTC"


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What somebody wants to send, to whom and when: a campaign before it has a place."""

    name: str
    variants: tuple[Variant, ...] = field(repr=False)
    audience: Audience
    schedule: Schedule = Schedule()


class Changes(TypedDict, total=False):
    """What is to be different about a draft; what is not in it stays."""

    name: str
    variants: tuple[Variant, ...]
    audience: Audience
    schedule: Schedule


@dataclass(frozen=True, slots=True, kw_only=True)
class Bulk:
    """One message to a few, sent at once. The content is meant literally: braces in it are braces."""

    recipient_ids: tuple[str, ...] = field(repr=False)  # our ids, or the platform's
    content: str = field(repr=False)
    media: tuple[str, ...] = field(default=(), repr=False)
    price_cents: int | None = None
    name: str | None = None
    starts_at: datetime | None = None
    ends_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Campaign(Plan):
    """A campaign as it is kept. `content_hash` names exactly these words for exactly this audience."""

    id: UUID
    type: str
    status: Status
    content_hash: bytes = field(repr=False)
    left_out: Mapping[str, int]  # who was named and has no row: by reason
    approved_by: UUID | None
    approver: str | None
    pause_reason: PauseReason | None
    launched_at: datetime | None
    started_at: datetime | None
    filled_at: datetime | None
    completed_at: datetime | None
    created_at: datetime
    updated_at: datetime

    @property
    def position(self) -> Position:
        """The place right after it, newest first."""
        return Position(self.created_at.isoformat(), self.id)

    @property
    def is_filled(self) -> bool:
        """Whether everybody it is for is known; until then its numbers still grow."""
        return self.filled_at is not None
