"""Messages on their way, in PostgreSQL."""

from collections.abc import Sequence
from datetime import datetime
from itertools import groupby
from operator import itemgetter
from typing import Any, LiteralString, Protocol
from uuid import UUID

from psycopg import Connection, Cursor
from psycopg.errors import CheckViolation
from psycopg.types.json import Jsonb

from huntaze.delivery.model import DOUBT, Pace
from huntaze.errors import Conflict
from huntaze.fans.model import Platform
from huntaze.messages.model import UNWANTED, Account, Status
from huntaze.outgoing.model import AccountRow, Activity, Rewording, Today, Tries, Try

# Somebody's own id comes first, should a platform call another one by it.
FAN_CALLED = """
SELECT id FROM fans
WHERE workspace_id = %(workspace_id)s AND deleted_at IS NULL
    AND (id = %(id)s::uuid OR (platform = %(platform)s AND platform_id = %(word)s))
ORDER BY (id = %(id)s::uuid) DESC NULLS LAST LIMIT 1
"""

ACCOUNT_OF = """
SELECT platform_connections.id, platform_connections.platform, platform_connections.status = 'active' AS is_active
FROM messages JOIN platform_connections USING (workspace_id)
WHERE workspace_id = %(workspace_id)s AND messages.id = %(id)s AND platform_connections.id = account_id
"""

# Each only from the state that it was decided in: of two people at once, one finds it changed. A campaign's recipient
# is told by the database, whoever decides. What is said again is
# said now and takes its place in the thread; its approval stands, for the words are the same. Claims are counted on
# unless the message had failed: one that kills its worker is stopped by their number.
PUT_BACK = """
UPDATE messages SET
    status = 'queued', queued_at = %(at)s, occurred_at = %(at)s, attempts = 0, last_error = NULL,
    claims = CASE status WHEN 'failed' THEN 0 ELSE claims END
WHERE workspace_id = %(workspace_id)s AND id = %(id)s AND status = %(expected)s
"""
WITHDRAW = """
UPDATE messages SET status = 'cancelled', last_error = NULL
WHERE workspace_id = %(workspace_id)s AND id = %(id)s AND status = 'queued'
"""
# It arrived when it was handed over for the last time, as far as anybody can say.
NOTE_ARRIVED = """
UPDATE messages SET status = 'sent', last_error = NULL, sent_at = coalesce((
    SELECT claimed_at FROM delivery_attempts
    WHERE delivery_attempts.workspace_id = messages.workspace_id AND delivery_attempts.id = attempt_id
), %(at)s)
WHERE workspace_id = %(workspace_id)s AND id = %(id)s AND status = 'unknown'
"""
# Other words, by a new approval of what still waits: its place in line stays, and it belongs to no attempt any more. Of
# two approvals the later one has the later time, whatever the clocks of two processes say.
REWORD = """
UPDATE messages SET
    text = %(text)s::text, price_cents = %(price_cents)s::bigint, currency = %(currency)s::text,
    attachments = %(attachments)s::jsonb, account_id = coalesce(%(account_id)s, account_id), attempt_id = NULL,
    sent_by_ai = coalesce(ai_suggestion = %(text)s::text, false),
    approved_by = %(approved_by)s, approved_at = greatest(%(at)s, approved_at + interval '1 microsecond'),
    approved_hash = message_hash(
        fan_id, coalesce(%(account_id)s, account_id), %(text)s::text, %(price_cents)s::bigint, %(currency)s::text,
        %(attachments)s::jsonb
    )
WHERE workspace_id = %(workspace_id)s AND id = %(id)s AND status = 'queued'
    AND NOT may_have_arrived(messages.workspace_id, messages.id)
"""
# The reconciler asks when it is time, and begins to count anew how often the platform does not have it. It is not asked
# before it may be believed, nor where it cannot tell: a bridge knows nothing of what the one before it was given.
ASK_AGAIN = """
UPDATE delivery_attempts AS d SET look_at = greatest(clock_timestamp(), claimed_at + %(doubt)s), absences = 0
FROM messages AS m
JOIN platform_connections AS c ON c.workspace_id = m.workspace_id AND c.id = m.account_id
WHERE m.workspace_id = %(workspace_id)s AND m.id = %(id)s AND m.status = 'unknown'
    AND c.status <> 'revoked' AND 'find' = ANY(c.capabilities) AND d.claimed_at >= c.bridge_since
    AND d.workspace_id = m.workspace_id AND d.id = m.attempt_id
"""
# Nobody needs to ask the platform any more.
LOOK_NO_MORE = """
UPDATE delivery_attempts SET look_at = NULL
WHERE workspace_id = %(workspace_id)s AND message_id = %(id)s AND look_at IS NOT NULL
"""

