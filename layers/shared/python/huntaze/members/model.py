"""People in workspaces: roles, what each role may do, and who is calling."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from huntaze.errors import Forbidden


class Role(StrEnum):
    """What a person is in one workspace."""

    OWNER = "owner"
    MANAGER = "manager"
    CHATTER = "chatter"
    ANALYST = "analyst"


class Permission(StrEnum):
    """Something a role may do; the words are what a refusal says."""

    MANAGE_TEAM = "manage the team"
    ERASE_PEOPLE = "erase a person for good"
    READ_FANS = "see fans"
    WRITE_FANS = "change fans"
    WRITE_NOTES = "write notes about fans"
    RUN_CAMPAIGNS = "run campaigns"
    IMPORT = "import fans"
    MANAGE_CONNECTIONS = "manage connections"
    APPROVE_REPLIES = "approve replies"
    APPROVE_ANYTHING = "approve everything that is sent"
    READ_INBOX = "see the inbox"
    WRITE_QUICK_REPLIES = "change quick replies"
    READ_ANALYTICS = "see analytics and exports"
    OPERATE = "see and steer operations"


_MANAGER = frozenset(
    {
        Permission.READ_FANS,
        Permission.WRITE_FANS,
        Permission.WRITE_NOTES,
        Permission.RUN_CAMPAIGNS,
        Permission.IMPORT,
        Permission.MANAGE_CONNECTIONS,
        Permission.APPROVE_REPLIES,
        Permission.APPROVE_ANYTHING,
        Permission.READ_ANALYTICS,
        Permission.OPERATE,
    }
)
_CHATTER = frozenset(
    {
        Permission.READ_INBOX,
        Permission.READ_FANS,
        Permission.WRITE_NOTES,
        Permission.APPROVE_REPLIES,
        Permission.WRITE_QUICK_REPLIES,
    }
)
_ANALYST = frozenset({Permission.READ_ANALYTICS})

ALLOWED: Mapping[Role, frozenset[Permission]] = {
    Role.OWNER: frozenset(Permission),
    Role.MANAGER: _MANAGER,
    Role.CHATTER: _CHATTER,
    Role.ANALYST: _ANALYST,
}


@dataclass(frozen=True, slots=True)
class Membership:
    """One person's place in one workspace."""

    workspace_id: UUID
    workspace_name: str
    member_id: UUID
    role: Role


@dataclass(frozen=True, slots=True, kw_only=True)
class Seat:
    """A member at their desk: who they are to others, and the workspace's own settings."""

    name: str
    email: str
    timezone: str
    currency: str


@dataclass(frozen=True, slots=True)
class Principal:
    """Who is calling, and in which workspace."""

    subject: str
    workspace_id: UUID
    member_id: UUID
    role: Role

    def must(self, permission: Permission) -> None:
        """Go on only if the caller's role allows this."""
        if permission not in ALLOWED[self.role]:
            raise Forbidden(f"Your role, {self.role}, may not {permission}.")

    def may(self, permission: Permission) -> bool:
        """Whether the caller's role allows this."""
        return permission in ALLOWED[self.role]
