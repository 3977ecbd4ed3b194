"""What sending goes by: how fast an account may send, and what it is told when it asks."""

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

LEASE = timedelta(seconds=25)  # how long an attempt may take before nobody can know what became of it
# Between two permits of a campaign: a tenth of a minute, and this much for the answers to travel.
FLOW_MARGIN = timedelta(seconds=1.5)


@dataclass(frozen=True, slots=True)
class Pace:
    """How fast an account may send: so many messages in any window of so many seconds, and a gap between two."""

    messages: int = 10
    seconds: float = 60
    gap_seconds: float = 0

    @property
    def window(self) -> timedelta:
        """How long after the platform's answer a token comes back."""
        return timedelta(seconds=self.seconds)

    @property
    def spacing(self) -> timedelta:
        """How far apart the permits of a campaign are."""
        return max((self.window + FLOW_MARGIN) / self.messages, timedelta(seconds=self.gap_seconds))


@dataclass(frozen=True, slots=True)
class Asked:
    """An account that wants to send, under an attempt that was named before."""

    account_id: UUID
    attempt_id: UUID
    pace: Pace


@dataclass(frozen=True, slots=True)
class Granted:
    """It may; so many tokens are left."""

    left: int


@dataclass(frozen=True, slots=True)
class Refused:
    """It may not; asking again before this has passed is in vain."""

    wait: timedelta


@dataclass(frozen=True, slots=True)
class Unheard:
    """The account is not known there: it must be told which tokens are out before it can be asked."""


Verdict = Granted | Refused | Unheard


@dataclass(frozen=True, slots=True)
class Out:
    """A token that is out, and how long until it comes back."""

    attempt_id: UUID
    back_in: timedelta


@dataclass(frozen=True, slots=True)
class Glance:
    """How an account stands, without asking for anything: tokens left, and how soon a person's next message may go."""

    left: int | None  # nothing where the server does not know the account
    wait: timedelta


@dataclass(frozen=True, slots=True)
class Redriven:
    """How many dead letters were put back into the queue, and how many were looked at and left."""

    moved: int
    left: int


@dataclass(frozen=True, slots=True)
class QueueFigures:
    """What the queue says of itself. All workspaces share it, and it holds permits: what waits as rows is not in it."""

    waiting: int
    in_flight: int
    dead_letters: int
