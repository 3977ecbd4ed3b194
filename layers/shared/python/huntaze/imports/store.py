"""Imports in PostgreSQL: how far each is, and what people said of headers. Its rows are in plan_rows and doing."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, LiteralString
from uuid import UUID

from psycopg import Connection, Cursor
from psycopg.types.json import Jsonb

from huntaze.errors import NotFound
from huntaze.fans.model import Platform
from huntaze.imports.model import NOTHING, Changes, Choices, Counts, Field, Import, Layout, Policy, Status, Ticket

ADD = """
INSERT INTO imports (
    workspace_id, id, requested_by, file_name, file_bytes, object_key, status, plan, platform, locale, policy, mapping,
    created_at, updated_at
) VALUES (
    %(workspace_id)s, %(id)s, %(requested_by)s, %(file_name)s, %(file_bytes)s, %(object_key)s, %(status)s, %(plan)s,
    %(platform)s, %(locale)s, %(policy)s, %(mapping)s, %(at)s, %(at)s
)
RETURNING
    id, requested_by, file_name, file_bytes, object_key, platform, locale, policy, mapping, layout, status, plan,
    plan_hash, planned, done, undone, last_row, position, bytes_read, rejected_key, error, error_row, error_column,
    created_at, committed_at, undone_at
"""
FIND = """
SELECT
    id, requested_by, file_name, file_bytes, object_key, platform, locale, policy, mapping, layout, status, plan,
    plan_hash, planned, done, undone, last_row, position, bytes_read, rejected_key, error, error_row, error_column,
    created_at, committed_at, undone_at
FROM imports WHERE workspace_id = %(workspace_id)s AND id = %(id)s
"""
TO_CHANGE = " FOR NO KEY UPDATE"
NEWEST = """
SELECT
    id, requested_by, file_name, file_bytes, object_key, platform, locale, policy, mapping, layout, status, plan,
    plan_hash, planned, done, undone, last_row, position, bytes_read, rejected_key, error, error_row, error_column,
    created_at, committed_at, undone_at
FROM imports WHERE workspace_id = %(workspace_id)s
ORDER BY created_at DESC, id DESC
LIMIT %(limit)s
"""
UNDER_WAY = """
SELECT count(*) AS found FROM imports
WHERE workspace_id = %(workspace_id)s AND status IN ('uploading', 'planning') AND created_at > %(since)s
"""
PLAN_ANEW = """
UPDATE imports SET
    status = 'planning', plan = plan + 1, plan_hash = NULL, last_row = 0, position = 0, bytes_read = 0, planned = '{}',
    layout = NULL, error = NULL, error_row = NULL, error_column = NULL, rejected_key = NULL,
    file_bytes = %(file_bytes)s, platform = %(platform)s, locale = %(locale)s, policy = %(policy)s,
    mapping = %(mapping)s
WHERE workspace_id = %(workspace_id)s AND id = %(id)s
"""
CHANGE = """
UPDATE imports SET {changes} WHERE workspace_id = %(workspace_id)s AND id = %(id)s
"""
FORGET_FILE = """
UPDATE imports SET
    object_key = NULL, rejected_key = NULL, file_name = NULL, layout = layout - 'sample', forgotten_at = %(at)s
