"""What owners do with their team, and what everybody may: leave."""

import hashlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from datetime import datetime
from typing import Protocol
from uuid import UUID

from huntaze.audit.model import Action
from huntaze.audit.service import AuditTrail
from huntaze.clock import Clock
from huntaze.cursors import Position
from huntaze.errors import Conflict, Forbidden, TooMany
from huntaze.members.model import Permission, Principal, Role
from huntaze.paging import Page
from huntaze.sessions.service import Attempts
from huntaze.team.model import INVITATION_LASTS, Invited, Mail, Member, MemberStatus, NewMember
from huntaze.versions import must_be_current

# Whoever is invited has not asked for our mail: so many for one address, whichever workspace asks.
_MOST_MAILS = 5
_WITHIN_SECONDS = 3600


class TeamStore(Protocol):
    """The members of one workspace, inside one transaction."""

    def hold(self) -> None:
        """Let nobody else change the team until the transaction ends."""
        ...

    def page(self, statuses: Sequence[MemberStatus], after: Position | None, limit: int) -> Sequence[Member]:
        """Members of these kinds in the order in which they came, or from a place on."""
        ...

    def get(self, member_id: UUID) -> Member:
        """One member; NotFound when there is none."""
        ...

    def owner_besides(self, member_id: UUID) -> bool:
        """Whether there is an active owner beside this one."""
        ...

    def invite(self, new: NewMember, member_id: UUID, by: UUID | None, at: datetime, until: datetime) -> Member:
        """Keep an invitation, the first of a workspace by nobody; Conflict when the address has a place already."""
        ...

    def renew(self, member_id: UUID, until: datetime) -> Member:
        """Let an invitation last until then."""
        ...

    def change_role(self, member_id: UUID, role: Role) -> Member:
        """Give a member another role."""
        ...

    def join(self, member_id: UUID, subject: str, at: datetime) -> Member:
        """Make who was invited a member; Conflict when they have another place here."""
        ...

    def remove(self, member_id: UUID, at: datetime) -> Member:
        """End a membership or an invitation."""
        ...


class Stores(Protocol):
    """What a transaction gives to these use cases."""

    @property
    def team(self) -> TeamStore:
        """The members of the workspace."""
        ...

    @property
    def audit(self) -> AuditTrail:
        """What people do."""
        ...


class Mailer(Protocol):
    """Who makes accounts for people who have none, and writes to them."""

    def invite(self, email: str) -> Mail:
        """Make sure that there is an account, and tell its owner of it as long as they have never signed in."""
        ...


Transactions = Callable[[Principal], AbstractContextManager[Stores]]


