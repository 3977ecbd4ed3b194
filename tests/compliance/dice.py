"""What random people write into columns: mostly what could be right, so that much gets through."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from random import Random
from typing import Any
from uuid import UUID, uuid5

from psycopg import sql
from psycopg.types.json import Jsonb

from tests.support.workspaces import MAX, NOON, ZOE

ROLES = ("owner", "manager", "chatter", "analyst", "machine")
PEOPLE = [ZOE.of(role) for role in ROLES] + [ZOE.of(f"second {role}") for role in ROLES]
TEXTS = ("Hello", "Hello you", "Hi {name}", "", "Buy now", "ünï", "x" * 5001)
STATUSES = ("received", "draft", "queued", "sending", "sent", "failed", "unknown", "cancelled")
HASH_OF_ITSELF = sql.SQL("message_hash(fan_id, account_id, text, price_cents, currency, attachments)")
NOW = sql.SQL("clock_timestamp()")


@dataclass
class Dice:
    """Random values for columns: mostly those that could be right, so that much gets through."""

    random: Random
    known: list[UUID] = field(default_factory=list)
    campaigns: list[UUID] = field(default_factory=lambda: [ZOE.of("campaign")])
    made: int = 0
    actor: UUID | None = None  # of this transaction
    refusals: Counter[str | None] = field(default_factory=Counter)  # by the rule that refused

    def one_of(self, *values: Any) -> Any:
        return self.random.choice(values)

    def often(self, usual: Any, *others: Any) -> Any:
        return usual if self.random.random() < 0.93 else self.random.choice(others)

    def new_id(self, kind: str) -> UUID:
        self.made += 1
        return uuid5(ZOE.id, f"{kind} {self.made}")

    def approver(self) -> UUID | None:
        """Mostly who acts; else anybody, whose name is taken in vain."""
        return self.actor if self.random.random() < 0.8 else self.one_of(*PEOPLE)

    def message(self) -> UUID:
        """A message that somebody made, the latest most often."""
        recent = self.known[-8:] if self.random.random() < 0.7 else self.known
        return self.random.choice([*recent, ZOE.of("draft message")])

    def campaign(self) -> UUID:
        """One of the latest campaigns that somebody made."""
        return self.random.choice(self.campaigns[-4:])

    def content(self) -> dict[str, Any]:
        """What a person approves."""
        return {
            "fan_id": self.often(ZOE.of("fan"), ZOE.of("second fan"), MAX.of("fan")),
            "account_id": self.often(ZOE.of("account"), None, MAX.of("account"), ZOE.of("second account")),
            "text": self.one_of(*TEXTS),
            "price_cents": self.often(0, 500, 900, -1),
            "currency": self.often("USD", "EUR", "usd"),
            "attachments": Jsonb(self.often([], [{"url": "https://example.com/a.jpg"}], {})),
        }

    def approval(self, content: Mapping[str, Any]) -> dict[str, Any]:
        """An approval: whole or in parts, right or wrong."""
        approval = {
            "approved_by": self.often(self.approver(), None, MAX.of("owner")),
            "approved_at": self.often(NOW, NOON, None, self.one_of(NOON.replace(year=2020), NOON.replace(year=2036))),
            "approved_hash": self.often(self.hash_of(content), self.hash_of(self.content()), bytes(32), None),
        }
        return {name: value for name, value in approval.items() if self.random.random() < 0.95}

    def hash_of(self, content: Mapping[str, Any]) -> sql.Composable:
        """What the database makes of a content."""
        said = (content[name] for name in ("fan_id", "account_id", "text", "price_cents", "currency", "attachments"))
        fan, account, text, price, currency, attachments = map(literal, said)
        return sql.SQL("message_hash({}::uuid, {}::uuid, {}, {}, {}, {}::jsonb)").format(
            fan, account, text, price, currency, attachments
        )

    def some_of(self, values: Mapping[str, Any], least: int = 1) -> dict[str, Any]:
        names = self.random.sample(sorted(values), self.random.randint(least, len(values)))
        return {name: values[name] for name in names}

    def rest(self) -> dict[str, Any]:
        """Every other column of a message that the application may write."""
        return {
            "status": self.one_of(*STATUSES),
            "read": self.random.random() < 0.5,
            "platform_message_id": self.one_of(None, f"p{self.random.randrange(50)}"),
            "priority": self.often(5, 10, 11),
            "attempt_id": self.one_of(None, ZOE.of("attempt"), ZOE.of("no attempt")),
            "claims": self.one_of(0, 1, 3),
            "attempts": self.one_of(0, 1),
            "last_error": self.one_of(None, "refused"),
            "occurred_at": NOON,
            "queued_at": self.often(NOON, None),
            "sent_at": self.often(NOON, None),
            "metadata": Jsonb(self.one_of({}, {"approved": True})),
        }


def literal(value: Any) -> sql.Composable:
    return value if isinstance(value, sql.Composable) else sql.Literal(value)
