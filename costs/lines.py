"""One line of a bill."""

from dataclasses import dataclass

GB = 1_000_000  # KB: AWS's gigabytes are of ten or of two; the difference is below what we know


class Unpriced(Exception):
    """A template holds what nobody has looked up a price for."""


@dataclass(frozen=True)
class Line:
    """So much of something that has a price, and what it is for."""

    part: str
    what: str
    amount: float
    price: str
