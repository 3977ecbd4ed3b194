"""Looking at what a fan buys."""

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from typing import Protocol
from uuid import UUID

from huntaze.fans.model import Fan
from huntaze.members.model import Permission, Principal
from huntaze.purchases.model import Bought, Offered, Purchases


class PurchaseStore(Protocol):
    """What fans buy in one workspace, inside one transaction."""

    def bought(self, fan_id: UUID, limit: int) -> Sequence[Bought]:
        """What a fan paid for, the newest first."""
        ...

    def offered(self, fan_id: UUID, limit: int) -> Sequence[Offered]:
        """What they could buy and have not, the newest first."""
        ...


class PurchaseFans(Protocol):
    """What purchases need to know of the fans."""

    def get(self, fan_id: UUID) -> Fan:
        """One fan; NotFound when there is none."""
        ...


class Stores(Protocol):
    """What a transaction gives to this use case."""

    @property
    def fans(self) -> PurchaseFans:
        """The fans of the workspace."""
        ...

    @property
    def purchases(self) -> PurchaseStore:
        """What they buy."""
        ...


Transactions = Callable[[Principal], AbstractContextManager[Stores]]


class PurchaseHistory:
    """The one use case."""

    def __init__(self, transactions: Transactions) -> None:
        self._transactions = transactions

    def of(self, who: Principal, fan_id: UUID, limit: int) -> Purchases:
        """The last things a fan has bought, and as many that they were offered; for who may read what was said."""
        who.must(Permission.READ_FANS)
        who.must(Permission.READ_INBOX)
        with self._transactions(who) as stores:
            stores.fans.get(fan_id)
            bought, offered = stores.purchases.bought(fan_id, limit), stores.purchases.offered(fan_id, limit)
        return Purchases(tuple(bought), tuple(offered))
