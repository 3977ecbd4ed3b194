"""A read model: what happened with a fan, from the tables of several features. It reads them and never writes."""

from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

from psycopg import Connection

from huntaze.cursors import Position
from huntaze.money import Money
from huntaze.timeline.model import Added, Event, NoteWritten, Paid, Talked

# Each table gives at most a page of each fan who is shown as this one, from its index. A day of messages stands where
# its last one is, so a page that begins on a day must count the whole day to know whether it was shown; the two days
# more are for the zone's own midnight.
NEWEST = """
WITH notes AS (
    SELECT found.* FROM same_person(%(fan_id)s) AS person, LATERAL (
        SELECT 'note' AS kind, fan_notes.created_at AS at, fan_notes.id,
            coalesce(display_name, email) AS author_name, text
        FROM fan_notes JOIN members USING (workspace_id)
        WHERE workspace_id = %(workspace_id)s AND members.id = author_id AND fan_notes.fan_id = person.fan_id
            AND (fan_notes.created_at, fan_notes.id) < (%(before_key)s::timestamptz, %(before_id)s::uuid)
        ORDER BY fan_notes.created_at DESC, fan_notes.id DESC LIMIT %(limit)s
    ) AS found
), payments AS (
    SELECT found.* FROM same_person(%(fan_id)s) AS person, LATERAL (
        SELECT 'transaction' AS kind, occurred_at AS at, id, transactions.kind AS what, amount_cents, currency
        FROM transactions
        WHERE workspace_id = %(workspace_id)s AND transactions.fan_id = person.fan_id
            AND (occurred_at, id) < (%(before_key)s::timestamptz, %(before_id)s::uuid)
        ORDER BY occurred_at DESC, id DESC LIMIT %(limit)s
    ) AS found
), days AS (
    SELECT 'messages' AS kind, max(occurred_at) AS at, (array_agg(id ORDER BY occurred_at DESC, id DESC))[1] AS id,
        (occurred_at AT TIME ZONE (
            SELECT timezone FROM workspaces WHERE workspaces.id = %(workspace_id)s
        ))::date AS day,
        min(occurred_at) AS first_at,
        count(*) FILTER (WHERE direction = 'in') AS received, count(*) FILTER (WHERE direction = 'out') AS sent
    FROM same_person(%(fan_id)s) AS person, LATERAL (
        SELECT id, occurred_at, direction FROM messages
        WHERE workspace_id = %(workspace_id)s AND messages.fan_id = person.fan_id AND status IN ('received', 'sent')
            AND occurred_at < %(before_key)s::timestamptz + interval '2 days'
        OFFSET 0
    ) AS said
    GROUP BY day
    HAVING (max(occurred_at), (array_agg(id ORDER BY occurred_at DESC, id DESC))[1])
        < (%(before_key)s::timestamptz, %(before_id)s::uuid)
    ORDER BY at DESC LIMIT %(limit)s
), beginning AS (
    SELECT 'created' AS kind, created_at AS at, id FROM fans
    WHERE workspace_id = %(workspace_id)s AND id = %(fan_id)s AND deleted_at IS NULL
        AND (created_at, id) < (%(before_key)s::timestamptz, %(before_id)s::uuid)
)
SELECT kind, at, id, author_name, text, NULL AS what, NULL::bigint AS amount_cents, NULL AS currency, NULL::date AS day,
    NULL::timestamptz AS first_at, NULL::bigint AS received, NULL::bigint AS sent
FROM notes
UNION ALL SELECT kind, at, id, NULL, NULL, what, amount_cents, currency, NULL, NULL, NULL, NULL FROM payments
UNION ALL SELECT kind, at, id, NULL, NULL, NULL, NULL, NULL, day, first_at, received, sent FROM days
UNION ALL SELECT kind, at, id, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL FROM beginning
ORDER BY at DESC, id DESC
LIMIT %(limit)s
"""
BEFORE_ALL = Position("infinity", UUID(int=2**128 - 1))

Row = Mapping[str, Any]


class PostgresTimeline:
    """What is known of fans' pasts in one workspace, inside one transaction."""

    def __init__(self, connection: Connection[dict[str, Any]], workspace_id: UUID) -> None:
        self._connection = connection
        self._workspace_id = workspace_id

    def newest(self, fan_id: UUID, before: Position | None, limit: int) -> list[Event]:
        """What happened with a fan, from the newest on, or from a place on."""
        place = before or BEFORE_ALL
        chosen = {"workspace_id": self._workspace_id, "fan_id": fan_id, "limit": limit}
        rows = self._connection.execute(NEWEST, {**chosen, "before_key": place.key, "before_id": place.id})
        return [_EVENTS[row["kind"]](row) for row in rows]


def _note(row: Row) -> Event:
    return NoteWritten(row["at"], row["id"], row["author_name"], row["text"])


def _payment(row: Row) -> Event:
    return Paid(row["at"], row["id"], row["what"], Money(row["amount_cents"], row["currency"]))


def _day(row: Row) -> Event:
    return Talked(row["at"], row["id"], row["day"], row["first_at"], row["received"], row["sent"])


def _beginning(row: Row) -> Event:
    return Added(row["at"], row["id"])


_EVENTS: Mapping[str, Callable[[Row], Event]] = {
    NoteWritten.kind: _note,
    Paid.kind: _payment,
    Talked.kind: _day,
    Added.kind: _beginning,
}
