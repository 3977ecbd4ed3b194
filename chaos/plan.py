"""What goes wrong, on whom and when: all of it decided by a seed before anything runs, so that it can be done again."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from random import Random

from chaos.proxy import Strike
from tests.support.worker_process import MOMENTS

HOUR = 3600
BEGIN = 0.02  # of the time: the first messages are on their way


class Kind(StrEnum):
    """What can be done to a system."""

    KILL_WORKER = "workers killed"
    KILL_CARRIER = "carriers killed"  # whoever lets campaigns out, imports, or counts
    KILL_POSTGRES = "PostgreSQL killed"
    KILL_REDIS = "Redis killed"
    HANG_REDIS = "Redis hung"
    CUT_AFTER = "cut after the work"
    CUT_BEFORE = "cut before the request"
    DELAY = "delayed"
    FREEZE = "workers frozen past their lease"
    CLOCK = "workers with clocks an hour off"
    EMPTY_REDIS = "FLUSHALL"
    FORGET_SCRIPTS = "SCRIPT FLUSH"
    OLD_REDIS = "old snapshots of Redis"
    DUPLICATE = "permits delivered twice and at once"
    REORDER = "batches put back in another order"
    POISON = "poison"
    STORM = "storms"


# What a request holds that is struck, and how often it is that one: PostgreSQL at its commits, where nobody can know.
STRUCK = {
    "postgres": (b"COMMIT",),
    "redis": (b"EVALSHA",),
    "sqs": (b"SendMessage", b"DeleteMessage", b"ReceiveMessage"),
    "bridge": (b"POST /v1/messages", b"POST /v1/messages", b"GET /v1/messages"),
}
STORMS = ("429", "5xx", "5xx accepts", "drop-reply", "drop-request", "slow", "refuse", "expire-login", "forbid")
CARRIERS = ("flow", "count", "import")


@dataclass(frozen=True)
class Act:
    """One thing that is done."""

    at: float  # seconds from the beginning, at the earliest
    kind: Kind
    victim: int  # of those there are, in turn
    detail: str = ""
    seconds: float = 0


@dataclass(frozen=True)
class Dose:
    """How much of everything."""

    name: str
    seconds: float
    acts: Mapping[Kind, int]
    lines: int  # that people write
    creators: int  # every third on a platform that cannot be asked what became of a message
    fans: int
    campaigns: int
    recipients: int
    imports: int
    rows: int
    messages: int = 10  # of each account, in any so many seconds
    pace_seconds: int = 2
    campaign_seconds: int = 2  # of accounts that campaigns leave through: the slower, the longer one is under way
    workers: int = 2

    def shortened(self, hours: float) -> "Dose":
        """The same in another time: as much of everything as is its share."""
        share = hours * HOUR / self.seconds
        counts = {name: _share(getattr(self, name), share) for name in ("lines", "campaigns", "imports")}
        acts = {kind: _share(count, share) for kind, count in self.acts.items()}
        return replace(self, name=f"{self.name}-{hours:g}h", seconds=hours * HOUR, acts=acts, **counts)


SHORT = Dose(
    name="short",
    seconds=40,
    acts={
        Kind.KILL_WORKER: 40,
        Kind.KILL_CARRIER: 5,
        Kind.KILL_POSTGRES: 3,
        Kind.KILL_REDIS: 3,
        Kind.HANG_REDIS: 1,
        Kind.CUT_AFTER: 20,
        Kind.CUT_BEFORE: 8,
        Kind.DELAY: 8,
        Kind.FREEZE: 1,
        Kind.CLOCK: 2,
        Kind.EMPTY_REDIS: 2,
        Kind.FORGET_SCRIPTS: 2,
        Kind.OLD_REDIS: 2,
        Kind.DUPLICATE: 10,
        Kind.REORDER: 5,
        Kind.POISON: 2,
        Kind.STORM: 9,
    },
    lines=220,
    creators=6,
    fans=8,
    campaigns=2,
    recipients=60,
    imports=1,
    rows=300,
)
# A little more than is asked for: some cuts find no request. One campaign after the other is under way all the time.
LONG = Dose(
    name="long",
    seconds=2.1 * HOUR,
    acts={
        Kind.KILL_WORKER: 3_050,
        Kind.KILL_CARRIER: 400,
        Kind.KILL_POSTGRES: 205,
        Kind.KILL_REDIS: 205,
        Kind.HANG_REDIS: 40,
        Kind.CUT_AFTER: 2_200,
        Kind.CUT_BEFORE: 600,
        Kind.DELAY: 600,
        Kind.FREEZE: 100,
        Kind.CLOCK: 100,
        Kind.EMPTY_REDIS: 60,
        Kind.FORGET_SCRIPTS: 60,
        Kind.OLD_REDIS: 60,
        Kind.DUPLICATE: 600,
        Kind.REORDER: 400,
        Kind.POISON: 60,
        Kind.STORM: 400,
    },
    lines=10_500,
    creators=9,
    fans=12,
    campaigns=60,
    recipients=120,
    imports=60,
    rows=3_000,
    campaign_seconds=10,
)


def schedule(dose: Dose, seed: int) -> list[Act]:
    """All acts in the order of their moments."""
    dice = Random(f"{seed} {dose.name}")  # noqa: S311  (to be repeated, not to be secret)
    acts = [_act(kind, dose, dice) for kind, count in dose.acts.items() for _ in range(count)]
    return sorted(acts, key=lambda act: act.at)


def _act(kind: Kind, dose: Dose, dice: Random) -> Act:
    at = dose.seconds * dice.uniform(BEGIN, 1)
    return Act(round(at, 3), kind, dice.randrange(1_000_000), _detail(kind, dice), round(_seconds(kind, dice), 3))


def _detail(kind: Kind, dice: Random) -> str:
    """Whatever else there is to choose: of newborn workers the moment at which they die, of every third one."""
    match kind:
        case Kind.KILL_WORKER:
            return dice.choice(MOMENTS) if dice.random() < 1 / 3 else ""
        case Kind.KILL_CARRIER:
            return dice.choice(CARRIERS)
        case Kind.CUT_AFTER | Kind.CUT_BEFORE | Kind.DELAY:
            place = dice.choice(tuple(STRUCK))
            return f"{place} {dice.choice(STRUCK[place]).decode()}"
        case Kind.STORM:
            return dice.choice(STORMS)
        case Kind.CLOCK:
            return dice.choice(("-3600", "3600"))
    return ""


def _seconds(kind: Kind, dice: Random) -> float:
    """How long it lasts."""
    match kind:
        case Kind.DELAY:
            return dice.uniform(0.05, 0.5)
        case Kind.HANG_REDIS:
            return dice.uniform(0.3, 2)
        case Kind.STORM:
            return dice.uniform(0.5, 3)
    return 0


def _share(count: int, share: float) -> int:
    return max(round(count * share), 1)


def strike_of(kind: Kind) -> Strike:
    """What a proxy calls it."""
    return {Kind.CUT_AFTER: Strike.CUT_AFTER, Kind.CUT_BEFORE: Strike.CUT_BEFORE, Kind.DELAY: Strike.DELAY}[kind]
