"""How accounts stand in PostgreSQL: held for a while by machine, or shut until a person mends what is wrong."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any, LiteralString, Protocol
from uuid import UUID

from psycopg import Connection

from huntaze.delivery.model import Doubt, Pace, Sender

TO_SEND = "SELECT * FROM accounts_to_send(%(account_ids)s::uuid[])"
TO_WAKE = "SELECT * FROM accounts_to_wake(%(at_most)s)"
IN_DOUBT = "SELECT * FROM attempts_in_doubt(%(at_most)s)"

HOLD = """
UPDATE platform_connections SET
    held_until = greatest(held_until, clock_timestamp() + %(wait)s), held_reason = %(reason)s
WHERE workspace_id = %(workspace_id)s AND id = %(account_id)s
"""
EXPIRE = """
UPDATE platform_connections SET status = 'expired'
WHERE workspace_id = %(workspace_id)s AND id = %(account_id)s AND status = 'active'
"""
PAUSE = """
UPDATE platform_connections SET paused_at = clock_timestamp(), pause_reason = %(reason)s
WHERE workspace_id = %(workspace_id)s AND id = %(account_id)s AND paused_at IS NULL
"""
# What was under way when an account came to rest tells nothing new: many side by side count as often as it takes to
# rest, and no more. Nor does an answer to one of them end a hold; that ends by itself.
FAILED = """
UPDATE platform_connections SET failures = failures + 1
WHERE workspace_id = %(workspace_id)s AND id = %(account_id)s
    AND (held_until IS NULL OR held_until <= clock_timestamp())
RETURNING failures
"""
WORKS = """
UPDATE platform_connections SET failures = 0
WHERE workspace_id = %(workspace_id)s AND id = %(account_id)s AND failures > 0
"""


class PostgresAccounts:
    """The accounts of one workspace, inside one transaction."""

    def __init__(self, connection: Connection[dict[str, Any]], workspace_id: UUID) -> None:
        self._connection = connection
        self._workspace_id = workspace_id

    def hold(self, account_id: UUID, wait: timedelta, reason: str) -> None:
        """Let the account send nothing for so long."""
        self._run(HOLD, account_id=account_id, wait=wait, reason=reason)

    def expire(self, account_id: UUID) -> None:
        """Its login has ended: somebody must sign in again."""
        self._run(EXPIRE, account_id=account_id)

    def pause(self, account_id: UUID, reason: str) -> None:
        """Let it send nothing until a person resumes it."""
        self._run(PAUSE, account_id=account_id, reason=reason)

    def failed(self, account_id: UUID) -> int:
        """Its platform did not answer well; how often in a row by now. While it rests nothing is counted: 0."""
        row = self._run(FAILED, account_id=account_id).fetchone()
        return row["failures"] if row else 0

    def works(self, account_id: UUID) -> None:
        """It answered well."""
        self._run(WORKS, account_id=account_id)

    def _run(self, statement: str, **parameters: object) -> Any:
        return self._connection.execute(statement, {"workspace_id": self._workspace_id, **parameters})


class LookUp(Protocol):
    """Reads outside any workspace, by narrow functions alone."""

    def __call__(self, query: LiteralString, parameters: dict[str, object], /) -> list[dict[str, Any]]:
        """The rows."""
        ...


class EveryAccount:
    """What the send path asks across workspaces."""

    def __init__(self, look_up: LookUp) -> None:
        self._look_up = look_up

    def to_send(self, account_ids: Sequence[UUID]) -> dict[tuple[UUID, UUID], Sender]:
        """The accounts that a batch of permits names, by workspace and id."""
        rows = self._look_up(TO_SEND, {"account_ids": list(account_ids)})
        return {(row["workspace_id"], row["id"]): _sender(row) for row in rows}

    def to_wake(self, at_most: int) -> list[tuple[UUID, UUID]]:
        """Workspaces and accounts in which more waits than permits are on their way."""
        return [(row["workspace_id"], row["account_id"]) for row in self._look_up(TO_WAKE, {"at_most": at_most})]

    def in_doubt(self, at_most: int) -> list[Doubt]:
        """Attempts of which nobody knows what became, and about which it is time to ask."""
        return [Doubt(**row) for row in self._look_up(IN_DOUBT, {"at_most": at_most})]


def _sender(row: dict[str, Any]) -> Sender:
    pace = Pace(row["pace_messages"], row["pace_seconds"], row["pace_gap_seconds"])
    return Sender(row["workspace_id"], row["id"], row["platform"], pace)
