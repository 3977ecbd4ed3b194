"""What the simulated platform knows: accounts, their fans and threads, what arrived and what it tells."""

from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from typing import Any, Self

from local.simulator.tokens import token_of

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Settings:
    """How an account behaves."""

    platform: str
    username: str
    token: str = field(repr=False)
    messages: int = 10  # in any window of so many seconds, which is told, and enforced only where strict
    seconds: int = 60
    strict: bool = False
    find: bool = True
    echo: float | None = None  # a fan answers so many seconds after an accepted send
    reports: bool = False  # accepted sends are told to the webhook too

    @classmethod
    def first(cls, account_id: str, platform: str) -> Self:
        """Those of an account of which nothing else was said."""
        return cls(platform, account_id, token_of(platform, account_id))

    def as_json(self) -> Json:
        """As it is written down."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Webhook:
    """Where events of an account go, and what signs them."""

    url: str
    secret: str = field(repr=False)


@dataclass(slots=True)
class Fan:
    """Somebody who follows an account."""

    id: str
    username: str
    name: str
    subscribed: bool = True
    spent_cents: int = 0
    last_seen_at: str | None = None

    @classmethod
    def stranger(cls, fan_id: str) -> Self:
        """Somebody of whom only the id was said."""
        return cls(fan_id, f"fan{fan_id}", f"Fan {fan_id}")

    def shown(self) -> Json:
        """As every event names a fan."""
        return {"id": self.id, "username": self.username, "name": self.name}


@dataclass(frozen=True, slots=True)
class Message:
    """One line of a thread."""

    id: str
    at: float
    recipient: str  # the fan, whoever wrote
    direction: str
    text: str
    price_cents: int
    currency: str
    media: list[Json]
    reference: str | None = None

    def shown(self) -> Json:
        """As a thread shows it."""
        return {
            "messageId": self.id,
            "clientReference": self.reference,
            "recipient": self.recipient,
            "direction": self.direction,
            "text": self.text,
            "priceCents": self.price_cents,
            "currency": self.currency,
            "media": self.media,
            "at": iso(self.at),
        }


@dataclass(slots=True)
class Attempt:
    """A send request that arrived, whatever came of it; without an outcome it was cut off by our own end."""

    number: int
    at: float
    account: str | None
    reference: str | None
    recipient: str | None
    outcome: str | None = None
    status: int | None = None  # none where the connection was closed instead
    ended_at: float | None = None

    def shown(self) -> Json:
        """As the control API tells it."""
        return {
            "at": self.at,
            "account": self.account,
            "clientReference": self.reference,
            "recipient": self.recipient,
            "outcome": self.outcome,
            "status": self.status,
            "endedAt": self.ended_at,
        }


@dataclass(slots=True)
class Happening:
    """Something an account's webhook is told, if there is one."""

    id: str
    account: str
    at: float
    type: str
    data: Json
    listened: bool  # whether there was a webhook when it happened
    tries: int = 0
    last_answer: str | None = None
    delivered_at: float | None = None

    @property
    def pending(self) -> bool:
        """Whether somebody is still to be told."""
        return self.listened and self.delivered_at is None

    def shown(self) -> Json:
        """As the control API tells it."""
        state = "pending" if self.pending else "delivered" if self.delivered_at else "nobody-listened"
        return {
            "eventId": self.id,
            "account": self.account,
            "type": self.type,
            "at": self.at,
            "state": state,
            "tries": self.tries,
            "lastAnswer": self.last_answer,
            "deliveredAt": self.delivered_at,
        }


@dataclass(frozen=True, slots=True)
class Earning:
    """Money that a fan spent."""

    at: float
    kind: str
    cents: int


@dataclass(slots=True)
class Account:
    """One creator on one platform."""

    id: str
    settings: Settings
    signed_in: bool = True
    session_expires_at: float | None = None
    webhook: Webhook | None = None
    fans: dict[str, Fan] = field(default_factory=dict)
    messages: list[Message] = field(default_factory=list)
    accepted: dict[str, Message] = field(default_factory=dict)  # by client reference, for ever
    arrivals: list[float] = field(default_factory=list)
    earnings: list[Earning] = field(default_factory=list)

    def fan(self, fan_id: str) -> Fan:
        """The fan of this id, who is a stranger until more is known."""
        return self.fans.get(fan_id) or Fan.stranger(fan_id)


def iso(at: float) -> str:
    """A moment as JSON carries it."""
    return datetime.fromtimestamp(at, UTC).isoformat(timespec="milliseconds")
