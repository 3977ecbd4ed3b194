"""What waits for people, in PostgreSQL."""

from typing import Any
from uuid import UUID

from psycopg import Connection, Cursor

from huntaze.cursors import Position
from huntaze.home.model import DraftAtHand, Waiting
from huntaze.messages.model import Status

# Nobody needs the number of more than they can do, so nobody counts further. What is about deleted fans is in no list,
# and does not count either.
COUNT_DRAFTS = """
SELECT count(*) AS count FROM (
    SELECT FROM drafts
    WHERE workspace_id = %(workspace_id)s AND dismissed_at IS NULL AND EXISTS (
        SELECT FROM fans JOIN fans AS shown ON shown.workspace_id = fans.workspace_id
            AND shown.id = CASE WHEN fans.merged_into IS NULL THEN fans.id ELSE fans.merged_into END
        WHERE fans.workspace_id = drafts.workspace_id AND fans.id = fan_id AND shown.deleted_at IS NULL
    )
    LIMIT %(most)s
) AS found
"""
# The status is said twice: the index of what is neither received nor sent is only used when that is plain to see.
COUNT_MESSAGES = """
SELECT count(*) AS count FROM (
    SELECT FROM messages
    WHERE workspace_id = %(workspace_id)s AND status = %(status)s AND status NOT IN ('received', 'sent') AND EXISTS (
        SELECT FROM fans JOIN fans AS shown ON shown.workspace_id = fans.workspace_id
            AND shown.id = CASE WHEN fans.merged_into IS NULL THEN fans.id ELSE fans.merged_into END
        WHERE fans.workspace_id = messages.workspace_id AND fans.id = fan_id AND shown.deleted_at IS NULL
    )
    LIMIT %(most)s
) AS found
"""

DRAFTS = """
SELECT drafts.id, conversation_id, fan.name AS fan_name, left(text, 300) AS text, author = 'machine' AS by_machine,
    created_at
FROM drafts JOIN LATERAL (
    SELECT shown.name FROM fans JOIN fans AS shown ON shown.workspace_id = fans.workspace_id
        AND shown.id = CASE WHEN fans.merged_into IS NULL THEN fans.id ELSE fans.merged_into END
    WHERE fans.workspace_id = drafts.workspace_id AND fans.id = drafts.fan_id AND shown.deleted_at IS NULL
    LIMIT 1
) AS fan ON true
WHERE workspace_id = %(workspace_id)s AND dismissed_at IS NULL
    AND (created_at, drafts.id) < (%(after_key)s::timestamptz, %(after_id)s::uuid)
ORDER BY created_at DESC, drafts.id DESC
LIMIT %(limit)s
"""
BEFORE_ALL = Position("infinity", UUID(int=2**128 - 1))


class PostgresHome:
    """What waits for people in one workspace, inside one transaction."""

    def __init__(self, connection: Connection[dict[str, Any]], workspace_id: UUID) -> None:
        self._connection = connection
        self._workspace_id = workspace_id

    def waiting(self, most: int) -> Waiting:
        """How many drafts, failed and unknown messages there are, each up to this."""
        failed, unknown = (
            self._count(COUNT_MESSAGES, most=most, status=status) for status in (Status.FAILED, Status.UNKNOWN)
        )
        return Waiting(self._count(COUNT_DRAFTS, most=most), failed, unknown)

    def drafts(self, after: Position | None, limit: int) -> list[DraftAtHand]:
        """Drafts from the newest on, or from a place on."""
        place = after or BEFORE_ALL
        found = self._run(DRAFTS, after_key=place.key, after_id=place.id, limit=limit)
        return [DraftAtHand(**row) for row in found]

    def _count(self, statement: str, **parameters: object) -> int:
        [row] = self._run(statement, **parameters)
        count: int = row["count"]
        return count

    def _run(self, statement: str, **parameters: object) -> Cursor[dict[str, Any]]:
        return self._connection.execute(statement, {"workspace_id": self._workspace_id, **parameters})
