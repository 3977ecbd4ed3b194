"""Merges in PostgreSQL. A merge moves nothing but a pointer, and those that pointed where it points from."""

from dataclasses import fields
from datetime import datetime
from typing import Any
from uuid import UUID

from psycopg import Connection
from psycopg.types.json import Jsonb

from huntaze.cursors import Position
from huntaze.errors import NotFound
from huntaze.fans.model import Fan
from huntaze.merges.model import Given, Merge, Moved, NamedMerge
from huntaze.money import Money

SHOWN = """
SELECT coalesce(merged_into, id) AS id FROM fans WHERE workspace_id = %(workspace_id)s AND id = %(fan_id)s
"""

CARRY = """
UPDATE fans SET merged_into = %(kept_id)s WHERE workspace_id = %(workspace_id)s AND merged_into = %(merged_id)s
"""
HIDE = """
UPDATE fans SET merged_into = %(kept_id)s, deleted_at = %(at)s
WHERE workspace_id = %(workspace_id)s AND id = %(merged_id)s
"""

SHOW_AGAIN = """
UPDATE fans SET merged_into = NULL, deleted_at = NULL
WHERE workspace_id = %(workspace_id)s AND id = %(merged_id)s
"""
# Who had been merged into the merged fan before, by way of however many merges, comes back to it.
CARRY_BACK = """
WITH RECURSIVE below (workspace_id, fan_id) AS (
    SELECT workspace_id, merged_id FROM fan_merges
    WHERE workspace_id = %(workspace_id)s AND kept_id = %(merged_id)s AND undone_at IS NULL
    UNION
    SELECT workspace_id, merged_id FROM fan_merges JOIN below USING (workspace_id)
    WHERE kept_id = below.fan_id AND undone_at IS NULL
)
UPDATE fans SET merged_into = %(merged_id)s FROM below
WHERE fans.workspace_id = below.workspace_id AND fans.id = below.fan_id
"""

GIVE = """
UPDATE fans SET
    handle = %(handle)s, email = %(email)s, phone = %(phone)s, avatar = %(avatar)s, tags = %(tags)s,
    value_cents = %(value_cents)s, subscription_status = %(subscription_status)s, last_seen_at = %(last_seen_at)s,
    last_message_at = %(last_message_at)s, do_not_contact = %(do_not_contact)s, notes = %(notes)s,
    metadata = %(metadata)s
WHERE workspace_id = %(workspace_id)s AND id = %(id)s
"""

ADD = """
INSERT INTO fan_merges (
    workspace_id, id, kept_id, merged_id, merged_by, merged_at, tags, value_cents, currency, filled, seen_before,
    seen_given, message_before, message_given
) VALUES (
    %(workspace_id)s, %(id)s, %(kept_id)s, %(merged_id)s, %(merged_by)s, %(merged_at)s, %(tags)s, %(value_cents)s,
    %(currency)s, %(filled)s, %(seen_before)s, %(seen_given)s, %(message_before)s, %(message_given)s
)
"""

GET = """
SELECT id, kept_id, merged_id, merged_by, merged_at, tags, value_cents, currency, filled, seen_before, seen_given,
    message_before, message_given
FROM fan_merges WHERE workspace_id = %(workspace_id)s AND id = %(id)s AND undone_at IS NULL
"""

INTO = """
SELECT id, kept_id, merged_id, merged_by, merged_at, tags, value_cents, currency, filled, seen_before, seen_given,
    message_before, message_given
FROM fan_merges WHERE workspace_id = %(workspace_id)s AND kept_id = %(kept_id)s AND undone_at IS NULL
ORDER BY merged_at, id
"""

CHANGE = """
UPDATE fan_merges SET tags = %(tags)s, filled = %(filled)s, seen_before = %(seen_before)s, seen_given = %(seen_given)s,
    message_before = %(message_before)s, message_given = %(message_given)s
WHERE workspace_id = %(workspace_id)s AND id = %(id)s
"""

END = """
UPDATE fan_merges SET undone_at = %(at)s, undone_by = %(by)s WHERE workspace_id = %(workspace_id)s AND id = %(id)s
"""

# The other rows are found through the merge's own workspace, so one filter keeps all.
NEWEST = """
SELECT fan_merges.id, kept_id, merged_id, merged_by, merged_at, fan_merges.tags, fan_merges.value_cents,
    fan_merges.currency, filled, seen_before, seen_given, message_before, message_given, kept.name AS kept_name,
    merged.name AS merged_name, coalesce(display_name, members.email) AS merged_by_name
FROM fan_merges
JOIN fans AS kept USING (workspace_id) JOIN fans AS merged USING (workspace_id) JOIN members USING (workspace_id)
WHERE workspace_id = %(workspace_id)s AND undone_at IS NULL AND merged_at > %(since)s
    AND kept.id = kept_id AND kept.merged_into IS NULL AND merged.id = merged_id AND members.id = merged_by
    AND (merged_at, fan_merges.id) < (%(after_key)s::timestamptz, %(after_id)s::uuid)
ORDER BY merged_at DESC, fan_merges.id DESC
LIMIT %(limit)s
"""
BEFORE_ALL = Position("infinity", UUID(int=2**128 - 1))

