"""Templates in PostgreSQL."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import fields
from datetime import datetime
from typing import Any
from uuid import UUID

from psycopg import Connection
from psycopg.errors import UniqueViolation
from psycopg.types.json import Jsonb

from huntaze.attachments.model import Media
from huntaze.cursors import Position
from huntaze.errors import Conflict, NotFound
from huntaze.money import Money
from huntaze.templates.model import Changes, Filters, NewTemplate, Template
from huntaze.wording.model import CategoryCount, Wording

# A workspace has at most some hundred: what narrows the list is looked for in all of them.
MOST_USED = """
SELECT id, name, text, category, price_cents, currency, attachments, usage_count, created_at, updated_at FROM templates
WHERE workspace_id = %(workspace_id)s AND deleted_at IS NULL
    AND (usage_count, id) < (%(after_count)s::integer, %(after_id)s::uuid)
    AND (%(category)s::text IS NULL OR category = %(category)s)
    AND (%(q)s::text IS NULL OR strpos(lower(concat_ws(E'\\n', name, text, category)), lower(%(q)s)) > 0)
ORDER BY usage_count DESC, id DESC
LIMIT %(limit)s
"""
BEFORE_ALL = Position(str(2**31 - 1), UUID(int=2**128 - 1))

CATEGORIES = """
SELECT category, count(*) AS count FROM templates
WHERE workspace_id = %(workspace_id)s AND deleted_at IS NULL
GROUP BY category ORDER BY category COLLATE "C" NULLS LAST
"""
COUNT = """
SELECT count(*) AS count FROM templates WHERE workspace_id = %(workspace_id)s AND deleted_at IS NULL
"""
GET = """
SELECT id, name, text, category, price_cents, currency, attachments, usage_count, created_at, updated_at FROM templates
WHERE workspace_id = %(workspace_id)s AND id = %(id)s AND deleted_at IS NULL
"""
TO_CHANGE = " FOR NO KEY UPDATE"

ADD = """
INSERT INTO templates (
    workspace_id, id, name, text, category, price_cents, currency, attachments, created_at, updated_at
) VALUES (
    %(workspace_id)s, %(id)s, %(name)s, %(text)s, %(category)s, %(price_cents)s,
    coalesce(%(currency)s, (SELECT workspaces.currency FROM workspaces WHERE workspaces.id = %(workspace_id)s)),
    %(attachments)s, %(at)s, %(at)s
)
RETURNING id, name, text, category, price_cents, currency, attachments, usage_count, created_at, updated_at
"""
CHANGE = """
UPDATE templates SET {changes}
WHERE workspace_id = %(workspace_id)s AND id = %(id)s AND deleted_at IS NULL
RETURNING id, name, text, category, price_cents, currency, attachments, usage_count, created_at, updated_at
"""
DELETE = """
UPDATE templates SET deleted_at = %(at)s
WHERE workspace_id = %(workspace_id)s AND id = %(id)s AND deleted_at IS NULL
"""
RESTORE = """
UPDATE templates SET deleted_at = NULL
WHERE workspace_id = %(workspace_id)s AND id = %(id)s AND deleted_at > %(deleted_after)s
"""
# A few at a time, so that nobody waits for the cleaning.
FORGET = """
DELETE FROM templates WHERE (workspace_id, id) IN (
    SELECT workspace_id, id FROM templates
    WHERE workspace_id = %(workspace_id)s AND deleted_at <= %(deleted_before)s
    ORDER BY deleted_at LIMIT 20 FOR UPDATE SKIP LOCKED
)
"""
COUNT_USE = """
UPDATE templates SET usage_count = usage_count + 1
WHERE workspace_id = %(workspace_id)s AND id = %(id)s AND deleted_at IS NULL
RETURNING id, name, text, category, price_cents, currency, attachments, usage_count, created_at, updated_at
"""
CHANGEABLE = Changes.__annotations__.keys()  # also the names of the columns


class PostgresTemplates:
    """The templates of one workspace, inside one transaction."""

    def __init__(self, connection: Connection[dict[str, Any]], workspace_id: UUID) -> None:
        self._connection = connection
        self._workspace_id = workspace_id

    def most_used(self, filters: Filters, after: Position | None, limit: int) -> list[Template]:
        """The most used first, or from a place on."""
        place = after or BEFORE_ALL
        asked = {"q": filters.q, "category": filters.category, "limit": limit}
        rows = self._run(MOST_USED, after_count=place.key, after_id=place.id, **asked)
        return [_template(row) for row in rows]

    def categories(self) -> list[CategoryCount]:
        """Every category by its name, and those in none at the end."""
        return [CategoryCount(**row) for row in self._run(CATEGORIES)]

    def count(self) -> int:
        """How many there are."""
        return int(self._run(COUNT)[0]["count"])

    def get(self, template_id: UUID) -> Template:
        """One; NotFound when there is none."""
        return self._one(GET, id=template_id)

    def get_to_change(self, template_id: UUID) -> Template:
        """The same, and nobody else changes it before this transaction ends."""
        return self._one(GET + TO_CHANGE, id=template_id)

    def add(self, new: NewTemplate, template_id: UUID, at: datetime) -> Template:
        """Keep a new one; Conflict when its name is taken."""
        about = {field.name: _stored(getattr(new, field.name)) for field in fields(new)}
        with _unless_taken():
            return self._one(ADD, id=template_id, at=at, **about)

    def change(self, template_id: UUID, changes: Changes) -> Template:
        """Change what is in `changes`; NotFound when there is none, Conflict when the name is taken."""
        values = {column: _stored(value) for column, value in changes.items() if column in CHANGEABLE}
        assignments = ", ".join(f"{column} = %({column})s" for column in values)
        with _unless_taken():
            return self._one(CHANGE.format(changes=assignments), id=template_id, **values)

    def delete(self, template_id: UUID, at: datetime) -> None:
        """Take one out of every list; NotFound when there is none."""
        if not self._connection.execute(DELETE, self._with(id=template_id, at=at)).rowcount:
            raise NotFound

    def restore(self, template_id: UUID, deleted_after: datetime) -> Template:
        """Bring back what was deleted after this moment; NotFound otherwise, Conflict when its name is taken."""
        with _unless_taken():
            self._connection.execute(RESTORE, self._with(id=template_id, deleted_after=deleted_after))
        return self.get(template_id)

    def forget(self, deleted_before: datetime) -> None:
        """Drop some of those that can be restored no more."""
        self._connection.execute(FORGET, self._with(deleted_before=deleted_before))

    def count_use(self, template_id: UUID) -> Template:
        """Count one use; NotFound when there is none."""
        return self._one(COUNT_USE, id=template_id)

    def _one(self, statement: str, **parameters: object) -> Template:
        rows = self._run(statement, **parameters)
        if not rows:
            raise NotFound
        return _template(rows[0])

    def _run(self, statement: str, **parameters: object) -> list[dict[str, Any]]:
        return self._connection.execute(statement, self._with(**parameters)).fetchall()

    def _with(self, **parameters: object) -> Mapping[str, object]:
        return {"workspace_id": self._workspace_id, **parameters}


@contextmanager
def _unless_taken() -> Iterator[None]:
    try:
        yield
    except UniqueViolation:
        raise Conflict("There is a template of this name already.") from None


def _stored(value: object) -> object:
    """A value as its column takes it."""
    if isinstance(value, tuple):
        return Jsonb([media.as_json() for media in value])
    return value.text if isinstance(value, Wording) else value


def _template(row: dict[str, Any]) -> Template:
    row["attachments"] = tuple(map(Media.of, row["attachments"]))
    return Template(price=Money(row.pop("price_cents"), row.pop("currency")), **row)
