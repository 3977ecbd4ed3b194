"""How the parts are that sending needs, and what each trouble means. What cannot be known is said to be unknown."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from huntaze.connections.model import ConnectionState, state_of
from huntaze.fans.model import Platform
from huntaze.outgoing.model import AccountRow

# From here on somebody should look: the same figures that wake a person (infra/stacks/monitoring.py).
MOST_PERMITS_DUE = 100
OLDEST_OVERDUE_SECONDS = 5 * 60
# Nobody needs the number of more than they can look through.
MOST_UNKNOWN_COUNTED = 1_000


class Condition(StrEnum):
    """How a part is; the words are part of the API."""

    OK = "ok"
    DEGRADED = "degraded"  # it answers, and somebody should look
    AWAY = "away"  # it does not answer, or not in its time
    UNKNOWN = "unknown"  # nobody can say while the database is away


class Trouble(StrEnum):
    """What is the matter with a part; the words are part of the API."""

    NO_ANSWER = "no_answer"
    NOT_TOLD = "not_told"  # only the database could say
    PERMITS_WAITING = "permits_waiting"
    DEAD_LETTERS = "dead_letters"
    OUTBOX_OLD = "outbox_old"
    MESSAGES_UNKNOWN = "messages_unknown"
    BRIDGE_AWAY = "bridge_away"
    BRIDGE_BUSY = "bridge_busy"  # it answers, and wants to be asked less
    LOGIN_ENDED = "login_ended"
    FORBIDDEN = "forbidden"
    PAUSED = "paused"
    HELD = "held"


# Sections of docs/runbooks.md are named as the alarms, which tell of the same things.
SENDING_STALLED, OUTBOX_AGE, ACCOUNTS_AWAY = "sending-stalled", "outbox-age", "accounts-away"
_SECTIONS = {
    Trouble.PERMITS_WAITING: "permits-waiting",
    Trouble.DEAD_LETTERS: "dead-letters",
    Trouble.OUTBOX_OLD: OUTBOX_AGE,
    Trouble.MESSAGES_UNKNOWN: "messages-unknown",
    Trouble.NOT_TOLD: SENDING_STALLED,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A part that was asked: how it is, and in how many milliseconds it said so."""

    trouble: Trouble | None = None
    absence: str = ACCOUNTS_AWAY  # the section about its not being there
    milliseconds: int | None = None

    @property
    def condition(self) -> Condition:
        """What its trouble comes to."""
        match self.trouble:
            case None:
                return Condition.OK
            case Trouble.NO_ANSWER | Trouble.BRIDGE_AWAY:
                return Condition.AWAY
            case Trouble.NOT_TOLD:
                return Condition.UNKNOWN
            case _:
                return Condition.DEGRADED

    @property
    def runbook(self) -> str | None:
        """Which section of docs/runbooks.md is about its trouble."""
        return _SECTIONS.get(self.trouble, self.absence) if self.trouble else None


@dataclass(frozen=True, slots=True, kw_only=True)
class QueuePart(Part):
    """The queue of permits: how many are due, wait for their time, and are being worked on."""

    due: int | None = None
    delayed: int | None = None
    in_flight: int | None = None
    absence: str = OUTBOX_AGE


@dataclass(frozen=True, slots=True, kw_only=True)
class CountedPart(Part):
    """Something of which there should be none."""

    count: int | None = None
    absence: str = OUTBOX_AGE


@dataclass(frozen=True, slots=True, kw_only=True)
class OutboxPart(Part):
    """Permits on their way: how long ago the oldest should have fired."""

    age_seconds: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PlatformPart(Part):
    """An account of the workspace: what its row says, and what its bridge says at this moment."""

    account_id: UUID
    platform: Platform
    state: ConnectionState
    held_until: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Health:
    """How everything is. What belongs to a workspace is told to those alone who may see it."""

    checked_at: datetime
    held: str | None  # why an operator lets nothing out
    database: Part
    redis: Part
    queue: QueuePart
    dead_letters: CountedPart
    outbox: OutboxPart
    unknown_messages: CountedPart
    platforms: tuple[PlatformPart, ...] = field(default=())

    @property
    def parts(self) -> dict[str, Part]:
        """All of them by their names."""
        shared = {name: getattr(self, name) for name in SHARED}
        return shared | {f"platform {one.platform}": one for one in self.platforms}

    @property
    def condition(self) -> Condition:
        """What they come to together: the worst of them."""
        found = {part.condition for part in self.parts.values()}
        if Condition.AWAY in found:
            return Condition.AWAY
        return Condition.OK if found == {Condition.OK} and self.held is None else Condition.DEGRADED

    @property
    def away(self) -> tuple[str, ...]:
        """Which do not answer."""
        return tuple(name for name, part in self.parts.items() if part.condition is Condition.AWAY)


SHARED = ("database", "redis", "queue", "dead_letters", "outbox", "unknown_messages")


def circuit_of(row: AccountRow) -> ConnectionState:
    """How an account stands by its row."""
    return state_of(row.status, is_paused=row.paused_at is not None, is_held=row.held_until is not None)


def trouble_of(state: ConnectionState) -> Trouble | None:
    """What keeps an account from sending that stands like this."""
    match state:
        case ConnectionState.EXPIRED:
            return Trouble.LOGIN_ENDED
        case ConnectionState.PAUSED:
            return Trouble.PAUSED
        case ConnectionState.HELD:
            return Trouble.HELD
        case _:
            return None


_GRAVEST = (Trouble.BRIDGE_AWAY, Trouble.LOGIN_ENDED, Trouble.FORBIDDEN, Trouble.PAUSED, Trouble.HELD)


def graver(one: Trouble | None, other: Trouble | None) -> Trouble | None:
    """Which of two troubles of an account is to be told."""
    return next((trouble for trouble in _GRAVEST if trouble in {one, other}), one or other)
