"""What a payment is."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from huntaze.money import Money


class Kind(StrEnum):
    """What was paid for."""

    SUBSCRIPTION = "subscription"
    PPV = "ppv"  # what was in a message with a price
    TIP = "tip"


@dataclass(frozen=True, slots=True, kw_only=True)
class Payment:
    """A payment as the platform booked it, known by the platform's own id for that kind of payment."""

    kind: Kind
    platform: str
    platform_id: str
    fan_id: UUID
    amount: Money
    at: datetime
    platform_message_id: str | None = field(default=None, repr=False)  # the message that was bought
