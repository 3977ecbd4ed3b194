"""The parts that are looked at, each as well or as away as a test says."""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from uuid import UUID

from huntaze.connections.model import SealedDoor
from huntaze.delivery.model import Pace, QueueDepth
from huntaze.errors import Unavailable
from huntaze.fans.model import Platform
from huntaze.members.model import Claimant, Principal
from huntaze.monitoring.looking import Seen
from huntaze.outgoing.model import AccountRow
from huntaze.platforms.model import AccountFacts, Capability, Limits
from huntaze.wiring import Wiring

ACCOUNT = UUID("01900000-0000-7000-8000-0000000000aa")
SAFETY_SECONDS = 30


def account(**changes: object) -> AccountRow:
    """An account that sends."""
    usual: dict[str, object] = {
        "id": ACCOUNT,
        "platform": "onlyfans",
        "status": "active",
        "paused_at": None,
        "pause_reason": None,
        "held_until": None,
        "held_reason": None,
        "pace": Pace(),
        "tokens_left": 10,
        "token_back_in": timedelta(0),
        "backlog": 0,
    }
    return AccountRow(**(usual | changes))  # type: ignore[arg-type]


DOOR = SealedDoor(ACCOUNT, Platform.ONLYFANS, "https://bridge.example.com", b"sealed")


def facts(*, signed_in: bool = True) -> AccountFacts:
    """What a bridge says that is well."""
    capabilities = frozenset({Capability.SEND})
    return AccountFacts("zoe", "zoe", "onlyfans", capabilities, Limits(10, 60), signed_in, None)


@dataclass
class FakeParts:
    """Everything is well until it is told otherwise; what hangs hangs until the test ends."""

    principal: Principal | None = None
    refusal: Exception | None = None
    away: set[str] = field(default_factory=set)
    hanging: set[str] = field(default_factory=set)
    accounts: tuple[AccountRow, ...] = (account(),)
    outbox_age_seconds: float = 0.0
    unknown: int = 0
    waiting: QueueDepth = field(default_factory=lambda: QueueDepth(0, 0, 0))
    dead: int = 0
    bridge: Callable[[], AccountFacts] = facts
    abandoned: int = 0
    over: threading.Event = field(default_factory=threading.Event)

    def look(self, _whose: Claimant | Principal) -> Seen:
        self._met("database")
        if self.refusal is not None:
            raise self.refusal
        assert self.principal is not None, "only a test that says who asks may ask this"
        doors = tuple(DOOR for row in self.accounts if row.status == "active")
        return Seen(self.principal, self.outbox_age_seconds, self.unknown, self.accounts, doors)

    def abandon(self) -> None:
        self.abandoned += 1

    def probe(self) -> None:
        self._met("redis")

    def depth(self) -> QueueDepth:
        self._met("queue")
        return self.waiting

    def dead_letters(self) -> int:
        self._met("dead_letters")
        return self.dead

    def ask(self, _workspace_id: UUID, _door: SealedDoor) -> AccountFacts:
        self._met("bridge")
        return self.bridge()

    def _met(self, name: str) -> None:
        if name in self.hanging:
            self.over.wait(SAFETY_SECONDS)
        if name in self.away | self.hanging:
            raise Unavailable("away", retry_after=5)


def look_around(parts: Wiring, fake: FakeParts) -> None:
    """Have a process look at these, and at its own database."""
    parts.redis_at_a_glance = fake  # type: ignore[assignment]  # keeps the same Protocol
    parts.queue_at_a_glance = fake  # type: ignore[assignment]  # the same
    parts.live_look = fake  # type: ignore[assignment]  # the same
