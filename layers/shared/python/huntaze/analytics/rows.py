"""What the store reads, before it is put together for people. All sums are of one period, or of two side by side."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from huntaze.money import Money


@dataclass(frozen=True, slots=True, kw_only=True)
class Metric:
    """How often and how much something was, in the period and in the one before."""

    name: str
    currency: str
    now: int
    before: int
    cents_now: int
    cents_before: int


@dataclass(frozen=True, slots=True)
class KindOnDay:
    """What came in by one kind on one day."""

    day: date
    kind: str
    amount: Money


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """How many answers of a member took about as long, in the period and in the one before.

    A duration is of bucket b when it has at least 2 ** (b / 4) and less than 2 ** ((b + 1) / 4) seconds; what was
    answered at once is of bucket 0.
    """

    member_id: UUID | None
    name: str | None
    bucket: int
    now: int
    before: int
    seconds_now: int
    seconds_before: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Earned:
    """What a member sent, and what was paid for it in one currency."""

    member_id: UUID | None
    name: str | None
    sent: int
    earned: Money


@dataclass(frozen=True, slots=True, kw_only=True)
class CohortRow:
    """Of those who first paid in one month: how many paid in another, and what in one currency.

    Who paid in two currencies is counted as a payer in one of them.
    """

    cohort: date
    month: date
    payers: int
    paid: Money
