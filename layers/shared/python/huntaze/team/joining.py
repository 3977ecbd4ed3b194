"""What somebody who was invited does with it, from outside: they belong to no workspace yet."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol
from uuid import UUID

from huntaze.audit.model import Action
from huntaze.clock import Clock
from huntaze.errors import Conflict, NotFound
from huntaze.members.model import Membership, Principal
from huntaze.members.service import Memberships
from huntaze.sessions.model import Proven
from huntaze.team.model import Invitation, Member, MemberStatus
from huntaze.team.service import Transactions


class OpenInvitations(Protocol):
    """Where open invitations are known, across workspaces."""

    def of(self, email: str, at: datetime) -> Sequence[Invitation]:
        """Those of an address, whatever its letters' case, soonest to end first."""
        ...


class Invitations:
    """The use cases of who was invited. Whoever calls has proven that they read the address."""

    def __init__(
        self, known: OpenInvitations, memberships: Memberships, transactions: Transactions, clock: Clock
    ) -> None:
        self._known = known
        self._memberships = memberships
        self._transactions = transactions
        self._clock = clock

    def of(self, person: Proven) -> Sequence[Invitation]:
        """All that wait for this person, soonest to end first."""
        return self._known.of(person.email, self._clock.now())

    def accept(self, person: Proven, invitation_id: UUID) -> Membership:
        """Become a member. Saying so twice is no mistake."""
        invitation = self._find(person, invitation_id)
        if invitation is None:
            return self._already_accepted(person, invitation_id)
        who = _as_invited(person, invitation)
        with self._transactions(who) as stores:
            stores.team.hold()
            member = stores.team.get(invitation_id)
            if member.status is MemberStatus.ACTIVE and member.subject == person.subject:
                return _membership(invitation, member)
            self._must_be_open(person, member)
            joined = stores.team.join(invitation_id, person.subject, self._clock.now())
            stores.audit.record(Action.MEMBER_JOINED, invitation_id, role=joined.role)
            return _membership(invitation, joined)

    def decline(self, person: Proven, invitation_id: UUID) -> None:
        """Do not become one."""
        invitation = self._find(person, invitation_id)
        if invitation is None:
            raise NotFound
        with self._transactions(_as_invited(person, invitation)) as stores:
            stores.team.hold()
            self._must_be_open(person, stores.team.get(invitation_id))
            stores.team.remove(invitation_id, self._clock.now())
            stores.audit.record(Action.MEMBER_LEFT, invitation_id, declined=True)

    def _find(self, person: Proven, invitation_id: UUID) -> Invitation | None:
        return next((one for one in self.of(person) if one.member_id == invitation_id), None)

    def _already_accepted(self, person: Proven, invitation_id: UUID) -> Membership:
        for place in self._memberships.of(person.subject):
            if place.member_id == invitation_id:
                return place
        raise NotFound

    def _must_be_open(self, person: Proven, member: Member) -> None:
        """Read again inside the transaction: it may have been withdrawn, or have ended, since it was found."""
        if member.email.lower() != person.email.lower():
            raise NotFound
        if not member.can_be_accepted(self._clock.now()):
            raise Conflict("This invitation is no longer open. Ask an owner to send it again.")


def _as_invited(person: Proven, invitation: Invitation) -> Principal:
    """The one who acts is the member they are about to be."""
    return Principal(person.subject, invitation.workspace_id, invitation.member_id, invitation.role)


def _membership(invitation: Invitation, member: Member) -> Membership:
    return Membership(invitation.workspace_id, invitation.workspace_name, member.id, member.role)