WHERE workspace_id = %(workspace_id)s AND id = %(id)s
"""

REMEMBERED = """
SELECT header, field FROM import_mappings WHERE workspace_id = %(workspace_id)s
"""
REMEMBER = """
INSERT INTO import_mappings (workspace_id, header, field)
SELECT %(workspace_id)s, header, field FROM jsonb_each_text(%(mapping)s) AS said (header, field)
ON CONFLICT (workspace_id, header) DO UPDATE SET field = EXCLUDED.field
"""

# Asked outside any workspace; the functions behind them answer ids alone.
FORGOTTEN = """
SELECT workspace_id, import_id
FROM imports_forgotten(%(quiet_since)s, %(asked_after)s, %(asked_before)s, %(at_most)s)
"""
OVER = """
SELECT workspace_id, import_id FROM imports_over(%(uploads_before)s, %(kept_before)s, %(at_most)s)
"""

LookUp = Callable[[LiteralString, Mapping[str, object]], list[dict[str, Any]]]

COUNTED = ("planned", "done", "undone")
_LONGEST_SAMPLE = 100  # characters of a cell
_FIELDS = {field.value: field for field in Field}


class PostgresImports:
    """The imports of one workspace, inside one transaction."""

    def __init__(self, connection: Connection[dict[str, Any]], workspace_id: UUID) -> None:
        self._connection = connection
        self._workspace_id = workspace_id

    def add(
        self,
        ticket: Ticket,
        requested_by: UUID,
        file_name: str,
        file_bytes: int,
        choices: Choices,
        *,
        at: datetime,
        arrived: bool,
    ) -> Import:
        """Keep what was asked for: a file that will be uploaded, or one that has come with the request."""
        begun = {
            "object_key": None if arrived else ticket.key,
            "status": Status.PLANNING if arrived else Status.UPLOADING,
            "plan": int(arrived),
        }
        about = {"requested_by": requested_by, "file_name": file_name, "file_bytes": file_bytes, "at": at}
        (row,) = self._run(ADD, id=ticket.import_id, **about, **begun, **_chosen(choices)).fetchall()
        return _import(row)

    def find(self, import_id: UUID) -> Import | None:
        """One import, if there is one."""
        row = self._run(FIND, id=import_id).fetchone()
        return None if row is None else _import(row)

    def get_to_change(self, import_id: UUID) -> Import:
        """One import that nobody else changes before this transaction ends; NotFound when there is none."""
        row = self._run(FIND + TO_CHANGE, id=import_id).fetchone()
        if row is None:
            raise NotFound
        return _import(row)

    def newest(self, limit: int) -> list[Import]:
        """The latest ones, the newest first."""
        return [_import(row) for row in self._run(NEWEST, limit=limit)]

    def under_way(self, since: datetime) -> int:
        """How many were begun since then and have no plan yet."""
        (row,) = self._run(UNDER_WAY, since=since).fetchall()
        return int(row["found"])

    def plan_anew(self, import_id: UUID, choices: Choices, file_bytes: int) -> None:
        """Begin a dry run of its own."""
        self._run(PLAN_ANEW, id=import_id, file_bytes=file_bytes, **_chosen(choices))

    def change(self, import_id: UUID, changes: Changes) -> None:
        """Change what is in `changes`."""
        values = {column: _stored(value) for column, value in changes.items() if column in Changes.__annotations__}
        assignments = ", ".join(f"{column} = %({column})s" for column in values)
        self._run(CHANGE.format(changes=assignments), id=import_id, **values)

    def forget_file(self, import_id: UUID, at: datetime) -> None:
        """Nothing of what was in its file is kept any more."""
        self._run(FORGET_FILE, id=import_id, at=at)

    def remembered(self) -> dict[str, Field]:
        """What people said of headers, by their normalised names."""
        return {row["header"]: _FIELDS[row["field"]] for row in self._run(REMEMBERED) if row["field"] in _FIELDS}

    def remember(self, mapping: Mapping[str, Field]) -> None:
        """What somebody said of these headers."""
        if mapping:
            self._run(REMEMBER, mapping=Jsonb(dict(sorted(mapping.items()))))

    def _run(self, statement: str, **parameters: object) -> Cursor[dict[str, Any]]:
        return self._connection.execute(statement, {"workspace_id": self._workspace_id, **parameters})


class ForgottenImports:
    """Finds imports that somebody has to see to, in all workspaces."""

    def __init__(self, look_up: LookUp) -> None:
        self._look_up = look_up

    def between(
        self, quiet_since: datetime, asked_after: datetime, asked_before: datetime, at_most: int
    ) -> list[Ticket]:
        """Those that nobody works on, and those that were asked for in this time and whose file may have come."""
        asked = {"quiet_since": quiet_since, "asked_after": asked_after, "asked_before": asked_before}
        return [_ticket(row) for row in self._look_up(FORGOTTEN, {**asked, "at_most": at_most})]

    def over(self, uploads_before: datetime, kept_before: datetime, at_most: int) -> list[Ticket]:
        """Those whose file never came, and those that are kept no longer."""
        asked = {"uploads_before": uploads_before, "kept_before": kept_before, "at_most": at_most}
        return [_ticket(row) for row in self._look_up(OVER, asked)]


def _ticket(row: Mapping[str, UUID]) -> Ticket:
    return Ticket(row["workspace_id"], row["import_id"])


def _chosen(choices: Choices) -> dict[str, object]:
    return {
        "platform": choices.platform.value,
        "locale": choices.locale,
        "policy": choices.policy.value,
        "mapping": Jsonb(_words(choices.mapping or {})),
    }


def _words(mapping: Mapping[Field, str]) -> dict[str, str]:
    return {field.value: header for field, header in mapping.items()}


def _stored(value: object) -> object:
    match value:
        case Counts():
            numbers = {name: getattr(value, name) for name in ("total", "created", "updated", "skipped", "rejected")}
            return Jsonb({**numbers, "reasons": dict(value.reasons)})
        case Layout():
            return Jsonb(
                {
                    "version": value.version,
                    "encoding": value.encoding,
                    "delimiter": value.delimiter,
                    "header": list(value.header),
                    "sample": [[cell[:_LONGEST_SAMPLE] for cell in row] for row in value.sample],
                    "mapping": _words(value.mapping),
                }
            )
    return value


def _import(row: dict[str, Any]) -> Import:
    choices = Choices(
        platform=Platform(row.pop("platform")),
        locale=row.pop("locale"),
        policy=Policy(row.pop("policy")),
        mapping=_fields(row.pop("mapping")) or None,
    )
    layout = row.pop("layout")
    return Import(
        **{**row, **{name: _counts(row[name]) for name in COUNTED}, "status": Status(row["status"])},
        choices=choices,
        layout=layout and _layout(layout),
    )


def _counts(kept: Mapping[str, Any]) -> Counts:
    return Counts(**kept) if kept else NOTHING


def _layout(kept: Mapping[str, Any]) -> Layout:
    return Layout(
        version=kept.get("version", ""),  # of a look that was kept before files were told apart
        encoding=kept["encoding"],
        delimiter=kept["delimiter"],
        header=tuple(kept["header"]),
        sample=tuple(map(tuple, kept.get("sample", ()))),  # an erasure takes it away
        mapping=_fields(kept["mapping"]),
    )


def _fields(words: Mapping[str, str]) -> dict[Field, str]:
    return {_FIELDS[word]: header for word, header in words.items()}
