"""Founding a workspace: what an operator does for a creator, and nobody can do from outside."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Protocol
from uuid import UUID, uuid5

from huntaze.audit.model import Action
from huntaze.audit.service import AuditTrail
from huntaze.clock import Clock
from huntaze.errors import Conflict
from huntaze.members.model import Role
from huntaze.team.model import INVITATION_LASTS, Mail, Member, MemberStatus, NewMember
from huntaze.team.service import Mailer, TeamStore
from huntaze.workspaces.model import NewWorkspace

# Ids are made of name and owner: whoever repeats the command, also after a crash on any line, means the same workspace.
_FOUNDED = UUID("6f70657e-0000-5000-8000-68756e74617a")


class NewWorkspaceStore(Protocol):
    """One workspace that may not be there yet, inside one transaction."""

    def add(self, new: NewWorkspace) -> bool:
        """Keep it; whether it was not there before."""
        ...


class Stores(Protocol):
    """What a transaction gives to this."""

    @property
    def workspace(self) -> NewWorkspaceStore:
        """The workspace itself."""
        ...

    @property
    def team(self) -> TeamStore:
        """Its members."""
        ...

    @property
    def audit(self) -> AuditTrail:
        """What was done."""
        ...


Transactions = Callable[[UUID], AbstractContextManager[Stores]]


@dataclass(frozen=True, slots=True)
class Founded:
    """A workspace with its first owner; `mail` is None once they have joined."""

    workspace_id: UUID
    owner: Member
    is_new: bool
    mail: Mail | None


class Founding:
    """The one use case of an operator in workspaces. They see nothing of one and become no member."""

    def __init__(self, transactions: Transactions, mailer: Mailer, clock: Clock) -> None:
        self._transactions = transactions
        self._mailer = mailer
        self._clock = clock

    def found(self, new: NewWorkspace) -> Founded:
        """Make the workspace and invite its owner; asked again, only what is missing is done, and the mail sent anew.

        The invitation is written first: what becomes of its mail can be mended by asking again.
        """
        workspace_id = uuid5(_FOUNDED, f"{new.name}\n{new.owner_email.lower()}")
        with self._transactions(workspace_id) as stores:
            is_new = stores.workspace.add(new)
            stores.team.hold()
            owner = self._invited(stores.team, workspace_id, new) if is_new else self._known(stores.team, workspace_id)
            if is_new:
                stores.audit.record(Action.WORKSPACE_FOUNDED, workspace_id)
        waits = owner.status is MemberStatus.INVITED
        return Founded(workspace_id, owner, is_new, self._mailer.invite(owner.email) if waits else None)

    def _invited(self, team: TeamStore, workspace_id: UUID, new: NewWorkspace) -> Member:
        owner, at = NewMember(email=new.owner_email, role=Role.OWNER), self._clock.now()
        return team.invite(owner, _owner_of(workspace_id), None, at, at + INVITATION_LASTS)

    def _known(self, team: TeamStore, workspace_id: UUID) -> Member:
        owner = team.get(_owner_of(workspace_id))
        if owner.status is MemberStatus.REMOVED:
            raise Conflict("This workspace exists, and its first owner has left it: its owners invite people there.")
        if owner.status is MemberStatus.ACTIVE:
            return owner
        return team.renew(owner.id, self._clock.now() + INVITATION_LASTS)


def _owner_of(workspace_id: UUID) -> UUID:
    return uuid5(workspace_id, "first owner")
