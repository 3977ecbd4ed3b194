"""Stand-ins for what stands around sending: measures, the queue of permits with its dead letters, and paces."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from uuid import UUID

from huntaze.delivery.gate import Gate
from huntaze.delivery.model import Glance, Pace, QueueFigures
from huntaze.delivery.permits import Permit, Planned
from huntaze.delivery.planning import Planner
from huntaze.delivery.redriving import DeadLetter
from huntaze.errors import Unavailable
from huntaze.ids import new_id
from huntaze.measures import Count, Gauge, Time
from huntaze.outgoing.model import Activity
from huntaze.wiring import Wiring
from tests.support.fake_senders import FakePlans
from tests.support.permits import ATTRIBUTES, body


@dataclass
class RecordedMeasures:
    """Remembers what was measured."""

    counted: list[tuple[Count, int, str]] = field(default_factory=list)
    timed: list[tuple[Time, float, str]] = field(default_factory=list)
    gauged: dict[Gauge, float] = field(default_factory=dict)

    def count(self, what: Count, times: int, platform: str) -> None:
        self.counted.append((what, times, platform))

    def time(self, what: Time, seconds: float, platform: str) -> None:
        self.timed.append((what, seconds, platform))

    def gauge(self, what: Gauge, value: float) -> None:
        self.gauged[what] = value


def dead_permit() -> DeadLetter:
    """A permit that failed ten times."""
    return DeadLetter(body(), ATTRIBUTES, object())


@dataclass
class FakeDeadLetters:
    """Both queues in memory: what was put back lies in `queue`."""

    dead: list[DeadLetter] = field(default_factory=list)
    queue: list[DeadLetter] = field(default_factory=list)
    is_away: bool = False
    _looked_at: int = 0

    def figures(self) -> QueueFigures:
        self._must_be_there()
        return QueueFigures(len(self.queue), 0, len(self.dead))

    def take(self) -> list[DeadLetter]:
        self._must_be_there()
        return self.dead[self._looked_at :][:10]

    def put_back(self, letters: Sequence[DeadLetter]) -> int:
        self._looked_at += sum(letter not in letters for letter in self.take())
        self.dead = [letter for letter in self.dead if letter not in letters]
        self.queue.extend(letters)
        return len(letters)

    def _must_be_there(self) -> None:
        if self.is_away:
            raise Unavailable("The queue cannot be reached right now.", retry_after=5)


@dataclass
class FakeGauges:
    """What all workspaces have together."""

    age: float = 12.5
    unknown: int = 3
    active: Activity = field(default_factory=lambda: Activity(0, 0, 0, 0, 0))

    def outbox_age_seconds(self) -> float:
        return self.age

    def unknown_messages(self) -> int:
        return self.unknown

    def activity(self) -> Activity:
        return self.active


@dataclass
class FakePaces:
    """Says of every account the same, or that nobody can say."""

    glance: Glance = Glance(7, timedelta(seconds=3))  # noqa: RUF009 - frozen
    is_away: bool = False

    def look(self, accounts: Sequence[tuple[UUID, Pace]]) -> list[Glance]:
        if self.is_away:
            raise Unavailable("Redis cannot answer right now.", retry_after=5)
        return [self.glance for _ in accounts]


@dataclass
class RecordedQueue:
    """Takes every permit, or none, and remembers them in order."""

    permits: list[Permit] = field(default_factory=list)
    is_away: bool = False

    def publish(self, planned: Sequence[Planned]) -> list[Permit]:
        if self.is_away:
            return [one.permit for one in planned]
        self.permits += [one.permit for one in planned]
        return []


def send_without_servers(parts: Wiring) -> RecordedQueue:
    """Let a process send without Redis and SQS; what it puts into its queue."""
    queue = RecordedQueue()
    parts.gate, parts.measures = Gate(), RecordedMeasures()
    parts.planner = Planner(FakePlans(flow=timedelta(0)), parts.clock, new_id)
    parts.publishing = queue  # type: ignore[assignment]  # as far as waking needs it
    return queue