class Team:
    """The use cases around the team."""

    def __init__(
        self,
        transactions: Transactions,
        mailer: Mailer,
        attempts: Attempts,
        *,
        clock: Clock,
        new_id: Callable[[], UUID],
    ) -> None:
        self._transactions = transactions
        self._mailer = mailer
        self._attempts = attempts
        self._clock = clock
        self._new_id = new_id

    def page(
        self, who: Principal, statuses: Sequence[MemberStatus], limit: int, after: Position | None = None
    ) -> Page[Member]:
        """A page of the team, in the order in which people came."""
        who.must(Permission.READ_TEAM)
        with self._transactions(who) as stores:
            return Page.of(stores.team.page(statuses, after, limit + 1), limit)

    def get(self, who: Principal, member_id: UUID) -> Member:
        """One member."""
        who.must(Permission.READ_TEAM)
        with self._transactions(who) as stores:
            return stores.team.get(member_id)

    def is_needed(self, who: Principal) -> bool:
        """Whether the caller is the last owner, and so can neither leave nor step down."""
        if who.role is not Role.OWNER:
            return False
        with self._transactions(who) as stores:
            return not stores.team.owner_besides(who.member_id)

    def invite(self, who: Principal, new: NewMember) -> Invited:
        """Invite somebody. The invitation is written first: what becomes of its mail can be mended by sending again."""
        self._must_be_patient(who, new.email)
        with self._managing(who) as stores:
            at = self._clock.now()
            member = stores.team.invite(new, self._new_id(), who.member_id, at, at + INVITATION_LASTS)
            stores.audit.record(Action.MEMBER_INVITED, member.id, role=new.role)
        return Invited(member, self._mailer.invite(member.email))

    def send_again(self, who: Principal, member_id: UUID) -> Invited:
        """Send an invitation again, which lets it last anew."""
        who.must(Permission.MANAGE_TEAM)
        with self._transactions(who) as stores:
            email = stores.team.get(member_id).email
        self._must_be_patient(who, email)
        with self._managing(who) as stores:
            if stores.team.get(member_id).status is not MemberStatus.INVITED:
                raise Conflict("There is no open invitation here to send again.")
            member = stores.team.renew(member_id, self._clock.now() + INVITATION_LASTS)
            stores.audit.record(Action.MEMBER_INVITED, member_id, role=member.role, again=True)
        return Invited(member, self._mailer.invite(email))

    def change_role(self, who: Principal, member_id: UUID, role: Role, if_match: str | None = None) -> Member:
        """Give a member, or somebody invited, another role."""
        with self._managing(who) as stores:
            member = stores.team.get(member_id)
            must_be_current(member, if_match)
            if member.status is MemberStatus.REMOVED:
                raise Conflict("This member was removed. Invite them again.")
            if member.role is role:
                return member
            _must_leave_an_owner(stores, member)
            changed = stores.team.change_role(member_id, role)
            stores.audit.record(Action.MEMBER_ROLE_CHANGED, member_id, before=member.role, after=role)
            return changed

    def remove(self, who: Principal, member_id: UUID) -> None:
        """End a membership or an invitation; one's own is leaving, which everybody may."""
        if member_id == who.member_id:
            self._leave(who)
            return
        with self._managing(who) as stores:
            member = stores.team.get(member_id)
            if member.status is MemberStatus.REMOVED:
                return
            _must_leave_an_owner(stores, member)
            stores.team.remove(member_id, self._clock.now())
            stores.audit.record(Action.MEMBER_REMOVED, member_id, was=member.status)

    def _leave(self, who: Principal) -> None:
        with self._transactions(who) as stores:
            stores.team.hold()
            member = stores.team.get(who.member_id)
            if member.status is MemberStatus.REMOVED:
                return
            _must_leave_an_owner(stores, member)
            stores.team.remove(who.member_id, self._clock.now())
            stores.audit.record(Action.MEMBER_LEFT, who.member_id)

    @contextmanager
    def _managing(self, who: Principal) -> Iterator[Stores]:
        """A transaction that has the team to itself. The caller's role is read again: it may have changed."""
        who.must(Permission.MANAGE_TEAM)
        with self._transactions(who) as stores:
            stores.team.hold()
            caller = stores.team.get(who.member_id)
            if caller.status is not MemberStatus.ACTIVE:
                raise Forbidden("You are no longer a member of this workspace.")
            replace(who, role=caller.role).must(Permission.MANAGE_TEAM)
            yield stores

    def _must_be_patient(self, who: Principal, email: str) -> None:
        """Nobody's mailbox is ours to fill."""
        who.must(Permission.MANAGE_TEAM)
        address = hashlib.sha256(email.lower().encode()).hexdigest()  # no address is written down
        if not self._attempts.may_try(f"invitation:for:{address}", _MOST_MAILS, _WITHIN_SECONDS):
            raise TooMany(retry_after=_WITHIN_SECONDS)


def _must_leave_an_owner(stores: Stores, member: Member) -> None:
    if member.is_active_owner and not stores.team.owner_besides(member.id):
        raise Conflict("A workspace keeps at least one owner. Make somebody else an owner first.")
