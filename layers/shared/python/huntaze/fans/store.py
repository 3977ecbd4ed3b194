"""Fans in PostgreSQL."""

from collections.abc import Mapping, Sequence
from dataclasses import fields
from datetime import datetime
from typing import Any
from uuid import UUID

from psycopg import Connection
from psycopg.types.json import Jsonb

from huntaze.cursors import Position
from huntaze.errors import Conflict, NotFound
from huntaze.fans.model import (
    Changes,
    DeletedFan,
    Fan,
    Filters,
    NewFan,
    Placed,
    Platform,
    Selection,
    Sort,
    SubscriptionStatus,
    Totals,
)
from huntaze.money import Money

ADD = """
INSERT INTO fans (
    workspace_id, id, name, platform, platform_id, handle, email, phone, avatar, tags, value_cents, currency,
    subscription_status, last_seen_at, do_not_contact, notes, metadata, created_at, updated_at, subscription_at,
    valued_at
) VALUES (
    %(workspace_id)s, %(id)s, %(name)s, %(platform)s, %(platform_id)s, %(handle)s, %(email)s, %(phone)s, %(avatar)s,
    %(tags)s, %(value_cents)s,
    coalesce(%(currency)s, (SELECT workspaces.currency FROM workspaces WHERE workspaces.id = %(workspace_id)s)),
    %(subscription_status)s, %(last_seen_at)s, %(do_not_contact)s, %(notes)s, %(metadata)s, %(at)s, %(at)s,
    CASE WHEN %(subscription_status)s <> 'unknown' THEN %(at)s END,
    CASE WHEN %(value_cents)s > 0 THEN %(at)s END
)
ON CONFLICT ON CONSTRAINT fans_known_once DO NOTHING
RETURNING
    id, name, platform, platform_id, handle, email, phone, avatar, tags, value_cents, currency,
    subscription_status, last_seen_at, last_message_at, do_not_contact, notes, metadata, created_at, updated_at
"""

# Everybody, as one would write it: without conditions row-level security keeps nobody from an index. The sort key comes
# as text: Python has no '-infinity' and lowers some letters otherwise than PostgreSQL.
EVERYBODY = """
SELECT
    id, name, platform, platform_id, handle, email, phone, avatar, tags, value_cents, currency,
    subscription_status, last_seen_at, last_message_at, do_not_contact, notes, metadata, created_at, updated_at,
    {sort_key}::text AS sort_key
FROM fans
WHERE workspace_id = %(workspace_id)s AND deleted_at IS NULL{after}
ORDER BY {sort_key}{way}, id{way} LIMIT %(limit)s
"""
SORT_KEYS = {Sort.LAST_SEEN: "seen_key", Sort.VALUE: "value_cents", Sort.CREATED: "created_at", Sort.NAME: "name_key"}
AFTER = {
    Sort.LAST_SEEN: " AND (seen_key, id) < (%(after_key)s::timestamptz, %(after_id)s)",
    Sort.VALUE: " AND (value_cents, id) < (%(after_key)s::bigint, %(after_id)s)",
    Sort.CREATED: " AND (created_at, id) < (%(after_key)s::timestamptz, %(after_id)s)",
    Sort.NAME: " AND (name_key, id) > (%(after_key)s, %(after_id)s)",
}

# Which of them match is asked of a function that may use every index; their rows are read under row-level security.
MATCHING = """
SELECT
    id, name, platform, platform_id, handle, email, phone, avatar, tags, value_cents, currency,
    subscription_status, last_seen_at, last_message_at, do_not_contact, notes, metadata, created_at, updated_at,
    {sort_key}::text AS sort_key
FROM fans_matching(
    %(q)s, %(platform)s, %(tag)s, %(min_value_cents)s, %(seen_after)s, %(sort)s, %(after_key)s, %(after_id)s, %(limit)s
) AS found
JOIN fans ON id = found.fan_id AND workspace_id = %(workspace_id)s
ORDER BY found.place
"""

# Both functions know the workspace of the transaction and filter by it themselves.
TOTALS = """
SELECT fan_count, total_cents
FROM fans_totals(%(q)s, %(platform)s, %(tag)s, %(min_value_cents)s, %(seen_after)s)
"""
SELECTED = """
SELECT fan_id FROM fans_selected(%(q)s, %(platform)s, %(tag)s, %(min_value_cents)s, %(seen_after)s)
"""

GET = """
SELECT
    id, name, platform, platform_id, handle, email, phone, avatar, tags, value_cents, currency,
    subscription_status, last_seen_at, last_message_at, do_not_contact, notes, metadata, created_at, updated_at
FROM fans
WHERE workspace_id = %(workspace_id)s AND id = %(id)s AND deleted_at IS NULL
"""
TO_CHANGE = " FOR NO KEY UPDATE"
TO_REFER = " FOR KEY SHARE"  # as a foreign key would, but not content with the empty row of who was erased

