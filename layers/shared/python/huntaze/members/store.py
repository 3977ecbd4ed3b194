"""Memberships in PostgreSQL."""

from collections.abc import Callable, Mapping
from typing import Any, LiteralString
from uuid import UUID

from psycopg import Connection

from huntaze.members.model import Membership, Role, Seat

# The one question asked outside any workspace; the function behind it shows active memberships of this person only.
MEMBERSHIPS_OF = "SELECT workspace_id, workspace_name, member_id, role FROM memberships_of(%(subject)s)"

SEAT = """
SELECT coalesce(members.display_name, split_part(members.email, '@', 1)) AS name, members.email, workspaces.timezone,
    workspaces.currency
FROM members JOIN workspaces ON workspaces.id = members.workspace_id
WHERE workspaces.id = %(workspace_id)s AND members.id = %(member_id)s
"""

LookUp = Callable[[LiteralString, Mapping[str, object]], list[dict[str, Any]]]


class MembershipStore:
    """Reads who is a member of what."""

    def __init__(self, look_up: LookUp) -> None:
        self._look_up = look_up

    def of(self, subject: str) -> list[Membership]:
        """All of one person's active memberships, the oldest first."""
        return [
            Membership(row["workspace_id"], row["workspace_name"], row["member_id"], Role(row["role"]))
            for row in self._look_up(MEMBERSHIPS_OF, {"subject": subject})
        ]


class PostgresSeats:
    """The seats of one workspace, inside one transaction."""

    def __init__(self, connection: Connection[dict[str, Any]], workspace_id: UUID) -> None:
        self._connection = connection
        self._workspace_id = workspace_id

    def of(self, member_id: UUID) -> Seat | None:
        """The seat of one member."""
        row = self._connection.execute(SEAT, {"workspace_id": self._workspace_id, "member_id": member_id}).fetchone()
        return Seat(**row) if row else None
