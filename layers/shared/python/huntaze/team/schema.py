"""The team and its invitations as the API takes and gives them."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any, Self
from uuid import UUID

from pydantic import Field

from huntaze.cursors import Bookmarks
from huntaze.members.model import Membership, Principal, Role
from huntaze.paging import Page
from huntaze.schema import Incoming, Outgoing, text
from huntaze.team.model import Invitation, Invited, Mail, Member, MemberStatus, NewMember
from huntaze.versions import etag

# The user pool takes no longer ones.
Address = Annotated[str, Field(strict=True, min_length=3, max_length=128, pattern=r"^[^@\s\x00]+@[^@\s\x00]+$")]


class MembersQuery(Incoming):
    """Which stretch of the team is wanted."""

    status: Annotated[MemberStatus | None, Field(description="Only these. Without it all but who was removed.")] = None
    limit: Annotated[int, Field(ge=1, le=100, description="How many at most.")] = 50
    cursor: Annotated[str | None, Field(description="`nextCursor` of the page before.")] = None

    @property
    def statuses(self) -> tuple[MemberStatus, ...]:
        """The kinds of members that are wanted."""
        return (self.status,) if self.status else (MemberStatus.INVITED, MemberStatus.ACTIVE)


class NewMemberBody(Incoming):
    """Somebody to invite."""

    email: Address
    role: Role
    display_name: Annotated[str, text(shortest=1, longest=200)] | None = None

    def member(self) -> NewMember:
        """The same, for the use case."""
        return NewMember(email=self.email, role=self.role, display_name=self.display_name)


class RoleBody(Incoming):
    """What a member is to be from now on."""

    role: Role


class MemberBody(Outgoing):
    """A member of the team."""

    id: UUID
    email: str
    display_name: str | None
    role: Role
    status: MemberStatus
    is_you: bool
    invited_by: UUID | None
    invited_by_name: str | None
    invited_until: datetime | None
    joined_at: datetime | None
    removed_at: datetime | None
    created_at: datetime
    updated_at: datetime

    @property
    def etag(self) -> str:
        """Names this version of the member; it goes out as the ETag."""
        return etag(self)

    @classmethod
    def of(cls, member: Member, who: Principal) -> Self:
        """A member as the API shows it to this caller."""
        return cls(**_told(member, who))


class InvitedBody(MemberBody):
    """A member who was invited, and what became of the mail."""

    mail: Mail

    @classmethod
    def told(cls, invited: Invited, who: Principal) -> Self:
        """An invitation as the API shows it to this caller."""
        return cls(**_told(invited.member, who), mail=invited.mail)


def _told(member: Member, who: Principal) -> dict[str, Any]:
    known = {name: getattr(member, name) for name in MemberBody.model_fields if name != "is_you"}
    return {**known, "is_you": member.id == who.member_id}


class MembersBody(Outgoing):
    """A page of the team."""

    members: list[MemberBody]
    next_cursor: str | None

    @classmethod
    def of(cls, page: Page[Member], who: Principal, bookmarks: Bookmarks) -> Self:
        """A page as the API shows it."""
        members = [MemberBody.of(member, who) for member in page.items]
        return cls(members=members, next_cursor=bookmarks.cursor(page.next))


class InvitationBody(Outgoing):
    """An invitation as the person sees it who got it."""

    id: UUID
    workspace_id: UUID
    workspace_name: str
    role: Role
    invited_by: str | None
    invited_until: datetime

    @classmethod
    def of(cls, invitation: Invitation) -> Self:
        """An invitation as the API shows it."""
        known = {name: getattr(invitation, name) for name in cls.model_fields if name != "id"}
        return cls(id=invitation.member_id, **known)


class InvitationsBody(Outgoing):
    """All invitations that wait for the caller."""

    invitations: list[InvitationBody]

    @classmethod
    def of(cls, invitations: Sequence[Invitation]) -> Self:
        """They as the API shows them."""
        return cls(invitations=[InvitationBody.of(one) for one in invitations])


class MembershipBody(Outgoing):
    """A place in a workspace, as its new owner sees it."""

    workspace_id: UUID
    workspace_name: str
    member_id: UUID
    role: Role

    @classmethod
    def of(cls, place: Membership) -> Self:
        """A membership as the API shows it."""
        return cls(**{name: getattr(place, name) for name in cls.model_fields})