TRIES = """
SELECT message_id, claimed_at AS at, outcome, detail FROM delivery_attempts
WHERE workspace_id = %(workspace_id)s AND message_id = ANY(%(ids)s)
ORDER BY message_id, claimed_at, id
"""

# A disconnected account is shown as long as something waits for it.
ACCOUNTS = """
SELECT id, platform, status, paused_at, pause_reason,
    CASE WHEN held_until > clock_timestamp() THEN held_until END AS held_until,
    CASE WHEN held_until > clock_timestamp() THEN held_reason END AS held_reason,
    pace_messages, pace_seconds, pace_gap_seconds, backlog,
    greatest(pace_messages - tokens_out, 0) AS tokens_left, token_back_in
FROM platform_connections AS accounts CROSS JOIN LATERAL (
    SELECT count(*) AS tokens_out, min(token_returns_at) - clock_timestamp() AS token_back_in FROM delivery_attempts
    WHERE delivery_attempts.workspace_id = accounts.workspace_id AND account_id = accounts.id
        AND token_returns_at > (SELECT clock_timestamp())
) AS tokens CROSS JOIN LATERAL (
    SELECT count(*) AS backlog FROM messages
    WHERE messages.workspace_id = accounts.workspace_id AND account_id = accounts.id AND messages.status = 'queued'
) AS waiting
WHERE workspace_id = %(workspace_id)s AND (status <> 'revoked' OR backlog > 0)
ORDER BY platform, id
"""

# Each counted in an index made for it. What was unknown was processed when it came to be so.
QUEUED_SINCE = """
SELECT count(*) AS queued FROM message_transitions
WHERE workspace_id = %(workspace_id)s AND at >= %(since)s AND to_status = 'queued' AND from_status IS NULL
"""
ENDED_SINCE = """
SELECT count(*) AS processed, count(*) FILTER (WHERE to_status = 'failed') AS failed FROM message_transitions
WHERE workspace_id = %(workspace_id)s AND at >= %(since)s AND to_status IN ('sent', 'failed', 'unknown')
    AND from_status <> 'unknown'
"""
LAST_ENDED = """
SELECT at FROM message_transitions
WHERE workspace_id = %(workspace_id)s AND to_status IN ('sent', 'failed', 'unknown') AND from_status <> 'unknown'
ORDER BY at DESC LIMIT 1
"""

# What a schedule asks in all workspaces: numbers alone.
OUTBOX_AGE = "SELECT outbox_age_seconds() AS seconds"
UNKNOWN = "SELECT unknown_messages() AS messages"
ACTIVITY = "SELECT accounts, waiting, away, tokens_left, campaigns FROM sending_activity()"

Row = dict[str, Any]


class LookUp(Protocol):
    """Reads outside any workspace, by narrow functions alone."""

    def __call__(self, query: LiteralString, parameters: dict[str, object], /) -> list[Row]:
        """The rows."""
        ...


class EveryOutgoing:
    """What is measured across workspaces."""

    def __init__(self, look_up: LookUp) -> None:
        self._look_up = look_up

    def outbox_age_seconds(self) -> float:
        """How long ago the permit should have fired that should have done so first of those on their way."""
        (row,) = self._look_up(OUTBOX_AGE, {})
        return float(row["seconds"])

    def unknown_messages(self) -> int:
        """Messages of which nobody knows whether they arrived; of very many it says that they are."""
        (row,) = self._look_up(UNKNOWN, {})
        return int(row["messages"])

    def activity(self) -> Activity:
        """How much there is to send, and how many may."""
        (row,) = self._look_up(ACTIVITY, {})
        return Activity(**row)


