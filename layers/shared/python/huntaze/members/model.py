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
    MACHINE = "machine"  # a program that writes drafts; it may approve nothing


class Permission(StrEnum):
    """Something a role may do; the words are what a refusal says."""

    MANAGE_TEAM = "manage the team"
    READ_TEAM = "see the team"
    READ_AUDIT = "see the audit log"
    ERASE_PEOPLE = "erase a person for good"
    READ_FANS = "see fans"
    WRITE_FANS = "change fans"
    WRITE_NOTES = "write notes about fans"
    RUN_CAMPAIGNS = "run campaigns"
    IMPORT = "import fans"
    MANAGE_CONNECTIONS = "manage connections"
    CONFIGURE_WORKSPACE = "change the workspace's settings"
    READ_INBOX = "see the inbox"
    WRITE_DRAFTS = "write drafts"
    APPROVE_REPLIES = "approve replies"
    APPROVE_ANYTHING = "approve everything that is sent"
    USE_QUICK_REPLIES = "use quick replies and templates"
    WRITE_QUICK_REPLIES = "change quick replies and templates"
    READ_ANALYTICS = "see analytics and exports"
    OPERATE = "see and steer operations"


# Decision 11: who approves must see what is answered to, so managers have the inbox with all that belongs to it.
_MACHINE = frozenset({Permission.READ_INBOX, Permission.WRITE_DRAFTS, Permission.USE_QUICK_REPLIES})
_CHATTER = _MACHINE | {
    Permission.READ_FANS,
    Permission.WRITE_NOTES,
    Permission.APPROVE_REPLIES,
    Permission.WRITE_QUICK_REPLIES,
}
_ANALYST = frozenset({Permission.READ_ANALYTICS})
_MANAGER = (
    _CHATTER
    | _ANALYST
    | {
        Permission.READ_TEAM,
        Permission.READ_AUDIT,
        Permission.WRITE_FANS,
        Permission.RUN_CAMPAIGNS,
        Permission.IMPORT,
        Permission.MANAGE_CONNECTIONS,
        Permission.CONFIGURE_WORKSPACE,
        Permission.APPROVE_ANYTHING,
        Permission.OPERATE,
    }
)

ALLOWED: Mapping[Role, frozenset[Permission]] = {
    Role.OWNER: frozenset(Permission),
    Role.MANAGER: _MANAGER,
    Role.CHATTER: _CHATTER,
    Role.ANALYST: _ANALYST,
    Role.MACHINE: _MACHINE,
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
class Claimant:
    """Somebody whose token is good, and the workspace they name: what they are there is still to be looked up."""

    subject: str
    wanted_workspace: UUID | None


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
