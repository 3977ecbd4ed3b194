"""What the send path speaks with, in memory: plans and tokens, the queue, platforms, their doors, and figures."""

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from huntaze.delivery.model import Asked, Granted, Out, Pace, Unheard, Verdict, Waiting
from huntaze.delivery.permits import Permit, Planned
from huntaze.errors import Unavailable
from huntaze.ids import new_id
from huntaze.measures import Count, Time
from huntaze.platforms.model import Accepted, Answer, Credentials, Door, Found, Letter
from tests.support.fake_send_path import FakeGround
from tests.support.send_path import PLATFORM

AWAY = Unavailable("Away.", retry_after=1)


@dataclass
class GroundClock:
    """The time of a ground."""

    ground: FakeGround

    def now(self) -> datetime:
        return self.ground.now


@dataclass
class FakePlans:
    """Says what it is told to, and remembers what was asked."""

    flow: timedelta = timedelta(seconds=6)
    burst: timedelta = timedelta(0)
    is_away: bool = False
    asked: list[tuple[str, timedelta]] = field(default_factory=list)

    def plan_flow(self, _account_id: UUID, _pace: Pace, not_before: timedelta = timedelta(0)) -> timedelta:
        self._note("flow", not_before)
        return max(self.flow, not_before)

    def plan_burst(self, _account_id: UUID, _pace: Pace) -> timedelta:
        self._note("burst", timedelta(0))
        return self.burst

    def _note(self, kind: str, not_before: timedelta) -> None:
        self.asked.append((kind, not_before))
        if self.is_away:
            raise AWAY


@dataclass
class FakePermitQueue:
    """Takes permits, ten at most. For each call it can be told otherwise: an error, or the places it does not take."""

    put_in: list[Planned] = field(default_factory=list)
    calls: list[int] = field(default_factory=list)
    troubles: list[Exception | set[int] | None] = field(default_factory=list)

    def put(self, planned: Sequence[Planned]) -> list[Planned]:
        assert 0 < len(planned) <= 10
        self.calls.append(len(planned))
        trouble = self.troubles.pop(0) if self.troubles else None
        if isinstance(trouble, Exception):
            raise trouble
        left = [one for place, one in enumerate(planned) if place in (trouble or set())]
        self.put_in += [one for one in planned if one not in left]
        return left


@dataclass
class Published:
    """A publisher that takes everything, unless it is told to refuse."""

    planned: list[Planned] = field(default_factory=list)
    refuses: bool = False

    def publish(self, planned: Sequence[Planned]) -> list[Permit]:
        self.planned += planned
        return [one.permit for one in planned] if self.refuses else []

    @property
    def waits(self) -> list[tuple[UUID, float]]:
        return [(one.permit.message_id, one.wait.total_seconds()) for one in self.planned]


@dataclass
class FakeTokens:
    """Grants tokens, unless verdicts are laid out; an account it has not heard of must be told first."""

    unheard: set[UUID] = field(default_factory=set)
    verdicts: list[Verdict] = field(default_factory=list)
    is_away: bool = False
    takes: list[list[UUID]] = field(default_factory=list)
    told: list[tuple[UUID, list[Out]]] = field(default_factory=list)
    settled: list[UUID] = field(default_factory=list)
    released: list[UUID] = field(default_factory=list)

    def take(self, asked: Sequence[Asked]) -> list[Verdict]:
        if self.is_away:
            raise AWAY
        self.takes.append([one.account_id for one in asked])
        return [self._verdict(one) for one in asked]

    def tell(self, account_id: UUID, _pace: Pace, out: Sequence[Out]) -> None:
        self.told.append((account_id, list(out)))
        self.unheard.discard(account_id)

    def settle(self, answered: Sequence[Asked]) -> None:
        self._must_be_there()
        self.settled += [one.attempt_id for one in answered]

    def release(self, unused: Sequence[Asked]) -> None:
        self._must_be_there()
        self.released += [one.attempt_id for one in unused]

    def _verdict(self, one: Asked) -> Verdict:
        if one.account_id in self.unheard:
            return Unheard()
        return self.verdicts.pop(0) if self.verdicts else Granted(1)

    def _must_be_there(self) -> None:
        if self.is_away:
            raise AWAY


@dataclass
class FakePlatform:
    """Accepts, unless answers are laid out by message; `while_sending` is called in the sender's thread."""

    answers: dict[UUID, Answer | Exception] = field(default_factory=dict)
    found: dict[UUID, Found | Exception | None] = field(default_factory=dict)
    while_sending: Callable[[Letter], None] | None = None
    sent: list[Letter] = field(default_factory=list)
    give_up_at: list[float] = field(default_factory=list)
    asked: list[UUID] = field(default_factory=list)
    _lock: Any = field(default_factory=threading.Lock)

    def __call__(self, name: str) -> "FakePlatform":
        assert name == PLATFORM
        return self

    def send(self, _door: Door, letter: Letter, give_up_at: float) -> Answer:
        with self._lock:
            self.sent.append(letter)
            self.give_up_at.append(give_up_at)
        if self.while_sending:
            self.while_sending(letter)
        answer = self.answers.get(letter.reference, Accepted(f"p-{letter.reference}"))
        if isinstance(answer, Exception):
            raise answer
        return answer

    def find(self, _door: Door, reference: UUID) -> Found | None:
        self.asked.append(reference)
        found = self.found.get(reference)
        if isinstance(found, Exception):
            raise found
        return found


@dataclass
class FakeDoors:
    """Opens every door, unless something is laid out for an account."""

    troubles: dict[UUID, Exception] = field(default_factory=dict)

    def open(self, _workspace_id: UUID, connection_id: UUID) -> Door:
        if connection_id in self.troubles:
            raise self.troubles[connection_id]
        return Door(PLATFORM, "https://bridge.example.com", Credentials("token", "whsec"))


@dataclass
class FakeMeasures:
    """Remembers what it was given."""

    counts: list[tuple[Count, int]] = field(default_factory=list)
    times: list[tuple[Time, float]] = field(default_factory=list)

    def count(self, what: Count, times: int, platform: str) -> None:
        assert platform == PLATFORM
        self.counts.append((what, times))

    def time(self, what: Time, seconds: float, platform: str) -> None:
        assert platform == PLATFORM
        self.times.append((what, seconds))


def permit_of(ground: FakeGround, account_id: UUID, message_id: UUID, **changes: Any) -> Permit:
    """A permit that fires now."""
    words = {"user_id": "zoe", "message_type": PLATFORM, "priority": 5, "timestamp": "now", "slot_at": ground.now}
    return Permit(
        workspace_id=ground.workspace_id, account_id=account_id, message_id=message_id, **{**words, **changes}
    )


def planned(number: int = 1) -> list[Planned]:
    """Permits of some messages, to be put into a queue."""
    ground = FakeGround()
    return [Planned(permit_of(ground, new_id(), new_id()), timedelta(seconds=place)) for place in range(number)]


def waiting_of(ground: FakeGround, message_id: UUID, *, is_campaign: bool = False) -> Waiting:
    """A message as it waits."""
    return Waiting(message_id, ground.member_id, 5, ground.now, is_campaign)
