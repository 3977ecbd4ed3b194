"""What running campaigns goes by: what is to be done with one, who waits, and which accounts it finds."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from huntaze.campaigns.model import AccountState, Schedule
from huntaze.delivery.model import Pace
from huntaze.fans.model import Platform

LEAST_FAILURES = 5
WORST_SHARE = 5  # one in so many: more of what ended since somebody last looked must not have failed


class Step(StrEnum):
    """What is to be done with a campaign now."""

    START = "start"
    TOO_LATE_TO_START = "too late to start"
    END = "end"  # its time is over
    CLOSE = "close"  # it was cancelled
    GO_ON = "go on"
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class Ended:
    """What came to an end since somebody last let a campaign go on, and what has not; all of it by its tallies."""

    ended: int
    failed: int
    waiting: int

    @property
    def is_going_wrong(self) -> bool:
        """Whether too much of it failed."""
        return self.failed >= LEAST_FAILURES and self.failed * WORST_SHARE >= self.ended


@dataclass(frozen=True, slots=True, kw_only=True)
class Ready:
    """A campaign that has somebody waiting for this account."""

    id: UUID
    launched_at: datetime
    schedule: Schedule
    queued: tuple[datetime, ...] = ()  # since when its messages wait that are let out already, in their order


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """Somebody whose turn it could be; with a reason, who is not to get it after all."""

    fan_id: UUID
    message_id: UUID | None  # that was made before
    reason: str | None
    leave_before: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """A message to be let out. `queued_at` is its place between those of all campaigns of its account."""

    campaign_id: UUID
    fan_id: UUID
    message_id: UUID
    conversation_id: UUID  # for where there is none
    is_new: bool
    leave_before: datetime | None
    queued_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Lane:
    """An account as a campaign finds it: its pace, and what others have waiting for it."""

    account_id: UUID
    platform: Platform
    pace: Pace
    state: AccountState
    held_until: datetime | None
    people: int  # messages of people that wait
    campaigns: Mapping[UUID, int]  # what every campaign under way still has to send, this one too

    @property
    def is_open(self) -> bool:
        """Whether it goes on sending without anybody doing anything."""
        return self.state in {AccountState.ACTIVE, AccountState.HELD}
