"""What a connection is: an account that a creator lets us reach, on which terms, and how it is doing."""

import math
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from huntaze.delivery.model import Pace
from huntaze.errors import Conflict
from huntaze.fans.model import Platform
from huntaze.platforms.model import AccountFacts, Capability, Limits

# Neither has an API of its own: a bridge speaks for the creator's account.
CONNECTABLE = (Platform.ONLYFANS, Platform.FANSLY)

# What an account may send at most, whatever its platform would take.
FASTEST = Limits(messages=10, seconds=60)
USUAL_PACE = Pace()


class Status(StrEnum):
    """How an account stands to us; the words are part of the API."""

    ACTIVE = "active"
    EXPIRED = "expired"  # its login ended: nothing leaves until it is renewed
    REVOKED = "revoked"  # disconnected: its credentials are destroyed, its consent is taken back


class ConnectionState(StrEnum):
    """What that comes to, together with what a person or a machine has decided; the words are part of the API."""

    ACTIVE = "active"
    PAUSED = "paused"  # by a person, who also resumes it
    HELD = "held"  # by a machine, until a time
    EXPIRED = "expired"
    REVOKED = "revoked"


def state_of(status: str, *, is_paused: bool, is_held: bool) -> ConnectionState:
    """What keeps an account from sending, the gravest first."""
    if status != Status.ACTIVE:
        return ConnectionState(status)
    if is_paused:
        return ConnectionState.PAUSED
    return ConnectionState.HELD if is_held else ConnectionState.ACTIVE


@dataclass(frozen=True, slots=True)
class Consent:
    """Who agreed, when, and to which version of the notice."""

    by: UUID
    at: datetime
    notice: str


@dataclass(frozen=True, slots=True)
class ConsentEnded:
    """Who took the consent back, and when."""

    by: UUID
    at: datetime


@dataclass(frozen=True, slots=True)
class Pause:
    """Since when nothing leaves, and why, in the words of whoever paused."""

    since: datetime
    reason: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Hold:
    """Until when nothing leaves, and why, in a machine's words."""

    until: datetime
    reason: str | None


@dataclass(frozen=True, slots=True)
class Asked:
    """What somebody wants to connect: where its bridge is, and what opens it there."""

    platform: Platform
    bridge_url: str = field(repr=False)
    token: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class NewLogin:
    """What opens an account from now on; what is not said stays as it was."""

    bridge_url: str | None = field(default=None, repr=False)
    token: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Opening:
    """How an account is reached from now on: its bridge, the sealed credentials, and what the bridge said of it."""

    bridge_url: str = field(repr=False)
    credentials: bytes = field(repr=False)
    facts: AccountFacts
    pace: Pace


@dataclass(frozen=True, slots=True)
class SealedDoor:
    """A door as it is kept: its credentials are still to be opened."""

    connection_id: UUID
    platform: Platform
    bridge_url: str = field(repr=False)
    credentials: bytes = field(repr=False)
    signed_in_at: datetime | None = None  # since when this is the way


@dataclass(frozen=True, slots=True, kw_only=True)
class Connection:
    """An account, without what opens it."""

    id: UUID
    platform: Platform
    user_id: str = field(repr=False)
    username: str | None = field(repr=False)
    status: Status
    bridge_url: str | None = field(repr=False)
    session_ends_at: datetime | None
    consent: Consent | None
    consent_ended: ConsentEnded | None
    pace: Pace
    limits: Limits | None
    capabilities: frozenset[Capability]
    pause: Pause | None
    hold: Hold | None
    tested_at: datetime | None
    answered_at: datetime | None
    created_at: datetime
    updated_at: datetime

    def state(self, now: datetime) -> ConnectionState:
        """What keeps it from sending, the gravest first."""
        is_held = self.hold is not None and now < self.hold.until
        return state_of(self.status, is_paused=self.pause is not None, is_held=is_held)


@dataclass(frozen=True, slots=True)
class Outlook:
    """What the pace has left for an account, and when the next message may leave; nothing where nobody knows."""

    tokens_left: int | None = None
    next_slot_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Health:
    """A connection, how many messages wait for it, and what its pace has left."""

    connection: Connection
    waiting: int
    outlook: Outlook
    state: ConnectionState


class Refusal(StrEnum):
    """Why an account cannot be connected, or nothing can be done with it, as it is now."""

    CONNECTED = "connected"
    OCCUPIED = "occupied"
    ELSEWHERE = "elsewhere"
    NOT_SIGNED_IN = "not_signed_in"
    ANOTHER_PLATFORM = "another_platform"
    ANOTHER_ACCOUNT = "another_account"
    DISCONNECTED = "disconnected"
    NO_LOGIN = "no_login"


_DETAILS = {
    Refusal.CONNECTED: "This account is connected already. Renew its login to use another token.",
    Refusal.OCCUPIED: "Another account on this platform is connected. Disconnect it first.",
    # Of another workspace no more is told than that it is in the way.
    Refusal.ELSEWHERE: "This account is in use already: an account can be connected in one place only.",
    Refusal.NOT_SIGNED_IN: "The bridge is not signed in to the platform. Sign in there first.",
    Refusal.ANOTHER_PLATFORM: "This bridge speaks for an account on another platform.",
    Refusal.ANOTHER_ACCOUNT: "This is the login of another account. Disconnect this one, then connect the other.",
    Refusal.DISCONNECTED: "This account was disconnected. Connect it again first.",
    Refusal.NO_LOGIN: "Nothing opens this account. Renew its login first.",
}


class ConnectionRefused(Conflict):
    """It cannot be done as things are; `why` says it in one word of ours."""

    def __init__(self, why: Refusal) -> None:
        super().__init__(_DETAILS[why])
        self.why = why


class Finding(StrEnum):
    """What a test found; the words are part of the API."""

    WELL = "well"
    NOT_SIGNED_IN = "not_signed_in"  # the platform has ended the session, or the bridge no longer takes the token
    ANOTHER_ACCOUNT = "another_account"  # the token opens an account that is not this one
    FORBIDDEN = "forbidden"
    BUSY = "busy"
    NO_ANSWER = "no_answer"


@dataclass(frozen=True, slots=True)
class Tested:
    """What a test found, how long the bridge took, and how the account stands since."""

    health: Health
    finding: Finding
    milliseconds: int


def within(pace: Pace, limits: Limits) -> bool:
    """Whether no window of the limits can hold more than they allow, wherever it begins.

    A window of a minute touches two and more windows of the pace when those are shorter, and all of one when it is
    longer: a hundred in ten minutes may all fall into one of them, unless a gap keeps them apart.
    """
    most = pace.messages * math.ceil(limits.seconds / pace.seconds)
    if pace.gap_seconds > 0:
        most = min(most, math.ceil(limits.seconds / pace.gap_seconds))
    return most <= limits.messages


def fitted(pace: Pace, *all_limits: Limits) -> Pace:
    """A pace as it is where all limits allow it, or else one that they do: a limit itself, or one message at a time."""
    narrowest = [Pace(messages=limits.messages, seconds=limits.seconds) for limits in all_limits]
    apart = max((math.ceil(limits.seconds / limits.messages) for limits in all_limits), default=1)
    candidates = (pace, *narrowest, Pace(messages=1, seconds=apart))
    return next(one for one in candidates if all(within(one, limits) for limits in all_limits))
