"""What the log of what was said tells."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from huntaze.cursors import Position
from huntaze.messages.model import Status
from huntaze.money import Money
from huntaze.threads.model import Leaving


class Fate(StrEnum):
    """What became of a message, as people ask for it."""

    TROUBLE = "trouble"  # it failed, or nobody knows whether it arrived
    WAITING = "waiting"
    SENT = "sent"
    CANCELLED = "cancelled"


STATUSES: Mapping[Fate, tuple[Status, ...]] = {
    Fate.TROUBLE: (Status.FAILED, Status.UNKNOWN),
    Fate.WAITING: (Status.QUEUED, Status.SENDING),
    Fate.SENT: (Status.SENT,),
    Fate.CANCELLED: (Status.CANCELLED,),
}


@dataclass(frozen=True, slots=True)
class Filters:
    """Which messages are meant; without any, all. `since` belongs to them, `until` does not."""

    approver_id: UUID | None = None
    elsewhere: bool = False  # typed in the platform's own app, by nobody we know
    fate: Fate | None = None
    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A message that was said, or is to be."""

    id: UUID
    conversation_id: UUID
    fan_name: str = field(repr=False)
    text: str = field(repr=False)  # shortened
    media: int
    price: Money
    bought_at: datetime | None
    status: Status
    last_error: str | None
    sent_elsewhere: bool
    sent_by_ai: bool
    approver: str | None
    approved_at: datetime | None
    campaign_id: UUID | None
    campaign: str | None = field(repr=False)
    occurred_at: datetime
    sent_at: datetime | None
    leaving: Leaving | None = None

    @property
    def position(self) -> Position:
        """The place right after it, newest first."""
        return Position(self.occurred_at.isoformat(), self.id)


@dataclass(frozen=True, slots=True)
class Approver:
    """Somebody who has let something out."""

    id: UUID
    name: str
