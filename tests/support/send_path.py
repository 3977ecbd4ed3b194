"""What the stores of the send path are asked about in tests, whether they stand in PostgreSQL or in memory."""

from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Protocol
from uuid import UUID

from huntaze.delivery.model import Outcome, Pace

PLATFORM = "onlyfans"
START = datetime(2026, 7, 1, 12, tzinfo=UTC)


@dataclass
class MessageFacts:
    """How an outgoing message stands."""

    status: str = "queued"
    attempt_id: UUID | None = None
    attempts: int = 0
    last_error: str | None = None
    platform_message_id: str | None = None
    sent_at: datetime | None = None


@dataclass(frozen=True)
class AttemptFacts:
    """How a claim stands; no time at all where its token is back."""

    outcome: Outcome | None
    token_back_in: timedelta
    look_in: timedelta | None
    absences: int


@dataclass(frozen=True)
class AccountFacts:
    """How an account stands."""

    status: str
    pause_reason: str | None
    held_for: timedelta
    failures: int


@dataclass(frozen=True, order=True)
class PermitFacts:
    """A permit on its way."""

    message_id: UUID
    due_in: timedelta
    expires_in: timedelta
    tries: int


class Ground(Protocol):
    """A workspace, its stores, and a clock that stands until it is told to go on."""

    workspace_id: UUID
    member_id: UUID
    now: datetime

    def transaction(self, workspace_id: UUID) -> AbstractContextManager[Any]:
        """The stores: claims, attempts, accounts, outbox."""
        ...

    def go_on(self, seconds: float) -> None:
        """So much time passes."""
        ...

    def new_account(self, pace: Pace) -> UUID:
        """An account that may send."""
        ...

    def new_fan(self) -> int:
        """Somebody, with a conversation."""
        ...

    def new_message(
        self,
        account_id: UUID,
        fan: int,
        *,
        priority: int = 5,
        is_campaign: bool = False,
        message_id: UUID | None = None,
    ) -> UUID:
        """A message that waits."""
        ...

    def delete_fan(self, fan: int) -> None:
        """They are hidden."""
        ...

    def forget_recipient(self, fan: int) -> None:
        """Nobody knows any more what they are called on the platform."""
        ...

    def leave_alone(self, fan: int) -> None:
        """They must not be contacted."""
        ...

    def set_pace(self, account_id: UUID, pace: Pace) -> None:
        """It sends this fast from now on."""
        ...

    def sign_in(self, account_id: UUID) -> None:
        """Somebody signs in anew, to an account that sends already."""
        ...

    def message(self, message_id: UUID) -> MessageFacts:
        """How it stands."""
        ...

    def attempt(self, attempt_id: UUID) -> AttemptFacts | None:
        """How it stands; None when it was never made."""
        ...

    def account(self, account_id: UUID) -> AccountFacts:
        """How it stands."""
        ...

    def permits(self, account_id: UUID) -> list[PermitFacts]:
        """Those on their way, in an order of their own."""
        ...