class PostgresOutgoing:
    """The messages on their way of one workspace, inside one transaction."""

    def __init__(self, connection: Connection[Row], workspace_id: UUID) -> None:
        self._connection = connection
        self._workspace_id = workspace_id

    def fan_called(self, platform: Platform, word: str, fan_id: UUID | None) -> UUID | None:
        """Whom our id, or else the platform's word, names."""
        row = self._run(FAN_CALLED, platform=platform, word=word, id=fan_id).fetchone()
        return row["id"] if row else None

    def account_of(self, message_id: UUID) -> tuple[Platform, Account] | None:
        """The account that a message was approved to leave through."""
        row = self._run(ACCOUNT_OF, id=message_id).fetchone()
        return (Platform(row["platform"]), Account(row["id"], row["is_active"])) if row else None

    def put_back(self, message_id: UUID, expected: Status, at: datetime) -> bool:
        """Let a message wait again; whether it was still in this state. Conflict when its fan is to be left alone."""
        try:
            return self._run(PUT_BACK, id=message_id, expected=expected, at=at).rowcount > 0
        except CheckViolation as refusal:
            if refusal.diag.constraint_name != "messages_wanted":
                raise
            raise Conflict(UNWANTED) from refusal

    def withdraw(self, message_id: UUID) -> bool:
        """Take back what still waits; whether it did."""
        return self._run(WITHDRAW, id=message_id).rowcount > 0

    def note_arrived(self, message_id: UUID, at: datetime) -> bool:
        """Believe a person who has seen it there; whether it was still unknown."""
        arrived = self._run(NOTE_ARRIVED, id=message_id, at=at).rowcount > 0
        if arrived:
            self._run(LOOK_NO_MORE, id=message_id)
        return arrived

    def reword(self, message_id: UUID, new: Rewording, approved_by: UUID, at: datetime) -> bool:
        """Give what still waits other words, which this person approves; whether it waits and none of it arrived."""
        content = {
            "text": new.content.text,
            "price_cents": new.content.price.cents,
            "currency": new.content.price.currency,
            "attachments": Jsonb(new.content.attachments),
        }
        about = {"id": message_id, "account_id": new.account_id, "approved_by": approved_by, "at": at}
        return self._run(REWORD, **about, **content).rowcount > 0

    def ask_again(self, message_id: UUID) -> bool:
        """Have the platform asked whether it has a message; whether that is unknown and it can tell."""
        return self._run(ASK_AGAIN, id=message_id, doubt=DOUBT).rowcount > 0

    def tries(self, message_ids: Sequence[UUID]) -> Tries:
        """Each time that these messages were handed over, the oldest first."""
        found = self._run(TRIES, ids=list(message_ids))
        return {
            message_id: tuple(Try(row["at"], row["outcome"], row["detail"]) for row in rows)
            for message_id, rows in groupby(found, itemgetter("message_id"))
        }

    def accounts(self) -> list[AccountRow]:
        """The accounts that messages leave through."""
        return [_account(**row) for row in self._run(ACCOUNTS)]

    def since(self, moment: datetime) -> Today:
        """What was queued and what came to an end since then."""
        (queued,) = self._run(QUEUED_SINCE, since=moment)
        (ended,) = self._run(ENDED_SINCE, since=moment)
        return Today(queued["queued"], ended["processed"], ended["failed"])

    def last_processed_at(self) -> datetime | None:
        """When the last message came to an end."""
        row = self._run(LAST_ENDED).fetchone()
        return row["at"] if row else None

    def _run(self, statement: str, **parameters: object) -> Cursor[Row]:
        return self._connection.execute(statement, {"workspace_id": self._workspace_id, **parameters})


def _account(pace_messages: int, pace_seconds: int, pace_gap_seconds: int, **others: Any) -> AccountRow:
    return AccountRow(pace=Pace(pace_messages, pace_seconds, pace_gap_seconds), **others)
