"""What sending goes by: how fast an account may send, and what it is told when it asks."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from huntaze.errors import Unavailable

LEASE = timedelta(seconds=25)  # how long an attempt may take before nobody can know what became of it
DEADLINE = timedelta(seconds=20)  # after which its request may not be accepted any more
DOUBT = timedelta(seconds=30)  # after the claim, when nothing that left before the deadline can still arrive
MOST_REFUSALS = 3
# Of an account in a row: then it rests, longer each time, and one message tries whether it works again.
MOST_FAILURES = 5
MOST_LAPSES = 4  # a message whose worker died so often may be what kills them
HORIZON = timedelta(seconds=900)  # how far ahead permits are made; what waits longer gets its own later
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
class Waiting:
    """A message that waits without a permit."""

    message_id: UUID
    approved_by: UUID
    priority: int
    queued_at: datetime
    is_campaign: bool


@dataclass(frozen=True, slots=True)
class Sender:
    """An account that messages leave through."""

    workspace_id: UUID
    id: UUID
    platform: str
    pace: Pace


@dataclass(frozen=True, slots=True)
class Road:
    """How an account stands at a moment, seen from one of its messages that wait."""

    sender: Sender
    is_open: bool  # signed in, and neither paused nor held
    ahead: int  # so many messages leave before this one
    out: int  # so many tokens are out
    next_back: timedelta | None  # until the first of them comes back

    @property
    def leaves_in(self) -> timedelta | None:
        """How long until the message leaves, as far as can be said; None while the account sends nothing."""
        if not self.is_open:
            return None
        waits_for = self.ahead - (self.sender.pace.messages - self.out)
        if waits_for < 0:
            return timedelta(0)
        return (self.next_back or self.sender.pace.window) + waits_for * self.sender.pace.spacing


@dataclass(frozen=True, slots=True)
class Claimed:
    """A message that is ours to send until its lease ends."""

    attempt_id: UUID
    message_id: UUID
    recipient: str = field(repr=False)
    text: str = field(repr=False)
    price_cents: int
    currency: str
    media: tuple[Mapping[str, str], ...] = field(repr=False)
    waiting: Waiting  # as it waited, and may wait again


@dataclass(frozen=True, slots=True)
class NothingDue:
    """No message of the account waits."""


@dataclass(frozen=True, slots=True)
class Busy:
    """Messages wait, each behind another to the same fan that is on its way or in doubt."""


@dataclass(frozen=True, slots=True)
class NotYet:
    """The account may not send now; asking again before this has passed is in vain."""

    wait: timedelta


@dataclass(frozen=True, slots=True)
class Shut:
    """The account sends nothing until a person opens it again."""


class Contended(Unavailable):
    """Somebody holds what a claim needs for too long; nothing was claimed."""

    def __init__(self) -> None:
        super().__init__("Somebody else is at this account.", retry_after=2)


Claim = Claimed | NothingDue | Busy | NotYet | Shut


class Outcome(StrEnum):
    """What became of an attempt."""

    ACCEPTED = "accepted"
    REFUSED = "refused"
    NOT_ACCEPTED = "not_accepted"
    UNKNOWN = "unknown"
    LAPSED = "lapsed"  # nobody settled it before its lease ran out


@dataclass(frozen=True, slots=True)
class Doubt:
    """An attempt of which we do not know what became."""

    workspace_id: UUID
    attempt_id: UUID
    message_id: UUID
    account_id: UUID
    has_lapsed: bool  # the lease ran out a moment ago, and the message still says that it is being sent


@dataclass(frozen=True, slots=True)
class Glance:
    """How an account stands, without asking for anything: tokens left, and how soon a person's next message may go."""

    left: int | None  # nothing where the server does not know the account
    wait: timedelta

    def beside(self, left: int, back_in: timedelta | None) -> "Glance":
        """The same with what the database knows: tokens left, and when the next one comes back. Both must grant."""
        fewer = left if self.left is None else min(self.left, left)
        return Glance(fewer, self.wait if left or back_in is None else max(self.wait, back_in))


@dataclass(frozen=True, slots=True)
class Redriven:
    """How many dead letters were put back into the queue, and how many were looked at and left."""

    moved: int
    left: int


@dataclass(frozen=True, slots=True)
class QueueDepth:
    """How many permits are due, wait for their time, and are being worked on: all approximate."""

    due: int
    delayed: int
    in_flight: int


@dataclass(frozen=True, slots=True)
class QueueFigures:
    """What the queue says of itself. All workspaces share it, and it holds permits: what waits as rows is not in it."""

    waiting: int
    in_flight: int
    dead_letters: int
