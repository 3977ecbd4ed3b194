"""Telling a person all that is held about them."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Protocol
from uuid import UUID

from huntaze.audit.model import Action
from huntaze.audit.service import AuditTrail
from huntaze.dossiers.model import Dossier
from huntaze.fans.model import Fan
from huntaze.members.model import Permission, Principal


class DossierStore(Protocol):
    """Everything about fans in one workspace, inside one transaction."""

    def records(self, fan_id: UUID) -> Dossier:
        """Every record about a fan, by the name of the kind of record."""
        ...


class DossierFans(Protocol):
    """What dossiers need to know of the fans."""

    def get(self, fan_id: UUID) -> Fan:
        """One fan; NotFound when there is none."""
        ...


class Stores(Protocol):
    """What a transaction gives to this use case."""

    @property
    def fans(self) -> DossierFans:
        """The fans of the workspace."""
        ...

    @property
    def dossiers(self) -> DossierStore:
        """Everything about them."""
        ...

    @property
    def audit(self) -> AuditTrail:
        """What people do."""
        ...


Transactions = Callable[[Principal], AbstractContextManager[Stores]]


class Dossiers:
    """The one use case."""

    def __init__(self, transactions: Transactions) -> None:
        self._transactions = transactions

    def of(self, who: Principal, fan_id: UUID) -> Dossier:
        """All that is held about a fan."""
        who.must(Permission.WRITE_FANS)
        with self._transactions(who) as stores:
            stores.fans.get(fan_id)
            dossier = stores.dossiers.records(fan_id)
            stores.audit.record(Action.FAN_DISCLOSED, fan_id)
            return dossier
