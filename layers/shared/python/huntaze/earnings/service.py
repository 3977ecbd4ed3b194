"""Looking at what a fan has brought."""

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Protocol
from uuid import UUID

from huntaze.clock import Clock
from huntaze.earnings.model import LATELY, Earned
from huntaze.fans.model import Fan
from huntaze.members.model import Permission, Principal


class EarningsStore(Protocol):
    """The payments of one workspace, inside one transaction."""

    def of(self, fan_id: UUID, currency: str, since: datetime) -> Sequence[Earned]:
        """A fan's payments in this currency summed up by kind, the largest first, and apart what came since then."""
        ...


class Stores(Protocol):
    """What a transaction gives to this use case."""

    @property
    def earnings(self) -> EarningsStore:
        """The payments of the workspace."""
        ...


Transactions = Callable[[Principal], AbstractContextManager[Stores]]


class Earnings:
    """The one use case."""

    def __init__(self, transactions: Transactions, clock: Clock) -> None:
        self._transactions = transactions
        self._clock = clock

    def of(self, who: Principal, fan: Fan) -> tuple[Earned, ...]:
        """What a fan has brought in the currency of their value, by kind, the most first."""
        who.must(Permission.READ_FANS)
        with self._transactions(who) as stores:
            return tuple(stores.earnings.of(fan.id, fan.value.currency, self._clock.now() - LATELY))
