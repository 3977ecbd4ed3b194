"""What the rows of a plan do to fans, and take back again, in PostgreSQL: thousands of rows in one transaction."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from psycopg import Connection, Cursor
from psycopg.errors import DeadlockDetected, SerializationFailure, UniqueViolation

from huntaze.imports.model import Contended, Counts, Stretch
from huntaze.money import MOST_CENTS
from huntaze.tombstones.model import Identity

# One import of a workspace writes at a time: two would wait for each other in orders of their own, and would not see
# whom the other one is about to add under another name. Each chunk takes it anew.
WAIT = "SELECT pg_advisory_xact_lock(hashtextextended('import ' || %(workspace_id)s::text, 0))"

# In a fixed order, so that whoever chooses some of them too waits instead of blocking.
HOLD = """
SELECT fans.id FROM fans
WHERE workspace_id = %(workspace_id)s AND id IN (
    SELECT r.fan_id FROM import_rows AS r
    WHERE r.workspace_id = %(workspace_id)s AND import_id = %(import_id)s AND plan = %(plan)s
        AND number > %(after)s AND number <= %(to)s AND action = 'update'
)
ORDER BY id FOR NO KEY UPDATE
"""

SKIP = """
UPDATE import_rows SET outcome = 'since_gone'
WHERE workspace_id = %(workspace_id)s AND import_id = %(import_id)s AND plan = %(plan)s
    AND number = ANY(%(numbers)s) AND action IN ('create', 'update')
"""
# Whom another way of writing the name shows to be there by now. Fans of one id meet at the id itself, below.
ADDED_SINCE = """
UPDATE import_rows AS r SET outcome = 'since_added'
WHERE r.workspace_id = %(workspace_id)s AND import_id = %(import_id)s AND plan = %(plan)s
    AND number > %(after)s AND number <= %(to)s AND action = 'create' AND outcome IS NULL AND handle_key IS NOT NULL
    AND coalesce((
        SELECT true FROM fans AS f
        WHERE f.workspace_id = %(workspace_id)s AND f.platform IS NOT DISTINCT FROM r.platform
            AND f.handle_key = r.handle_key
            AND (r.platform_id IS NULL OR f.platform_id IS NULL OR lower(f.platform_id) = f.handle_key)
        LIMIT 1
    ) OR (
        SELECT true FROM fans AS f
        WHERE f.workspace_id = %(workspace_id)s AND f.platform = r.platform
            AND f.platform_id = r.handle_key COLLATE "default" -- the index's own
        LIMIT 1
    ), false)
"""
CREATE = """
WITH added AS (
    INSERT INTO fans (
        workspace_id, id, name, platform, platform_id, handle, email, tags, value_cents, currency, last_seen_at,
        do_not_contact, metadata, valued_at, created_at, updated_at
    )
    SELECT %(workspace_id)s, fan_id, coalesce(name, handle, platform_id), platform, account, handle, email,
        coalesce(tags, '[]'), coalesce(spent_cents, 0), coalesce(currency, %(currency)s), last_seen_at,
        coalesce(do_not_contact, false),
        CASE WHEN tier IS NULL THEN '{}' ELSE jsonb_build_object('subscriptionTier', tier) END,
        CASE WHEN spent_cents IS NOT NULL THEN %(valued_at)s::timestamptz END, %(at)s, %(at)s
    FROM import_rows
    WHERE workspace_id = %(workspace_id)s AND import_id = %(import_id)s AND plan = %(plan)s
        AND number > %(after)s AND number <= %(to)s AND action = 'create' AND outcome IS NULL
    ORDER BY number
    ON CONFLICT DO NOTHING
    RETURNING id
), left_out AS (
    UPDATE import_rows SET outcome = 'since_added'
    WHERE workspace_id = %(workspace_id)s AND import_id = %(import_id)s AND plan = %(plan)s
        AND number > %(after)s AND number <= %(to)s AND action = 'create' AND outcome IS NULL
        AND fan_id NOT IN (SELECT id FROM added)
)
SELECT count(*) AS found FROM added
"""
UPDATE = """
WITH changed AS (
    UPDATE fans AS f SET
        platform_id = CASE WHEN 'userId' = ANY(changes) THEN r.platform_id ELSE f.platform_id END,
        handle = CASE WHEN 'username' = ANY(changes) THEN r.handle ELSE f.handle END,
        name = CASE WHEN 'name' = ANY(changes) THEN r.name ELSE f.name END,
        email = CASE WHEN 'email' = ANY(changes) THEN r.email ELSE f.email END,
        metadata = CASE WHEN 'tier' = ANY(changes) THEN f.metadata || jsonb_build_object('subscriptionTier', r.tier)
            ELSE f.metadata END,
        value_cents = CASE WHEN 'spent' = ANY(changes) THEN least(%(most)s, r.spent_cents::numeric + coalesce((
            SELECT sum(amount_cents) FROM transactions AS t
            WHERE t.workspace_id = %(workspace_id)s AND t.currency = r.currency AND t.occurred_at > %(valued_at)s
                AND t.fan_id IN (SELECT person.fan_id FROM same_person(f.id) AS person)
        ), 0))::bigint ELSE f.value_cents END,
        currency = CASE WHEN 'spent' = ANY(changes) THEN r.currency ELSE f.currency END,
        valued_at = CASE WHEN 'spent' = ANY(changes) THEN %(valued_at)s ELSE f.valued_at END,
        last_seen_at = CASE WHEN 'lastSeen' = ANY(changes) THEN r.last_seen_at ELSE f.last_seen_at END,
        tags = CASE WHEN 'tags' = ANY(changes) THEN r.tags ELSE f.tags END,
        do_not_contact = f.do_not_contact OR 'doNotContact' = ANY(changes)
    FROM import_rows AS r
    WHERE f.workspace_id = %(workspace_id)s AND r.workspace_id = %(workspace_id)s AND import_id = %(import_id)s
        AND plan = %(plan)s AND number > %(after)s AND number <= %(to)s AND action = 'update' AND outcome IS NULL
        AND f.id = r.fan_id AND f.updated_at = r.version AND f.deleted_at IS NULL
        -- The id may have gone to somebody else since.
        AND ('userId' <> ALL(changes) OR (
            SELECT true FROM fans AS o
            WHERE o.workspace_id = %(workspace_id)s AND o.platform = r.platform AND o.platform_id = r.platform_id
            LIMIT 1
        ) IS NULL)
    RETURNING r.number, f.updated_at
), noted AS (
    UPDATE import_rows AS r SET version_left = changed.updated_at FROM changed
    WHERE r.workspace_id = %(workspace_id)s AND r.import_id = %(import_id)s AND r.plan = %(plan)s
        AND r.number = changed.number
)
SELECT count(*) AS found FROM changed
"""
CHANGED_SINCE = """
UPDATE import_rows AS r SET outcome = CASE WHEN (
    SELECT true FROM fans AS f
    WHERE f.workspace_id = %(workspace_id)s AND f.id = r.fan_id AND f.deleted_at IS NULL LIMIT 1
) THEN 'since_changed' ELSE 'since_gone' END
WHERE r.workspace_id = %(workspace_id)s AND import_id = %(import_id)s AND plan = %(plan)s
    AND number > %(after)s AND number <= %(to)s AND action = 'update' AND outcome IS NULL AND version_left IS NULL
