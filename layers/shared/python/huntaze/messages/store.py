"""Messages in PostgreSQL."""

from dataclasses import fields
from datetime import datetime
from typing import Any
from uuid import UUID

from psycopg import Connection, Cursor
from psycopg.errors import CheckViolation
from psycopg.rows import tuple_row
from psycopg.types.json import Jsonb

from huntaze.cursors import Position
from huntaze.errors import Conflict, NotFound
from huntaze.fans.model import Platform
from huntaze.messages.model import UNWANTED, Account, Content, Direction, Filters, Message, Outgoing, Status, Told

# Only what was asked for becomes a condition, so that each list comes from the index that is made for it. Most messages
# have no attachments, and reading nothing is quicker than reading an empty list.
MATCHING = """
SELECT
    text, price_cents, currency, nullif(attachments, '[]'), direction, status, id, conversation_id, messages.fan_id,
    account_id, campaign_id, sent_elsewhere, read, priority, approved_by, approved_at, sent_by_ai, attempts, last_error,
    occurred_at, queued_at, sent_at, created_at, updated_at
FROM {source}
WHERE workspace_id = %(workspace_id)s{conditions} AND EXISTS (
    SELECT FROM fans WHERE fans.workspace_id = messages.workspace_id AND fans.id = messages.fan_id AND (
        deleted_at IS NULL OR EXISTS (
            SELECT FROM fans AS shown
            WHERE shown.workspace_id = fans.workspace_id AND shown.id = fans.merged_into AND shown.deleted_at IS NULL
        )
    )
)
ORDER BY occurred_at DESC, id DESC
LIMIT %(limit)s OFFSET %(offset)s
"""
# What a campaign has taken back waits until the campaign lets it out again, and is nobody's to see.
SHOWN = " AND (status <> 'draft' OR campaign_id IS NULL)"
OF_CONVERSATION = " AND conversation_id = %(conversation_id)s"
# Of a fan, and of those who were merged into them: the newest of each, so that each comes from the index.
EVERYBODYS = "messages"
OF_FAN = """same_person(%(fan_id)s) AS person CROSS JOIN LATERAL (
    SELECT * FROM messages
    WHERE workspace_id = %(workspace_id)s AND messages.fan_id = person.fan_id{conditions}
    ORDER BY occurred_at DESC, id DESC LIMIT %(limit)s::integer + %(offset)s::integer
) AS messages"""
IN_STATUS = " AND status = %(status)s"
# Said twice where it is so: the index of what is neither received nor sent is only used when that is plain to see.
ON_ITS_WAY = " AND status NOT IN ('received', 'sent')"
IN_TROUBLE = " AND status IN ('failed', 'unknown')"
BY_APPROVER = " AND approved_by = %(approved_by)s"
AFTER = " AND (occurred_at, id) < (%(after_key)s::timestamptz, %(after_id)s::uuid)"

GET = """
SELECT
    text, price_cents, currency, nullif(attachments, '[]'), direction, status, id, conversation_id, fan_id, account_id,
    campaign_id, sent_elsewhere, read, priority, approved_by, approved_at, sent_by_ai, attempts, last_error,
    occurred_at, queued_at, sent_at, created_at, updated_at
FROM messages
WHERE workspace_id = %(workspace_id)s AND id = %(id)s AND EXISTS (
    SELECT FROM fans WHERE fans.workspace_id = messages.workspace_id AND fans.id = fan_id AND (
        deleted_at IS NULL OR EXISTS (
            SELECT FROM fans AS shown
            WHERE shown.workspace_id = fans.workspace_id AND shown.id = fans.merged_into AND shown.deleted_at IS NULL
        )
    )
)
"""

# Which account of this platform is there: the one in use, or else one that was signed out.
ACCOUNT = """
SELECT id, status = 'active' AS is_active FROM platform_connections
WHERE workspace_id = %(workspace_id)s AND platform = %(platform)s AND status <> 'revoked'
"""

# messages_due has them by account.
COUNT_WAITING = """
SELECT count(*) AS count FROM messages
WHERE workspace_id = %(workspace_id)s AND account_id = %(account_id)s AND status = 'queued'
"""

