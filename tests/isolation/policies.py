"""What keeps one workspace's rows from another, as checks that any connection acting as huntaze_app can be put to.

Each check raises AssertionError. The tests call them on the schema as it is; the mutants call them on a schema whose
policy was just replaced, and count on the assertion.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, LiteralString
from uuid import UUID

import psycopg
from psycopg import sql
from psycopg.types.json import Jsonb

from tests.support.workspaces import Workspace, inside

Connection = psycopg.Connection[Any]

# Tables that belong to no workspace, each with its reason. Everything else is a tenant table.
GLOBAL_TABLES = {
    "sessions": "who is signed in to the pages; a transaction sees those of the person it names",
    "schema_migrations": "which migrations ran; the application may not even read it",
    "waitlist": "people who have no workspace yet; the application may only add",
}

_TABLES = """
SELECT relname, oid FROM pg_class
WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p') ORDER BY relname
"""
_COLUMNS = """
SELECT attname, attgenerated = '' AND attidentity <> 'a',
       has_column_privilege('huntaze_app', attrelid, attnum, 'INSERT'),
       has_column_privilege('huntaze_app', attrelid, attnum, 'UPDATE')
FROM pg_attribute WHERE attrelid = %s AND attnum > 0 AND NOT attisdropped ORDER BY attnum
"""


@dataclass(frozen=True)
class TenantTable:
    """A table whose rows belong to workspaces, and what the application may write of it."""

    name: str
    key: str
    insertable: tuple[str, ...]
    updatable: tuple[str, ...]

    def query(self, text: LiteralString, **parts: sql.Composable) -> sql.Composed:
        return sql.SQL(text).format(table=sql.Identifier(self.name), key=sql.Identifier(self.key), **parts)


def tenant_tables(connection: Connection) -> list[TenantTable]:
    """Every tenant table there is, from the catalog."""
    found = connection.execute(_TABLES).fetchall()
    return [_tenant_table(connection, name, oid) for name, oid in found if name not in GLOBAL_TABLES]


def _tenant_table(connection: Connection, name: str, oid: int) -> TenantTable:
    columns = connection.execute(_COLUMNS, [oid]).fetchall()
    return TenantTable(
        name,
        key="id" if name == "workspaces" else "workspace_id",
        insertable=tuple(column for column, plain, insertable, _ in columns if plain and insertable),
        updatable=tuple(column for column, plain, _, updatable in columns if plain and updatable),
    )


def sample(connection: Connection, table: TenantTable, workspace: Workspace) -> Mapping[str, Any]:
    """One row of a workspace, as JSON; the connection must be allowed to see it."""
    found = connection.execute(
        table.query("SELECT to_jsonb({table}) FROM {table} WHERE {key} = %s LIMIT 1"), [workspace.id]
    ).fetchone()
    assert found is not None, f"no row of {table.name} is seeded: add one to tests/support/workspaces.py"
    row: Mapping[str, Any] = found[0]
    return row


def check_table(connection: Connection, table: TenantTable, mine: Workspace, theirs: Mapping[str, Any]) -> None:
    """All checks of one table; `theirs` is a row of another workspace."""
    other = UUID(str(theirs[table.key]))
    check_nothing_without_a_workspace(connection, table)
    check_only_its_own(connection, table, mine)
    check_no_insert_for_another(connection, table, mine, theirs)
    check_no_update_of_another(connection, table, mine, other)
    check_no_move_to_another(connection, table, mine, other)
    check_no_delete_of_another(connection, table, mine, other)


def check_nothing_without_a_workspace(connection: Connection, table: TenantTable) -> None:
    with connection.transaction():
        # '' is what a connection has after its first transaction, NULL before.
        connection.execute("SELECT set_config('huntaze.workspace_id', '', true)")
        seen = _count(connection, table.query("SELECT count(*) FROM {table}"))
    assert seen == 0, f"{table.name}: {seen} rows seen without a workspace"


def check_only_its_own(connection: Connection, table: TenantTable, mine: Workspace) -> None:
    with inside(connection, mine):
        own = _count(connection, table.query("SELECT count(*) FROM {table} WHERE {key} = %s"), mine.id)
        every = _count(connection, table.query("SELECT count(*) FROM {table}"))
    assert own > 0, f"{table.name}: its own rows are not seen"
    assert every == own, f"{table.name}: {every - own} rows of another workspace are seen"


def check_no_insert_for_another(
    connection: Connection, table: TenantTable, mine: Workspace, theirs: Mapping[str, Any]
) -> None:
    columns = sql.SQL(", ").join(map(sql.Identifier, table.insertable)) if table.insertable else table.query("{key}")
    statement = table.query(
        "INSERT INTO {table} ({columns}) SELECT {columns} FROM jsonb_populate_record(NULL::{table}, %s)",
        columns=columns,
    )
    outcome = _outcome(connection, mine, statement, Jsonb(theirs))
    assert outcome == "refused", f"{table.name}: inserting for another workspace {outcome}"


def check_no_update_of_another(connection: Connection, table: TenantTable, mine: Workspace, other: UUID) -> None:
    column = sql.Identifier(table.updatable[0] if table.updatable else table.key)
    statement = table.query("UPDATE {table} SET {column} = {column} WHERE {key} = %s", column=column)
    outcome = _outcome(connection, mine, statement, other)
    assert outcome in {"refused", "met 0 rows"}, f"{table.name}: updating another workspace's rows {outcome}"


def check_no_move_to_another(connection: Connection, table: TenantTable, mine: Workspace, other: UUID) -> None:
    outcome = _outcome(connection, mine, table.query("UPDATE {table} SET {key} = %s"), other)
    assert outcome == "refused", f"{table.name}: moving rows to another workspace {outcome}"


def check_no_delete_of_another(connection: Connection, table: TenantTable, mine: Workspace, other: UUID) -> None:
    outcome = _outcome(connection, mine, table.query("DELETE FROM {table} WHERE {key} = %s"), other)
    assert outcome in {"refused", "met 0 rows"}, f"{table.name}: deleting another workspace's rows {outcome}"


def _outcome(connection: Connection, mine: Workspace, statement: sql.Composed, parameter: object) -> str:
    """What became of a statement that is undone in any case: refused (for want of a right), or what it did instead."""
    try:
        with connection.transaction(force_rollback=True), inside(connection, mine):
            return f"met {connection.execute(statement, [parameter]).rowcount} rows"
    except psycopg.errors.InsufficientPrivilege:
        return "refused"
    except psycopg.Error as error:
        return f"got as far as {type(error).__name__}"


def _count(connection: Connection, statement: sql.Composed, *parameters: object) -> int:
    (number,) = connection.execute(statement, parameters).fetchone() or (0,)
    return int(number)