NAMED = """
SELECT fan_merges.id, kept_id, merged_id, merged_by, merged_at, fan_merges.tags, fan_merges.value_cents,
    fan_merges.currency, filled, seen_before, seen_given, message_before, message_given, kept.name AS kept_name,
    merged.name AS merged_name, coalesce(display_name, members.email) AS merged_by_name
FROM fan_merges
JOIN fans AS kept USING (workspace_id) JOIN fans AS merged USING (workspace_id) JOIN members USING (workspace_id)
WHERE workspace_id = %(workspace_id)s AND fan_merges.id = %(id)s
    AND kept.id = kept_id AND merged.id = merged_id AND members.id = merged_by
"""

Row = dict[str, Any]


class PostgresMerges:
    """The merges of one workspace, inside one transaction."""

    def __init__(self, connection: Connection[Row], workspace_id: UUID) -> None:
        self._connection = connection
        self._workspace_id = workspace_id

    def shown(self, fan_id: UUID) -> UUID:
        """Who is shown for this fan: the one it was merged into, or itself. NotFound when there is no such fan."""
        shown: UUID = self._one(SHOWN, fan_id=fan_id)["id"]
        return shown

    def hide(self, merged_id: UUID, kept_id: UUID, at: datetime) -> None:
        """Show one fan for another, and for those who were merged into that one before."""
        self._run(CARRY, merged_id=merged_id, kept_id=kept_id)
        self._run(HIDE, merged_id=merged_id, kept_id=kept_id, at=at)

    def show_again(self, merge: Merge) -> None:
        """Undo that."""
        self._run(SHOW_AGAIN, merged_id=merge.merged_id)
        self._run(CARRY_BACK, merged_id=merge.merged_id)

    def give(self, fan: Fan) -> None:
        """Write down the kept fan as it is now."""
        about = {field.name: getattr(fan, field.name) for field in fields(fan)}
        stored = {"tags": Jsonb(list(fan.tags)), "metadata": Jsonb(dict(fan.metadata)), "value_cents": fan.value.cents}
        self._run(GIVE, **about | stored | {"value": None})

    def add(self, merge: Merge) -> None:
        """Keep what was merged."""
        money = {"value_cents": merge.given.value.cents, "currency": merge.given.value.currency}
        about = {"kept_id": merge.kept_id, "merged_id": merge.merged_id, "merged_by": merge.merged_by}
        self._run(ADD, id=merge.id, merged_at=merge.merged_at, **about, **money, **_stored(merge.given))

    def get(self, merge_id: UUID) -> Merge:
        """One merge in effect; NotFound when there is none."""
        return _merge(self._one(GET, id=merge_id))

    def into(self, kept_id: UUID) -> list[Merge]:
        """The merges into a fan that are in effect, the oldest first."""
        return [_merge(row) for row in self._run(INTO, kept_id=kept_id)]

    def change(self, merge: Merge) -> None:
        """Write down what it gives now."""
        self._run(CHANGE, id=merge.id, **_stored(merge.given))

    def end(self, merge_id: UUID, by: UUID, at: datetime) -> None:
        """It is in effect no longer."""
        self._run(END, id=merge_id, by=by, at=at)

    def newest(self, since: datetime, after: Position | None, limit: int) -> list[NamedMerge]:
        """What can be undone of the merges since then, the newest first."""
        place = after or BEFORE_ALL
        rows = self._run(NEWEST, since=since, after_key=place.key, after_id=place.id, limit=limit)
        return [_named(row) for row in rows]

    def named(self, merge_id: UUID) -> NamedMerge:
        """One merge with the names in it."""
        return _named(self._one(NAMED, id=merge_id))

    def _one(self, statement: str, **parameters: object) -> Row:
        row: Row | None = self._run(statement, **parameters).fetchone()
        if row is None:
            raise NotFound
        return row

    def _run(self, statement: str, **parameters: object) -> Any:
        return self._connection.execute(statement, {"workspace_id": self._workspace_id, **parameters})


def _stored(given: Given) -> dict[str, object]:
    seen, message = given.seen, given.message
    return {
        "tags": Jsonb(list(given.tags)),
        "filled": Jsonb(list(given.filled)),
        "seen_before": seen and seen.before,
        "seen_given": seen and seen.given,
        "message_before": message and message.before,
        "message_given": message and message.given,
    }


def _merge(row: Row) -> Merge:
    given = Given(
        value=Money(row["value_cents"], row["currency"]),
        tags=tuple(row["tags"]),
        filled=tuple(row["filled"]),
        seen=row["seen_given"] and Moved(row["seen_before"], row["seen_given"]),
        message=row["message_given"] and Moved(row["message_before"], row["message_given"]),
    )
    names = ("id", "kept_id", "merged_id", "merged_by", "merged_at")
    return Merge(**{name: row[name] for name in names}, given=given)


def _named(row: Row) -> NamedMerge:
    return NamedMerge(_merge(row), row["kept_name"], row["merged_name"], row["merged_by_name"])