CHANGE = """
UPDATE fans SET {changes}
WHERE workspace_id = %(workspace_id)s AND id = %(id)s AND deleted_at IS NULL
RETURNING
    id, name, platform, platform_id, handle, email, phone, avatar, tags, value_cents, currency,
    subscription_status, last_seen_at, last_message_at, do_not_contact, notes, metadata, created_at, updated_at
"""

DELETE = """
UPDATE fans SET deleted_at = %(at)s
WHERE workspace_id = %(workspace_id)s AND id = %(id)s AND deleted_at IS NULL
"""

# Who was merged comes back by undoing the merge, and who was erased never.
RESTORE = """
UPDATE fans SET deleted_at = NULL
WHERE workspace_id = %(workspace_id)s AND id = %(id)s AND deleted_at > %(deleted_after)s
    AND merged_into IS NULL AND erased_at IS NULL
"""
DELETED = """
SELECT
    id, name, platform, platform_id, handle, email, phone, avatar, tags, value_cents, currency,
    subscription_status, last_seen_at, last_message_at, do_not_contact, notes, metadata, created_at, updated_at,
    deleted_at
FROM fans
WHERE workspace_id = %(workspace_id)s AND deleted_at > %(deleted_after)s AND merged_into IS NULL AND erased_at IS NULL
    AND (deleted_at, id) < (%(after_key)s::timestamptz, %(after_id)s::uuid)
ORDER BY deleted_at DESC, id DESC
LIMIT %(limit)s
"""
BEFORE_ALL = Position("infinity", UUID(int=2**128 - 1))

EVEN_HIDDEN = """
SELECT
    id, name, platform, platform_id, handle, email, phone, avatar, tags, value_cents, currency,
    subscription_status, last_seen_at, last_message_at, do_not_contact, notes, metadata, created_at, updated_at
FROM fans
WHERE workspace_id = %(workspace_id)s AND id = ANY(%(ids)s)
ORDER BY id FOR NO KEY UPDATE
"""

# What comes late does not move a fan back.
NOTE_MESSAGE = """
UPDATE fans SET last_message_at = greatest(last_message_at, %(at)s)
WHERE workspace_id = %(workspace_id)s AND id = %(id)s
"""

# In a fixed order, so that two who choose overlapping fans wait for each other instead of blocking each other.
LOCK = """
SELECT id FROM fans
WHERE workspace_id = %(workspace_id)s AND id = ANY(%(ids)s) AND deleted_at IS NULL
ORDER BY id FOR NO KEY UPDATE
"""

# Looking a word up takes a tenth of calling its enumeration, and a page has a hundred of them.
PLATFORMS = {platform.value: platform for platform in Platform}
STATUSES = {status.value: status for status in SubscriptionStatus}

# What the platform tells of these is weighed against when they were written down. Who leaves them as they are, as a
# form does that was opened for something else, has written nothing down.
WRITTEN_DOWN = {"value_cents": "valued_at", "subscription_status": "subscription_at"}
WHEN_CHANGED = "{moment} = CASE WHEN {column} IS DISTINCT FROM %({column})s THEN clock_timestamp() ELSE {moment} END"
CHANGEABLE = Changes.__annotations__.keys()  # also the names of the columns


