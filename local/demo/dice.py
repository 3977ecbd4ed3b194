"""Chance that is the same on every machine: seeded draws, ids, and a total dealt out by weight."""

import math
import random
from collections.abc import Mapping, Sequence
from typing import TypeVar

T = TypeVar("T")

_LOW_48 = (1 << 48) - 1


class Dice(random.Random):
    """A seeded source of everything that looks accidental. Written for millions of draws."""

    def of(self, things: Sequence[T]) -> T:
        """One of these."""
        return things[int(self.random() * len(things))]

    def chance(self, probability: float) -> bool:
        """Whether something happens that does so this often."""
        return self.random() < probability

    def between(self, lowest: int, highest: int) -> int:
        """A whole number; both ends can come up."""
        return lowest + int(self.random() * (highest - lowest + 1))

    def new_id(self, milliseconds: int) -> str:
        """A UUIDv7 of this moment, as text."""
        tail = self.getrandbits(74)
        return (
            f"{milliseconds >> 16:08x}-{milliseconds & 0xFFFF:04x}-7{tail >> 62:03x}"
            f"-{0x8000 | (tail >> 48 & 0x3FFF):04x}-{tail & _LOW_48:012x}"
        )


def shelf(weights: Mapping[T, int]) -> tuple[T, ...]:
    """Things to draw from, each there as often as it weighs."""
    return tuple(thing for thing, weight in weights.items() for _ in range(weight))


class Ranks:
    """A seeded order of everybody, known without keeping it: each place is taken exactly once."""

    def __init__(self, count: int, dice: Dice) -> None:
        self._count = count
        self._start = dice.randrange(count)
        self._step = _coprime(count, dice)

    def __getitem__(self, index: int) -> int:
        return (self._start + index * self._step) % self._count


class Deal:
    """Deals a total out by weight: each share is a whole number, and together they are the total exactly."""

    def __init__(self, total: int, all_weights: float) -> None:
        self._total = total
        self._all_weights = all_weights
        self._weights = 0.0
        self._dealt = 0

    def share(self, weight: float) -> int:
        """The next share. Weights come in the order in which they were added up."""
        self._weights += weight
        due = (
            self._total if self._weights >= self._all_weights else int(self._total * self._weights / self._all_weights)
        )
        share, self._dealt = due - self._dealt, due
        return share


def _coprime(count: int, dice: Dice) -> int:
    """A step that visits every place before it comes back: with no divisor in common with their number."""
    step = dice.randrange(count // 3 + 1, count + 2)
    while math.gcd(step, count) != 1:
        step += 1
    return step
