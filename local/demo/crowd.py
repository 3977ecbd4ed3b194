"""Who there is, before anybody has a name: how long each fan has been here, how much each spends and talks."""

import math
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import accumulate

from local.demo.dice import Deal, Dice, Ranks

OLDEST_DAYS = 900
_GROWTH = 1.5  # above 1: more and more fans join

_FREE = 0.3
_SPENDING_TAIL = 0.68  # the best percent brings a good fifth of the money
_MOST_SPENDING = 60.0
_TALKING_TAIL = 0.6
_MOST_TALKING = 40.0


@dataclass(frozen=True, kw_only=True)
class Amount:
    """How much of everything a workspace has. These are exact."""

    fans: int
    conversations: int = 0
    messages: int = 0
    transactions: int = 0
    # Of those who pay, how many came from a file that said what they had spent before.
    imported: float = 0.08

    def __post_init__(self) -> None:
        if not 0 < self.fans >= self.conversations <= self.messages:
            raise ValueError("every conversation has a fan of its own and at least one message")
        if self.messages and not self.conversations:
            raise ValueError("messages stand in conversations")


@dataclass(frozen=True, slots=True)
class Place:
    """What falls to one fan."""

    days_here: tuple[float, float]  # at least and at most
    spending: float  # 0 for those who never pay, 1 for most, up to 60
    transactions: int
    messages: int


class Crowd:
    """The fans of a workspace from the oldest to the newest. Nobody is kept, so there may be millions."""

    def __init__(self, amount: Amount, dice: Dice) -> None:
        self._amount = amount
        self._by_spending = Ranks(amount.fans, dice)
        self._by_talking = Ranks(amount.fans, dice)

    def __iter__(self) -> Iterator[Place]:
        amount, everybody = self._amount, range(self._amount.fans)
        transactions = Deal(amount.transactions, _sum(map(self._spending, everybody)))
        # Everybody who talks has said one thing; the rest goes by weight.
        messages = Deal(amount.messages - amount.conversations, _sum(map(self._talking, everybody)))
        for index in everybody:
            spending, talking = self._spending(index), self._talking(index)
            yield Place(
                (self._days_here(index + 1), self._days_here(index)),
                spending,
                transactions.share(spending) if spending else 0,
                messages.share(talking) + 1 if talking else 0,
            )

    def _days_here(self, index: int) -> float:
        return OLDEST_DAYS * float((1 - index / self._amount.fans) ** _GROWTH)

    def _time_to(self, index: int) -> float:
        """Who has been here for longer has done more; from a year on it makes no difference."""
        return 0.1 + 0.9 * min(1.0, self._days_here(index) / 365)

    def _spending(self, index: int) -> float:
        share = (self._by_spending[index] + 0.5) / self._amount.fans
        if share < _FREE:
            return 0.0
        return min(_MOST_SPENDING, float(((1 - share) / (1 - _FREE)) ** -_SPENDING_TAIL)) * self._time_to(index)

    def _talking(self, index: int) -> float:
        silent = self._amount.fans - self._amount.conversations
        rank = self._by_talking[index] - silent
        if rank < 0:
            return 0.0
        weight = min(_MOST_TALKING, float((1 - (rank + 0.5) / self._amount.conversations) ** -_TALKING_TAIL))
        return weight * (1 + math.log1p(self._spending(index))) * self._time_to(index)


def _sum(weights: Iterable[float]) -> float:
    """Added up one after the other, as the deal does: sum() is more exact, and so another number."""
    return deque(accumulate(weights, initial=0.0), maxlen=1)[0]
