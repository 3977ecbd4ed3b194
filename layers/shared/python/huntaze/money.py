"""Money is whole cents with a currency; fractions do not exist."""

from dataclasses import dataclass

MOST_CENTS = 2**63 - 1  # what a bigint column holds


@dataclass(frozen=True, slots=True)
class Money:
    """An amount that is never negative, in one currency."""

    cents: int
    currency: str

    def __post_init__(self) -> None:
        if not 0 <= self.cents <= MOST_CENTS:
            raise ValueError("an amount of money is between nothing and what a bigint holds")
