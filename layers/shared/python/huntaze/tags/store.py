"""Tags in PostgreSQL: a column of the fans, which nothing else of this feature knows."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from psycopg import Connection
from psycopg.errors import CheckViolation

from huntaze.errors import Conflict
from huntaze.tags.model import TagCount

# Many fans have the same tags, so these are counted before they are taken apart: an index holds all that this needs.
# The conditions are those of fans_by_tags and fans_with_long_tags, word for word.
ALL = """
SELECT tag, sum(fan_count)::bigint AS count
FROM (
    SELECT tags, count(*) AS fan_count FROM fans
    WHERE workspace_id = %(workspace_id)s AND deleted_at IS NULL
        AND tags <> '[]' AND octet_length(tags::text) <= 1000
    GROUP BY tags
    UNION ALL
    SELECT tags, 1 FROM fans
    WHERE workspace_id = %(workspace_id)s AND deleted_at IS NULL AND octet_length(tags::text) > 1000
) AS sets, jsonb_array_elements_text(tags) AS each (tag)
GROUP BY tag ORDER BY count DESC, tag COLLATE "C" LIMIT 1000
"""
OF_FAN = """
SELECT tag, (SELECT fan_count FROM fans_totals(NULL, NULL, tag, NULL, NULL)) AS count
FROM fans, jsonb_array_elements_text(tags) WITH ORDINALITY AS each (tag, place)
WHERE workspace_id = %(workspace_id)s AND id = %(id)s AND deleted_at IS NULL
ORDER BY place
"""
CHANGE = """
UPDATE fans SET tags = (tags - %(remove)s::text[]) || to_jsonb(ARRAY(
    SELECT word FROM unnest(%(add)s::text[]) WITH ORDINALITY AS added (word, place) WHERE NOT tags ? word ORDER BY place
))
WHERE workspace_id = %(workspace_id)s AND id = ANY(%(ids)s)
    AND (tags ?| %(remove)s::text[] OR NOT tags ?& %(add)s::text[])
"""
# In its old place, unless the new one is there already.
RENAME = """
UPDATE fans SET tags = CASE WHEN tags ? %(new)s THEN tags - %(old)s::text ELSE to_jsonb(ARRAY(
    SELECT CASE word WHEN %(old)s THEN %(new)s ELSE word END
    FROM jsonb_array_elements_text(tags) WITH ORDINALITY AS each (word, place) ORDER BY place
)) END
WHERE workspace_id = %(workspace_id)s AND id = ANY(%(ids)s) AND tags ? %(old)s
"""

PORTION = 10_000


class PostgresTags:
    """The tags of one workspace, inside one transaction."""

    def __init__(self, connection: Connection[dict[str, Any]], workspace_id: UUID) -> None:
        self._connection = connection
        self._workspace_id = workspace_id

    def all(self) -> list[TagCount]:
        """The 1,000 most used, with how many fans have each; the most used first."""
        rows = self._connection.execute(ALL, {"workspace_id": self._workspace_id})
        return [TagCount(**row) for row in rows]

    def of(self, fan_id: UUID) -> list[TagCount]:
        """One fan's tags in their order, with how many fans have each."""
        rows = self._connection.execute(OF_FAN, {"workspace_id": self._workspace_id, "id": fan_id})
        return [TagCount(**row) for row in rows]

    def change(self, fan_ids: Sequence[UUID], add: Sequence[str], remove: Sequence[str]) -> int:
        """Put tags on fans and take tags off them; how many fans changed. Conflict when one would have too many."""
        try:
            return self._in_portions(CHANGE, fan_ids, add=list(add), remove=list(remove))
        except CheckViolation:
            raise Conflict("A fan can have 100 tags, and one of these would have more.") from None

    def rename(self, fan_ids: Sequence[UUID], old: str, new: str) -> int:
        """Call a tag of these fans otherwise; who has the new one already has it once. How many fans changed."""
        return self._in_portions(RENAME, fan_ids, old=old, new=new)

    def _in_portions(self, statement: str, fan_ids: Sequence[UUID], **words: object) -> int:
        """One transaction, but no statement that runs into the time limit of statements."""
        changed = 0
        for first in range(0, len(fan_ids), PORTION):
            portion = {"workspace_id": self._workspace_id, "ids": list(fan_ids[first : first + PORTION])}
            changed += self._connection.execute(statement, {**portion, **words}).rowcount
        return changed
