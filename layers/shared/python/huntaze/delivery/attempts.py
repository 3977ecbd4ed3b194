"""What becomes of claims in PostgreSQL. Each step is guarded by the attempt: who comes too late changes nothing."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from psycopg import Connection, Cursor
from psycopg.errors import CheckViolation

from huntaze.delivery.model import DOUBT, MOST_REFUSALS, Outcome, Pace

# The token comes back one window after the answer; at once where nothing ever reached the platform.
SETTLE = """
UPDATE delivery_attempts AS d SET
    outcome = %(outcome)s, detail = %(reason)s, answered_at = clock_timestamp(), settled_at = clock_timestamp(),
    look_at = NULL,
    token_returns_at = clock_timestamp()
        + CASE WHEN %(reached)s THEN c.pace_seconds * interval '1 second' ELSE interval '0' END
FROM platform_connections AS c
WHERE d.workspace_id = %(workspace_id)s AND d.id = %(attempt_id)s
    AND c.workspace_id = d.workspace_id AND c.id = d.account_id
"""
# The platform's own id may be here already: its event can be quicker than its answer. A late answer finds its message
# wherever it waits: what a campaign took back is a draft again.
SENT = """
UPDATE messages AS m SET
    status = 'sent', sent_at = coalesce(%(at)s, clock_timestamp()), last_error = NULL,
    platform_message_id = CASE WHEN NOT EXISTS (
        SELECT FROM messages AS told
        WHERE told.workspace_id = m.workspace_id AND told.conversation_id = m.conversation_id
            AND told.platform_message_id = %(platform_message_id)s AND told.id <> m.id
    ) THEN %(platform_message_id)s END
WHERE workspace_id = %(workspace_id)s AND id = %(message_id)s AND status IN ('sending', 'unknown', 'queued', 'draft')
    AND attempt_id = %(attempt_id)s
"""
TOLD_OF = """
SELECT attempt_id FROM messages
WHERE workspace_id = %(workspace_id)s AND id = %(message_id)s AND status IN ('sending', 'unknown', 'queued', 'draft')
    AND attempt_id IS NOT NULL
"""
BACK = """
UPDATE messages SET status = 'queued', last_error = %(reason)s, attempts = attempts + %(counted)s
WHERE workspace_id = %(workspace_id)s AND id = %(message_id)s AND status IN ('sending', 'unknown')
    AND attempt_id = %(attempt_id)s
RETURNING attempts
"""
FAILED = """
UPDATE messages SET status = 'failed', last_error = %(reason)s, attempts = attempts + %(counted)s
WHERE workspace_id = %(workspace_id)s AND id = %(message_id)s AND status IN ('sending', 'unknown')
    AND attempt_id = %(attempt_id)s
"""
REFUSALS = "SELECT attempts FROM messages WHERE workspace_id = %(workspace_id)s AND id = %(message_id)s"
IN_DOUBT = """
UPDATE delivery_attempts SET
    outcome = %(outcome)s, detail = %(reason)s, settled_at = clock_timestamp(), look_at = claimed_at + %(doubt)s
WHERE workspace_id = %(workspace_id)s AND id = %(attempt_id)s AND outcome IS NULL
"""
UNKNOWN = """
UPDATE messages SET status = 'unknown', last_error = %(reason)s
WHERE workspace_id = %(workspace_id)s AND id = %(message_id)s AND status = 'sending' AND attempt_id = %(attempt_id)s
"""
NOT_QUEUED = """
UPDATE messages SET status = 'failed', last_error = 'queue_unreachable'
WHERE workspace_id = %(workspace_id)s AND id = %(message_id)s AND status = 'queued'
"""
SPENT_ELSEWHERE = """
WITH account AS (
    SELECT id, pace_messages, pace_seconds, pace_gap_seconds FROM platform_connections
    WHERE workspace_id = %(workspace_id)s AND id = %(account_id)s
), spent AS (
    INSERT INTO delivery_attempts (
        workspace_id, id, message_id, account_id, claimed_at, lease_until, token_returns_at, answered_at, settled_at,
        outcome, detail
    )
    SELECT
        %(workspace_id)s, %(attempt_id)s, %(message_id)s, account.id, moment, moment,
        moment + account.pace_seconds * interval '1 second', clock_timestamp(), clock_timestamp(), 'accepted',
        'sent_elsewhere'
    FROM account, least(%(at)s, clock_timestamp()) AS moment
    RETURNING token_returns_at
)
SELECT pace_messages, pace_seconds, pace_gap_seconds FROM account, spent WHERE token_returns_at > clock_timestamp()
"""
NOTE = """
UPDATE messages SET last_error = %(reason)s
WHERE workspace_id = %(workspace_id)s AND id = %(message_id)s AND status = 'queued'
"""

LOOK_AGAIN = """
UPDATE delivery_attempts SET look_at = clock_timestamp() + %(wait)s
WHERE workspace_id = %(workspace_id)s AND id = %(attempt_id)s AND look_at IS NOT NULL
"""
# A bridge knows nothing of what was given to the one before it: its no proves nothing then, and a person decides.
ABSENT = """
UPDATE delivery_attempts AS d SET
    absences = CASE WHEN claimed_at >= bridge_since THEN absences + 1 ELSE 0 END,
    look_at = CASE WHEN claimed_at >= bridge_since THEN clock_timestamp() + interval '1 second' END
FROM platform_connections AS c
WHERE d.workspace_id = %(workspace_id)s AND d.id = %(attempt_id)s AND look_at IS NOT NULL
    AND c.workspace_id = d.workspace_id AND c.id = d.account_id
