"""What a member is to their team, and what an invitation is to who gets it."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from huntaze.cursors import Position
from huntaze.members.model import Role

INVITATION_LASTS = timedelta(days=7)  # as long as the password in its mail


class MemberStatus(StrEnum):
    """How somebody stands to the workspace."""

    INVITED = "invited"
    ACTIVE = "active"
    REMOVED = "removed"


class Mail(StrEnum):
    """What became of the mail of an invitation; the words are part of the API."""

    SENT = "sent"
    HAS_ACCOUNT = "has_account"  # needs no mail: the invitation waits where they sign in
    NOT_SENT = "not_sent"  # the invitation stands; sending it again sends the mail


@dataclass(frozen=True, slots=True, kw_only=True)
class NewMember:
    """Somebody to invite."""

    email: str
    role: Role
    display_name: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """A place in the workspace. It stays when its owner goes: approvals and the audit log name it."""

    id: UUID
    subject: str | None
    email: str
    display_name: str | None
    role: Role
    status: MemberStatus
    invited_by: UUID | None
    invited_by_name: str | None
    invited_until: datetime | None
    joined_at: datetime | None
    removed_at: datetime | None
    created_at: datetime
    updated_at: datetime

    @property
    def name(self) -> str:
        """What to call them."""
        return self.display_name or self.email

    @property
    def position(self) -> Position:
        """The place right after this member, in the order in which they came."""
        return Position(self.created_at.isoformat(), self.id)

    @property
    def is_active_owner(self) -> bool:
        """Whether they are one of those without whom nobody could manage the team."""
        return self.status is MemberStatus.ACTIVE and self.role is Role.OWNER

    def can_be_accepted(self, at: datetime) -> bool:
        """Whether this is an invitation that has not ended by then."""
        return self.status is MemberStatus.INVITED and self.invited_until is not None and at < self.invited_until


@dataclass(frozen=True, slots=True)
class Invited:
    """An invitation that was written, and what became of its mail."""

    member: Member
    mail: Mail


@dataclass(frozen=True, slots=True, kw_only=True)
class Invitation:
    """An invitation as the person sees it who got it, from outside the workspace."""

    member_id: UUID
    workspace_id: UUID
    workspace_name: str
    role: Role
    invited_by: str | None
    invited_until: datetime
