"""What people are writing, in PostgreSQL."""

from typing import Any
from uuid import UUID

from psycopg import Connection
from psycopg.types.json import Jsonb

from huntaze.attachments.model import Media
from huntaze.composer.model import Content, Unsent
from huntaze.errors import NotFound

# The conversation is the row that must be there; what is written in it may not be.
GET = """
SELECT text, price_cents, coalesce(composer_drafts.currency, workspaces.currency) AS currency, attachments,
    composer_drafts.updated_at
FROM workspaces
JOIN conversations ON conversations.workspace_id = workspaces.id AND conversations.id = %(conversation_id)s
LEFT JOIN composer_drafts ON composer_drafts.workspace_id = workspaces.id AND conversation_id = conversations.id
    AND member_id = %(member_id)s
WHERE workspaces.id = %(workspace_id)s
"""
KEEP = """
INSERT INTO composer_drafts (workspace_id, conversation_id, member_id, text, price_cents, currency, attachments)
SELECT conversations.workspace_id, conversations.id, %(member_id)s, %(text)s, %(price_cents)s, workspaces.currency,
    %(attachments)s
FROM workspaces
JOIN conversations ON conversations.workspace_id = workspaces.id AND conversations.id = %(conversation_id)s
WHERE workspaces.id = %(workspace_id)s
ON CONFLICT (workspace_id, conversation_id, member_id) DO UPDATE SET
    text = excluded.text, price_cents = excluded.price_cents, currency = excluded.currency,
    attachments = excluded.attachments
RETURNING text, price_cents, currency, attachments, updated_at
"""
DROP = """
DELETE FROM composer_drafts
WHERE workspace_id = %(workspace_id)s AND conversation_id = %(conversation_id)s AND member_id = %(member_id)s
"""


class PostgresComposer:
    """What members of one workspace are writing, inside one transaction."""

    def __init__(self, connection: Connection[dict[str, Any]], workspace_id: UUID) -> None:
        self._connection = connection
        self._workspace_id = workspace_id

    def get(self, conversation_id: UUID, member_id: UUID) -> Unsent:
        """What a member is writing; an empty one when nothing, NotFound when there is no such conversation."""
        return self._one(GET, conversation_id=conversation_id, member_id=member_id)

    def keep(self, conversation_id: UUID, member_id: UUID, content: Content) -> Unsent:
        """Keep it in place of what was there; NotFound when there is no such conversation."""
        typed = {
            "text": content.text,
            "price_cents": content.price_cents,
            "attachments": Jsonb([media.as_json() for media in content.attachments]),
        }
        return self._one(KEEP, conversation_id=conversation_id, member_id=member_id, **typed)

    def drop(self, conversation_id: UUID, member_id: UUID) -> None:
        """Forget it."""
        where = {"conversation_id": conversation_id, "member_id": member_id}
        self._connection.execute(DROP, {"workspace_id": self._workspace_id, **where})

    def _one(self, statement: str, **parameters: object) -> Unsent:
        row = self._connection.execute(statement, {"workspace_id": self._workspace_id, **parameters}).fetchone()
        if row is None:
            raise NotFound
        content = Content(
            text=row["text"] or "",
            price_cents=row["price_cents"] or 0,
            attachments=tuple(map(Media.of, row["attachments"] or ())),
        )
        return Unsent(content=content, currency=row["currency"], updated_at=row["updated_at"])
