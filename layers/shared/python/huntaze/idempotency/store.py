"""Kept answers in PostgreSQL."""

from datetime import datetime
from typing import Any
from uuid import UUID

from psycopg import Connection
from psycopg.errors import LockNotAvailable
from psycopg.types.json import Jsonb

from huntaze.errors import Conflict
from huntaze.idempotency.model import Answer, Kept, Keyed

# A lock named by workspace, person and key, held until the transaction ends. A request that comes while the first still
# runs waits for its answer a little: most are done by then. lock_timeout is put back at once: it is for this lock.
WAIT = """
SELECT set_config('lock_timeout', '5s', true),
    pg_advisory_xact_lock(
        hashtextextended(concat_ws(' ', %(workspace_id)s::text, %(subject)s::text, %(key)s::text), 0)
    ),
    set_config('lock_timeout', '0', true)
"""
# A statement of its own: it must see what was committed while the one before waited.
KEPT = """
SELECT request_hash, status_code, headers, body, undone_message_id FROM idempotency_keys
WHERE workspace_id = %(workspace_id)s AND subject = %(subject)s AND key = %(key)s
    AND status_code IS NOT NULL AND expires_at > %(at)s
"""
KEEP = """
INSERT INTO idempotency_keys (
    workspace_id, subject, key, request_hash, status_code, headers, body, created_at, expires_at
) VALUES (
    %(workspace_id)s, %(subject)s, %(key)s, %(request_hash)s, %(status_code)s, %(headers)s, %(body)s, %(at)s, %(until)s
)
ON CONFLICT (workspace_id, subject, key) DO UPDATE SET
    request_hash = excluded.request_hash, status_code = excluded.status_code, headers = excluded.headers,
    body = excluded.body, created_at = excluded.created_at, expires_at = excluded.expires_at, undone_message_id = NULL
"""
UNDO = """
UPDATE idempotency_keys SET undone_message_id = %(message_id)s
WHERE workspace_id = %(workspace_id)s AND subject = %(subject)s AND key = %(key)s
"""
# A few at a time, so that nobody waits for the cleaning, and none that somebody else is cleaning.
FORGET = """
DELETE FROM idempotency_keys WHERE (workspace_id, subject, key) IN (
    SELECT workspace_id, subject, key FROM idempotency_keys
    WHERE workspace_id = %(workspace_id)s AND expires_at <= %(at)s
    ORDER BY expires_at LIMIT 20 FOR UPDATE SKIP LOCKED
)
"""


class PostgresAnswers:
    """The kept answers of one workspace, inside one transaction."""

    def __init__(self, connection: Connection[dict[str, Any]], workspace_id: UUID) -> None:
        self._connection = connection
        self._workspace_id = workspace_id

    def wait_for(self, subject: str, key: str) -> None:
        """Be the only one with this key until the transaction ends; Conflict when somebody else is for too long."""
        try:
            self._run(WAIT, subject=subject, key=key)
        except LockNotAvailable:
            raise Conflict("The first request with this Idempotency-Key is still running.") from None

    def kept(self, subject: str, key: str, at: datetime) -> Kept | None:
        """The answer that was given, if it is still kept at this time."""
        row = self._run(KEPT, subject=subject, key=key, at=at).fetchone()
        if row is None:
            return None
        answer = Answer(row["status_code"], row["headers"], row["body"].decode())
        return Kept(row["request_hash"], answer, row["undone_message_id"])

    def keep(self, subject: str, keyed: Keyed, answer: Answer, at: datetime, until: datetime) -> None:
        """Remember an answer, and forget what is kept too long."""
        told = {"status_code": answer.status, "headers": Jsonb(dict(answer.headers)), "body": answer.body.encode()}
        request = {"subject": subject, "key": keyed.key, "request_hash": keyed.fingerprint}
        self._run(KEEP, **request, **told, at=at, until=until)
        self._run(FORGET, at=at)

    def undo(self, subject: str, key: str, message_id: UUID | None) -> None:
        """Note that the message an answer told of has failed since, or that it is on its way after all."""
        self._run(UNDO, subject=subject, key=key, message_id=message_id)

    def _run(self, statement: str, **parameters: object) -> Any:
        return self._connection.execute(statement, {"workspace_id": self._workspace_id, **parameters})
