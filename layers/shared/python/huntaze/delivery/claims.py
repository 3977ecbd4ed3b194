"""Claims in PostgreSQL: who sends what now. It has the last word on the pace, whatever Redis has said."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from psycopg import Connection
from psycopg.errors import LockNotAvailable

from huntaze.delivery.model import (
    LEASE,
    MOST_FAILURES,
    MOST_LAPSES,
    Busy,
    Claim,
    Claimed,
    Contended,
    NothingDue,
    NotYet,
    Out,
    Pace,
    Shut,
    Waiting,
)

# Whoever holds a lock for longer than it takes to claim has died or is frozen: others are not to wait for that.
PATIENCE = "SET LOCAL lock_timeout = '2s'"
# Whoever claims for an account does so alone, so that tokens are counted once.
LOCK_ACCOUNT = """
SELECT
    status = 'active' AND paused_at IS NULL AS is_open, held_until - clock_timestamp() AS held,
    failures >= %(most_failures)s AS is_tried, pace_messages, pace_seconds,
    signed_in_at <> %(signed_in_at)s::timestamptz AS is_renewed
FROM platform_connections WHERE workspace_id = %(workspace_id)s AND id = %(account_id)s
FOR NO KEY UPDATE
"""
# When as many tokens are out as the pace has, the one whose return leaves one free; no row otherwise. What the time is
# is asked once: a clock that is looked at for each row would be led through all that the account has ever sent.
FULL_FOR = """
SELECT greatest(token_returns_at - clock_timestamp(), interval '0') AS wait FROM delivery_attempts
WHERE workspace_id = %(workspace_id)s AND account_id = %(account_id)s AND token_returns_at > (SELECT clock_timestamp())
ORDER BY token_returns_at DESC OFFSET %(messages)s::integer - 1 LIMIT 1
"""
# After a rest one message tries whether the account works again: until it has been answered no other leaves.
TRIED_FOR = """
SELECT greatest(max(lease_until) - clock_timestamp(), interval '0') AS wait FROM delivery_attempts
WHERE workspace_id = %(workspace_id)s AND account_id = %(account_id)s AND token_returns_at > (SELECT clock_timestamp())
    AND outcome IS NULL AND lease_until > clock_timestamp()
"""
# People before campaigns, then priority, then age. A conversation in which something is on its way, or in doubt, waits:
# two lines to one fan never change places. Nor is a line skipped that somebody is changing at this moment. What a
# campaign has let out does not leave when the campaign rests, nor after the moment that it was to leave before.
NEXT = """
SELECT
    m.id AS message_id, m.text, m.price_cents, m.currency, m.attachments,
    m.approved_by, m.priority, m.queued_at, m.campaign_id IS NOT NULL AS is_campaign, c.status AS campaign_status,
    m.leave_before <= clock_timestamp() AS is_late,
    coalesce(f.platform_id, f.handle) AS recipient,
    f.deleted_at IS NOT NULL AND NOT EXISTS (
        SELECT FROM fans AS shown
        WHERE shown.workspace_id = f.workspace_id AND shown.id = f.merged_into AND shown.deleted_at IS NULL
    ) AS is_deleted,
    (
        SELECT count(*) FROM delivery_attempts AS d
        WHERE d.workspace_id = m.workspace_id AND d.message_id = m.id AND d.outcome = 'lapsed' AND NOT EXISTS (
            SELECT FROM message_transitions AS t -- somebody has tried it again since
            WHERE t.workspace_id = m.workspace_id AND t.message_id = m.id AND t.from_status = 'failed'
                AND t.at > d.claimed_at
        )
    ) AS lapses
FROM messages AS m JOIN fans AS f ON f.workspace_id = m.workspace_id AND f.id = m.fan_id
LEFT JOIN campaigns AS c ON c.workspace_id = m.workspace_id AND c.id = m.campaign_id
WHERE m.workspace_id = %(workspace_id)s AND m.account_id = %(account_id)s AND m.status = 'queued'
    AND NOT EXISTS (
        SELECT FROM messages AS other
        WHERE other.workspace_id = m.workspace_id AND other.conversation_id = m.conversation_id
            AND other.status = 'sending'
    )
    AND NOT EXISTS (
        SELECT FROM messages AS other
        JOIN delivery_attempts AS d ON d.workspace_id = other.workspace_id AND d.id = other.attempt_id
        WHERE other.workspace_id = m.workspace_id AND other.conversation_id = m.conversation_id
            AND other.status = 'unknown' AND d.look_at IS NOT NULL
    )
