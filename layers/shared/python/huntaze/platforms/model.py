"""What we say to a platform, and what it can answer."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID


class Capability(StrEnum):
    """Something that a platform, through the bridge that stands before it, can do."""

    SEND = "send"
    FIND = "find"  # a message by the client reference that it was sent under
    MESSAGES = "messages"
    FANS = "fans"
    CONTENT = "content"
    STATISTICS = "statistics"
    EVENTS = "events"  # told to a webhook


@dataclass(frozen=True, slots=True)
class Credentials:
    """What opens an account at its bridge, and what the bridge signs its events with."""

    token: str = field(repr=False)
    webhook_secret: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Door:
    """Where an account is reached: the address of its bridge, and what opens it there."""

    platform: str
    bridge_url: str
    credentials: Credentials


@dataclass(frozen=True, slots=True)
class Limits:
    """How fast the platform lets this account send."""

    messages: int
    seconds: int


@dataclass(frozen=True, slots=True)
class AccountFacts:
    """What a bridge says of the account behind a token."""

    user_id: str
    username: str | None
    capabilities: frozenset[Capability]
    limits: Limits
    signed_in: bool
    session_expires_at: datetime | None


@dataclass(frozen=True, slots=True)
class Letter:
    """One message as it goes to the platform. Its reference is the message's id for ever."""

    reference: UUID
    recipient: str = field(repr=False)  # the fan's id on the platform
    text: str = field(repr=False)
    price_cents: int
    currency: str
    media: tuple[Mapping[str, str], ...] = field(default=(), repr=False)


@dataclass(frozen=True, slots=True)
class Accepted:
    """The platform has it, under this id of its own."""

    platform_message_id: str


@dataclass(frozen=True, slots=True)
class NotAccepted:
    """It certainly did not arrive, for a reason that has nothing to do with the message: try again later."""

    reason: str
    asked: bool  # whether the platform answered, so that this counts as one of the account's sends


@dataclass(frozen=True, slots=True)
class Refused:
    """The platform does not take this message: for good, or perhaps at another time."""

    reason: str
    for_good: bool


class Away(StrEnum):
    """Why an account cannot send at the moment."""

    THROTTLED = "throttled"
    LOGIN_EXPIRED = "login_expired"
    FORBIDDEN = "forbidden"


@dataclass(frozen=True, slots=True)
class AccountAway:
    """The account, not the message, is in the way; the message certainly did not arrive."""

    why: Away
    reason: str
    retry_after: timedelta | None = None


@dataclass(frozen=True, slots=True)
class Unknown:
    """Bytes went out and no answer says what became of them."""

    reason: str


Answer = Accepted | NotAccepted | Refused | AccountAway | Unknown


@dataclass(frozen=True, slots=True)
class Found:
    """A message that the platform has under the reference that was asked for."""

    platform_message_id: str
    accepted_at: datetime
