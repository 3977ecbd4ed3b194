"""Notes in PostgreSQL."""

from datetime import datetime
from typing import Any
from uuid import UUID

from psycopg import Connection

from huntaze.cursors import Position
from huntaze.errors import NotFound
from huntaze.notes.model import Note

# Each fan who is shown as this one gives at most a page, from its index. The author's row is found through the note's
# own workspace, so one filter keeps both.
NEWEST = """
SELECT found.* FROM same_person(%(fan_id)s) AS person, LATERAL (
    SELECT fan_notes.id, fan_notes.fan_id, author_id, coalesce(display_name, email) AS author_name, text,
        fan_notes.created_at, fan_notes.updated_at
    FROM fan_notes JOIN members USING (workspace_id)
    WHERE workspace_id = %(workspace_id)s AND members.id = author_id AND fan_notes.fan_id = person.fan_id
        AND (fan_notes.created_at, fan_notes.id) < (%(after_key)s::timestamptz, %(after_id)s::uuid)
    ORDER BY fan_notes.created_at DESC, fan_notes.id DESC
    LIMIT %(limit)s
) AS found
ORDER BY found.created_at DESC, found.id DESC
LIMIT %(limit)s
"""
BEFORE_ALL = Position("infinity", UUID(int=2**128 - 1))

ADD = """
INSERT INTO fan_notes (workspace_id, id, fan_id, author_id, text, created_at, updated_at)
VALUES (%(workspace_id)s, %(id)s, %(fan_id)s, %(author_id)s, %(text)s, %(at)s, %(at)s)
"""
ONE = """
SELECT fan_notes.id, fan_id, author_id, coalesce(display_name, email) AS author_name, text,
    fan_notes.created_at, fan_notes.updated_at
FROM fan_notes JOIN members USING (workspace_id)
WHERE workspace_id = %(workspace_id)s AND members.id = author_id AND fan_notes.id = %(id)s
"""
OF_FAN_TO_CHANGE = (
    " AND fan_id IN (SELECT person.fan_id FROM same_person(%(fan_id)s) AS person) FOR NO KEY UPDATE OF fan_notes"
)
CHANGE = """
UPDATE fan_notes SET text = %(text)s WHERE workspace_id = %(workspace_id)s AND id = %(id)s
"""
DELETE = """
DELETE FROM fan_notes WHERE workspace_id = %(workspace_id)s AND id = %(id)s
"""


class PostgresNotes:
    """The notes of one workspace, inside one transaction."""

    def __init__(self, connection: Connection[dict[str, Any]], workspace_id: UUID) -> None:
        self._connection = connection
        self._workspace_id = workspace_id

    def newest(self, fan_id: UUID, after: Position | None, limit: int) -> list[Note]:
        """A fan's notes from the newest on, or from a place on."""
        place = after or BEFORE_ALL
        rows = self._run(NEWEST, fan_id=fan_id, after_key=place.key, after_id=place.id, limit=limit)
        return [Note(**row) for row in rows]

    def get_to_change(self, fan_id: UUID, note_id: UUID) -> Note:
        """One note of a fan, which nobody else changes meanwhile; NotFound when there is none."""
        return self._one(ONE + OF_FAN_TO_CHANGE, fan_id=fan_id, id=note_id)

    def add(self, note_id: UUID, fan_id: UUID, author_id: UUID, text: str, at: datetime) -> Note:
        """Keep a new note."""
        about = {"id": note_id, "fan_id": fan_id, "author_id": author_id, "text": text, "at": at}
        self._connection.execute(ADD, {"workspace_id": self._workspace_id, **about})
        return self._one(ONE, id=note_id)

    def change(self, note_id: UUID, text: str) -> Note:
        """Give a note other words; NotFound when there is none."""
        self._connection.execute(CHANGE, {"workspace_id": self._workspace_id, "id": note_id, "text": text})
        return self._one(ONE, id=note_id)

    def delete(self, note_id: UUID) -> None:
        """Drop a note."""
        self._connection.execute(DELETE, {"workspace_id": self._workspace_id, "id": note_id})

    def _one(self, statement: str, **parameters: object) -> Note:
        rows = self._run(statement, **parameters)
        if not rows:
            raise NotFound
        return Note(**rows[0])

    def _run(self, statement: str, **parameters: object) -> list[dict[str, Any]]:
        return self._connection.execute(statement, {"workspace_id": self._workspace_id, **parameters}).fetchall()