# The database makes the content's hash itself and lets nothing be queued whose approved hash is another. Who writes
# and approves in one act approves these very values.
QUEUE = """
INSERT INTO messages (
    workspace_id, id, conversation_id, fan_id, account_id, direction, status, text, price_cents, currency, attachments,
    priority, approved_by, approved_at, approved_hash, sent_by_ai, ai_suggestion, occurred_at, queued_at, created_at,
    updated_at
) VALUES (
    %(workspace_id)s, %(id)s, %(conversation_id)s, %(fan_id)s, %(account_id)s, 'out', 'queued', %(text)s,
    %(price_cents)s::bigint, %(currency)s::text, %(attachments)s::jsonb, %(priority)s, %(approved_by)s, %(at)s,
    coalesce(
        %(approved_hash)s::bytea,
        message_hash(
            %(fan_id)s, %(account_id)s, %(text)s, %(price_cents)s::bigint, %(currency)s::text, %(attachments)s::jsonb
        )
    ),
    %(sent_by_ai)s, %(ai_suggestion)s, %(at)s, %(at)s, %(at)s, %(at)s
)
"""

# Written once, however often the platform tells of it.
RECEIVE = """
INSERT INTO messages (
    workspace_id, id, conversation_id, fan_id, account_id, direction, status, text, price_cents, currency, attachments,
    platform_message_id, occurred_at
) VALUES (
    %(workspace_id)s, %(id)s, %(conversation_id)s, %(fan_id)s, %(account_id)s, 'in', 'received', %(text)s,
    %(price_cents)s, %(currency)s, %(attachments)s, %(platform_message_id)s, %(occurred_at)s
)
ON CONFLICT (workspace_id, conversation_id, platform_message_id) WHERE platform_message_id IS NOT NULL DO NOTHING
"""
NOTE_SENT_ELSEWHERE = """
INSERT INTO messages (
    workspace_id, id, conversation_id, fan_id, account_id, direction, status, sent_elsewhere, text, price_cents,
    currency, attachments, platform_message_id, occurred_at, sent_at
) VALUES (
    %(workspace_id)s, %(id)s, %(conversation_id)s, %(fan_id)s, %(account_id)s, 'out', 'sent', true, %(text)s,
    %(price_cents)s, %(currency)s, %(attachments)s, %(platform_message_id)s, %(occurred_at)s, %(occurred_at)s
)
ON CONFLICT (workspace_id, conversation_id, platform_message_id) WHERE platform_message_id IS NOT NULL DO NOTHING
"""

# Whether we sent, or are about to send, this message through this account.
IS_OURS = """
SELECT FROM messages
WHERE workspace_id = %(workspace_id)s AND id = %(id)s AND account_id = %(account_id)s AND direction = 'out'
    AND NOT sent_elsewhere
"""

MARK_ALL_READ = """
UPDATE messages SET read = true
WHERE workspace_id = %(workspace_id)s AND conversation_id = %(conversation_id)s AND direction = 'in' AND NOT read
"""
MARK_READ = """
UPDATE messages SET read = true
WHERE workspace_id = %(workspace_id)s AND id = %(id)s AND direction = 'in' AND NOT read
"""


