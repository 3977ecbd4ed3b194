"""What a platform tells us, from how it comes in to what it says."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

from huntaze import queue_bodies
from huntaze.attachments.model import Media
from huntaze.money import Money
from huntaze.queue_bodies import id_in

TICKET_VERSION = 1
_TICKET_FIELDS = frozenset({"workspaceId", "eventId"})

# Words of what could not be done, or is of a type that we do not know, are kept so long; those of the rest go at once.
WORDS_KEPT_FOR = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Delivered:
    """A request as it came in, with what it claims to be signed by; None where it says nothing of it."""

    event_id: str | None
    timestamp: str | None
    signatures: str | None
    body: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Told:
    """An event before anybody looked at what it says: its kind, and everything that it says."""

    kind: str
    payload: Mapping[str, Any] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Kept:
    """An event that is still to be done, and through which account it came."""

    id: UUID
    connection_id: UUID
    platform: str
    kind: str
    received_at: datetime
    payload: Mapping[str, Any] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Person:
    """A fan by what the platform calls them."""

    id: str = field(repr=False)
    username: str | None = field(repr=False)
    name: str | None = field(repr=False)


@dataclass(frozen=True, slots=True)
class Message:
    """What was said to or by a fan; without a currency a price is in the platform's own."""

    id: str
    person: Person
    text: str = field(repr=False)
    price_cents: int
    currency: str | None
    media: tuple[Media, ...] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Paid:
    """A payment, by the platform's own id for it."""

    id: str
    person: Person
    amount: Money


@dataclass(frozen=True, slots=True)
class MessageReceived:
    """A fan wrote."""

    at: datetime
    message: Message


@dataclass(frozen=True, slots=True)
class MessageSent:
    """Something was sent to a fan; `reference` is what we may have called it."""

    at: datetime
    message: Message
    reference: UUID | None


@dataclass(frozen=True, slots=True)
class MessagePurchased:
    """A fan bought what is in a message."""

    at: datetime
    paid: Paid
    message_id: str


@dataclass(frozen=True, slots=True)
class TipReceived:
    """A fan gave something."""

    at: datetime
    paid: Paid


@dataclass(frozen=True, slots=True)
class SubscriptionStarted:
    """A fan subscribed."""

    at: datetime
    paid: Paid


@dataclass(frozen=True, slots=True)
class SubscriptionEnded:
    """A fan is subscribed no longer."""

    at: datetime
    person: Person


@dataclass(frozen=True, slots=True)
class LoginExpired:
    """The platform has signed the account out."""

    at: datetime


Said = (
    MessageReceived
    | MessageSent
    | MessagePurchased
    | TipReceived
    | SubscriptionStarted
    | SubscriptionEnded
    | LoginExpired
)


class Outcome(StrEnum):
    """What became of an event."""

    DONE = "done"
    KNOWN = "known"
    DROPPED = "dropped"
    UNKNOWN_TYPE = "unknown_type"
    MALFORMED = "malformed"
    FAILED = "failed"

    @property
    def keeps_words(self) -> bool:
        """Whether somebody may still want to see what it said."""
        return self in {Outcome.UNKNOWN_TYPE, Outcome.MALFORMED}


@dataclass(frozen=True, slots=True)
class Ticket:
    """What one queue message says: which event is to be done. No word of the event is in it."""

    workspace_id: UUID
    connection_id: UUID  # served fairly by it
    event_id: UUID

    @property
    def group(self) -> str:
        """The queue is fair among connections."""
        return str(self.connection_id)

    def body(self) -> str:
        """The text of the queue message."""
        return queue_bodies.written(TICKET_VERSION, workspaceId=str(self.workspace_id), eventId=str(self.event_id))


def ticket(body: str) -> tuple[UUID, UUID]:
    """The workspace and the event of a queue message; anything unexpected is poison, told by field."""
    fields = queue_bodies.read(body, TICKET_VERSION, _TICKET_FIELDS, what="a ticket of an event")
    return id_in(fields, "workspaceId"), id_in(fields, "eventId")
