"""What the database says of health: who asks, what waits in their workspace, and how their accounts are reached."""

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import Protocol
from uuid import UUID

from huntaze.connections.model import SealedDoor, Status
from huntaze.errors import NotFound
from huntaze.home.model import Waiting
from huntaze.members.model import Claimant, Permission, Principal
from huntaze.monitoring.model import MOST_UNKNOWN_COUNTED
from huntaze.outgoing.model import AccountRow


@dataclass(frozen=True, slots=True)
class Seen:
    """What was read for somebody who may see it."""

    who: Principal
    outbox_age_seconds: float
    unknown: int
    accounts: tuple[AccountRow, ...]
    doors: tuple[SealedDoor, ...] = field(default=(), repr=False)  # of those that are signed in


class Membership(Protocol):
    """Who works where."""

    def principal_for(self, subject: str, wanted_workspace: UUID | None) -> Principal:
        """The person in the workspace they want."""
        ...


class EveryPermit(Protocol):
    """What the database knows of all workspaces together."""

    def outbox_age_seconds(self) -> float:
        """How long ago the permit should have fired that should have done so first of those on their way."""
        ...


class Waits(Protocol):
    """What waits for people in one workspace."""

    def waiting(self, most: int) -> Waiting:
        """How many drafts, failed and unknown messages there are, each up to this."""
        ...


class Outgoing(Protocol):
    """The messages on their way of one workspace."""

    def accounts(self) -> Sequence[AccountRow]:
        """The accounts that messages leave through."""
        ...


class Doors(Protocol):
    """How the accounts of one workspace are reached."""

    def door(self, connection_id: UUID) -> SealedDoor:
        """How an account is reached; NotFound when it was disconnected or has no credentials."""
        ...


class Stores(Protocol):
    """What a transaction gives to this look."""

    @property
    def home(self) -> Waits:
        """What waits."""
        ...

    @property
    def outgoing(self) -> Outgoing:
        """What is on its way."""
        ...

    @property
    def connections(self) -> Doors:
        """The accounts."""
        ...


Transactions = Callable[[Principal], AbstractContextManager[Stores]]


class Looking:
    """One look, by whoever has just come to the database."""

    def __init__(self, members: Membership, every: EveryPermit, transactions: Transactions) -> None:
        self._members = members
        self._every = every
        self._transactions = transactions

    def look(self, whose: Claimant | Principal) -> Seen:
        """What this person may see; Forbidden when that is nothing, and NotFound where they do not belong."""
        who = whose if isinstance(whose, Principal) else self._found(whose)
        who.must(Permission.OPERATE)
        with self._transactions(who) as stores:
            accounts = tuple(row for row in stores.outgoing.accounts() if row.status != Status.REVOKED)
            unknown = stores.home.waiting(MOST_UNKNOWN_COUNTED).unknown
            doors = tuple(door for row in accounts if (door := _door(stores, row)) is not None)
        return Seen(who, self._every.outbox_age_seconds(), unknown, accounts, doors)

    def _found(self, claimant: Claimant) -> Principal:
        return self._members.principal_for(claimant.subject, claimant.wanted_workspace)


def _door(stores: Stores, row: AccountRow) -> SealedDoor | None:
    if row.status != Status.ACTIVE:  # nothing opens it until somebody signs in again
        return None
    try:
        return stores.connections.door(row.id)
    except NotFound:
        return None
