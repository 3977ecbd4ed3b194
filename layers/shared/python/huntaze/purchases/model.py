"""What purchases are made of."""

from dataclasses import dataclass, field
from datetime import datetime

from huntaze.money import Money


@dataclass(frozen=True, slots=True)
class Bought:
    """A payment: subscription, ppv or tip. `text` is what the message said that was bought, where we know it."""

    kind: str
    amount: Money
    at: datetime
    text: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Offered:
    """A message with a price that the fan has, and has not bought."""

    price: Money
    at: datetime
    text: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Purchases:
    """Both, the newest first."""

    bought: tuple[Bought, ...]
    offered: tuple[Offered, ...]
