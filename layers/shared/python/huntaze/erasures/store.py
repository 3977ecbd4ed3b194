"""Erasures in PostgreSQL. What is erased and how is said by the function erase_person, in migration 0023."""

from collections.abc import Callable, Collection, Mapping
from datetime import datetime
from typing import Any, LiteralString
from uuid import UUID

from psycopg import Connection
from psycopg.errors import LockNotAvailable, ObjectInUse

from huntaze.cursors import Position
from huntaze.erasures.model import Erasure
from huntaze.errors import Conflict, NotFound
from huntaze.tombstones.model import Identity

ON_ITS_WAY = "A message to this fan is being sent right now. Try again in a minute."

# Conversations before fans, like everybody who locks both.
LOCK_TALK = """
SELECT conversations.id FROM fans JOIN fans AS same USING (workspace_id) JOIN conversations USING (workspace_id)
WHERE workspace_id = %(workspace_id)s AND fans.id = %(fan_id)s
    AND coalesce(same.merged_into, same.id) = coalesce(fans.merged_into, fans.id) AND conversations.fan_id = same.id
ORDER BY conversations.id FOR UPDATE OF conversations
"""
# Who is shown is found through the fan's own workspace, so one filter keeps both.
LOCK_PERSON = """
SELECT shown.id FROM fans JOIN fans AS shown USING (workspace_id)
WHERE workspace_id = %(workspace_id)s AND fans.id = %(fan_id)s AND shown.id = coalesce(fans.merged_into, fans.id)
FOR UPDATE OF shown
"""
# What a worker could take, or learns the end of: held, so that what erase_person finds on its way, or not, stays true.
# Not waited for: who ends a message has its row, and wants that of the fan, which is held here.
LOCK_MESSAGES = """
SELECT messages.id FROM fans JOIN messages USING (workspace_id)
WHERE workspace_id = %(workspace_id)s AND (fans.id = %(fan_id)s OR fans.merged_into = %(fan_id)s)
    AND messages.fan_id = fans.id AND messages.status IN ('queued', 'sending', 'unknown')
FOR UPDATE OF messages NOWAIT
"""

# Who asked is found through the erasure's own workspace, so one filter keeps both.
OF = """
SELECT erasures.id, fan_id, requested_by, coalesce(display_name, email) AS requested_by_name, requested_at, removed,
    swept_at, done_at
FROM erasures JOIN members USING (workspace_id)
WHERE workspace_id = %(workspace_id)s AND members.id = requested_by AND fan_id = %(fan_id)s
"""

IDENTITIES = """
SELECT platform, platform_id, handle, email FROM fans
WHERE workspace_id = %(workspace_id)s AND (id = %(fan_id)s OR merged_into = %(fan_id)s)
"""

ADD = """
INSERT INTO erasures (workspace_id, id, fan_id, requested_by, requested_at)
VALUES (%(workspace_id)s, %(id)s, %(fan_id)s, %(requested_by)s, %(at)s)
"""

# A busy year with one person is many rows; somebody waits, but no longer than the gateway does.
PATIENCE = "SELECT set_config('statement_timeout', '25s', true)"
# Whoever asks for an export holds the same lock, shared: what was asked for is there to be deleted, and what is asked
# for from now on begins afterwards.
KEEP_EXPORTS_AWAY = "SELECT pg_advisory_xact_lock(hashtextextended('exports ' || %(workspace_id)s::text, 0))"
CARRY_OUT = """
SELECT erase_person(id) FROM erasures WHERE workspace_id = %(workspace_id)s AND id = %(id)s
"""

NEWEST = """
SELECT erasures.id, fan_id, requested_by, coalesce(display_name, email) AS requested_by_name, requested_at, removed,
    swept_at, done_at
FROM erasures JOIN members USING (workspace_id)
WHERE workspace_id = %(workspace_id)s AND members.id = requested_by
    AND (requested_at, erasures.id) < (%(after_key)s::timestamptz, %(after_id)s::uuid)
ORDER BY requested_at DESC, erasures.id DESC
LIMIT %(limit)s
"""
BEFORE_ALL = Position("infinity", UUID(int=2**128 - 1))

IDS_OF_EXPORTS = """
SELECT id FROM exports WHERE workspace_id = %(workspace_id)s AND id = ANY(%(ids)s)
"""
KEYS_OF_IMPORTS = """
SELECT unnest(ARRAY[object_key, rejected_key]) AS key FROM imports
WHERE workspace_id = %(workspace_id)s AND (object_key = ANY(%(keys)s) OR rejected_key = ANY(%(keys)s))
"""

