"""What reading a conversation asks of PostgreSQL."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from psycopg import Connection

from huntaze.conversations import listing
from huntaze.threads.model import Aside, Onlooker, Pulse, Window

ASIDES = """
SELECT messages.id, coalesce(display_name, split_part(email, '@', 1)) AS approver, bought_at,
    messages.status IN ('queued', 'failed') AND campaign_id IS NULL
        AND NOT may_have_arrived(messages.workspace_id, messages.id) AS may_change,
    coalesce(accounts.status <> 'revoked' AND 'find' = ANY(capabilities) AND claimed_at >= bridge_since, false)
        AS can_ask,
    look_at IS NOT NULL AS is_asked
FROM messages
LEFT JOIN members ON members.workspace_id = messages.workspace_id AND members.id = approved_by
LEFT JOIN platform_connections AS accounts ON messages.status = 'unknown'
    AND accounts.workspace_id = messages.workspace_id AND accounts.id = messages.account_id
LEFT JOIN delivery_attempts ON messages.status = 'unknown'
    AND delivery_attempts.workspace_id = messages.workspace_id AND delivery_attempts.id = messages.attempt_id
WHERE messages.workspace_id = %(workspace_id)s AND messages.id = ANY(%(ids)s)
"""

# What is told of the fan beside a thread, each part from the index that shows it. The fan's own `updated_at` would be
# another one at every message.
ABOUT = """
LEFT JOIN (
    SELECT md5(concat_ws(
        ' ', shown.value_cents, shown.tags, shown.name, shown.handle, shown.email, shown.phone,
        shown.subscription_status, shown.do_not_contact, md5(shown.notes), paid.word, offered.word, written.word
    )) AS word
    FROM conversations JOIN fans ON fans.workspace_id = conversations.workspace_id AND fans.id = conversations.fan_id
    JOIN fans AS shown ON shown.workspace_id = fans.workspace_id
        AND shown.id = CASE WHEN fans.merged_into IS NULL THEN fans.id ELSE fans.merged_into END
    CROSS JOIN LATERAL (
        SELECT string_agg(newest.id::text, ' ' ORDER BY newest.id) AS word
        FROM same_person(shown.id) AS person, LATERAL (
            SELECT id FROM transactions WHERE workspace_id = %(workspace_id)s AND fan_id = person.fan_id
            ORDER BY occurred_at DESC LIMIT 20
        ) AS newest
    ) AS paid
    CROSS JOIN LATERAL (
        SELECT string_agg(newest.id::text, ' ' ORDER BY newest.id) AS word
        FROM same_person(shown.id) AS person, LATERAL (
            SELECT id FROM messages WHERE workspace_id = %(workspace_id)s AND fan_id = person.fan_id
                AND status = 'sent' AND price_cents > 0 AND bought_at IS NULL
            ORDER BY occurred_at DESC LIMIT 10
        ) AS newest
    ) AS offered
    CROSS JOIN LATERAL (
        SELECT string_agg(concat_ws(' ', newest.id, newest.updated_at), ' ' ORDER BY newest.id) AS word
        FROM same_person(shown.id) AS person, LATERAL (
            SELECT id, updated_at FROM fan_notes WHERE workspace_id = %(workspace_id)s AND fan_id = person.fan_id
            ORDER BY created_at DESC LIMIT 20
        ) AS newest
    ) AS written
    WHERE conversations.workspace_id = %(workspace_id)s AND conversations.id = %(conversation_id)s
) AS about ON true
"""

# What tells a row of the list from what it was: its counts, its fan, its last message and what became of that.
ROW = """
concat_ws(' ', conversations.id, unread_count, conversations.updated_at, fan.changed_at, last.id, last.status) AS word
"""

# What stands in the window itself, each part from the index that shows it: the newest moment of a whole table would
# miss what was written before it and committed after. Whatever is said brings its conversation to the top of the inbox,
# which is looked at as well, because the number of those unread stands beside every list.
PULSE = """
SELECT md5(concat_ws(' ', list.word, inbox.word, thread.word, drafts.word, answering.word,
    company.word, about.word)) AS word,
    thread.waits AS something_waits, coalesce(about.word, '') AS about
FROM (
    SELECT string_agg(word, ' ') AS word FROM ({list}) AS shown
) AS list CROSS JOIN (
    SELECT string_agg(concat_ws(' ', id, unread_count), ' ' ORDER BY newest_key DESC, id DESC) AS word
    FROM (
        SELECT id, unread_count, newest_key FROM conversations
        WHERE workspace_id = %(workspace_id)s AND NOT archived
        ORDER BY newest_key DESC, id DESC LIMIT 50
    ) AS shown
) AS inbox CROSS JOIN (
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
) AS answering CROSS JOIN (
    SELECT string_agg(member_id::text, ' ' ORDER BY member_id) AS word FROM conversation_presence
    WHERE workspace_id = %(workspace_id)s AND conversation_id = %(conversation_id)s AND here_until > %(at)s
        AND member_id <> %(member_id)s
) AS company {about}
"""

# Goes before the pulse, so that being there costs no question of its own. Most of the time it finds that it was noted
# a moment ago, and writes nothing.
STAY = """
WITH stayed AS (
    INSERT INTO conversation_presence (workspace_id, conversation_id, member_id, here_until)
    SELECT workspace_id, id, %(member_id)s, %(here_until)s FROM conversations
    WHERE workspace_id = %(workspace_id)s AND id = %(conversation_id)s AND NOT EXISTS (
        SELECT FROM conversation_presence
        WHERE workspace_id = %(workspace_id)s AND conversation_id = %(conversation_id)s AND member_id = %(member_id)s
            AND here_until > %(due)s
    )
    ON CONFLICT (workspace_id, conversation_id, member_id) DO UPDATE SET here_until = excluded.here_until
)
"""
_NOTED_EVERY = timedelta(seconds=25)


class PostgresThreads:
    """What reading a conversation asks, inside one transaction of a workspace."""

    def __init__(self, connection: Connection[dict[str, Any]], workspace_id: UUID) -> None:
        self._connection = connection
        self._workspace_id = workspace_id

    def asides(self, message_ids: Sequence[UUID]) -> dict[UUID, Aside]:
        """What these messages do not tell of themselves."""
        rows = self._rows(ASIDES, ids=list(message_ids))
        return {row.pop("id"): Aside(**row) for row in rows}

    def pulse(self, window: Window, onlooker: Onlooker, at: datetime) -> Pulse:
        """A word that is another one as soon as anything in this window is; and note that the onlooker is there."""
        until = onlooker.here_until
        listed = listing.statement(window.listed, window.after, ROW)
        values = listing.values(window.listed, window.after, window.rows)
        seen = {"conversation_id": window.conversation_id, "lines": window.lines, "at": at}
        there = {"member_id": onlooker.member_id, "here_until": until, "due": until and until - _NOTED_EVERY}
        pulse = PULSE.format(list=listed, about=ABOUT)
        [row] = self._rows(STAY + pulse if until else pulse, **values, **seen, **there)
        return Pulse(**row)

    def _rows(self, statement: str, **parameters: object) -> list[dict[str, Any]]:
        return self._connection.execute(statement, {"workspace_id": self._workspace_id, **parameters}).fetchall()
