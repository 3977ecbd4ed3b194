"""Conversations in PostgreSQL."""

from datetime import datetime
from typing import Any
from uuid import UUID

from psycopg import Connection, Cursor
from psycopg.rows import tuple_row

from huntaze.conversations import listing
from huntaze.conversations.listing import COLUMNS, FAN_AND_LAST_MESSAGE
from huntaze.conversations.model import Conversation, Filters, LastMessage, Unread
from huntaze.cursors import Position
from huntaze.errors import NotFound
from huntaze.fans.model import Platform
from huntaze.messages.model import Direction, Status
from huntaze.money import Money

GET = f"""
SELECT {COLUMNS}
FROM conversations
{FAN_AND_LAST_MESSAGE}
WHERE workspace_id = %(workspace_id)s AND conversations.id = %(id)s
"""  # noqa: S608 - both parts stand in listing
OF_FAN = f"""
SELECT {COLUMNS}
FROM conversations
{FAN_AND_LAST_MESSAGE}
WHERE workspace_id = %(workspace_id)s AND fan_id = %(fan_id)s AND platform = %(platform)s
"""  # noqa: S608 - the same

LOCK = """
SELECT fan_id FROM conversations WHERE workspace_id = %(workspace_id)s AND id = %(id)s FOR NO KEY UPDATE
"""

# Deleted fans' too: what is said in it is kept, should they return.
PLACE = """
SELECT id FROM conversations
WHERE workspace_id = %(workspace_id)s AND fan_id = %(fan_id)s AND platform = %(platform)s
"""

OPEN = """
INSERT INTO conversations (workspace_id, id, fan_id, platform, created_at, updated_at)
VALUES (%(workspace_id)s, %(id)s, %(fan_id)s, %(platform)s, %(at)s, %(at)s)
ON CONFLICT ON CONSTRAINT conversations_one_per_fan DO NOTHING
"""

ARCHIVE = """
UPDATE conversations SET archived = %(archived)s WHERE workspace_id = %(workspace_id)s AND id = %(id)s
"""

# In the transaction of the message. What comes late does not move a conversation back and is not the last word, and
# what a fan says brings it back from the archive.
HEARD = """
UPDATE conversations SET
    last_message_at = greatest(last_message_at, %(at)s), unread_count = unread_count + 1, archived = false,
    unanswered = unanswered OR last_message_at IS NULL OR last_message_at <= %(at)s
WHERE workspace_id = %(workspace_id)s AND id = %(id)s
"""
SAID = """
UPDATE conversations SET
    last_message_at = greatest(last_message_at, %(at)s),
    unanswered = unanswered AND coalesce(last_message_at > %(at)s, false)
WHERE workspace_id = %(workspace_id)s AND id = %(id)s
"""
# Who takes an answer back has said nothing: the fan may have the last word again.
UNSAID = """
UPDATE conversations SET unanswered = coalesce((
    SELECT direction = 'in' FROM messages
    WHERE messages.workspace_id = conversations.workspace_id AND conversation_id = conversations.id
        AND status <> 'cancelled' AND (status <> 'draft' OR campaign_id IS NULL)
    ORDER BY occurred_at DESC, messages.id DESC LIMIT 1
), false)
WHERE workspace_id = %(workspace_id)s AND id = %(id)s
"""
READ = """
UPDATE conversations SET unread_count = greatest(unread_count - %(messages)s, 0)
WHERE workspace_id = %(workspace_id)s AND id = %(id)s
"""

# The deleted fans of a workspace are few, so they are looked for once and not each fan once.
UNREAD = """
SELECT coalesce(sum(unread_count), 0) AS messages, count(*) AS conversations
FROM conversations
WHERE workspace_id = %(workspace_id)s AND unread_count > 0 AND NOT archived AND NOT EXISTS (
    SELECT FROM fans
    WHERE fans.workspace_id = conversations.workspace_id AND fans.id = fan_id AND deleted_at IS NOT NULL
        AND NOT EXISTS (
            SELECT FROM fans AS shown
            WHERE shown.workspace_id = fans.workspace_id AND shown.id = fans.merged_into AND shown.deleted_at IS NULL
        )
)
"""


