"""From a proven person to a principal: a person in one of their workspaces."""

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from typing import Protocol
from uuid import UUID

from huntaze.errors import Forbidden, NotFound
from huntaze.members.model import Membership, Principal, Seat


class Memberships(Protocol):
    """Where active memberships are known, across workspaces."""

    def of(self, subject: str) -> Sequence[Membership]:
        """All of one person's, the oldest first."""
        ...


class SeatStore(Protocol):
    """The seats of one workspace, inside one transaction."""

    def of(self, member_id: UUID) -> Seat | None:
        """The seat of one member."""
        ...


class Stores(Protocol):
    """What a transaction gives to these use cases."""

    @property
    def seats(self) -> SeatStore:
        """The seats of the workspace."""
        ...


Transactions = Callable[[Principal], AbstractContextManager[Stores]]


class Members:
    """The use cases around who works where."""

    def __init__(self, memberships: Memberships) -> None:
        self._memberships = memberships

    def memberships(self, subject: str) -> Sequence[Membership]:
        """Where this person works, the oldest place first."""
        return self._memberships.of(subject)

    def principal_for(self, subject: str, wanted_workspace: UUID | None) -> Principal:
        """The person in the workspace they want, or in their oldest when they do not say."""
        memberships = self._memberships.of(subject)
        if not memberships:
            raise Forbidden("You are signed in, but not a member of any workspace. Ask an owner to invite you.")
        membership = _chosen(memberships, wanted_workspace)
        return Principal(subject, membership.workspace_id, membership.member_id, membership.role)


class Seats:
    """Where members sit."""

    def __init__(self, transactions: Transactions) -> None:
        self._transactions = transactions

    def of(self, who: Principal) -> Seat:
        """The caller's own seat."""
        with self._transactions(who) as stores:
            seat = stores.seats.of(who.member_id)
        if seat is None:
            raise NotFound
        return seat


def _chosen(memberships: Sequence[Membership], wanted: UUID | None) -> Membership:
    if wanted is None:
        return memberships[0]
    for membership in memberships:
        if membership.workspace_id == wanted:
            return membership
    raise NotFound
