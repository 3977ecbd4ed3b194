"""Permits in PostgreSQL: which are on their way, and how the account stands that they are for."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from psycopg import Connection

from huntaze.delivery.model import Pace, Road, Sender, Waiting

# Times are the database's own: the clocks of workers may be wrong. A permit that has not fired long after its slot
# counts as lost. The more often that happened, the longer it is waited for, so that a slow queue is not flooded.
# A message can have two: what left through the permit of another, and waits again, kept its own. One fires at a time.
PUT_PERMIT = """
INSERT INTO outbox (workspace_id, id, kind, account_id, message_id, due_at, expires_at, published_at, tries)
SELECT
    %(workspace_id)s, %(id)s, 'permit', %(account_id)s, %(message_id)s, slot,
    slot + interval '90 seconds' * 2 ^ %(tries)s, now(), %(tries)s
FROM (SELECT clock_timestamp() + %(wait)s AS slot) AS planned
"""
# Queues deliver twice, and what was counted as lost may come after all. A copy is told by the slot of its message's
# own permit, which lies ahead; two seconds are more than a delay is rounded down by.
IS_A_COPY = """
SELECT coalesce(
    (
        SELECT min(due_at) > clock_timestamp() + interval '2 seconds' FROM outbox
        WHERE workspace_id = %(workspace_id)s AND message_id = %(message_id)s AND kind = 'permit'
    ),
    (
        SELECT count(*) FROM outbox
        WHERE workspace_id = %(workspace_id)s AND account_id = %(account_id)s AND kind = 'permit'
    ) >= (
        SELECT count(*) FROM messages
        WHERE workspace_id = %(workspace_id)s AND account_id = %(account_id)s AND status = 'queued'
    )
) AS is_a_copy
"""
PUT_BACK = """
WITH again AS (
    UPDATE outbox SET due_at = slot, expires_at = slot + interval '90 seconds'
    FROM (SELECT clock_timestamp() + %(wait)s AS slot) AS planned
    WHERE workspace_id = %(workspace_id)s AND id = (
        SELECT id FROM outbox
        WHERE workspace_id = %(workspace_id)s AND message_id = %(message_id)s AND kind = 'permit'
        ORDER BY due_at, id LIMIT 1
    )
    RETURNING 1
)
INSERT INTO outbox (workspace_id, id, kind, account_id, message_id, due_at, expires_at, published_at)
SELECT %(workspace_id)s, %(id)s, 'permit', %(account_id)s, %(message_id)s, slot, slot + interval '90 seconds', now()
FROM (SELECT clock_timestamp() + %(wait)s AS slot) AS planned
WHERE NOT EXISTS (SELECT FROM again) AND EXISTS (
    SELECT FROM messages WHERE workspace_id = %(workspace_id)s AND id = %(message_id)s
)
"""
DROP = """
DELETE FROM outbox WHERE workspace_id = %(workspace_id)s AND id = (
    SELECT id FROM outbox
    WHERE workspace_id = %(workspace_id)s AND message_id = %(message_id)s AND kind = 'permit'
    ORDER BY due_at, id LIMIT 1
)
"""
# Of one account, in one transaction that has its row: what waits, and which permits have been lost.
LOCK_ACCOUNT = """
SELECT id, platform, pace_messages, pace_seconds, pace_gap_seconds FROM platform_connections
WHERE workspace_id = %(workspace_id)s AND id = %(account_id)s AND status = 'active' AND paused_at IS NULL
    AND (held_until IS NULL OR held_until <= clock_timestamp())
FOR NO KEY UPDATE SKIP LOCKED
"""
DROP_LOST = """
DELETE FROM outbox
WHERE workspace_id = %(workspace_id)s AND account_id = %(account_id)s AND kind = 'permit'
    AND expires_at <= clock_timestamp()
RETURNING tries
"""
LACKING = """
WITH permits AS (
    SELECT message_id FROM outbox
    WHERE workspace_id = %(workspace_id)s AND account_id = %(account_id)s AND kind = 'permit'
)
SELECT id AS message_id, approved_by, priority, queued_at, campaign_id IS NOT NULL AS is_campaign FROM messages
WHERE workspace_id = %(workspace_id)s AND account_id = %(account_id)s AND status = 'queued'
    AND id NOT IN (SELECT message_id FROM permits)
