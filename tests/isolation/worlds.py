"""Runs isolation cases, with row-level security or with the filters of the statements alone."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
from psycopg.rows import dict_row, tuple_row

from huntaze.runtime.postgres import SET_CONTEXT
from tests.isolation import policies
from tests.isolation.cases import Case, Connection, World
from tests.support.workspaces import MAX, ZOE, Workspace

_CONTENT = "SELECT md5(string_agg(row::text, ' ' ORDER BY row::text)) FROM {table} AS row WHERE {key} = %s"


def check(superuser_conninfo: str, case: Case, *, with_policies: bool) -> None:
    """Run one case and take everything back; an AssertionError or a database error if workspaces are not apart."""
    with (
        psycopg.connect(superuser_conninfo, autocommit=True) as connection,
        connection.transaction(force_rollback=True),
    ):
        connection.execute(SET_CONTEXT, {"workspace_id": str(ZOE.id), "actor": str(ZOE.of("owner"))})
        before = _everything_of(connection, MAX)
        with _as_the_stores_see_it(connection, with_policies=with_policies) as seen:
            case(World(seen, ZOE, MAX))
        assert _everything_of(connection, MAX) == before, "something of theirs has changed"


@contextmanager
def _as_the_stores_see_it(connection: psycopg.Connection[Any], *, with_policies: bool) -> Iterator[Connection]:
    if with_policies:
        connection.execute("SET LOCAL ROLE huntaze_app")
    connection.row_factory = dict_row
    yield connection
    connection.row_factory = tuple_row
    connection.execute("RESET ROLE")


def _everything_of(connection: psycopg.Connection[Any], workspace: Workspace) -> dict[str, object]:
    return {
        table.name: connection.execute(table.query(_CONTENT), [workspace.id]).fetchone()
        for table in policies.tenant_tables(connection)
    }
