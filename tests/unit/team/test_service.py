"""Managing a team and being invited to one, without a database."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from huntaze.audit.model import Action
from huntaze.clock import FixedClock
from huntaze.errors import Conflict, Forbidden, NotFound, Stale, TooMany
from huntaze.ids import new_id
from huntaze.limits.service import OwnCounter
from huntaze.members.model import Principal, Role
from huntaze.sessions.model import Proven
from huntaze.sessions.service import CountedAttempts
from huntaze.team.joining import Invitations
from huntaze.team.model import INVITATION_LASTS, Mail, MemberStatus, NewMember
from huntaze.team.service import Team
from huntaze.versions import etag
from tests.support.fake_team import FakeAccounts, FakeInvitations, FakeMembershipsOfTeams, FakeTeam, a_member
from tests.support.fakes import FakeDatabase, FakeStores

NOON = datetime(2026, 5, 1, 12, tzinfo=UTC)
PRESENT = (MemberStatus.INVITED, MemberStatus.ACTIVE)
TOM = NewMember(email="Tom@example.com", role=Role.CHATTER)
TOMS = Proven("tom", "tom@EXAMPLE.com")


class Office:
    """A workspace with an owner, and the use cases around its team."""

    def __init__(self) -> None:
        self.database, self.accounts, self.clock = FakeDatabase(), FakeAccounts(), FixedClock(NOON)
        self.workspace_id = new_id()
        attempts = CountedAttempts(None, OwnCounter())
        act = self.database.in_workspace
        self.team = Team(act, self.accounts, attempts, clock=self.clock, new_id=new_id)
        self.invitations = Invitations(FakeInvitations(self.teams), FakeMembershipsOfTeams(self.teams), act, self.clock)
        self.owner = self.seat(Role.OWNER)

    @property
    def stores(self) -> FakeStores:
        return self.database.workspaces.setdefault(self.workspace_id, FakeStores())

    def teams(self) -> Iterable[tuple[UUID, FakeTeam]]:
        return [(workspace_id, stores.team) for workspace_id, stores in self.database.workspaces.items()]

    def seat(self, role: Role) -> Principal:
        member = a_member(role)
        self.stores.team.kept[member.id] = member
        return Principal(str(member.subject), self.workspace_id, member.id, role)

    def status_of(self, who: Principal) -> MemberStatus:
        return self.stores.team.get(who.member_id).status


@pytest.fixture
def office() -> Office:
    return Office()


@pytest.mark.parametrize("role", [Role.MANAGER, Role.CHATTER, Role.ANALYST, Role.MACHINE])
def test_only_owners_manage_the_team(office: Office, role: Role) -> None:
    who, other = office.seat(role), office.seat(Role.CHATTER)
    for act in (
        lambda: office.team.invite(who, TOM),
        lambda: office.team.send_again(who, other.member_id),
        lambda: office.team.change_role(who, other.member_id, Role.OWNER),
        lambda: office.team.remove(who, other.member_id),
    ):
        with pytest.raises(Forbidden):
            act()
    assert office.stores.audit.entries == []
    assert office.accounts.mails == []


@pytest.mark.parametrize("role", [Role.CHATTER, Role.ANALYST, Role.MACHINE])
def test_who_may_not_see_the_team_does_not(office: Office, role: Role) -> None:
    who = office.seat(role)
    with pytest.raises(Forbidden):
        office.team.page(who, PRESENT, 9)
    with pytest.raises(Forbidden):
        office.team.get(who, who.member_id)


def test_an_invitation_is_written_mailed_and_audited(office: Office) -> None:
    invited = office.team.invite(office.owner, TOM)
    assert (invited.member.email, invited.mail) == ("tom@example.com", Mail.SENT)
    assert invited.member.invited_until == NOON + INVITATION_LASTS
    assert office.accounts.mails == ["tom@example.com"]
    assert office.stores.audit.entries == [(Action.MEMBER_INVITED, invited.member.id, {"role": Role.CHATTER})]
    assert office.team.page(office.owner, PRESENT, 9).items[-1] == invited.member


def test_who_has_an_account_needs_no_mail(office: Office) -> None:
    office.accounts.subjects["tom@example.com"] = "tom"
    assert office.team.invite(office.owner, TOM).mail is Mail.HAS_ACCOUNT


def test_a_mail_that_could_not_leave_is_sent_again(office: Office) -> None:
    office.accounts.away = True
    invited = office.team.invite(office.owner, TOM)
    assert invited.mail is Mail.NOT_SENT
    office.accounts.away = False
    office.clock.advance(timedelta(days=9))
    again = office.team.send_again(office.owner, invited.member.id)
    assert (again.mail, again.member.invited_until) == (Mail.SENT, office.clock.now() + INVITATION_LASTS)


def test_nobodys_mailbox_is_filled(office: Office) -> None:
    member_id = office.team.invite(office.owner, TOM).member.id
    for _ in range(4):
        office.team.send_again(office.owner, member_id)
    with pytest.raises(TooMany):
        office.team.send_again(office.owner, member_id)
    assert len(office.accounts.mails) == 5


def test_only_what_is_open_is_sent_again(office: Office) -> None:
    with pytest.raises(Conflict):
        office.team.send_again(office.owner, office.seat(Role.CHATTER).member_id)


def test_a_role_is_changed_for_the_version_that_was_seen(office: Office) -> None:
    who = office.seat(Role.CHATTER)
    seen = etag(office.team.get(office.owner, who.member_id))
    assert office.team.change_role(office.owner, who.member_id, Role.MANAGER, seen).role is Role.MANAGER
    with pytest.raises(Stale):
        office.team.change_role(office.owner, who.member_id, Role.ANALYST, seen)
    [(action, object_id, details)] = office.stores.audit.entries
    assert (action, object_id) == (Action.MEMBER_ROLE_CHANGED, who.member_id)
    assert details == {"before": Role.CHATTER, "after": Role.MANAGER}


def test_the_same_role_once_more_changes_nothing(office: Office) -> None:
    office.team.change_role(office.owner, office.owner.member_id, Role.OWNER)
    assert office.stores.audit.entries == []


def test_the_last_owner_stays(office: Office) -> None:
    mine = office.owner.member_id
    for act in (
        lambda: office.team.change_role(office.owner, mine, Role.CHATTER),
        lambda: office.team.remove(office.owner, mine),
    ):
        with pytest.raises(Conflict, match="at least one owner"):
            act()
    other = office.seat(Role.OWNER)
    office.team.remove(office.owner, mine)
    assert office.status_of(office.owner) is MemberStatus.REMOVED
    with pytest.raises(Conflict):
        office.team.remove(other, other.member_id)


def test_an_owner_who_is_none_any_more_manages_nothing(office: Office) -> None:
    """The role that came with the request may be older than a demotion that has just been committed."""
    other = office.seat(Role.OWNER)
    office.team.change_role(office.owner, other.member_id, Role.MANAGER)
    with pytest.raises(Forbidden):
        office.team.change_role(other, office.owner.member_id, Role.CHATTER)
    office.team.remove(office.owner, other.member_id)
    with pytest.raises(Forbidden):
        office.team.invite(other, TOM)


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.OWNER])
def test_everybody_may_leave(office: Office, role: Role) -> None:
    who = office.seat(role)
    office.team.remove(who, who.member_id)
    office.team.remove(who, who.member_id)
    assert office.status_of(who) is MemberStatus.REMOVED
    assert office.stores.audit.actions == [Action.MEMBER_LEFT]


def test_a_removed_member_stays_as_a_row(office: Office) -> None:
    who = office.seat(Role.CHATTER)
    office.team.remove(office.owner, who.member_id)
    assert office.team.get(office.owner, who.member_id).status is MemberStatus.REMOVED
    assert office.stores.audit.entries == [(Action.MEMBER_REMOVED, who.member_id, {"was": MemberStatus.ACTIVE})]
    with pytest.raises(Conflict):
        office.team.change_role(office.owner, who.member_id, Role.OWNER)


def test_who_is_invited_sees_it_and_joins(office: Office) -> None:
    invited = office.team.invite(office.owner, TOM).member
    [seen] = office.invitations.of(TOMS)
    assert (seen.member_id, seen.workspace_id, seen.role) == (invited.id, office.workspace_id, Role.CHATTER)
    place = office.invitations.accept(TOMS, invited.id)
    assert (place.workspace_id, place.member_id, place.role) == (office.workspace_id, invited.id, Role.CHATTER)
    member = office.stores.team.get(invited.id)
    assert (member.status, member.subject, member.joined_at) == (MemberStatus.ACTIVE, "tom", NOON)
    assert office.stores.audit.entries[-1] == (Action.MEMBER_JOINED, invited.id, {"role": Role.CHATTER})
    assert list(office.invitations.of(TOMS)) == []


def test_accepting_twice_is_accepting_once(office: Office) -> None:
    invited = office.team.invite(office.owner, TOM).member
    first = office.invitations.accept(TOMS, invited.id)
    assert office.invitations.accept(TOMS, invited.id) == first
    assert office.stores.audit.actions == [Action.MEMBER_INVITED, Action.MEMBER_JOINED]


def test_nobody_takes_the_invitation_of_another(office: Office) -> None:
    invited = office.team.invite(office.owner, TOM).member
    thief = Proven("eve", "eve@example.com")
    with pytest.raises(NotFound):
        office.invitations.accept(thief, invited.id)
    with pytest.raises(NotFound):
        office.invitations.decline(thief, invited.id)
    office.invitations.accept(TOMS, invited.id)
    with pytest.raises(NotFound):
        office.invitations.accept(thief, invited.id)


def test_an_invitation_ends(office: Office) -> None:
    invited = office.team.invite(office.owner, TOM).member
    office.clock.advance(INVITATION_LASTS)
    assert list(office.invitations.of(TOMS)) == []
    with pytest.raises(NotFound):
        office.invitations.accept(TOMS, invited.id)
    office.team.send_again(office.owner, invited.id)
    assert office.invitations.accept(TOMS, invited.id).member_id == invited.id


def test_what_was_withdrawn_between_finding_and_taking_is_not_taken(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    invited = office.team.invite(office.owner, TOM).member
    found = office.invitations.of(TOMS)
    monkeypatch.setattr(FakeInvitations, "of", lambda *_: found)
    office.team.remove(office.owner, invited.id)
    with pytest.raises(Conflict):
        office.invitations.accept(TOMS, invited.id)
    with pytest.raises(Conflict):
        office.invitations.decline(TOMS, invited.id)


def test_what_is_declined_is_gone(office: Office) -> None:
    invited = office.team.invite(office.owner, TOM).member
    office.invitations.decline(TOMS, invited.id)
    assert office.stores.team.get(invited.id).status is MemberStatus.REMOVED
    assert office.stores.audit.entries[-1] == (Action.MEMBER_LEFT, invited.id, {"declined": True})
    with pytest.raises(NotFound):
        office.invitations.decline(TOMS, invited.id)