ORDER BY (campaign_id IS NOT NULL), priority DESC, queued_at, id
LIMIT greatest(0, least(%(at_most)s, (
    SELECT count(*) FROM messages
    WHERE workspace_id = %(workspace_id)s AND account_id = %(account_id)s AND status = 'queued'
)) - (SELECT count(*) FROM permits))
"""

# Only kinds that come before are walked through: people's messages do not count a campaign that waits behind them.
ROAD = """
SELECT
    c.id, c.platform, c.pace_messages, c.pace_seconds, c.pace_gap_seconds,
    c.status = 'active' AND c.paused_at IS NULL AND coalesce(c.held_until <= clock_timestamp(), true) AS is_open,
    (
        SELECT count(*) FROM messages
        WHERE workspace_id = %(workspace_id)s AND account_id = m.account_id AND status = 'queued'
            AND (campaign_id IS NOT NULL) <= (m.campaign_id IS NOT NULL)
            AND (campaign_id IS NOT NULL, -priority, queued_at, id)
                < (m.campaign_id IS NOT NULL, -m.priority, m.queued_at, m.id)
    ) AS ahead,
    tokens.out, tokens.next_back
FROM messages AS m
JOIN platform_connections AS c ON c.workspace_id = m.workspace_id AND c.id = m.account_id
CROSS JOIN LATERAL (
    SELECT count(*) AS out, min(token_returns_at) - clock_timestamp() AS next_back FROM delivery_attempts
    WHERE workspace_id = m.workspace_id AND account_id = m.account_id AND token_returns_at > (SELECT clock_timestamp())
) AS tokens
WHERE m.workspace_id = %(workspace_id)s AND m.id = %(message_id)s
"""


class PostgresOutbox:
    """The outbox of one workspace, inside one transaction."""

    def __init__(self, connection: Connection[dict[str, Any]], workspace_id: UUID) -> None:
        self._connection = connection
        self._workspace_id = workspace_id

    def road(self, message_id: UUID) -> Road:
        """How the account of a message stands that waits in this transaction."""
        row = self._run(ROAD, message_id=message_id).fetchone()
        sender = _sender(self._workspace_id, row)
        return Road(sender, row["is_open"], row["ahead"], row["out"], row["next_back"])

    def put_permit(self, permit_id: UUID, account_id: UUID, message_id: UUID, wait: timedelta, tries: int = 0) -> None:
        """A permit for this account is on its way, because of this message."""
        self._run(PUT_PERMIT, id=permit_id, account_id=account_id, message_id=message_id, wait=wait, tries=tries)

    def is_a_copy(self, account_id: UUID, message_id: UUID) -> bool:
        """Whether a permit that fires now is one too many: its message has another, or all that waits have theirs."""
        return bool(self._run(IS_A_COPY, account_id=account_id, message_id=message_id).fetchone()["is_a_copy"])

    def put_back(self, permit_id: UUID, account_id: UUID, message_id: UUID, wait: timedelta) -> None:
        """A permit that has fired in vain is on its way again."""
        self._run(PUT_BACK, id=permit_id, account_id=account_id, message_id=message_id, wait=wait)

    def drop_permit(self, message_id: UUID) -> None:
        """A permit has done its work, or is not wanted any more."""
        self._run(DROP, message_id=message_id)

    def lock_account(self, account_id: UUID) -> Sender | None:
        """Be the only one who wakes an account that may send; None when it may not, or somebody else is at it."""
        row = self._run(LOCK_ACCOUNT, account_id=account_id).fetchone()
        return _sender(self._workspace_id, row) if row else None

    def drop_lost(self, account_id: UUID) -> int:
        """Forget permits that never fired; how often, at most, one of them had been made."""
        return max((row["tries"] + 1 for row in self._run(DROP_LOST, account_id=account_id)), default=0)

    def lacking(self, account_id: UUID, at_most: int) -> list[Waiting]:
        """The messages that permits are to be made for, until there are as many as messages, but no more than this."""
        return [Waiting(**row) for row in self._run(LACKING, account_id=account_id, at_most=at_most)]

    def _run(self, statement: str, **parameters: object) -> Any:
        return self._connection.execute(statement, {"workspace_id": self._workspace_id, **parameters})


def _sender(workspace_id: UUID, row: dict[str, Any]) -> Sender:
    pace = Pace(row["pace_messages"], row["pace_seconds"], row["pace_gap_seconds"])
    return Sender(workspace_id, row["id"], row["platform"], pace)
