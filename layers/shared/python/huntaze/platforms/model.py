"""What we say to a platform, and what it can answer."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Generic, TypeVar
from uuid import UUID

from huntaze.errors import Unavailable


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
    signed_in_at: datetime | None = None  # since when this is the way; missing for a login that is not kept yet


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
    platform: str
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


class Reason(StrEnum):
    """Why it went as it went, in words of our own. What a bridge says in its own words is kept nowhere."""

    # Before the first byte: it certainly did not arrive.
    ADDRESS_REFUSED = "address_refused"  # no address of a bridge, or one that leads into a private network
    NAME_NOT_FOUND = "name_not_found"
    NO_CONNECTION = "no_connection"
    NO_TRUST = "no_trust"  # TLS was refused, or the certificate is not one for this name
    TOO_LATE = "too_late"  # our own deadline passed before the request could leave
    CLOCK_UNKNOWN = "clock_unknown"  # the bridge did not tell its time
    # After it, with an answer that the contract knows.
    DEADLINE_PASSED = "deadline_passed"
    TOO_FAST = "too_fast"
    LOGIN_EXPIRED = "login_expired"
    BAD_TOKEN = "bad_token"  # noqa: S105 - a word for it, not one
    FORBIDDEN = "forbidden"
    REFUSED = "refused"  # the message, without a reason that we know
    RECIPIENT_UNKNOWN = "recipient_unknown"
    RECIPIENT_UNAVAILABLE = "recipient_unavailable"  # blocks the creator, or may not be written to at the moment
    PRICE = "price"
    CONTENT = "content"
    MEDIA = "media"
    # After it, and nobody knows.
    NO_ANSWER = "no_answer"
    CONNECTION_LOST = "connection_lost"
    UNREADABLE = "unreadable"
    TOO_LONG = "too_long"
    REDIRECTED = "redirected"
    SERVER_ERROR = "server_error"
    UNDOCUMENTED = "undocumented"


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


class AccessRefused(Unavailable):
    """Nothing can be asked in this account's name until somebody has done something: `why`."""

    def __init__(self, why: Away, detail: str, *, retry_after: int) -> None:
        super().__init__(detail, retry_after=retry_after)
        self.why = why


class NotOffered(Unavailable):
    """The bridge cannot do this, today or in an hour: whoever needs it goes another way."""


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


Item = TypeVar("Item")


@dataclass(frozen=True, slots=True)
class Passage(Generic[Item]):
    """A stretch of a list that a platform keeps, and what to ask for to get the next one."""

    items: tuple[Item, ...]
    next_cursor: str | None


@dataclass(frozen=True, slots=True)
class PlatformMessage:
    """A message as the platform has it."""

    id: str
    reference: UUID | None  # ours; None when it was typed on the platform itself
    recipient: str = field(repr=False)  # the fan's id on the platform, whoever of the two said it
    outgoing: bool
    text: str = field(repr=False)
    price_cents: int
    currency: str | None
    at: datetime


@dataclass(frozen=True, slots=True)
class PlatformFan:
    """A fan as the platform knows them; None stands for what it does not say."""

    id: str = field(repr=False)
    username: str | None = field(repr=False)
    name: str | None = field(repr=False)
    avatar_url: str | None = field(repr=False)
    subscribed: bool | None
    spent_cents: int | None
    currency: str | None
    last_seen_at: datetime | None


@dataclass(frozen=True, slots=True)
class PlatformContent:
    """Something that the creator published or keeps to sell."""

    id: str
    kind: str
    title: str | None
    price_cents: int
    currency: str | None
    published_at: datetime | None


@dataclass(frozen=True, slots=True)
class Statistics:
    """What an account earned and who came and went, in a stretch of time."""

    begins_at: datetime
    ends_at: datetime
    currency: str
    subscription_cents: int
    message_cents: int
    tip_cents: int
    other_cents: int
    fans: int | None  # at its end
    new_fans: int | None
    lost_fans: int | None