ORDER BY (m.campaign_id IS NOT NULL), m.priority DESC, m.queued_at, m.id
LIMIT 1 FOR NO KEY UPDATE OF m
"""
# In the order of the index, or the planner may look for one of many through all messages there are.
ANY = """
SELECT id FROM messages
WHERE workspace_id = %(workspace_id)s AND account_id = %(account_id)s AND status = 'queued'
ORDER BY (campaign_id IS NOT NULL), priority DESC, queued_at, id LIMIT 1
"""
END = """
UPDATE messages SET status = %(status)s, last_error = %(reason)s
WHERE workspace_id = %(workspace_id)s AND id = %(message_id)s
"""
ATTEMPT = """
INSERT INTO delivery_attempts (workspace_id, id, message_id, account_id, claimed_at, lease_until, token_returns_at)
SELECT %(workspace_id)s, %(attempt_id)s, %(message_id)s, %(account_id)s, at, at + %(lease)s, at + %(lease)s + %(window)s
FROM (SELECT clock_timestamp() AS at) AS clock
"""
SENDING = """
UPDATE messages SET status = 'sending', attempt_id = %(attempt_id)s, claims = claims + 1
WHERE workspace_id = %(workspace_id)s AND id = %(message_id)s
"""
OUT = """
SELECT id AS attempt_id, token_returns_at - clock_timestamp() AS back_in FROM delivery_attempts
WHERE workspace_id = %(workspace_id)s AND account_id = %(account_id)s AND token_returns_at > (SELECT clock_timestamp())
"""


class PostgresClaims:
    """The claims of one workspace, inside one transaction."""

    def __init__(self, connection: Connection[dict[str, Any]], workspace_id: UUID) -> None:
        self._connection = connection
        self._workspace_id = workspace_id

    def claim(self, account_id: UUID, attempt_id: UUID, signed_in_at: datetime | None = None) -> Claim:
        """Take the message of this account that should leave next, under an attempt that was named before.

        Contended when somebody holds what it takes, or has signed in since the door was opened that it would leave by;
        then nothing was claimed.
        """
        self._run(PATIENCE)
        try:
            return self._claimed(account_id, attempt_id, signed_in_at)
        except LockNotAvailable:
            raise Contended from None

    def _claimed(self, account_id: UUID, attempt_id: UUID, signed_in_at: datetime | None) -> Claim:
        told = {"most_failures": MOST_FAILURES, "signed_in_at": signed_in_at}
        account = self._run(LOCK_ACCOUNT, account_id=account_id, **told).fetchone()
        if account is None or not account["is_open"]:
            return Shut()
        if account["is_renewed"]:
            raise Contended
        if account["held"] is not None and account["held"] > timedelta(0):
            return NotYet(account["held"])
        full = self._run(FULL_FOR, account_id=account_id, messages=account["pace_messages"]).fetchone()
        if full:
            return NotYet(full["wait"])
        tried = self._run(TRIED_FOR, account_id=account_id).fetchone() if account["is_tried"] else None
        if tried and tried["wait"]:
            return NotYet(tried["wait"])
        pace = Pace(account["pace_messages"], account["pace_seconds"])
        return self._next(account_id, attempt_id, pace)

    def tokens_out(self, account_id: UUID) -> list[Out]:
        """Which tokens of an account are out: what a Redis that knows nothing is told."""
        return [Out(**row) for row in self._run(OUT, account_id=account_id)]

    def _next(self, account_id: UUID, attempt_id: UUID, pace: Pace) -> Claim:
        while (found := self._run(NEXT, account_id=account_id).fetchone()) is not None:
            ended = self._ended(found)
            if not ended:
                return self._taken(account_id, attempt_id, pace, found)
            self._run(END, message_id=found["message_id"], **ended)
        return Busy() if self._run(ANY, account_id=account_id).fetchone() else NothingDue()

    def _ended(self, found: dict[str, Any]) -> dict[str, str | None]:
        """What becomes of a message that is not sent after all, or not now; nothing when it is."""
        if found["is_deleted"]:
            return {"status": "cancelled", "reason": "fan_deleted"}
        if found["campaign_status"] == "cancelled":
            return {"status": "cancelled", "reason": "campaign_cancelled"}
        if found["is_late"] or found["campaign_status"] not in {None, "active"}:
            return {"status": "draft", "reason": None}  # its campaign rests, and lets it out again when it goes on
        if found["recipient"] is None:
            return {"status": "failed", "reason": "recipient_unknown"}
        if found["lapses"] >= MOST_LAPSES:
            return {"status": "failed", "reason": "sender_ended_each_time"}
        return {}

    def _taken(self, account_id: UUID, attempt_id: UUID, pace: Pace, found: dict[str, Any]) -> Claimed:
        ids = {"message_id": found["message_id"], "attempt_id": attempt_id}
        self._run(ATTEMPT, **ids, account_id=account_id, lease=LEASE, window=pace.window)
        self._run(SENDING, **ids)
        return Claimed(
            **ids,
            recipient=found["recipient"],
            text=found["text"],
            price_cents=found["price_cents"],
            currency=found["currency"],
            media=tuple(found["attachments"]),
            waiting=Waiting(
                found["message_id"], found["approved_by"], found["priority"], found["queued_at"], found["is_campaign"]
            ),
        )

    def _run(self, statement: str, **parameters: object) -> Any:
        return self._connection.execute(statement, {"workspace_id": self._workspace_id, **parameters})
