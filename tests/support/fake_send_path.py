"""The send path's stores in memory: one workspace whose clock stands until it is told to go on.

The contract suites hold it to what PostgreSQL does, and a test of chance holds all of it beside the database.
"""

import copy
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from huntaze.delivery.model import LEASE, Doubt, Pace, Sender
from huntaze.errors import Unavailable
from huntaze.ids import new_id
from tests.support.fake_send_stores import (
    NOTHING,
    FakeAccounts,
    FakeAttempts,
    FakeClaims,
    FakePermits,
    KeptAccount,
    KeptAttempt,
    KeptFan,
    KeptMessage,
    KeptPermit,
    State,
)
from tests.support.send_path import PLATFORM, START, AccountFacts, AttemptFacts, MessageFacts, PermitFacts


@dataclass
class FakeStores:
    """What a transaction gives."""

    claims: FakeClaims
    attempts: FakeAttempts
    accounts: FakeAccounts
    outbox: FakePermits


class FakeGround:
    """A workspace. Its clock stands; a transaction can be made to fail before it begins or in its commit."""

    def __init__(self) -> None:
        self.workspace_id, self.member_id = new_id(), new_id()
        self.now, self.state = START, State()
        self.fans: list[KeptFan] = []
        self.fails_to_begin = self.fails_to_commit = 0  # so often, from now on
        self.transactions_begun = 0

    @property
    def stores(self) -> FakeStores:
        return FakeStores(FakeClaims(self), FakeAttempts(self), FakeAccounts(self), FakePermits(self))

    @contextmanager
    def transaction(self, workspace_id: UUID) -> Iterator[FakeStores]:
        """All or nothing. A commit that fails has been done: the caller cannot know."""
        assert workspace_id == self.workspace_id
        self.transactions_begun += 1
        if self.fails_to_begin:
            self.fails_to_begin -= 1
            raise Unavailable("The database is away.", retry_after=1)
        before = copy.deepcopy(self.state)
        try:
            yield self.stores
        except BaseException:
            self.state = before
            raise
        if self.fails_to_commit:
            self.fails_to_commit -= 1
            raise Unavailable("The database is away.", retry_after=1)

    def go_on(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)

    def new_account(self, pace: Pace) -> UUID:
        account_id = new_id()
        self.state.accounts[account_id] = KeptAccount(pace)
        return account_id

    def new_fan(self) -> int:
        self.fans.append(KeptFan())
        return len(self.fans) - 1

    def new_message(
        self,
        account_id: UUID,
        fan: int,
        *,
        priority: int = 5,
        is_campaign: bool = False,
        message_id: UUID | None = None,
    ) -> UUID:
        key = message_id or new_id()
        where = (key, account_id, self.fans[fan], fan, self.member_id)
        self.state.messages[key] = KeptMessage(*where, priority, self.now, is_campaign)
        return key

    def delete_fan(self, fan: int) -> None:
        self.fans[fan].is_deleted = True
        for message in self.state.messages.values():
            if message.conversation == fan:
                message.fan.is_deleted = True

    def forget_recipient(self, fan: int) -> None:
        for message in self.state.messages.values():
            if message.conversation == fan:
                message.fan.recipient = None

    def leave_alone(self, fan: int) -> None:
        """What waits for them is withdrawn, as the database does it."""
        self.fans[fan].do_not_contact = True
        for message in self.state.messages.values():
            if message.conversation == fan:
                message.fan.do_not_contact = True
                if message.facts.status == "queued":
                    message.facts.status, message.facts.last_error = "cancelled", "do_not_contact"

    def set_pace(self, account_id: UUID, pace: Pace) -> None:
        self.state.accounts[account_id].pace = pace

    def sign_in(self, account_id: UUID) -> None:
        self.state.accounts[account_id].signed_in_at = self.now

    def message(self, message_id: UUID) -> MessageFacts:
        return copy.copy(self.state.messages[message_id].facts)

    def attempt(self, attempt_id: UUID) -> AttemptFacts | None:
        one = self.state.attempts.get(attempt_id)
        if one is None:
            return None
        token = max(one.token_returns_at - self.now, NOTHING)
        return AttemptFacts(one.outcome, token, one.look_at - self.now if one.look_at else None, one.absences)

    def account(self, account_id: UUID) -> AccountFacts:
        one = self.state.accounts[account_id]
        held = max(one.held_until - self.now, NOTHING)
        return AccountFacts(one.status, one.pause_reason, held, one.failures)

    def permits(self, account_id: UUID) -> list[PermitFacts]:
        return sorted(
            PermitFacts(one.message_id, one.due_at - self.now, one.expires_at - self.now, one.tries)
            for _, one in self.permits_of(account_id)
        )

    def waiting(self, account_id: UUID) -> list[KeptMessage]:
        messages = self.state.messages.values()
        return [each for each in messages if each.account_id == account_id and each.facts.status == "queued"]

    def talk(self, conversation: int) -> Iterable[KeptMessage]:
        return [each for each in self.state.messages.values() if each.conversation == conversation]

    def attempts_of(self, account_id: UUID) -> Iterable[tuple[UUID, KeptAttempt]]:
        return [(key, one) for key, one in self.state.attempts.items() if one.account_id == account_id]

    def permits_of(self, account_id: UUID) -> Iterable[tuple[UUID, KeptPermit]]:
        return [(key, one) for key, one in self.state.permits.items() if one.account_id == account_id]

    def permits_for(self, message_id: UUID) -> Iterable[tuple[UUID, KeptPermit]]:
        return [(key, one) for key, one in self.state.permits.items() if one.message_id == message_id]

    def sender(self, account_id: UUID) -> Sender:
        return Sender(self.workspace_id, account_id, PLATFORM, self.state.accounts[account_id].pace)

    def is_open(self, account_id: UUID) -> bool:
        one = self.state.accounts.get(account_id)
        return one is not None and one.status == "active" and not one.pause_reason and one.held_until <= self.now

    # What is asked across workspaces, of which there is one.

    def to_send(self, account_ids: Sequence[UUID]) -> dict[tuple[UUID, UUID], Sender]:
        return {(self.workspace_id, each): self.sender(each) for each in account_ids if each in self.state.accounts}

    def to_wake(self, at_most: int) -> list[tuple[UUID, UUID]]:
        live = [one.account_id for one in self.state.permits.values() if one.expires_at > self.now]
        lost = {one.account_id for one in self.state.permits.values() if one.expires_at <= self.now}
        lacking = [each for each in self.state.accounts if each in lost or len(self.waiting(each)) > live.count(each)]
        return [(self.workspace_id, each) for each in lacking if self.is_open(each)][:at_most]

    def in_doubt(self, at_most: int) -> list[Doubt]:
        lapsed = [self._doubt(key) for key, one in self.state.attempts.items() if self._has_lapsed(one)]
        due = [key for key, one in self.state.attempts.items() if one.look_at and one.look_at <= self.now]
        return lapsed[:at_most] + [self._doubt(key) for key in due][:at_most]

    def _has_lapsed(self, one: KeptAttempt) -> bool:
        return one.outcome is None and one.claimed_at + LEASE < self.now

    def _doubt(self, attempt_id: UUID) -> Doubt:
        one = self.state.attempts[attempt_id]
        return Doubt(self.workspace_id, attempt_id, one.message_id, one.account_id, self._has_lapsed(one))