class PostgresConversations:
    """The conversations of one workspace, inside one transaction."""

    def __init__(self, connection: Connection[dict[str, Any]], workspace_id: UUID) -> None:
        self._connection = connection
        self._workspace_id = workspace_id

    def matching(self, filters: Filters, after: Position | None, limit: int) -> list[Conversation]:
        """Conversations, those with the newest messages first, from the first on or from a place on."""
        return self._read(listing.statement(filters, after), **listing.values(filters, after, limit))

    def get(self, conversation_id: UUID) -> Conversation:
        """One conversation; NotFound when there is none."""
        return self._one(GET, id=conversation_id)

    def get_to_change(self, conversation_id: UUID) -> Conversation:
        """The same, and until this transaction ends nobody else changes it, and nothing new is said in it."""
        self.lock(conversation_id)
        return self.get(conversation_id)  # it sees what was committed while we waited

    def of_fan(self, fan_id: UUID, platform: Platform) -> Conversation:
        """The conversation with a fan on a platform; NotFound when there is none."""
        return self._one(OF_FAN, fan_id=fan_id, platform=platform)

    def lock(self, conversation_id: UUID) -> UUID:
        """Whom it is with, deleted or not, and nothing new is said until this transaction ends; NotFound if none."""
        row = self._run(LOCK, id=conversation_id).fetchone()
        if row is None:
            raise NotFound
        fan_id: UUID = row["fan_id"]
        return fan_id

    def open(self, conversation_id: UUID, fan_id: UUID, platform: Platform, at: datetime) -> bool:
        """Open a conversation with a fan on a platform unless there is one; whether there was none."""
        return self._run(OPEN, id=conversation_id, fan_id=fan_id, platform=platform, at=at).rowcount > 0

    def place(self, fan_id: UUID, platform: Platform) -> UUID | None:
        """Where is talked with a fan on a platform, also when the fan is hidden; None when nothing was said yet."""
        row = self._run(PLACE, fan_id=fan_id, platform=platform).fetchone()
        found: UUID | None = row["id"] if row else None
        return found

    def archive(self, conversation_id: UUID, *, archived: bool) -> None:
        """Take it out of the inbox, or put it back."""
        self._run(ARCHIVE, id=conversation_id, archived=archived)

    def heard(self, conversation_id: UUID, at: datetime) -> None:
        """The fan has said one more thing."""
        self._run(HEARD, id=conversation_id, at=at)

    def said(self, conversation_id: UUID, at: datetime) -> None:
        """Something was said to the fan."""
        self._run(SAID, id=conversation_id, at=at)

    def unsaid(self, conversation_id: UUID) -> None:
        """Something that was said to the fan was taken back before it left."""
        self._run(UNSAID, id=conversation_id)

    def read(self, conversation_id: UUID, messages: int) -> None:
        """So many of its messages are not unread any more."""
        self._run(READ, id=conversation_id, messages=messages)

    def unread(self) -> Unread:
        """How much in the inbox is unread; what is archived does not count."""
        (row,) = self._run(UNREAD)
        return Unread(row["messages"], row["conversations"])

    def _one(self, statement: str, **parameters: object) -> Conversation:
        found = self._read(statement, **parameters)
        if not found:
            raise NotFound
        return found[0]

    def _read(self, statement: str, **parameters: object) -> list[Conversation]:
        """Conversations in the driver's quickest way: a page has up to a hundred of them."""
        cursor = self._connection.cursor(binary=True, row_factory=tuple_row)
        cursor.execute(statement, {"workspace_id": self._workspace_id, **parameters})
        return [_conversation(*row) for row in cursor]

    def _run(self, statement: str, **parameters: object) -> Cursor[dict[str, Any]]:
        return self._connection.execute(statement, {"workspace_id": self._workspace_id, **parameters})


_PLATFORMS = {each.value: each for each in Platform}
_DIRECTIONS = {each.value: each for each in Direction}  # to look up is much quicker than to call, row by row
_STATUSES = {each.value: each for each in Status}


def _conversation(  # noqa: PLR0917 - the columns as the statements read them
    last_id: UUID | None,
    direction: str,
    text: str,
    status: str,
    occurred_at: datetime,
    platform: str,
    cents: int,
    currency: str,
    *others: Any,
) -> Conversation:
    last = LastMessage(last_id, _DIRECTIONS[direction], text, _STATUSES[status], occurred_at) if last_id else None
    return Conversation(last, _PLATFORMS[platform], Money(cents, currency), *others)
