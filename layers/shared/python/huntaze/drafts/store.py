"""Drafts in PostgreSQL, which makes the hash of what each says."""

from datetime import datetime
from typing import Any
from uuid import UUID

from psycopg import Connection, Cursor
from psycopg.types.json import Jsonb

from huntaze.conversations.model import Conversation
from huntaze.cursors import Position
from huntaze.drafts.model import Author, Draft, Writing
from huntaze.errors import NotFound
from huntaze.messages.model import Content

NEWEST = """
SELECT id, conversation_id, fan_id, account_id, author, author_id, text, price_cents, currency, attachments,
    content_hash, ai_suggestion, created_at, updated_at
FROM drafts
WHERE workspace_id = %(workspace_id)s AND dismissed_at IS NULL{of_conversation} AND EXISTS (
    SELECT FROM fans WHERE fans.workspace_id = drafts.workspace_id AND fans.id = fan_id AND (
        deleted_at IS NULL OR EXISTS (
            SELECT FROM fans AS shown
            WHERE shown.workspace_id = fans.workspace_id AND shown.id = fans.merged_into AND shown.deleted_at IS NULL
        )
    )
) AND (created_at, id) < (%(after_key)s::timestamptz, %(after_id)s::uuid)
ORDER BY created_at DESC, id DESC
LIMIT %(limit)s
"""
OF_CONVERSATION = " AND conversation_id = %(conversation_id)s"
BEFORE_ALL = Position("infinity", UUID(int=2**128 - 1))

GET = """
SELECT id, conversation_id, fan_id, account_id, author, author_id, text, price_cents, currency, attachments,
    content_hash, ai_suggestion, created_at, updated_at
FROM drafts
WHERE workspace_id = %(workspace_id)s AND id = %(id)s AND dismissed_at IS NULL AND EXISTS (
    SELECT FROM fans WHERE fans.workspace_id = drafts.workspace_id AND fans.id = fan_id AND (
        deleted_at IS NULL OR EXISTS (
            SELECT FROM fans AS shown
            WHERE shown.workspace_id = fans.workspace_id AND shown.id = fans.merged_into AND shown.deleted_at IS NULL
        )
    )
)
"""
TO_CHANGE = " FOR UPDATE"

ADD = """
INSERT INTO drafts (
    workspace_id, id, conversation_id, fan_id, account_id, author, author_id, text, price_cents, currency, attachments,
    ai_suggestion, created_at, updated_at
) VALUES (
    %(workspace_id)s, %(id)s, %(conversation_id)s, %(fan_id)s, %(account_id)s, %(author)s, %(author_id)s, %(text)s,
    %(price_cents)s, %(currency)s, %(attachments)s, %(ai_suggestion)s, %(at)s, %(at)s
)
"""
CHANGE = """
UPDATE drafts SET
    account_id = %(account_id)s, text = %(text)s, price_cents = %(price_cents)s, currency = %(currency)s,
    attachments = %(attachments)s, ai_suggestion = %(ai_suggestion)s
WHERE workspace_id = %(workspace_id)s AND id = %(id)s
"""
DELETE = """
DELETE FROM drafts WHERE workspace_id = %(workspace_id)s AND id = %(id)s
"""
DISMISS = """
UPDATE drafts SET dismissed_at = %(at)s
WHERE workspace_id = %(workspace_id)s AND id = %(id)s AND dismissed_at IS NULL
"""
RESTORE = """
UPDATE drafts SET dismissed_at = NULL
WHERE workspace_id = %(workspace_id)s AND id = %(id)s AND dismissed_at > %(dismissed_after)s
"""
# A few at a time, so that nobody waits for the cleaning.
FORGET = """
DELETE FROM drafts WHERE (workspace_id, id) IN (
    SELECT workspace_id, id FROM drafts
    WHERE workspace_id = %(workspace_id)s AND dismissed_at <= %(dismissed_before)s
    ORDER BY dismissed_at LIMIT 20 FOR UPDATE SKIP LOCKED
)
"""


class PostgresDrafts:
    """The drafts of one workspace, inside one transaction."""

    def __init__(self, connection: Connection[dict[str, Any]], workspace_id: UUID) -> None:
        self._connection = connection
        self._workspace_id = workspace_id

    def newest(self, conversation_id: UUID | None, after: Position | None, limit: int) -> list[Draft]:
        """Drafts from the newest on, or from a place on; of one conversation or of all."""
        place, condition = after or BEFORE_ALL, "" if conversation_id is None else OF_CONVERSATION
        asked = {"conversation_id": conversation_id, "after_key": place.key, "after_id": place.id, "limit": limit}
        return [_draft(row) for row in self._run(NEWEST.format(of_conversation=condition), **asked)]

    def get(self, draft_id: UUID) -> Draft:
        """One draft; NotFound when there is none."""
        return self._one(GET, draft_id)

    def get_to_change(self, draft_id: UUID) -> Draft:
        """The same, and nobody else changes it before this transaction ends."""
        return self._one(GET + TO_CHANGE, draft_id)

    def add(
        self, draft_id: UUID, conversation: Conversation, author_id: UUID | None, new: Writing, at: datetime
    ) -> Draft:
        """Keep a new draft; without an author it is a machine's."""
        about = {"conversation_id": conversation.id, "fan_id": conversation.fan_id, "author_id": author_id, "at": at}
        author = Author.MACHINE if author_id is None else Author.HUMAN
        self._run(ADD, id=draft_id, author=author, **about, **_columns(new))
        return self.get(draft_id)

    def change(self, draft_id: UUID, new: Writing) -> Draft:
        """Put this in its place; its hash is another one then."""
        self._run(CHANGE, id=draft_id, **_columns(new))
        return self.get(draft_id)

    def delete(self, draft_id: UUID) -> None:
        """Drop a draft that has become a message."""
        self._run(DELETE, id=draft_id)

    def dismiss(self, draft_id: UUID, at: datetime) -> None:
        """Take a draft out of every list."""
        self._run(DISMISS, id=draft_id, at=at)

    def restore(self, draft_id: UUID, dismissed_after: datetime) -> Draft:
        """Bring back what was dismissed after this moment; NotFound otherwise."""
        if not self._run(RESTORE, id=draft_id, dismissed_after=dismissed_after).rowcount:
            raise NotFound
        return self.get(draft_id)

    def forget(self, dismissed_before: datetime) -> None:
        """Drop some of those that can be restored no more."""
        self._run(FORGET, dismissed_before=dismissed_before)

    def _one(self, statement: str, draft_id: UUID) -> Draft:
        row = self._run(statement, id=draft_id).fetchone()
        if row is None:
            raise NotFound
        return _draft(row)

    def _run(self, statement: str, **parameters: object) -> Cursor[dict[str, Any]]:
        return self._connection.execute(statement, {"workspace_id": self._workspace_id, **parameters})


def _columns(new: Writing) -> dict[str, object]:
    return {
        "account_id": new.account_id,
        "text": new.content.text,
        "price_cents": new.content.price.cents,
        "currency": new.content.price.currency,
        "attachments": Jsonb(new.content.attachments),
        "ai_suggestion": new.ai_suggestion,
    }


def _draft(row: dict[str, Any]) -> Draft:
    content = Content.kept(row.pop("text"), row.pop("price_cents"), row.pop("currency"), row.pop("attachments"))
    return Draft(content=content, **{**row, "author": Author(row["author"])})