ERASED_AT = """
SELECT erased_at FROM erasures WHERE workspace_id = %(workspace_id)s AND id = %(id)s AND erased_at IS NOT NULL
"""
SWEPT = """
UPDATE erasures SET swept_at = coalesce(swept_at, %(at)s), done_at = CASE WHEN %(done)s THEN %(at)s END
WHERE workspace_id = %(workspace_id)s AND id = %(id)s AND done_at IS NULL
"""

# Asked outside any workspace; the function behind it answers ids alone.
UNFINISHED = "SELECT workspace_id, erasure_id FROM erasures_to_finish(%(at_most)s)"

LookUp = Callable[[LiteralString, Mapping[str, object]], list[dict[str, Any]]]


class PostgresErasures:
    """The erasures of one workspace, inside one transaction."""

    def __init__(self, connection: Connection[dict[str, Any]], workspace_id: UUID) -> None:
        self._connection = connection
        self._workspace_id = workspace_id

    def lock_talk(self, fan_id: UUID) -> list[UUID]:
        """The conversations with this person, in which nothing new is said until this transaction ends."""
        return [row["id"] for row in self._rows(LOCK_TALK, fan_id=fan_id)]

    def lock_person(self, fan_id: UUID) -> UUID:
        """Who is shown for this fan, whom nobody else changes meanwhile; NotFound when there never was such a fan."""
        locked = self._rows(LOCK_PERSON, fan_id=fan_id)
        if not locked:
            raise NotFound
        shown: UUID = locked[0]["id"]
        return shown

    def lock_messages(self, fan_id: UUID) -> list[UUID]:
        """Keep from workers what waits for who is shown as this fan; Conflict while one of them has it."""
        try:
            return [row["id"] for row in self._rows(LOCK_MESSAGES, fan_id=fan_id)]
        except LockNotAvailable:
            raise Conflict(ON_ITS_WAY) from None

    def of(self, fan_id: UUID) -> Erasure | None:
        """The erasure of a fan who is shown for a person, if there was one."""
        return next((Erasure(**row) for row in self._rows(OF, fan_id=fan_id)), None)

    def identities(self, fan_id: UUID) -> list[Identity]:
        """What names the person, by all who are shown as this fan."""
        return [Identity(**row) for row in self._rows(IDENTITIES, fan_id=fan_id)]

    def add(self, erasure_id: UUID, fan_id: UUID, requested_by: UUID, at: datetime) -> None:
        """Keep what is asked for."""
        self._run(ADD, id=erasure_id, fan_id=fan_id, requested_by=requested_by, at=at)

    def carry_out(self, erasure_id: UUID) -> None:
        """Erase the person; Conflict while something is on its way to them."""
        self._run(PATIENCE)
        self._run(KEEP_EXPORTS_AWAY)
        try:
            self._run(CARRY_OUT, id=erasure_id)
        except ObjectInUse:
            raise Conflict(ON_ITS_WAY) from None

    def newest(self, after: Position | None, limit: int) -> list[Erasure]:
        """All erasures, the newest first."""
        place = after or BEFORE_ALL
        rows = self._rows(NEWEST, after_key=place.key, after_id=place.id, limit=limit)
        return [Erasure(**row) for row in rows]

    def ids_of_exports(self, export_ids: Collection[UUID]) -> frozenset[UUID]:
        """Which of these exports there are."""
        return frozenset(row["id"] for row in self._rows(IDS_OF_EXPORTS, ids=list(export_ids)))

    def keys_of_imports(self, keys: Collection[str]) -> frozenset[str]:
        """Which of these files an import has."""
        return frozenset(row["key"] for row in self._rows(KEYS_OF_IMPORTS, keys=list(keys)))

    def erased_at(self, erasure_id: UUID) -> datetime:
        """When the rows went; NotFound when they did not."""
        found = self._rows(ERASED_AT, id=erasure_id)
        if not found:
            raise NotFound
        at: datetime = found[0]["erased_at"]
        return at

    def swept(self, erasure_id: UUID, at: datetime, *, done: bool) -> None:
        """Note that the files are gone, and with `done` that there can be no more."""
        self._run(SWEPT, id=erasure_id, at=at, done=done)

    def _rows(self, statement: str, **parameters: object) -> list[dict[str, Any]]:
        rows: list[dict[str, Any]] = self._run(statement, **parameters).fetchall()
        return rows

    def _run(self, statement: str, **parameters: object) -> Any:
        return self._connection.execute(statement, {"workspace_id": self._workspace_id, **parameters})


class UnfinishedErasures:
    """Finds what is left to do, in all workspaces."""

    def __init__(self, look_up: LookUp) -> None:
        self._look_up = look_up

    def oldest(self, at_most: int) -> list[tuple[UUID, UUID]]:
        """The workspace and the id of those that are not done."""
        rows = self._look_up(UNFINISHED, {"at_most": at_most})
        return [(row["workspace_id"], row["erasure_id"]) for row in rows]
