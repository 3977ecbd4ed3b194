"""Profiles in PostgreSQL."""

from dataclasses import asdict
from typing import Any
from uuid import UUID

from psycopg import Connection
from psycopg.types.json import Jsonb

from huntaze.errors import NotFound
from huntaze.profiles.model import Profile

GET = """
SELECT display_name, bio, timezone, niche, goals, avatar_url, updated_at FROM user_profiles
WHERE workspace_id = %(workspace_id)s AND member_id = %(member_id)s
"""
# The member's row, because a profile that is not there yet cannot be locked.
LOCK = """
SELECT id FROM members WHERE workspace_id = %(workspace_id)s AND id = %(member_id)s FOR NO KEY UPDATE
"""
SAVE = """
INSERT INTO user_profiles (workspace_id, member_id, display_name, bio, timezone, niche, goals, avatar_url)
VALUES (
    %(workspace_id)s, %(member_id)s, %(display_name)s, %(bio)s, %(timezone)s, %(niche)s, %(goals)s, %(avatar_url)s
)
ON CONFLICT (workspace_id, member_id) DO UPDATE SET
    display_name = excluded.display_name, bio = excluded.bio, timezone = excluded.timezone, niche = excluded.niche,
    goals = excluded.goals, avatar_url = excluded.avatar_url
RETURNING display_name, bio, timezone, niche, goals, avatar_url, updated_at
"""
DELETE = """
DELETE FROM user_profiles WHERE workspace_id = %(workspace_id)s AND member_id = %(member_id)s
"""
CREATOR_NAME = """
SELECT coalesce((
    SELECT nullif(trim(profile.display_name), '') FROM user_profiles AS profile
    JOIN members USING (workspace_id)
    WHERE workspace_id = %(workspace_id)s AND members.id = member_id AND role = 'owner' AND status = 'active'
        AND trim(profile.display_name) <> ''
    ORDER BY members.joined_at, members.id LIMIT 1
), workspaces.name) AS name
FROM workspaces WHERE workspaces.id = %(workspace_id)s
"""


class PostgresProfiles:
    """The profiles of one workspace, inside one transaction."""

    def __init__(self, connection: Connection[dict[str, Any]], workspace_id: UUID) -> None:
        self._connection = connection
        self._workspace_id = workspace_id

    def get(self, member_id: UUID) -> Profile:
        """A member's; an empty one when they have none."""
        rows = self._run(GET, member_id=member_id)
        return _profile(rows[0]) if rows else Profile()

    def get_to_change(self, member_id: UUID) -> Profile:
        """The same, and nobody else changes it meanwhile, nor makes one; NotFound when there is no such member."""
        if not self._run(LOCK, member_id=member_id):
            raise NotFound
        return self.get(member_id)

    def save(self, member_id: UUID, profile: Profile) -> Profile:
        """Keep it in place of what was there."""
        about = {**asdict(profile), "goals": Jsonb(list(profile.goals))}
        return _profile(self._run(SAVE, member_id=member_id, **about)[0])

    def delete(self, member_id: UUID) -> bool:
        """Drop it; whether there was one."""
        whose = {"workspace_id": self._workspace_id, "member_id": member_id}
        return self._connection.execute(DELETE, whose).rowcount > 0

    def creator_name(self) -> str:
        """What the creator is called: by the oldest owner's profile that says so, or else by the workspace."""
        return str(self._run(CREATOR_NAME)[0]["name"])

    def _run(self, statement: str, **parameters: object) -> list[dict[str, Any]]:
        return self._connection.execute(statement, {"workspace_id": self._workspace_id, **parameters}).fetchall()


def _profile(row: dict[str, Any]) -> Profile:
    return Profile(**{**row, "goals": tuple(row["goals"])})
