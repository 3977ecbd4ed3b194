"""What a fan has brought, by kind of payment."""

from dataclasses import dataclass
from datetime import timedelta

from huntaze.money import Money

LATELY = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Earned:
    """What came in by one kind: subscription, ppv or tip; `lately` is the part of the last 30 days."""

    kind: str
    amount: Money
    count: int
    lately: Money
