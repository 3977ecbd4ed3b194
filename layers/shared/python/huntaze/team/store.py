"""The team in PostgreSQL."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any, LiteralString
from uuid import UUID

from psycopg import Connection

from huntaze.cursors import Position
from huntaze.errors import Conflict, NotFound
from huntaze.members.model import Role
from huntaze.team.model import Invitation, Member, MemberStatus, NewMember

# The one question asked outside any workspace; the function behind it shows open invitations of this address only.
INVITATIONS_OF = """
SELECT workspace_id, workspace_name, member_id, role, invited_by, invited_until
FROM invitations_of(%(email)s, %(at)s)
"""

# Not FOR UPDATE: rows that point at the workspace may come meanwhile.
HOLD = "SELECT id FROM workspaces WHERE workspaces.id = %(workspace_id)s FOR NO KEY UPDATE"

# Who invited is found through the member's own workspace, so one filter keeps both.
MEMBERS = """
SELECT id, subject, email, display_name, role, status, invited_by, (
        SELECT coalesce(inviter.display_name, inviter.email) FROM members AS inviter
        WHERE inviter.workspace_id = members.workspace_id AND inviter.id = members.invited_by
    ) AS invited_by_name, invited_until, joined_at, removed_at, created_at, updated_at
FROM members
WHERE workspace_id = %(workspace_id)s
"""
ONE = " AND id = %(id)s"
IN_ORDER = """
    AND status = ANY(%(statuses)s) AND (created_at, id) > (%(after_key)s::timestamptz, %(after_id)s::uuid)
ORDER BY created_at, id
LIMIT %(limit)s
"""
BEFORE_ALL = Position("-infinity", UUID(int=0))

OWNER_BESIDES = """
SELECT id FROM members
WHERE workspace_id = %(workspace_id)s AND id <> %(id)s AND role = 'owner' AND status = 'active' LIMIT 1
"""
INVITE = """
INSERT INTO members (
    workspace_id, id, email, display_name, role, status, invited_by, invited_until, joined_at, created_at, updated_at
)
VALUES (
    %(workspace_id)s, %(id)s, lower(%(email)s), %(display_name)s, %(role)s, 'invited', %(by)s, %(until)s, NULL, %(at)s,
    %(at)s
)
ON CONFLICT DO NOTHING
"""
RENEW = """
UPDATE members SET invited_until = %(until)s
WHERE workspace_id = %(workspace_id)s AND id = %(id)s AND status = 'invited'
"""
CHANGE_ROLE = """
UPDATE members SET role = %(role)s WHERE workspace_id = %(workspace_id)s AND id = %(id)s AND status <> 'removed'
"""
SEAT_OF = """
SELECT id FROM members
WHERE workspace_id = %(workspace_id)s AND id <> %(id)s AND subject = %(subject)s AND status <> 'removed'
"""
JOIN = """
UPDATE members SET subject = %(subject)s, status = 'active', joined_at = %(at)s
WHERE workspace_id = %(workspace_id)s AND id = %(id)s AND status = 'invited'
"""
REMOVE = """
UPDATE members SET status = 'removed', removed_at = %(at)s
WHERE workspace_id = %(workspace_id)s AND id = %(id)s AND status <> 'removed'
"""

LookUp = Callable[[LiteralString, Mapping[str, object]], list[dict[str, Any]]]


class InvitationStore:
    """Reads who is invited where."""

    def __init__(self, look_up: LookUp) -> None:
        self._look_up = look_up

    def of(self, email: str, at: datetime) -> list[Invitation]:
        """The open invitations of an address, whatever its letters' case, soonest to end first."""
        rows = self._look_up(INVITATIONS_OF, {"email": email, "at": at})
        return [Invitation(**row | {"role": Role(row["role"])}) for row in rows]


class PostgresTeam:
    """The members of one workspace, inside one transaction."""

    def __init__(self, connection: Connection[dict[str, Any]], workspace_id: UUID) -> None:
        self._connection = connection
        self._workspace_id = workspace_id

    def hold(self) -> None:
        """Let nobody else change the team until the transaction ends."""
        self._run(HOLD)

    def page(self, statuses: Sequence[MemberStatus], after: Position | None, limit: int) -> list[Member]:
        """Members of these kinds in the order in which they came, or from a place on."""
        place = after or BEFORE_ALL
        place_words = {"after_key": place.key, "after_id": place.id, "limit": limit}
        return [
            _member(row) for row in self._run(MEMBERS + IN_ORDER, statuses=list(statuses), **place_words).fetchall()
        ]

    def get(self, member_id: UUID) -> Member:
        """One member; NotFound when there is none."""
        row = self._run(MEMBERS + ONE, id=member_id).fetchone()
        if row is None:
            raise NotFound
        return _member(row)

    def owner_besides(self, member_id: UUID) -> bool:
        """Whether there is an active owner beside this one."""
        return self._run(OWNER_BESIDES, id=member_id).fetchone() is not None

    def invite(self, new: NewMember, member_id: UUID, by: UUID | None, at: datetime, until: datetime) -> Member:
        """Keep an invitation, the first of a workspace by nobody; Conflict when the address has a place already."""
        words = {"email": new.email, "display_name": new.display_name, "role": new.role}
        if not self._run(INVITE, id=member_id, by=by, at=at, until=until, **words).rowcount:
            raise Conflict("This address belongs to a member already, or is invited.")
        return self.get(member_id)

    def renew(self, member_id: UUID, until: datetime) -> Member:
        """Let an invitation last until then."""
        return self._changed(RENEW, member_id, until=until)

    def change_role(self, member_id: UUID, role: Role) -> Member:
        """Give a member another role."""
        return self._changed(CHANGE_ROLE, member_id, role=role)

    def join(self, member_id: UUID, subject: str, at: datetime) -> Member:
        """Make who was invited a member; Conflict when they have another place here."""
        if self._run(SEAT_OF, id=member_id, subject=subject).fetchone():
            raise Conflict("You are a member of this workspace already, under another address.")
        return self._changed(JOIN, member_id, subject=subject, at=at)

    def remove(self, member_id: UUID, at: datetime) -> Member:
        """End a membership or an invitation."""
        return self._changed(REMOVE, member_id, at=at)

    def _changed(self, statement: LiteralString, member_id: UUID, **values: object) -> Member:
        if not self._run(statement, id=member_id, **values).rowcount:
            raise NotFound
        return self.get(member_id)

    def _run(self, statement: LiteralString, **values: object) -> Any:
        return self._connection.execute(statement, {"workspace_id": self._workspace_id, **values})


def _member(row: dict[str, Any]) -> Member:
    return Member(**row | {"role": Role(row["role"]), "status": MemberStatus(row["status"])})
