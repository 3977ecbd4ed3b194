"""A team in memory, keeping the promises of its store, and what stands around it."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

from huntaze.cursors import Position
from huntaze.errors import Conflict, NotFound, Unauthenticated
from huntaze.ids import new_id
from huntaze.members.model import Membership, Role
from huntaze.sessions.model import Proven
from huntaze.team.model import Invitation, Mail, Member, MemberStatus, NewMember

LONG_AGO = datetime(2026, 1, 1, tzinfo=UTC)


def a_member(role: Role = Role.OWNER, **about: object) -> Member:
    """An active member, unless told otherwise."""
    member_id = about.pop("id", None) or new_id()
    known: dict[str, object] = {
        "id": member_id,
        "subject": f"subject of {member_id}",
        "email": f"{member_id}@example.com",
        "display_name": None,
        "role": role,
        "status": MemberStatus.ACTIVE,
        **dict.fromkeys(("invited_by", "invited_by_name", "invited_until", "removed_at")),
        **dict.fromkeys(("joined_at", "created_at", "updated_at"), LONG_AGO),
    }
    return Member(**known | about)  # type: ignore[arg-type]  # names chosen above


class FakeTeam:
    """The members of one workspace, in memory."""

    def __init__(self) -> None:
        self.kept: dict[UUID, Member] = {}
        self.holds = 0

    def hold(self) -> None:
        self.holds += 1

    def page(self, statuses: Sequence[MemberStatus], after: Position | None, limit: int) -> Sequence[Member]:
        found = sorted(
            (member for member in self.kept.values() if member.status in statuses), key=lambda one: _place(one.position)
        )
        return [member for member in found if after is None or _place(member.position) > _place(after)][:limit]

    def get(self, member_id: UUID) -> Member:
        if member_id not in self.kept:
            raise NotFound
        return self.kept[member_id]

    def owner_besides(self, member_id: UUID) -> bool:
        return any(member.is_active_owner for member in self.kept.values() if member.id != member_id)

    def invite(self, new: NewMember, member_id: UUID, by: UUID | None, at: datetime, until: datetime) -> Member:
        if any(member.email.lower() == new.email.lower() for member in self._present()):
            raise Conflict("This address belongs to a member already, or is invited.")
        self.kept[member_id] = a_member(
            new.role,
            id=member_id,
            subject=None,
            email=new.email.lower(),
            display_name=new.display_name,
            status=MemberStatus.INVITED,
            invited_by=by,
            invited_by_name=self.kept[by].name if by in self.kept else None,
            invited_until=until,
            joined_at=None,
            created_at=at,
            updated_at=at,
        )
        return self.kept[member_id]

    def renew(self, member_id: UUID, until: datetime) -> Member:
        return self._change(member_id, (MemberStatus.INVITED,), invited_until=until)

    def change_role(self, member_id: UUID, role: Role) -> Member:
        return self._change(member_id, (MemberStatus.INVITED, MemberStatus.ACTIVE), role=role)

    def join(self, member_id: UUID, subject: str, at: datetime) -> Member:
        if any(member.subject == subject for member in self._present() if member.id != member_id):
            raise Conflict("You are a member of this workspace already, under another address.")
        return self._change(
            member_id, (MemberStatus.INVITED,), subject=subject, status=MemberStatus.ACTIVE, joined_at=at
        )

    def remove(self, member_id: UUID, at: datetime) -> Member:
        return self._change(
            member_id, (MemberStatus.INVITED, MemberStatus.ACTIVE), status=MemberStatus.REMOVED, removed_at=at
        )

    def _present(self) -> Iterable[Member]:
        return [member for member in self.kept.values() if member.status is not MemberStatus.REMOVED]

    def _change(self, member_id: UUID, among: Sequence[MemberStatus], **changes: object) -> Member:
        member = self.get(member_id)
        if member.status not in among:
            raise NotFound
        later = member.updated_at + timedelta(microseconds=1)
        self.kept[member_id] = replace(member, updated_at=later, **changes)  # type: ignore[arg-type]  # the same
        return self.kept[member_id]


def _place(position: Position) -> tuple[datetime, UUID]:
    return datetime.fromisoformat(position.key), position.id


@dataclass
class FakeInvitations:
    """Open invitations across the workspaces that are told to it by name."""

    teams: Callable[[], Iterable[tuple[UUID, FakeTeam]]]

    def of(self, email: str, at: datetime) -> Sequence[Invitation]:
        found = [
            Invitation(
                member_id=member.id,
                workspace_id=workspace_id,
                workspace_name="A workspace",
                role=member.role,
                invited_by=member.invited_by_name,
                invited_until=member.invited_until or at,
            )
            for workspace_id, team in self.teams()
            for member in team.kept.values()
            if member.email.lower() == email.lower() and member.can_be_accepted(at)
        ]
        return sorted(found, key=lambda one: (one.invited_until, one.workspace_id))


@dataclass
class FakeMembershipsOfTeams:
    """Who is a member of what, read from the teams themselves."""

    teams: Callable[[], Iterable[tuple[UUID, FakeTeam]]]

    def of(self, subject: str) -> Sequence[Membership]:
        return [
            Membership(workspace_id, "A workspace", member.id, member.role)
            for workspace_id, team in self.teams()
            for member in team.kept.values()
            if member.subject == subject and member.status is MemberStatus.ACTIVE
        ]


@dataclass
class FakeAccounts:
    """The accounts of a user pool: subjects by address, and the mails that were sent."""

    subjects: dict[str, str] = field(default_factory=dict)
    mails: list[str] = field(default_factory=list)
    away: bool = False

    def invite(self, email: str) -> Mail:
        if self.away:
            return Mail.NOT_SENT
        if email in self.subjects:
            return Mail.HAS_ACCOUNT
        self.mails.append(email)
        return Mail.SENT

    def proven(self, subject: str) -> Proven:
        for email, known in self.subjects.items():
            if known == subject:
                return Proven(subject, email)
        raise Unauthenticated
