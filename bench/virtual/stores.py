"""The stores of the send path in memory, by the clock of a simulation and quick enough for thousands of accounts.

They are the stand-ins of the tests, which the contract suites hold to PostgreSQL, with indexes instead of searches;
the same suites run on these.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from random import Random
from typing import Any, Generic, TypeVar
from uuid import UUID

from bench.virtual.time import VirtualTime
from huntaze.delivery.model import HORIZON, Pace
from tests.support.fake_send_path import FakeGround, FakeStores
from tests.support.fake_send_stores import KeptAccount, KeptAttempt, KeptFan, KeptMessage, KeptPermit, State

TRANSACTION_SECONDS = 0.006  # a handful of statements, each a round trip

Kept = TypeVar("Kept")


class Indexed(dict[UUID, Kept], Generic[Kept]):
    """What is kept, and the same by something that all have and that never changes."""

    def __init__(self, *parts: Callable[[Kept], Any]) -> None:
        super().__init__()
        self._parts = [(part, defaultdict[Any, dict[UUID, Kept]](dict)) for part in parts]
        self._forgotten: set[UUID] = set()

    def forget(self, key: UUID) -> None:
        """Nobody will look at it again, but that it is there."""
        del self[key]
        self._forgotten.add(key)

    def __contains__(self, key: object) -> bool:
        return super().__contains__(key) or key in self._forgotten

    def by(self, number: int, value: Any) -> dict[UUID, Kept]:
        """Those that have this."""
        return self._parts[number][1].get(value, {})

    def __setitem__(self, key: UUID, kept: Kept) -> None:
        super().__setitem__(key, kept)
        for part, found in self._parts:
            found[part(kept)][key] = kept

    def __delitem__(self, key: UUID) -> None:
        self.pop(key)

    def pop(self, key: UUID, *_: Any) -> Kept:
        """Forget it."""
        kept: Kept = super().pop(key)
        for part, found in self._parts:
            value = part(kept)
            del found[value][key]
            if not found[value]:
                del found[value]
        return kept


class QuickState(State):
    """The same with indexes."""

    messages: Indexed[KeptMessage]
    attempts: Indexed[KeptAttempt]
    permits: Indexed[KeptPermit]

    def __init__(self) -> None:
        super().__init__(
            messages=Indexed(lambda one: one.account_id, lambda one: one.conversation),
            attempts=Indexed(lambda one: one.account_id),
            permits=Indexed(lambda one: one.account_id, lambda one: one.message_id),
        )


class QuickGround(FakeGround):
    """A workspace of thousands of accounts.

    A transaction takes time before its first statement and none after it, so nobody comes in between; what Redis is
    asked meanwhile is paid for at its end.
    """

    state: QuickState

    def __init__(self, time: VirtualTime, dice: Random) -> None:
        self._time = time
        self._dice = dice
        self._passed = timedelta(0)
        super().__init__()
        self.state = QuickState()
        self.seconds = 0.0  # that transactions took
        self._fan, self._talks = KeptFan(), 1_000_000
        self._is_inside = False
        self._owed = 0.0

    @property
    def now(self) -> datetime:
        """The moment of the call."""
        return self._time.now() + self._passed

    @now.setter
    def now(self, moment: datetime) -> None:
        self._passed += moment - self.now

    @contextmanager
    def transaction(self, workspace_id: UUID) -> Iterator[FakeStores]:
        """Nothing is taken back here: whoever fails in a simulation ends it."""
        if workspace_id != self.workspace_id or self._is_inside:
            raise AssertionError(workspace_id)
        self.transactions_begun += 1
        self.pay(TRANSACTION_SECONDS)
        self._is_inside = True
        try:
            yield self.stores
        finally:
            self._is_inside = False
        owed, self._owed = self._owed, 0.0
        self.pay(owed)

    def pay(self, seconds: float) -> None:
        """Something takes time; inside a transaction it is paid for at its end."""
        if self._is_inside:
            self._owed += seconds
            return
        self.seconds += seconds
        self._time.sleep(seconds)

    def add_account(self, account_id: UUID, pace: Pace) -> None:
        """One more that may send."""
        self.state.accounts[account_id] = KeptAccount(pace)

    def write(self, account_id: UUID, message_id: UUID, at: datetime, *, is_campaign: bool) -> UUID:
        """A message that waits since a moment, to somebody to whom nothing else is said."""
        self._talks += 1
        words = message_id, account_id, self._fan, self._talks, self.member_id, 5, at, is_campaign
        self.state.messages[message_id] = KeptMessage(*words)
        return message_id

    def waiting(self, account_id: UUID) -> list[KeptMessage]:
        """The messages of an account that wait."""
        return [each for each in self.state.messages.by(0, account_id).values() if each.facts.status == "queued"]

    def talk(self, conversation: int) -> Iterable[KeptMessage]:
        """What was and will be said in a conversation."""
        return self.state.messages.by(1, conversation).values()

    def attempts_of(self, account_id: UUID) -> Iterable[tuple[UUID, KeptAttempt]]:
        """The claims of an account."""
        return self.state.attempts.by(0, account_id).items()

    def permits_of(self, account_id: UUID) -> Iterable[tuple[UUID, KeptPermit]]:
        """The permits of an account."""
        return self.state.permits.by(0, account_id).items()

    def permits_for(self, message_id: UUID) -> Iterable[tuple[UUID, KeptPermit]]:
        """The permits that a message has."""
        return self.state.permits.by(1, message_id).items()

    def to_wake(self, at_most: int) -> list[tuple[UUID, UUID]]:
        """Accounts that lack permits of the next quarter of an hour, or lost some; in any order."""
        found = [(self.workspace_id, each) for each in self.state.accounts if self._lacks(each) and self.is_open(each)]
        self._dice.shuffle(found)
        return found[:at_most]

    def to_send(self, account_ids: Sequence[UUID]) -> dict[tuple[UUID, UUID], Any]:
        """The accounts that a batch of permits names."""
        self.pay(TRANSACTION_SECONDS / 3)
        return super().to_send(account_ids)

    def forget(self) -> None:
        """What has ended, and nobody asks for any more: an hour of thousands is much."""
        messages, attempts = self.state.messages, self.state.attempts
        for key in [key for key, one in messages.items() if one.facts.status == "sent"]:
            messages.forget(key)
        now = self.now
        for key in [key for key, one in attempts.items() if one.outcome and one.token_returns_at <= now]:
            del attempts[key]

    def _lacks(self, account_id: UUID) -> bool:
        permits, now = self.state.permits.by(0, account_id).values(), self.now
        live = sum(one.expires_at > now for one in permits)
        wanted = min(len(self.waiting(account_id)), HORIZON // self.state.accounts[account_id].pace.spacing)
        return wanted > live or live < len(permits)