class PostgresMessages:
    """The messages of one workspace, inside one transaction."""

    def __init__(self, connection: Connection[dict[str, Any]], workspace_id: UUID) -> None:
        self._connection = connection
        self._workspace_id = workspace_id

    def matching(self, filters: Filters, after: Position | None, limit: int, offset: int = 0) -> list[Message]:
        """Messages from the newest on, or from a place on, or after so many."""
        asked = {rule.name: getattr(filters, rule.name) for rule in fields(Filters)}
        place = {"after_key": after and after.key, "after_id": after and after.id, "limit": limit, "offset": offset}
        return self._read(_list(filters, after), **asked, **place)

    def get(self, message_id: UUID) -> Message:
        """One message; NotFound when there is none."""
        found = self._read(GET, id=message_id)
        if not found:
            raise NotFound
        return found[0]

    def account(self, platform: Platform) -> Account | None:
        """The creator's account on a platform."""
        row = self._run(ACCOUNT, platform=platform).fetchone()
        return Account(**row) if row else None

    def count_waiting(self, account_id: UUID) -> int:
        """How many messages wait to leave through an account."""
        [row] = self._run(COUNT_WAITING, account_id=account_id).fetchall()
        count: int = row["count"]
        return count

    def queue(self, message_id: UUID, new: Outgoing, approved_by: UUID, at: datetime) -> Message:
        """Keep a message that this person approves; Conflict when the fan has come to be one to leave alone."""
        try:
            self._queue(message_id, new, approved_by, at)
        except CheckViolation as refusal:
            if refusal.diag.constraint_name != "messages_wanted":
                raise
            raise Conflict(UNWANTED) from refusal
        return self.get(message_id)

    def _queue(self, message_id: UUID, new: Outgoing, approved_by: UUID, at: datetime) -> None:
        self._run(
            QUEUE,
            id=message_id,
            conversation_id=new.conversation_id,
            fan_id=new.fan_id,
            account_id=new.account_id,
            priority=new.priority,
            approved_by=approved_by,
            approved_hash=new.approved_hash,
            sent_by_ai=new.ai_suggestion is not None and new.ai_suggestion == new.content.text,
            ai_suggestion=new.ai_suggestion,
            at=at,
            **_columns(new.content),
        )

    def receive(self, message_id: UUID, fan_id: UUID, told: Told) -> bool:
        """Keep what a fan wrote; whether it was not known before."""
        return self._keep(RECEIVE, message_id, fan_id, told)

    def note_sent_elsewhere(self, message_id: UUID, fan_id: UUID, told: Told) -> bool:
        """Keep what was written in the platform's own app; whether it was not known before."""
        return self._keep(NOTE_SENT_ELSEWHERE, message_id, fan_id, told)

    def is_ours(self, message_id: UUID, account_id: UUID) -> bool:
        """Whether it is a message of this workspace's own to be sent through this account."""
        return self._run(IS_OURS, id=message_id, account_id=account_id).rowcount > 0

    def mark_all_read(self, conversation_id: UUID) -> int:
        """Every message of the fan in this conversation has been read; how many had not been."""
        return self._run(MARK_ALL_READ, conversation_id=conversation_id).rowcount

    def mark_read(self, message_id: UUID) -> int:
        """The message has been read; whether, as a number, it had not been."""
        return self._run(MARK_READ, id=message_id).rowcount

    def _keep(self, statement: str, message_id: UUID, fan_id: UUID, told: Told) -> bool:
        kept = self._run(
            statement,
            id=message_id,
            conversation_id=told.conversation_id,
            fan_id=fan_id,
            platform_message_id=told.platform_message_id,
            occurred_at=told.occurred_at,
            account_id=told.account_id,
            **_columns(told.content),
        )
        return kept.rowcount > 0

    def _read(self, statement: str, **parameters: object) -> list[Message]:
        """Messages in the driver's quickest way: a page has a hundred of them."""
        cursor = self._connection.cursor(binary=True, row_factory=tuple_row)
        cursor.execute(statement, {"workspace_id": self._workspace_id, **parameters})
        return [_message(*row) for row in cursor]

    def _run(self, statement: str, **parameters: object) -> Cursor[dict[str, Any]]:
        return self._connection.execute(statement, {"workspace_id": self._workspace_id, **parameters})


def _list(filters: Filters, after: Position | None) -> str:
    asked = (
        (filters.conversation_id, OF_CONVERSATION),
        (filters.status, IN_STATUS),
        (filters.status not in {None, Status.RECEIVED, Status.SENT}, ON_ITS_WAY),
        (filters.in_trouble, IN_TROUBLE),
        (filters.approved_by, BY_APPROVER),
        (after, AFTER),
    )
    conditions = SHOWN + "".join(condition for wanted, condition in asked if wanted)
    source = OF_FAN.format(conditions=conditions) if filters.fan_id else EVERYBODYS
    return MATCHING.format(source=source, conditions=conditions)


def _columns(content: Content) -> dict[str, object]:
    return {
        "text": content.text,
        "price_cents": content.price.cents,
        "currency": content.price.currency,
        "attachments": Jsonb(content.attachments),
    }


_DIRECTIONS = {each.value: each for each in Direction}  # to look up is much quicker than to call, row by row
_STATUSES = {each.value: each for each in Status}


def _message(  # noqa: PLR0917 - the columns as the statements read them
    text: str,
    cents: int,
    currency: str,
    attachments: list[dict[str, str]] | None,
    direction: str,
    status: str,
    *others: Any,
) -> Message:
    content = Content.kept(text, cents, currency, attachments)
    return Message(content, _DIRECTIONS[direction], _STATUSES[status], *others)