"""
OTHERWISE = """
SELECT outcome, count(*) AS found FROM import_rows
WHERE workspace_id = %(workspace_id)s AND import_id = %(import_id)s AND plan = %(plan)s
    AND number > %(after)s AND number <= %(to)s AND outcome IS NOT NULL
GROUP BY outcome
"""
NAMES = """
SELECT number, platform, account, handle, email FROM import_rows
WHERE workspace_id = %(workspace_id)s AND import_id = %(import_id)s AND plan = %(plan)s
    AND number > %(after)s AND number <= %(to)s AND action IN ('create', 'update') AND outcome IS NULL
ORDER BY number
"""
# No workspace's: how many rows two tables have.
KNOW = "SELECT know_grown_tables()"
# The function behind it takes the workspace from the transaction.
UNDO = "SELECT removed, restored, kept FROM undo_import_rows(%(import_id)s, %(after)s, %(to)s)"


class PostgresDoing:
    """What plans do to the fans of one workspace, inside one transaction."""

    def __init__(self, connection: Connection[dict[str, Any]], workspace_id: UUID) -> None:
        self._connection = connection
        self._workspace_id = workspace_id

    def know(self) -> None:
        """Have the planner look at tables that have grown much; in a transaction of its own."""
        self._connection.execute(KNOW)

    def wait(self) -> None:
        """Until no other import of the workspace writes; none begins before this transaction ends."""
        self._connection.execute(WAIT, {"workspace_id": self._workspace_id})

    def hold(self, rows: Stretch) -> list[UUID]:
        """The fans whom these rows will change, whom nobody else changes before this transaction ends."""
        return [row["id"] for row in self._run(HOLD, rows)]

    def commit(
        self, rows: Stretch, valued_at: datetime, at: datetime, currency: str, without: Sequence[int] = ()
    ) -> Counts:
        """Do what these rows say, but for some; what became of them. Contended where others are in the way."""
        try:
            if without:
                self._run(SKIP, rows, numbers=list(without))
            updated = self._update(rows, valued_at) if self.hold(rows) else 0
            self._run(ADDED_SINCE, rows)
            created = self._count(CREATE, rows, valued_at=valued_at, at=at, currency=currency)
        except (DeadlockDetected, SerializationFailure, UniqueViolation) as error:
            raise Contended from error
        otherwise = {row["outcome"]: row["found"] for row in self._run(OTHERWISE, rows)}
        return Counts(created=created, updated=updated, skipped=sum(otherwise.values()), reasons=otherwise)

    def names(self, rows: Stretch) -> dict[int, Identity]:
        """Whom these rows have written, by the number of each."""
        return {
            row["number"]: Identity(row["platform"], row["account"], row["handle"], row["email"])
            for row in self._run(NAMES, rows)
        }

    def undo(self, rows: Stretch) -> Counts:
        """Take back what these rows did, where nobody has touched it since. Contended where others are in the way."""
        try:
            (found,) = self._connection.execute(UNDO, _where(rows)).fetchall()
        except (DeadlockDetected, SerializationFailure, UniqueViolation) as error:
            raise Contended from error
        kept = found["kept"]
        reasons = {"since_edited": kept} if kept else {}
        return Counts(
            total=sum(found.values()),
            created=found["removed"],
            updated=found["restored"],
            skipped=kept,
            reasons=reasons,
        )

    def _update(self, rows: Stretch, valued_at: datetime) -> int:
        updated = self._count(UPDATE, rows, valued_at=valued_at, most=MOST_CENTS)
        self._run(CHANGED_SINCE, rows)
        return updated

    def _count(self, statement: str, rows: Stretch, **parameters: object) -> int:
        (row,) = self._run(statement, rows, **parameters).fetchall()
        return int(row["found"])

    def _run(self, statement: str, rows: Stretch, **parameters: object) -> Cursor[dict[str, Any]]:
        whose = {"workspace_id": self._workspace_id, **_where(rows)}
        return self._connection.execute(statement, {**whose, **parameters})


def _where(rows: Stretch) -> dict[str, object]:
    return {"import_id": rows.import_id, "plan": rows.plan, "after": rows.after, "to": rows.to}
