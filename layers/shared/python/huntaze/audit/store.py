"""The audit log in PostgreSQL. The database adds who acts, when, and the entry's place in the chain."""

from collections.abc import Collection
from datetime import datetime
from typing import Any
from uuid import UUID

from psycopg import Connection
from psycopg.types.json import Jsonb

from huntaze.audit.model import Action, Actor, Ends, Entry, Fault, Link, Named, Reason, Search, Stretch
from huntaze.cursors import Position
from huntaze.ids import new_id

RECORD = """
INSERT INTO audit_log (workspace_id, id, action, object_kind, object_id, details)
VALUES (%(workspace_id)s, %(id)s, %(action)s, %(object_kind)s, %(object_id)s, %(details)s)
"""

# Whoever acts is found through the entry's own workspace, so one filter keeps both.
NEWEST = """
SELECT id, position AS number, at, actor_id, (
        SELECT coalesce(display_name, email) FROM members
        WHERE members.workspace_id = audit_log.workspace_id AND members.id = actor_id
    ) AS actor_name, action, object_kind, object_id, details, hash
FROM audit_log
WHERE workspace_id = %(workspace_id)s AND position > %(after)s AND position < %(before)s
"""
# Added one by one: a condition that may be switched off would keep the planner from the index of the others.
NARROWING = {
    "action": " AND action = %(action)s",
    "kind": " AND object_kind = %(kind)s",
    "actor_id": " AND actor_id = %(actor_id)s",
    "object_id": " AND object_id = %(object_id)s",
}
IN_ORDER = " ORDER BY position DESC LIMIT %(limit)s"
LAST_EVER = 2**63 - 1

# Times follow the chain (0020), so a stretch of time is a stretch of positions.
LAST_BEFORE = """
SELECT position FROM audit_log WHERE workspace_id = %(workspace_id)s AND at < %(moment)s
ORDER BY at DESC, position DESC LIMIT 1
"""

ACTORS = """
SELECT id, coalesce(display_name, email) AS name
FROM members WHERE workspace_id = %(workspace_id)s AND status <> 'invited'
ORDER BY status = 'removed', lower(coalesce(display_name, email)), id LIMIT %(limit)s
"""

NAMES_OF_FANS = """
SELECT id, name, id AS fan_id FROM fans
WHERE workspace_id = %(workspace_id)s AND id = ANY(%(ids)s) AND deleted_at IS NULL
"""
NAMES_OF_CONVERSATIONS = """
SELECT conversations.id, name, fan_id FROM conversations JOIN fans USING (workspace_id)
WHERE workspace_id = %(workspace_id)s AND conversations.id = ANY(%(ids)s) AND fans.id = fan_id AND deleted_at IS NULL
"""
NAMES_OF_MEMBERS = """
SELECT id, coalesce(display_name, email) AS name, NULL::uuid AS fan_id FROM members
WHERE workspace_id = %(workspace_id)s AND id = ANY(%(ids)s)
"""

# One statement, so that all of it is true at the same moment, also while others write.
ENDS = """
SELECT entries, last, head.position, head.hash
FROM (
    SELECT count(*) AS entries, coalesce(max(position), 0) AS last
    FROM audit_log WHERE workspace_id = %(workspace_id)s
) AS log LEFT JOIN (
    SELECT position, hash FROM audit_heads WHERE workspace_id = %(workspace_id)s
) AS head ON true
"""

# Every entry is hashed again and laid beside the one before it. A place where nothing stands is the first that counts.
STRETCH = """
WITH stretch AS MATERIALIZED (
    SELECT position, hash, prev_hash, audit_hash(audit_log) AS computed FROM audit_log
    WHERE workspace_id = %(workspace_id)s AND position > %(after)s AND position <= %(until)s
    ORDER BY position LIMIT %(limit)s
), behind_each_other AS (
    SELECT position, hash, computed, prev_hash,
        lag(position, 1, %(after)s::bigint) OVER chain + 1 AS expected,
        lag(hash, 1, %(after_hash)s::sha256_hash) OVER chain AS before
    FROM stretch WINDOW chain AS (ORDER BY position)
), judged AS (
    SELECT least(position, expected) AS number, CASE
        WHEN position > expected THEN 'missing'
        WHEN position < expected THEN 'surplus'
        WHEN hash IS DISTINCT FROM computed THEN 'changed'
        WHEN prev_hash IS DISTINCT FROM before THEN 'displaced'
    END AS reason
    FROM behind_each_other
), first_fault AS (
    SELECT number, reason FROM judged WHERE reason IS NOT NULL ORDER BY number, reason DESC LIMIT 1
), last_entry AS (
    SELECT position, hash FROM stretch ORDER BY position DESC LIMIT 1
)
SELECT (SELECT count(*) FROM stretch) AS entries, last_entry.position AS last, last_entry.hash,
    first_fault.number, first_fault.reason
FROM last_entry LEFT JOIN first_fault ON true
"""