class PostgresFans:
    """The fans of one workspace, inside one transaction."""

    def __init__(self, connection: Connection[dict[str, Any]], workspace_id: UUID) -> None:
        self._connection = connection
        self._workspace_id = workspace_id

    def add(self, new: NewFan, fan_id: UUID, at: datetime) -> Fan:
        """Keep a new fan; Conflict when the platform's id is taken."""
        row = self._connection.execute(ADD, self._row(new, fan_id, at)).fetchone()
        if row is None:
            raise Conflict("A fan with this platformId on this platform is there already, perhaps deleted or merged.")
        return _fan(row)

    def matching(self, filters: Filters, sort: Sort, after: Position | None, limit: int) -> list[Placed]:
        """Fans in this order, from the first on or from a place on."""
        place = {"after_key": after and after.key, "after_id": after and after.id}
        parameters = {**self._asked(filters), **place, "sort": sort, "limit": limit}
        statement = _everybody(sort, after) if filters == Filters() else MATCHING.format(sort_key=SORT_KEYS[sort])
        return [_placed(row) for row in self._connection.execute(statement, parameters)]

    def totals(self, filters: Filters) -> Totals:
        """All that match, counted and summed up."""
        (row,) = self._connection.execute(TOTALS, self._asked(filters)).fetchall()
        return Totals(row["fan_count"], int(row["total_cents"]))

    def get(self, fan_id: UUID) -> Fan:
        """One fan; NotFound when there is none."""
        return self._read(GET, fan_id)

    def get_to_change(self, fan_id: UUID) -> Fan:
        """The same, and nobody else changes the fan before this transaction ends."""
        return self._read(GET + TO_CHANGE, fan_id)

    def get_to_refer(self, fan_id: UUID) -> Fan:
        """The same, and nobody erases the fan before this transaction ends."""
        return self._read(GET + TO_REFER, fan_id)

    def change(self, fan_id: UUID, changes: Changes) -> Fan:
        """Change what is in `changes`; NotFound when there is no such fan."""
        values = {column: _stored(value) for column, value in changes.items() if column in CHANGEABLE}
        told = [f"{column} = %({column})s" for column in values]
        written = {column: moment for column, moment in WRITTEN_DOWN.items() if column in values}
        when = [WHEN_CHANGED.format(column=column, moment=moment) for column, moment in written.items()]
        assignments = ", ".join(told + when)
        return self._read(CHANGE.format(changes=assignments), fan_id, values)

    def delete(self, fan_id: UUID, at: datetime) -> None:
        """Take a fan out of every list; NotFound when there is none."""
        deleted = self._connection.execute(DELETE, {"workspace_id": self._workspace_id, "id": fan_id, "at": at})
        if not deleted.rowcount:
            raise NotFound

    def restore(self, fan_id: UUID, deleted_after: datetime) -> Fan:
        """Bring back who was deleted after this moment; who was not deleted is just there. NotFound otherwise."""
        chosen = {"workspace_id": self._workspace_id, "id": fan_id, "deleted_after": deleted_after}
        self._connection.execute(RESTORE, chosen)
        return self.get(fan_id)

    def deleted(self, deleted_after: datetime, after: Position | None, limit: int) -> list[DeletedFan]:
        """Who was deleted since then and can be restored, the last deleted first."""
        place = after or BEFORE_ALL
        asked = {"deleted_after": deleted_after, "after_key": place.key, "after_id": place.id, "limit": limit}
        rows = self._connection.execute(DELETED, {"workspace_id": self._workspace_id, **asked})
        return [DeletedFan(deleted_at=row.pop("deleted_at"), fan=_fan(row)) for row in rows]

    def even_hidden(self, fan_ids: Sequence[UUID]) -> dict[UUID, Fan]:
        """These fans, also where they are deleted or merged, which nobody else changes meanwhile."""
        rows = self._connection.execute(EVEN_HIDDEN, {"workspace_id": self._workspace_id, "ids": list(fan_ids)})
        return {row["id"]: _fan(row) for row in rows}

    def note_message(self, fan_id: UUID, at: datetime) -> None:
        """Something was said to or by a fan, deleted or not."""
        self._connection.execute(NOTE_MESSAGE, {"workspace_id": self._workspace_id, "id": fan_id, "at": at})

    def selected(self, chosen: Selection) -> list[UUID]:
        """Who is selected, kept from others until this transaction ends; NotFound unless all ids are there."""
        if chosen.filters is not None:
            matching = self._connection.execute(SELECTED, self._asked(chosen.filters))
            return self._locked([row["fan_id"] for row in matching])
        found = self._locked(chosen.ids or ())
        if set(found) != set(chosen.ids or ()):
            raise NotFound
        return found

    def _locked(self, fan_ids: Sequence[UUID]) -> list[UUID]:
        parameters = {"workspace_id": self._workspace_id, "ids": list(fan_ids)}
        return [row["id"] for row in self._connection.execute(LOCK, parameters)]

    def _asked(self, filters: Filters) -> dict[str, object]:
        return {
            "workspace_id": self._workspace_id,
            "q": filters.q,
            "platform": filters.platform,
            "tag": filters.tag,
            "min_value_cents": filters.min_value_cents,
            "seen_after": filters.seen_after,
        }

    def _read(self, statement: str, fan_id: UUID, more: Mapping[str, object] | None = None) -> Fan:
        parameters = {"workspace_id": self._workspace_id, "id": fan_id, **(more or {})}
        row = self._connection.execute(statement, parameters).fetchone()
        if row is None:
            raise NotFound
        return _fan(row)

    def _row(self, new: NewFan, fan_id: UUID, at: datetime) -> dict[str, object]:
        about = {field.name: _stored(getattr(new, field.name)) for field in fields(new)}
        return {**about, "workspace_id": self._workspace_id, "id": fan_id, "at": at}


def _everybody(sort: Sort, after: Position | None) -> str:
    way = "" if sort is Sort.NAME else " DESC"
    return EVERYBODY.format(sort_key=SORT_KEYS[sort], way=way, after=AFTER[sort] if after else "")


def _stored(value: object) -> object:
    """A value as its column takes it: tags and metadata are JSON."""
    if isinstance(value, tuple):
        return Jsonb(list(value))
    return Jsonb(dict(value)) if isinstance(value, Mapping) else value


def _placed(row: dict[str, Any]) -> Placed:
    key = row.pop("sort_key")
    return Placed(_fan(row), key)


def _fan(row: dict[str, Any]) -> Fan:
    cents, currency = row.pop("value_cents"), row.pop("currency")
    row["platform"] = PLATFORMS[row["platform"]]
    row["subscription_status"] = STATUSES[row["subscription_status"]]
    row["tags"] = tuple(row["tags"])
    return Fan(value=Money(cents, currency), **row)
