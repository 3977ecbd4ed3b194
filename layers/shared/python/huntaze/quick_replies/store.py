"""Quick replies in PostgreSQL."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from psycopg import Connection

from huntaze.cursors import Position
from huntaze.errors import NotFound
from huntaze.quick_replies.model import Changes, Filters, NewQuickReply, QuickReply
from huntaze.wording.model import CategoryCount, Wording

# A workspace has at most some hundred: what narrows the list is looked for in all of them.
MOST_USED = """
SELECT id, template, category, usage_count, created_at, updated_at FROM quick_replies
WHERE workspace_id = %(workspace_id)s AND deleted_at IS NULL
    AND (usage_count, id) < (%(after_count)s::integer, %(after_id)s::uuid)
    AND (%(category)s::text IS NULL OR category = %(category)s)
    AND (%(q)s::text IS NULL OR strpos(lower(template || E'\\n' || coalesce(category, '')), lower(%(q)s)) > 0)
ORDER BY usage_count DESC, id DESC
LIMIT %(limit)s
"""
BEFORE_ALL = Position(str(2**31 - 1), UUID(int=2**128 - 1))

CATEGORIES = """
SELECT category, count(*) AS count FROM quick_replies
WHERE workspace_id = %(workspace_id)s AND deleted_at IS NULL
GROUP BY category ORDER BY category COLLATE "C" NULLS LAST
"""
COUNT = """
SELECT count(*) AS count FROM quick_replies WHERE workspace_id = %(workspace_id)s AND deleted_at IS NULL
"""
GET = """
SELECT id, template, category, usage_count, created_at, updated_at FROM quick_replies
WHERE workspace_id = %(workspace_id)s AND id = %(id)s AND deleted_at IS NULL
"""
TO_CHANGE = " FOR NO KEY UPDATE"

ADD = """
INSERT INTO quick_replies (workspace_id, id, template, category, created_at, updated_at)
VALUES (%(workspace_id)s, %(id)s, %(template)s, %(category)s, %(at)s, %(at)s)
RETURNING id, template, category, usage_count, created_at, updated_at
"""
CHANGE = """
UPDATE quick_replies SET {changes}
WHERE workspace_id = %(workspace_id)s AND id = %(id)s AND deleted_at IS NULL
RETURNING id, template, category, usage_count, created_at, updated_at
"""
DELETE = """
UPDATE quick_replies SET deleted_at = %(at)s
WHERE workspace_id = %(workspace_id)s AND id = %(id)s AND deleted_at IS NULL
"""
RESTORE = """
UPDATE quick_replies SET deleted_at = NULL
WHERE workspace_id = %(workspace_id)s AND id = %(id)s AND deleted_at > %(deleted_after)s
"""
# A few at a time, so that nobody waits for the cleaning.
FORGET = """
DELETE FROM quick_replies WHERE (workspace_id, id) IN (
    SELECT workspace_id, id FROM quick_replies
    WHERE workspace_id = %(workspace_id)s AND deleted_at <= %(deleted_before)s
    ORDER BY deleted_at LIMIT 20 FOR UPDATE SKIP LOCKED
)
"""
COUNT_USE = """
UPDATE quick_replies SET usage_count = usage_count + 1
WHERE workspace_id = %(workspace_id)s AND id = %(id)s AND deleted_at IS NULL
RETURNING id, template, category, usage_count, created_at, updated_at
"""
CHANGEABLE = Changes.__annotations__.keys()  # also the names of the columns


class PostgresQuickReplies:
    """The quick replies of one workspace, inside one transaction."""

    def __init__(self, connection: Connection[dict[str, Any]], workspace_id: UUID) -> None:
        self._connection = connection
        self._workspace_id = workspace_id

    def most_used(self, filters: Filters, after: Position | None, limit: int) -> list[QuickReply]:
        """The most used first, or from a place on."""
        place = after or BEFORE_ALL
        asked = {"q": filters.q, "category": filters.category, "limit": limit}
        rows = self._run(MOST_USED, after_count=place.key, after_id=place.id, **asked)
        return [QuickReply(**row) for row in rows]

    def categories(self) -> list[CategoryCount]:
        """Every category by its name, and those in none at the end."""
        return [CategoryCount(**row) for row in self._run(CATEGORIES)]

    def count(self) -> int:
        """How many there are."""
        return int(self._run(COUNT)[0]["count"])

    def get(self, reply_id: UUID) -> QuickReply:
        """One; NotFound when there is none."""
        return self._one(GET, id=reply_id)

    def get_to_change(self, reply_id: UUID) -> QuickReply:
        """The same, and nobody else changes it before this transaction ends."""
        return self._one(GET + TO_CHANGE, id=reply_id)

    def add(self, new: NewQuickReply, reply_id: UUID, at: datetime) -> QuickReply:
        """Keep a new one."""
        return self._one(ADD, id=reply_id, template=new.template.text, category=new.category, at=at)

    def change(self, reply_id: UUID, changes: Changes) -> QuickReply:
        """Change what is in `changes`; NotFound when there is none."""
        values = {column: _stored(value) for column, value in changes.items() if column in CHANGEABLE}
        assignments = ", ".join(f"{column} = %({column})s" for column in values)
        return self._one(CHANGE.format(changes=assignments), id=reply_id, **values)

    def delete(self, reply_id: UUID, at: datetime) -> None:
        """Take one out of every list; NotFound when there is none."""
        if not self._connection.execute(DELETE, self._with(id=reply_id, at=at)).rowcount:
            raise NotFound

    def restore(self, reply_id: UUID, deleted_after: datetime) -> QuickReply:
        """Bring back what was deleted after this moment; what was not deleted is just there. NotFound otherwise."""
        self._connection.execute(RESTORE, self._with(id=reply_id, deleted_after=deleted_after))
        return self.get(reply_id)

    def forget(self, deleted_before: datetime) -> None:
        """Drop some of those that can be restored no more."""
        self._connection.execute(FORGET, self._with(deleted_before=deleted_before))

    def count_use(self, reply_id: UUID) -> QuickReply:
        """Count one use; NotFound when there is none."""
        return self._one(COUNT_USE, id=reply_id)

    def _one(self, statement: str, **parameters: object) -> QuickReply:
        rows = self._run(statement, **parameters)
        if not rows:
            raise NotFound
        return QuickReply(**rows[0])

    def _run(self, statement: str, **parameters: object) -> list[dict[str, Any]]:
        return self._connection.execute(statement, self._with(**parameters)).fetchall()

    def _with(self, **parameters: object) -> Mapping[str, object]:
        return {"workspace_id": self._workspace_id, **parameters}


def _stored(value: object) -> object:
    return value.text if isinstance(value, Wording) else value