HASH_AT = """
SELECT hash FROM audit_log WHERE workspace_id = %(workspace_id)s AND position = %(number)s
"""

Row = dict[str, Any]


class PostgresAuditTrail:
    """The audit log of one workspace, inside one transaction: for those who write it."""

    def __init__(self, connection: Connection[Row], workspace_id: UUID) -> None:
        self._connection = connection
        self._workspace_id = workspace_id

    def record(self, action: Action, object_id: UUID | None = None, **details: Any) -> None:
        """Keep what the one who acts in this transaction has just done, as the last thing that a use case writes."""
        entry = {
            "workspace_id": self._workspace_id,
            "id": new_id(),
            "action": action,
            "object_kind": action.object_kind,
            "object_id": object_id,
            "details": Jsonb(details),
        }
        self._connection.execute(RECORD, entry)


class PostgresAuditLog:
    """The same for those who read it."""

    def __init__(self, connection: Connection[Row], workspace_id: UUID) -> None:
        self._connection = connection
        self._workspace_id = workspace_id

    def newest(self, wanted: Search, before: Position | None, limit: int) -> list[Entry]:
        """Entries from the newest on, or from a place on."""
        after, end = self._stretch_of_time(wanted)
        if before is not None:
            end = min(end, int(before.key))
        said = {name: value for name in NARROWING if (value := getattr(wanted, name)) is not None}
        statement = NEWEST + "".join(NARROWING[name] for name in said) + IN_ORDER
        return [Entry(**row) for row in self._rows(statement, after=after, before=end, limit=limit, **said)]

    def actors(self, limit: int) -> list[Actor]:
        """Who may stand in the log: the members, those who left last."""
        return [Actor(**row) for row in self._rows(ACTORS, limit=limit)]

    def names(self, ids: Collection[UUID]) -> dict[UUID, Named]:
        """What fans, conversations and members with these ids are called today."""
        found = (
            row
            for statement in (NAMES_OF_FANS, NAMES_OF_CONVERSATIONS, NAMES_OF_MEMBERS)
            for row in self._rows(statement, ids=list(ids))
        )
        return {row["id"]: Named(row["name"], row["fan_id"]) for row in found}

    def ends(self) -> Ends:
        """How many entries there are, the last of them, and where the chain is said to end."""
        (row,) = self._rows(ENDS)
        recorded = None if row["position"] is None else Link(row["position"], row["hash"])
        return Ends(row["entries"], row["last"], recorded)

    def stretch(self, after: Link, until: int, limit: int) -> Stretch:
        """The next entries behind a place, judged."""
        place = {"after": after.number, "after_hash": after.hash, "until": until, "limit": limit}
        row = next(iter(self._rows(STRETCH, **place)), None)
        if row is None:
            return Stretch(0, after, None)
        fault = Fault(row["number"], Reason(row["reason"])) if row["reason"] else None
        return Stretch(row["entries"], Link(row["last"], row["hash"]), fault)

    def hash_at(self, number: int) -> bytes | None:
        """The hash of one entry, if there is such an entry."""
        return next((row["hash"] for row in self._rows(HASH_AT, number=number)), None)

    def _stretch_of_time(self, wanted: Search) -> tuple[int, int]:
        """The position before the first entry that is meant, and the one after the last."""
        after = 0 if wanted.since is None else self._last_before(wanted.since)
        return after, LAST_EVER if wanted.until is None else self._last_before(wanted.until) + 1

    def _last_before(self, moment: datetime) -> int:
        return next((row["position"] for row in self._rows(LAST_BEFORE, moment=moment)), 0)

    def _rows(self, statement: str, **parameters: object) -> list[Row]:
        return self._connection.execute(statement, {"workspace_id": self._workspace_id, **parameters}).fetchall()
