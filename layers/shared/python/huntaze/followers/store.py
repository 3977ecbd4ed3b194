"""Fans in PostgreSQL as their platform knows them: found by what it calls them, deleted or merged or neither."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from psycopg import Connection, Cursor

from huntaze.errors import Conflict

# By the platform's id. Else by the username, where it stands in for the id: a file without ids takes it for one.
BY_ID = """
SELECT id FROM fans WHERE workspace_id = %(workspace_id)s AND platform = %(platform)s AND platform_id = %(platform_id)s
"""
BY_USERNAME = """
SELECT id FROM fans
WHERE workspace_id = %(workspace_id)s AND platform = %(platform)s AND platform_id = ANY(%(usernames)s)
ORDER BY created_at, id LIMIT 1
"""
WITHOUT_ID = """
SELECT id FROM fans
WHERE workspace_id = %(workspace_id)s AND platform = %(platform)s AND platform_id IS NULL
    AND handle_key = ANY(%(usernames)s) AND erased_at IS NULL
ORDER BY created_at, id LIMIT 1
"""
# A stretch of an import adds its people under the same lock, for itself alone (`imports/doing.py`). Whom it knows by a
# username would meet, at no key, the same person who is added by their id meanwhile.
WAIT_FOR_IMPORTS = """
SELECT pg_advisory_xact_lock_shared(hashtextextended('import ' || %(workspace_id)s::text, 0))
"""
NAME_BY_ID = """
UPDATE fans SET platform_id = %(platform_id)s, handle = coalesce(handle, %(username)s)
WHERE workspace_id = %(workspace_id)s AND id = %(id)s
    AND (platform_id IS DISTINCT FROM %(platform_id)s OR (handle IS NULL AND %(username)s::text IS NOT NULL))
"""

# The fan, and by way of the merges in effect those who are shown for it, the last of whom is shown now.
UPWARDS = """
WITH RECURSIVE up (fan_id, step) AS (
    SELECT %(id)s::uuid, 0
    UNION ALL
    SELECT kept_id, step + 1 FROM fan_merges JOIN up ON merged_id = fan_id
    WHERE workspace_id = %(workspace_id)s AND undone_at IS NULL
)
SELECT fan_id FROM up ORDER BY step
"""
# Who is shown comes first, as everybody locks them who merges or undoes.
HOLD = """
SELECT id FROM fans WHERE workspace_id = %(workspace_id)s AND id = ANY(%(ids)s) AND erased_at IS NULL
ORDER BY merged_into IS NOT NULL, id FOR NO KEY UPDATE
"""

SEEN = """
UPDATE fans SET last_seen_at = greatest(last_seen_at, %(at)s)
WHERE workspace_id = %(workspace_id)s AND id = ANY(%(ids)s)
"""
# The newest word counts, in whatever order they come; of two at one moment that of the end.
SUBSCRIBED = """
UPDATE fans SET subscription_status = %(status)s, subscription_at = %(at)s
WHERE workspace_id = %(workspace_id)s AND id = ANY(%(ids)s) AND (
    subscription_at IS NULL OR subscription_at < %(at)s
    OR (subscription_at = %(at)s AND %(status)s = 'expired' AND subscription_status <> 'expired')
)
"""


class PostgresFollowers:
    """The fans of one workspace as platforms know them, inside one transaction."""

    def __init__(self, connection: Connection[dict[str, Any]], workspace_id: UUID) -> None:
        self._connection = connection
        self._workspace_id = workspace_id

    def known(self, platform: str, platform_id: str, username: str | None) -> UUID | None:
        """The fan whom a platform calls so, hidden or not; None when there is none."""
        names = {"platform": platform, "usernames": sorted({username, username.lower()}) if username else []}
        row = self._run(BY_ID, platform_id=platform_id, **names).fetchone()
        if row is None and username:
            row = self._run(BY_USERNAME, **names).fetchone() or self._run(WITHOUT_ID, **names).fetchone()
        found: UUID | None = row["id"] if row else None
        return found

    def wait_for_imports(self) -> None:
        """Nobody is added by an import from now on, until this transaction ends."""
        self._run(WAIT_FOR_IMPORTS)

    def name_by_id(self, fan_id: UUID, platform_id: str, username: str | None) -> None:
        """Know a fan by the platform's id from now on, who was known by a username alone."""
        self._run(NAME_BY_ID, id=fan_id, platform_id=platform_id, username=username)

    def hold(self, fan_id: UUID) -> list[UUID]:
        """The fan and those who are shown for it, whom nobody else changes or merges until this transaction ends.

        Conflict when somebody has just done so.
        """
        before = self._upwards(fan_id)
        held = self._run(HOLD, ids=before).fetchall()
        if len(held) < len(before) or self._upwards(fan_id) != before:
            raise Conflict("This fan is being merged or erased.")
        return before

    def seen(self, fan_ids: Sequence[UUID], at: datetime) -> None:
        """They did something on the platform."""
        self._run(SEEN, ids=list(fan_ids), at=at)

    def subscribed(self, fan_ids: Sequence[UUID], status: str, at: datetime) -> bool:
        """Whether they are subscribed, as of this moment; False when something newer is known."""
        return self._run(SUBSCRIBED, ids=list(fan_ids), status=status, at=at).rowcount > 0

    def _upwards(self, fan_id: UUID) -> list[UUID]:
        return [row["fan_id"] for row in self._run(UPWARDS, id=fan_id)]

    def _run(self, statement: str, **parameters: object) -> Cursor[dict[str, Any]]:
        return self._connection.execute(statement, {"workspace_id": self._workspace_id, **parameters})
