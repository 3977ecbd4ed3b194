"""Runs isolation cases, with row-level security or with the filters of the statements alone."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any

import psycopg
from psycopg import sql
from psycopg.rows import dict_row, tuple_row

from huntaze.runtime.postgres import SET_CONTEXT
from tests.isolation import policies
from tests.isolation.cases import Case, Connection, World
from tests.support.workspaces import MAX, ZOE

_CONTENT = "SELECT {name}, md5(string_agg(row::text, ' ' ORDER BY row::text)) FROM {table} AS row WHERE {key} = %(id)s"


def check(superuser_conninfo: str, case: Case, *, with_policies: bool) -> None:
    """Run one case and take everything back; an AssertionError or a database error if workspaces are not apart."""
    with (
        psycopg.connect(superuser_conninfo, autocommit=True) as connection,
        connection.transaction(force_rollback=True),
    ):
        connection.execute(SET_CONTEXT, {"workspace_id": str(ZOE.id), "actor": str(ZOE.of("owner"))})
        everything = _fingerprint(superuser_conninfo), {"id": MAX.id}
        before = connection.execute(*everything).fetchall()
        with _as_the_stores_see_it(connection, with_policies=with_policies) as seen:
            case(World(seen, ZOE, MAX))
        assert connection.execute(*everything).fetchall() == before, "something of theirs has changed"


@contextmanager
def _as_the_stores_see_it(connection: psycopg.Connection[Any], *, with_policies: bool) -> Iterator[Connection]:
    if with_policies:
        connection.execute("SET LOCAL ROLE huntaze_app")
    connection.row_factory = dict_row
    yield connection
    connection.row_factory = tuple_row
    connection.execute("RESET ROLE")


@cache
def _fingerprint(superuser_conninfo: str) -> sql.Composed:
    """What each table holds of a workspace: one statement for all of them, because this is asked thousands of times."""
    with psycopg.connect(superuser_conninfo) as catalog:
        tables = policies.tenant_tables(catalog)
    return sql.SQL(" UNION ALL ").join(table.query(_CONTENT, name=sql.Literal(table.name)) for table in tables)