RETURNING absences
"""
LOOK_NO_MORE = """
UPDATE delivery_attempts SET look_at = NULL WHERE workspace_id = %(workspace_id)s AND id = %(attempt_id)s
"""


class PostgresAttempts:
    """The ends of attempts in one workspace, inside one transaction."""

    def __init__(self, connection: Connection[dict[str, Any]], workspace_id: UUID) -> None:
        self._connection = connection
        self._workspace_id = workspace_id

    def accepted(
        self, attempt_id: UUID, message_id: UUID, platform_message_id: str, at: datetime | None = None
    ) -> bool:
        """The platform has the message; whether that was news."""
        self._settle(attempt_id, Outcome.ACCEPTED, None, reached=True)
        ids = {"attempt_id": attempt_id, "message_id": message_id}
        return self._run(SENT, **ids, platform_message_id=platform_message_id, at=at).rowcount > 0

    def refused(self, attempt_id: UUID, message_id: UUID, reason: str, *, for_good: bool) -> bool:
        """The platform does not take the message; whether it waits to be tried again."""
        self._settle(attempt_id, Outcome.REFUSED, reason, reached=True)
        row = self._run(REFUSALS, message_id=message_id).fetchone()
        if for_good or row is None or row["attempts"] + 1 >= MOST_REFUSALS:
            self._fail(attempt_id, message_id, reason, counted=1)
            return False
        return self._back(attempt_id, message_id, reason, counted=1)

    def not_accepted(self, attempt_id: UUID, message_id: UUID, reason: str, *, reached: bool) -> bool:
        """The message certainly did not arrive, and it is not to blame; whether it waits again."""
        self._settle(attempt_id, Outcome.NOT_ACCEPTED, reason, reached=reached)
        return self._back(attempt_id, message_id, reason)

    def unknown(self, attempt_id: UUID, message_id: UUID, reason: str, outcome: Outcome) -> bool:
        """Nobody can say whether it arrived; whether that was news. Its token stays out as long as it might have."""
        ids = {"attempt_id": attempt_id}
        self._run(IN_DOUBT, **ids, reason=reason, outcome=outcome.value, doubt=DOUBT)
        return self._run(UNKNOWN, **ids, message_id=message_id, reason=reason).rowcount > 0

    def absent(self, attempt_id: UUID) -> int:
        """The platform was asked and does not have it; how often that was."""
        row = self._run(ABSENT, attempt_id=attempt_id).fetchone()
        return row["absences"] if row else 0

    def proven_absent(self, attempt_id: UUID, message_id: UUID, reason: str) -> bool:
        """It never arrived, so it waits again; whether it does."""
        self._run(LOOK_NO_MORE, attempt_id=attempt_id)
        return self._back(attempt_id, message_id, reason)

    def look_again(self, attempt_id: UUID, wait: timedelta) -> None:
        """The platform could not be asked: another time."""
        self._run(LOOK_AGAIN, attempt_id=attempt_id, wait=wait)

    def look_no_more(self, attempt_id: UUID) -> None:
        """The platform cannot tell: a person decides."""
        self._run(LOOK_NO_MORE, attempt_id=attempt_id)

    def told(self, message_id: UUID, platform_message_id: str, at: datetime) -> bool:
        """The platform tells by itself that it has the message; whether that was news."""
        row = self._run(TOLD_OF, message_id=message_id).fetchone()
        return row is not None and self.accepted(row["attempt_id"], message_id, platform_message_id, at)

    def spent_elsewhere(self, attempt_id: UUID, account_id: UUID, message_id: UUID, at: datetime) -> Pace | None:
        """Note a send that was not ours; the account's pace while it still holds a token, None when it does not."""
        ids = {"attempt_id": attempt_id, "account_id": account_id, "message_id": message_id}
        row = self._run(SPENT_ELSEWHERE, **ids, at=at).fetchone()
        return Pace(row["pace_messages"], row["pace_seconds"], row["pace_gap_seconds"]) if row else None

    def note(self, message_id: UUID, reason: str) -> None:
        """Keep a reason on a message that waits."""
        self._run(NOTE, message_id=message_id, reason=reason)

    def not_queued(self, message_id: UUID) -> bool:
        """The queue could not be told of the message; whether it was still waiting."""
        return self._run(NOT_QUEUED, message_id=message_id).rowcount > 0

    def _back(self, attempt_id: UUID, message_id: UUID, reason: str, counted: int = 0) -> bool:
        """It waits again, unless its fan has come to be one to leave alone."""
        words = {"attempt_id": attempt_id, "message_id": message_id, "counted": counted}
        try:
            with self._connection.transaction():
                return self._run(BACK, **words, reason=reason).rowcount > 0
        except CheckViolation as refusal:
            if refusal.diag.constraint_name != "messages_wanted":
                raise
        self._fail(attempt_id, message_id, "do_not_contact", counted=counted)
        return False

    def _fail(self, attempt_id: UUID, message_id: UUID, reason: str, counted: int = 0) -> None:
        self._run(FAILED, attempt_id=attempt_id, message_id=message_id, reason=reason, counted=counted)

    def _settle(self, attempt_id: UUID, outcome: Outcome, reason: str | None, *, reached: bool) -> None:
        self._run(SETTLE, attempt_id=attempt_id, outcome=outcome.value, reason=reason, reached=reached)

    def _run(self, statement: str, **parameters: object) -> Cursor[dict[str, Any]]:
        return self._connection.execute(statement, {"workspace_id": self._workspace_id, **parameters})
