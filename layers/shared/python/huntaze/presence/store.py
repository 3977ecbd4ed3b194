"""Who is at which conversation, in PostgreSQL. Moments are the caller's: one clock for a lease and for its end."""

from datetime import datetime
from typing import Any
from uuid import UUID

from psycopg import Connection

from huntaze.errors import NotFound
from huntaze.presence.model import Somebody

ARRIVE = """
INSERT INTO conversation_presence (workspace_id, conversation_id, member_id, here_until)
SELECT workspace_id, id, %(member_id)s, %(until)s FROM conversations
WHERE workspace_id = %(workspace_id)s AND id = %(conversation_id)s
ON CONFLICT (workspace_id, conversation_id, member_id) DO UPDATE SET here_until = excluded.here_until
"""
# One statement, one row: of any number that come at once one gets it, and the rest find it taken.
TAKE = """
INSERT INTO conversation_answering AS held (workspace_id, conversation_id, member_id, answering_until)
VALUES (%(workspace_id)s, %(conversation_id)s, %(member_id)s, %(until)s)
ON CONFLICT (workspace_id, conversation_id) DO UPDATE
SET member_id = excluded.member_id, answering_until = excluded.answering_until
WHERE held.member_id = excluded.member_id OR held.answering_until <= %(at)s OR %(over)s
"""
RELEASE = """
DELETE FROM conversation_answering
WHERE workspace_id = %(workspace_id)s AND conversation_id = %(conversation_id)s AND member_id = %(member_id)s
"""
LEAVE = """
DELETE FROM conversation_presence
WHERE workspace_id = %(workspace_id)s AND conversation_id = %(conversation_id)s AND member_id = %(member_id)s
"""
CONVERSATION = """
SELECT id FROM conversations WHERE workspace_id = %(workspace_id)s AND id = %(conversation_id)s
"""
# The members' rows are found through the workspace of the conversation, so one filter keeps both.
OTHERS = """
SELECT member_id, coalesce(display_name, split_part(email, '@', 1)) AS name, here_until AS until
FROM conversation_presence JOIN members USING (workspace_id)
WHERE workspace_id = %(workspace_id)s AND members.id = member_id AND conversation_id = %(conversation_id)s
    AND member_id <> %(member_id)s AND here_until > %(at)s AND status = 'active'
ORDER BY name, member_id
LIMIT 100
"""
ANSWERING = """
SELECT member_id, coalesce(display_name, split_part(email, '@', 1)) AS name, answering_until AS until
FROM conversation_answering JOIN members USING (workspace_id)
WHERE workspace_id = %(workspace_id)s AND members.id = member_id AND conversation_id = %(conversation_id)s
    AND answering_until > %(at)s AND status = 'active'
"""
# A few at a time, and none that somebody else has in hand: who clears up waits for nobody.
FORGET_PRESENCE = """
DELETE FROM conversation_presence WHERE (workspace_id, conversation_id, member_id) IN (
    SELECT workspace_id, conversation_id, member_id FROM conversation_presence
    WHERE workspace_id = %(workspace_id)s AND here_until <= %(at)s
    ORDER BY here_until LIMIT 20 FOR UPDATE SKIP LOCKED
)
"""
FORGET_ANSWERING = """
DELETE FROM conversation_answering WHERE (workspace_id, conversation_id) IN (
    SELECT workspace_id, conversation_id FROM conversation_answering
    WHERE workspace_id = %(workspace_id)s AND answering_until <= %(at)s
    ORDER BY answering_until LIMIT 20 FOR UPDATE SKIP LOCKED
)
"""


class PostgresPresence:
    """Who is at the conversations of one workspace, inside one transaction."""

    def __init__(self, connection: Connection[dict[str, Any]], workspace_id: UUID) -> None:
        self._connection = connection
        self._workspace_id = workspace_id

    def arrive(self, conversation_id: UUID, member_id: UUID, until: datetime) -> None:
        """Note that somebody is there until then; NotFound when there is no such conversation."""
        if not self._changed(ARRIVE, conversation_id=conversation_id, member_id=member_id, until=until):
            raise NotFound

    def take(self, conversation_id: UUID, member_id: UUID, at: datetime, until: datetime, *, over: bool) -> None:
        """Let somebody answer until then, or go on; not while another does, unless they take it over."""
        self._changed(TAKE, conversation_id=conversation_id, member_id=member_id, at=at, until=until, over=over)

    def release(self, conversation_id: UUID, member_id: UUID) -> None:
        """Stop answering; nothing happens when they are not."""
        self._changed(RELEASE, conversation_id=conversation_id, member_id=member_id)

    def leave(self, conversation_id: UUID, member_id: UUID) -> None:
        """Note that somebody is there no more; NotFound when there is no such conversation."""
        self._changed(LEAVE, conversation_id=conversation_id, member_id=member_id)
        if not self._rows(CONVERSATION, conversation_id=conversation_id):
            raise NotFound

    def others(self, conversation_id: UUID, member_id: UUID, at: datetime) -> list[Somebody]:
        """Who else is there at this moment."""
        rows = self._rows(OTHERS, conversation_id=conversation_id, member_id=member_id, at=at)
        return [Somebody(**row) for row in rows]

    def answering(self, conversation_id: UUID, at: datetime) -> Somebody | None:
        """Who answers it at this moment."""
        rows = self._rows(ANSWERING, conversation_id=conversation_id, at=at)
        return Somebody(**rows[0]) if rows else None

    def forget(self, at: datetime) -> None:
        """Drop some of what has ended."""
        for statement in (FORGET_PRESENCE, FORGET_ANSWERING):
            self._changed(statement, at=at)

    def _rows(self, statement: str, **parameters: object) -> list[dict[str, Any]]:
        return self._connection.execute(statement, {"workspace_id": self._workspace_id, **parameters}).fetchall()

    def _changed(self, statement: str, **parameters: object) -> int:
        return self._connection.execute(statement, {"workspace_id": self._workspace_id, **parameters}).rowcount
