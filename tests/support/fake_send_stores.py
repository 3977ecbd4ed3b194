"""Claims, attempts, accounts and permits in memory, keeping the promises of their stores. See fake_send_path."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cached_property
from typing import Protocol
from uuid import UUID

from huntaze.delivery.model import (
    DOUBT,
    LEASE,
    MOST_FAILURES,
    MOST_LAPSES,
    MOST_REFUSALS,
    Busy,
    Claim,
    Claimed,
    NothingDue,
    NotYet,
    Out,
    Outcome,
    Pace,
    Road,
    Sender,
    Shut,
    Waiting,
)
from tests.support.send_path import START, MessageFacts

NOTHING, SECOND = timedelta(0), timedelta(seconds=1)


@dataclass
class KeptFan:
    """To whom messages are written."""

    recipient: str | None = "robin"
    is_deleted: bool = False
    do_not_contact: bool = False


@dataclass
class KeptMessage:
    """An outgoing message."""

    id: UUID
    account_id: UUID
    fan: KeptFan
    conversation: int
    approved_by: UUID
    priority: int
    queued_at: datetime
    is_campaign: bool
    facts: MessageFacts = field(default_factory=MessageFacts)

    @cached_property
    def place(self) -> tuple[bool, int, datetime, UUID]:
        return self.is_campaign, -self.priority, self.queued_at, self.id

    @property
    def waiting(self) -> Waiting:
        return Waiting(self.id, self.approved_by, self.priority, self.queued_at, self.is_campaign)


@dataclass
class KeptAttempt:
    """A claim."""

    message_id: UUID
    account_id: UUID
    claimed_at: datetime
    token_returns_at: datetime
    outcome: Outcome | None = None
    look_at: datetime | None = None
    absences: int = 0


@dataclass
class KeptAccount:
    """Through which messages leave."""

    pace: Pace
    status: str = "active"
    pause_reason: str | None = None
    held_until: datetime = START
    failures: int = 0
    signed_in_at: datetime = START - timedelta(days=1)


@dataclass
class KeptPermit:
    """A permit on its way."""

    account_id: UUID
    message_id: UUID
    due_at: datetime
    expires_at: datetime
    tries: int


@dataclass
class State:
    """All that a transaction can change."""

    accounts: dict[UUID, KeptAccount] = field(default_factory=dict)
    messages: dict[UUID, KeptMessage] = field(default_factory=dict)
    attempts: dict[UUID, KeptAttempt] = field(default_factory=dict)
    permits: dict[UUID, KeptPermit] = field(default_factory=dict)


class Kept(Protocol):
    """What the stores share."""

    now: datetime
    state: State

    def waiting(self, account_id: UUID) -> list[KeptMessage]:
        """The messages of an account that wait."""
        ...

    def talk(self, conversation: int) -> Iterable[KeptMessage]:
        """What was and will be said in a conversation."""
        ...

    def attempts_of(self, account_id: UUID) -> Iterable[tuple[UUID, KeptAttempt]]:
        """The claims of an account."""
        ...

    def permits_of(self, account_id: UUID) -> Iterable[tuple[UUID, KeptPermit]]:
        """The permits of an account."""
        ...

    def permits_for(self, message_id: UUID) -> Iterable[tuple[UUID, KeptPermit]]:
        """The permits that a message has."""
        ...

    def sender(self, account_id: UUID) -> Sender:
        """An account, as it sends."""
        ...

    def is_open(self, account_id: UUID) -> bool:
        """Whether it may."""
        ...


class FakeClaims:
    """Who sends what."""

    def __init__(self, ground: Kept) -> None:
        self._ground = ground

    def claim(self, account_id: UUID, attempt_id: UUID, _signed_in_at: datetime | None = None) -> Claim:
        ground, account = self._ground, self._ground.state.accounts.get(account_id)
        if account is None or account.status != "active" or account.pause_reason:
            return Shut()
        if account.held_until > ground.now:
            return NotYet(account.held_until - ground.now)
        out = sorted((one.back_in for one in self.tokens_out(account_id)), reverse=True)
        if len(out) >= account.pace.messages:
            return NotYet(out[account.pace.messages - 1])
        leases = [
            one.claimed_at + LEASE
            for _, one in ground.attempts_of(account_id)
            if one.outcome is None and one.claimed_at + LEASE > ground.now
        ]
        if account.failures >= MOST_FAILURES and leases:
            return NotYet(max(leases) - ground.now)
        return self._next(account_id, attempt_id, account.pace)

    def tokens_out(self, account_id: UUID) -> list[Out]:
        now = self._ground.now
        return [
            Out(attempt_id, one.token_returns_at - now)
            for attempt_id, one in self._ground.attempts_of(account_id)
            if one.token_returns_at > now
        ]

    def _next(self, account_id: UUID, attempt_id: UUID, pace: Pace) -> Claim:
        waiting = self._ground.waiting(account_id)
        for message in sorted(waiting, key=lambda each: each.place):
            if self._is_blocked(message):
                continue
            facts = message.facts
            if message.fan.is_deleted:
                facts.status, facts.last_error = "cancelled", "fan_deleted"
            elif message.fan.recipient is None:
                facts.status, facts.last_error = "failed", "recipient_unknown"
            elif self._lapses(message) >= MOST_LAPSES:
                facts.status, facts.last_error = "failed", "sender_ended_each_time"
            else:
                return self._taken(message, attempt_id, pace)
        return Busy() if self._ground.waiting(account_id) else NothingDue()

    def _is_blocked(self, message: KeptMessage) -> bool:
        return any(
            other.facts.status == "sending"
            or (other.facts.status == "unknown" and self._ground.state.attempts[other.facts.attempt_id].look_at)
            for other in self._ground.talk(message.conversation)
            if other.facts.attempt_id
        )

    def _lapses(self, message: KeptMessage) -> int:
        attempts = self._ground.attempts_of(message.account_id)
        return sum(one.message_id == message.id and one.outcome is Outcome.LAPSED for _, one in attempts)

    def _taken(self, message: KeptMessage, attempt_id: UUID, pace: Pace) -> Claimed:
        now = self._ground.now
        returns_at = now + LEASE + pace.window
        self._ground.state.attempts[attempt_id] = KeptAttempt(message.id, message.account_id, now, returns_at)
        message.facts.status, message.facts.attempt_id = "sending", attempt_id
        return Claimed(
            attempt_id=attempt_id,
            message_id=message.id,
            recipient=message.fan.recipient or "",
            text="Hello",
            price_cents=0,
            currency="USD",
            media=(),
            waiting=message.waiting,
        )


class FakeAttempts:
    """The ends of attempts."""

    def __init__(self, ground: Kept) -> None:
        self._ground = ground

    def accepted(
        self, attempt_id: UUID, message_id: UUID, platform_message_id: str, at: datetime | None = None
    ) -> bool:
        self._settle(attempt_id, Outcome.ACCEPTED)
        message = self._of(attempt_id, message_id, "sending", "unknown", "queued")
        if message is None:
            return False
        facts = message.facts
        facts.status, facts.last_error, facts.sent_at = "sent", None, at or self._ground.now
        facts.platform_message_id = None if self._is_told(message, platform_message_id) else platform_message_id
        return True

    def refused(self, attempt_id: UUID, message_id: UUID, reason: str, *, for_good: bool) -> bool:
        self._settle(attempt_id, Outcome.REFUSED)
        refusals = self._ground.state.messages[message_id].facts.attempts + 1
        if for_good or refusals >= MOST_REFUSALS:
            self._fail(attempt_id, message_id, reason, counted=1)
            return False
        return self._back(attempt_id, message_id, reason, counted=1)

    def not_accepted(self, attempt_id: UUID, message_id: UUID, reason: str, *, reached: bool) -> bool:
        self._settle(attempt_id, Outcome.NOT_ACCEPTED, reached=reached)
        return self._back(attempt_id, message_id, reason)

    def unknown(self, attempt_id: UUID, message_id: UUID, reason: str, outcome: Outcome) -> bool:
        attempt = self._ground.state.attempts[attempt_id]
        if attempt.outcome is None:
            attempt.outcome, attempt.look_at = outcome, attempt.claimed_at + DOUBT
        message = self._of(attempt_id, message_id, "sending")
        if message:
            message.facts.status, message.facts.last_error = "unknown", reason
        return message is not None

    def absent(self, attempt_id: UUID) -> int:
        attempt = self._ground.state.attempts[attempt_id]
        if attempt.look_at is None:
            return 0
        attempt.absences, attempt.look_at = attempt.absences + 1, self._ground.now + SECOND
        return attempt.absences

    def proven_absent(self, attempt_id: UUID, message_id: UUID, reason: str) -> bool:
        self.look_no_more(attempt_id)
        return self._back(attempt_id, message_id, reason)

    def look_again(self, attempt_id: UUID, wait: timedelta) -> None:
        attempt = self._ground.state.attempts[attempt_id]
        if attempt.look_at is not None:
            attempt.look_at = self._ground.now + wait

    def look_no_more(self, attempt_id: UUID) -> None:
        self._ground.state.attempts[attempt_id].look_at = None

    def told(self, message_id: UUID, platform_message_id: str, at: datetime) -> bool:
        facts = self._ground.state.messages[message_id].facts
        if facts.status not in {"sending", "unknown", "queued"} or facts.attempt_id is None:
            return False
        return self.accepted(facts.attempt_id, message_id, platform_message_id, at)

    def spent_elsewhere(self, attempt_id: UUID, account_id: UUID, message_id: UUID, at: datetime) -> Pace | None:
        account, now = self._ground.state.accounts.get(account_id), self._ground.now
        if account is None:
            return None
        moment = min(at, now)
        attempt = KeptAttempt(message_id, account_id, moment, moment + account.pace.window, Outcome.ACCEPTED)
        self._ground.state.attempts[attempt_id] = attempt
        return account.pace if attempt.token_returns_at > now else None

    def note(self, message_id: UUID, reason: str) -> None:
        message = self._ground.state.messages.get(message_id)
        if message and message.facts.status == "queued":
            message.facts.last_error = reason

    def not_queued(self, message_id: UUID) -> bool:
        message = self._ground.state.messages.get(message_id)
        if message is None or message.facts.status != "queued":
            return False
        message.facts.status, message.facts.last_error = "failed", "queue_unreachable"
        return True

    def _settle(self, attempt_id: UUID, outcome: Outcome, *, reached: bool = True) -> None:
        attempt = self._ground.state.attempts[attempt_id]
        window = self._ground.state.accounts[attempt.account_id].pace.window
        attempt.outcome, attempt.look_at = outcome, None
        attempt.token_returns_at = self._ground.now + (window if reached else NOTHING)

    def _back(self, attempt_id: UUID, message_id: UUID, reason: str, counted: int = 0) -> bool:
        message = self._of(attempt_id, message_id, "sending", "unknown")
        if message is None:
            return False
        if message.fan.do_not_contact:
            self._fail(attempt_id, message_id, "do_not_contact", counted=counted)
            return False
        facts = message.facts
        facts.status, facts.last_error, facts.attempts = "queued", reason, facts.attempts + counted
        return True

    def _fail(self, attempt_id: UUID, message_id: UUID, reason: str, *, counted: int) -> None:
        message = self._of(attempt_id, message_id, "sending", "unknown")
        if message:
            facts = message.facts
            facts.status, facts.last_error, facts.attempts = "failed", reason, facts.attempts + counted

    def _of(self, attempt_id: UUID, message_id: UUID, *statuses: str) -> KeptMessage | None:
        message = self._ground.state.messages[message_id]
        is_so = message.facts.status in statuses and message.facts.attempt_id == attempt_id
        return message if is_so else None

    def _is_told(self, message: KeptMessage, platform_message_id: str) -> bool:
        return any(
            other is not message and other.facts.platform_message_id == platform_message_id
            for other in self._ground.talk(message.conversation)
        )


class FakeAccounts:
    """How accounts stand."""

    def __init__(self, ground: Kept) -> None:
        self._ground = ground

    def hold(self, account_id: UUID, wait: timedelta, reason: str) -> None:
        assert reason
        account = self._ground.state.accounts[account_id]
        account.held_until = max(account.held_until, self._ground.now + wait)

    def expire(self, account_id: UUID, attempt_id: UUID) -> None:
        account, attempt = self._ground.state.accounts[account_id], self._ground.state.attempts.get(attempt_id)
        is_of_before = attempt is not None and attempt.claimed_at <= account.signed_in_at
        if account.status == "active" and not is_of_before:
            account.status = "expired"

    def pause(self, account_id: UUID, reason: str) -> None:
        account = self._ground.state.accounts[account_id]
        account.pause_reason = account.pause_reason or reason

    def failed(self, account_id: UUID) -> int:
        account = self._ground.state.accounts.get(account_id)
        if account is None or account.held_until > self._ground.now:
            return 0
        account.failures += 1
        return account.failures

    def works(self, account_id: UUID) -> None:
        self._ground.state.accounts[account_id].failures = 0


class FakePermits:
    """The permits."""

    def __init__(self, ground: Kept) -> None:
        self._ground = ground

    def road(self, message_id: UUID) -> Road:
        ground = self._ground
        message = ground.state.messages[message_id]
        ahead = sum(other.place < message.place for other in ground.waiting(message.account_id))
        out = [one.back_in for one in FakeClaims(ground).tokens_out(message.account_id)]
        sender, is_open = ground.sender(message.account_id), ground.is_open(message.account_id)
        return Road(sender, is_open, ahead, len(out), min(out, default=None))

    def put_permit(self, permit_id: UUID, account_id: UUID, message_id: UUID, wait: timedelta, tries: int = 0) -> None:
        due_at = self._ground.now + wait
        expires_at = due_at + timedelta(seconds=90) * 2**tries
        self._ground.state.permits[permit_id] = KeptPermit(account_id, message_id, due_at, expires_at, tries)

    def is_a_copy(self, account_id: UUID, message_id: UUID) -> bool:
        slots = [one.due_at for _, one in self._ground.permits_for(message_id)]
        if slots:
            return min(slots) > self._ground.now + 2 * SECOND
        return len(list(self._ground.permits_of(account_id))) >= len(self._ground.waiting(account_id))

    def put_back(self, permit_id: UUID, account_id: UUID, message_id: UUID, wait: timedelta) -> None:
        found = self._first(message_id)
        if found is None:
            if message_id in self._ground.state.messages:
                self.put_permit(permit_id, account_id, message_id, wait)
            return
        permit = self._ground.state.permits[found]
        permit.due_at = self._ground.now + wait
        permit.expires_at = permit.due_at + timedelta(seconds=90)

    def drop_permit(self, message_id: UUID) -> None:
        found = self._first(message_id)
        if found:
            del self._ground.state.permits[found]

    def lock_account(self, account_id: UUID) -> Sender | None:
        return self._ground.sender(account_id) if self._ground.is_open(account_id) else None

    def drop_lost(self, account_id: UUID) -> int:
        permits, now = self._ground.state.permits, self._ground.now
        lost = [key for key, one in self._ground.permits_of(account_id) if one.expires_at <= now]
        return max((permits.pop(key).tries + 1 for key in lost), default=0)

    def lacking(self, account_id: UUID, at_most: int) -> list[Waiting]:
        waiting = self._ground.waiting(account_id)
        named = [one.message_id for _, one in self._ground.permits_of(account_id)]
        wanted = max(min(at_most, len(waiting)) - len(named), 0)
        lacking = sorted((each for each in waiting if each.id not in named), key=lambda each: each.place)
        return [each.waiting for each in lacking[:wanted]]

    def _first(self, message_id: UUID) -> UUID | None:
        found = [(one.due_at, key) for key, one in self._ground.permits_for(message_id)]
        return min(found)[1] if found else None
