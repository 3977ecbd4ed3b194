"""Looking at what fans have brought."""

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Protocol
from uuid import UUID

from huntaze.clock import Clock
from huntaze.earnings.model import LATELY, Earned, SoFar, Stretches
from huntaze.fans.model import Fan
from huntaze.members.model import Permission, Principal
from huntaze.workspaces.model import Workspace


class EarningsStore(Protocol):
    """The payments of one workspace, inside one transaction."""

    def of(self, fan_id: UUID, currency: str, since: datetime) -> Sequence[Earned]:
        """A fan's payments in this currency summed up by kind, the largest first, and apart what came since then."""
        ...

    def so_far(self, stretches: Stretches) -> Sequence[SoFar]:
        """What came in, by currency and kind."""
        ...


class Home(Protocol):
    """The workspace itself."""

    def get(self) -> Workspace:
        """The workspace."""
        ...


class Stores(Protocol):
    """What a transaction gives to these use cases."""

    @property
    def earnings(self) -> EarningsStore:
        """The payments of the workspace."""
        ...

    @property
    def workspace(self) -> Home:
        """Where it is midnight when."""
        ...


Transactions = Callable[[Principal], AbstractContextManager[Stores]]


class Earnings:
    """The use cases of those who look."""

    def __init__(self, transactions: Transactions, clock: Clock) -> None:
        self._transactions = transactions
        self._clock = clock

    def of(self, who: Principal, fan: Fan) -> tuple[Earned, ...]:
        """What a fan has brought in the currency of their value, by kind, the most first."""
        who.must(Permission.READ_FANS)
        with self._transactions(who) as stores:
            return tuple(stores.earnings.of(fan.id, fan.value.currency, self._clock.now() - LATELY))

    def so_far(self, who: Principal) -> tuple[SoFar, ...]:
        """What came in today and this month, by currency and kind."""
        who.must(Permission.READ_ANALYTICS)
        with self._transactions(who) as stores:
            stretches = Stretches.at(self._clock.now(), stores.workspace.get().timezone)
            return tuple(stores.earnings.so_far(stretches))
