"""Exports in PostgreSQL."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, LiteralString
from uuid import UUID

from psycopg import Connection
from psycopg.types.json import Jsonb

from huntaze.exports.model import Export, NewExport, Status, Ticket

ADD = """
INSERT INTO exports (workspace_id, id, requested_by, filters, sort, expected_rows, created_at, expires_at)
VALUES (
    %(workspace_id)s, %(id)s, %(requested_by)s, %(filters)s, %(sort)s, %(expected_rows)s, %(at)s, %(expires_at)s
)
RETURNING
    id, requested_by, filters, sort, expected_rows, status, rows, bytes, object_key, error, lease_until, created_at,
    expires_at
"""

FIND = """
SELECT
    id, requested_by, filters, sort, expected_rows, status, rows, bytes, object_key, error, lease_until, created_at,
    expires_at
FROM exports WHERE workspace_id = %(workspace_id)s AND id = %(id)s
"""

NEWEST_OF = """
SELECT
    id, requested_by, filters, sort, expected_rows, status, rows, bytes, object_key, error, lease_until, created_at,
    expires_at
FROM exports
WHERE workspace_id = %(workspace_id)s AND requested_by = %(requested_by)s AND expires_at > %(now)s
ORDER BY created_at DESC, id DESC
LIMIT %(limit)s
"""

# An erasure deletes what was asked for before it, under the same lock for itself alone: no export begins meanwhile, one
# that would still read the person and outlive them.
WAIT_FOR_ERASURES = """
SELECT pg_advisory_xact_lock_shared(hashtextextended('exports ' || %(workspace_id)s::text, 0))
"""

FORGET_EXPIRED = "DELETE FROM exports WHERE workspace_id = %(workspace_id)s AND expires_at <= %(now)s"

CLAIM = """
UPDATE exports SET status = 'writing', claim_id = %(claim_id)s, lease_until = %(lease_until)s, rows = 0
WHERE workspace_id = %(workspace_id)s AND id = %(id)s
    AND (status = 'requested' OR (status = 'writing' AND lease_until < %(now)s))
RETURNING
    id, requested_by, filters, sort, expected_rows, status, rows, bytes, object_key, error, lease_until, created_at,
    expires_at
"""

RENEW = """
UPDATE exports SET rows = %(rows)s, lease_until = %(lease_until)s
WHERE workspace_id = %(workspace_id)s AND id = %(id)s AND status = 'writing' AND claim_id = %(claim_id)s
"""

FINISH = """
UPDATE exports SET status = 'ready', object_key = %(object_key)s, rows = %(rows)s, bytes = %(bytes)s
WHERE workspace_id = %(workspace_id)s AND id = %(id)s AND status = 'writing' AND claim_id = %(claim_id)s
"""

# Without a claim it ends whoever holds it.
FAIL = """
UPDATE exports SET status = 'failed', error = %(reason)s
WHERE workspace_id = %(workspace_id)s AND id = %(id)s AND status IN ('requested', 'writing')
    AND (%(claim_id)s::uuid IS NULL OR claim_id = %(claim_id)s)
"""

# Asked outside any workspace; the function behind it answers ids alone.
FORGOTTEN = """
SELECT workspace_id, export_id FROM exports_forgotten(%(asked_after)s, %(asked_before)s, %(at_most)s)
"""

LookUp = Callable[[LiteralString, Mapping[str, object]], list[dict[str, Any]]]


class PostgresExports:
    """The exports of one workspace, inside one transaction."""

    def __init__(self, connection: Connection[dict[str, Any]], workspace_id: UUID) -> None:
        self._connection = connection
        self._workspace_id = workspace_id

    def add(self, new: NewExport, export_id: UUID, requested_by: UUID, at: datetime, expires_at: datetime) -> Export:
        """Keep what was asked for."""
        asked = {"filters": Jsonb(dict(new.filters)), "sort": new.sort, "expected_rows": new.expected_rows}
        (row,) = self._rows(ADD, id=export_id, requested_by=requested_by, at=at, expires_at=expires_at, **asked)
        return _export(row)

    def find(self, export_id: UUID) -> Export | None:
        """One export, if there is one."""
        return next((_export(row) for row in self._rows(FIND, id=export_id)), None)

    def newest_of(self, requested_by: UUID, limit: int, now: datetime) -> list[Export]:
        """What one person asked for and is still kept, the newest first."""
        return [_export(row) for row in self._rows(NEWEST_OF, requested_by=requested_by, limit=limit, now=now)]

    def wait_for_erasures(self) -> None:
        """Begin when nobody is being erased, and keep that so until this transaction ends."""
        self._rows(WAIT_FOR_ERASURES)

    def forget_expired(self, now: datetime) -> None:
        """Delete what is kept no longer."""
        self._changed(FORGET_EXPIRED, now=now)

    def claim(self, export_id: UUID, claim_id: UUID, now: datetime, lease_until: datetime) -> Export | None:
        """Take over one that nobody alive is writing; None when there is none to take."""
        claimed = self._rows(CLAIM, id=export_id, claim_id=claim_id, now=now, lease_until=lease_until)
        return next(map(_export, claimed), None)

    def renew(self, export_id: UUID, claim_id: UUID, rows: int, lease_until: datetime) -> bool:
        """Say that its writer is alive and how far it is; False when somebody else holds it or it has ended."""
        return self._changed(RENEW, id=export_id, claim_id=claim_id, rows=rows, lease_until=lease_until)

    def finish(self, export_id: UUID, claim_id: UUID, object_key: str, rows: int, size: int) -> bool:
        """Make it ready; False when somebody else holds it or it has ended."""
        return self._changed(FINISH, id=export_id, claim_id=claim_id, object_key=object_key, rows=rows, bytes=size)

    def fail(self, export_id: UUID, claim_id: UUID | None, reason: str) -> bool:
        """End it without a file, as its holder or for whoever holds it; False when it has ended."""
        return self._changed(FAIL, id=export_id, claim_id=claim_id, reason=reason)

    def _rows(self, statement: str, **parameters: object) -> list[dict[str, Any]]:
        return self._connection.execute(statement, {"workspace_id": self._workspace_id, **parameters}).fetchall()

    def _changed(self, statement: str, **parameters: object) -> bool:
        done = self._connection.execute(statement, {"workspace_id": self._workspace_id, **parameters})
        return done.rowcount > 0


class ForgottenExports:
    """Finds exports that nobody has begun, in all workspaces."""

    def __init__(self, look_up: LookUp) -> None:
        self._look_up = look_up

    def between(self, asked_after: datetime, asked_before: datetime, at_most: int) -> list[Ticket]:
        """Those asked for in this time, the oldest first."""
        asked = {"asked_after": asked_after, "asked_before": asked_before, "at_most": at_most}
        return [Ticket(row["workspace_id"], row["export_id"]) for row in self._look_up(FORGOTTEN, asked)]


def _export(row: dict[str, Any]) -> Export:
    return Export(**{**row, "status": Status(row["status"])})
