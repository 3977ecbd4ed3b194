"""What reading a conversation asks of PostgreSQL."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from psycopg import Connection

from huntaze.threads.model import Aside, Pulse, Window

ASIDES = """
SELECT messages.id, coalesce(display_name, split_part(email, '@', 1)) AS approver, bought_at,
    messages.status IN ('queued', 'failed') AND campaign_id IS NULL
        AND NOT may_have_arrived(messages.workspace_id, messages.id) AS may_change,
    coalesce(accounts.status <> 'revoked' AND 'find' = ANY(capabilities), false) AS can_ask,
    look_at IS NOT NULL AS is_asked
FROM messages
LEFT JOIN members ON members.workspace_id = messages.workspace_id AND members.id = approved_by
LEFT JOIN platform_connections AS accounts ON messages.status = 'unknown'
    AND accounts.workspace_id = messages.workspace_id AND accounts.id = messages.account_id
LEFT JOIN delivery_attempts ON messages.status = 'unknown'
    AND delivery_attempts.workspace_id = messages.workspace_id AND delivery_attempts.id = messages.attempt_id
WHERE messages.workspace_id = %(workspace_id)s AND messages.id = ANY(%(ids)s)
"""

# What stands in the window itself, each part from the index that shows it: the newest moment of a whole table would
# miss what was written before it and committed after. Whatever is said brings its conversation to the top of a list.
PULSE = """
SELECT md5(concat_ws(' ', list.word, thread.word, drafts.word, answering.word)) AS word, thread.waits AS something_waits
FROM (
    SELECT string_agg(concat_ws(' ', id, unread_count, updated_at), ' ' ORDER BY newest_key DESC, id DESC) AS word
    FROM (
        SELECT id, unread_count, updated_at, newest_key FROM conversations
        WHERE workspace_id = %(workspace_id)s AND archived = %(archived)s
        ORDER BY newest_key DESC, id DESC LIMIT 50
    ) AS shown
) AS list CROSS JOIN (
    SELECT string_agg(concat_ws(' ', id, updated_at, is_asked), ' ' ORDER BY occurred_at DESC, id DESC) AS word,
        coalesce(bool_or(status = 'queued'), false) AS waits
    FROM (
        SELECT id, updated_at, occurred_at, status, CASE status WHEN 'unknown' THEN (
            SELECT look_at IS NOT NULL FROM delivery_attempts AS tried
            WHERE tried.workspace_id = messages.workspace_id AND tried.id = attempt_id
        ) END AS is_asked
        FROM messages
        WHERE workspace_id = %(workspace_id)s AND conversation_id = %(conversation_id)s
        ORDER BY occurred_at DESC, id DESC LIMIT %(lines)s
    ) AS shown
) AS thread CROSS JOIN (
    SELECT string_agg(concat_ws(' ', id, updated_at), ' ' ORDER BY created_at DESC, id DESC) AS word
    FROM (
        SELECT id, created_at, updated_at FROM drafts
        WHERE workspace_id = %(workspace_id)s AND conversation_id = %(conversation_id)s
        ORDER BY created_at DESC, id DESC LIMIT 20
    ) AS shown
) AS drafts CROSS JOIN (
    SELECT min(member_id::text) AS word FROM conversation_answering
    WHERE workspace_id = %(workspace_id)s AND conversation_id = %(conversation_id)s AND answering_until > %(at)s
) AS answering
"""


class PostgresThreads:
    """What reading a conversation asks, inside one transaction of a workspace."""

    def __init__(self, connection: Connection[dict[str, Any]], workspace_id: UUID) -> None:
        self._connection = connection
        self._workspace_id = workspace_id

    def asides(self, message_ids: Sequence[UUID]) -> dict[UUID, Aside]:
        """What these messages do not tell of themselves."""
        rows = self._rows(ASIDES, ids=list(message_ids))
        return {row.pop("id"): Aside(**row) for row in rows}

    def pulse(self, window: Window, at: datetime) -> Pulse:
        """A word that is another one as soon as anything in this window is."""
        [row] = self._rows(
            PULSE,
            archived=window.archived,
            conversation_id=window.conversation_id,
            lines=window.lines,
            at=at,
        )
        return Pulse(**row)

    def _rows(self, statement: str, **parameters: object) -> list[dict[str, Any]]:
        return self._connection.execute(statement, {"workspace_id": self._workspace_id, **parameters}).fetchall()
