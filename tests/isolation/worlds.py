"""Runs isolation cases, with row-level security or with the filters of the statements alone."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
from psycopg import sql
from psycopg.rows import dict_row, tuple_row

from huntaze.runtime.postgres import SET_CONTEXT
from tests.isolation import policies
from tests.isolation.cases import Case, Connection, World
from tests.support.workspaces import MAX, ZOE

GAP = re.compile(r"\{+[^{}]*\}+")  # of a statement that is formatted before it runs
_CONTENT = "SELECT {name}, md5(string_agg(row::text, ' ' ORDER BY row::text)) FROM {table} AS row WHERE {key} = %(id)s"


class Ground:
    """A database with two workspaces that every case leaves as it was, and what it holds of theirs."""

    def __init__(self, superuser: psycopg.Connection[Any]) -> None:
        self._connection = superuser
        tables = policies.tenant_tables(superuser)
        self._contents = sql.SQL(" UNION ALL ").join(
            table.query(_CONTENT, name=sql.Literal(table.name)) for table in tables
        )
        self._theirs = self._all_of_theirs()
        self._asked: dict[Case, list[str]] = {}

    def asks(self, case: Case, statement: str) -> bool:
        """Whether a case runs a statement, whatever stands in its gaps then."""
        if case not in self._asked:
            with _overheard(self._connection) as queries:
                self.check(case, with_policies=True)
            self._asked[case] = queries
        shape = re.compile(".*".join(map(re.escape, GAP.split(statement))), re.DOTALL)
        return any(shape.search(query) for query in self._asked[case])

    def check(self, case: Case, *, with_policies: bool) -> None:
        """Run one case and take everything back; an AssertionError or a database error if workspaces are not apart."""
        with self._connection.transaction(force_rollback=True):
            self._connection.execute(SET_CONTEXT, {"workspace_id": str(ZOE.id), "actor": str(ZOE.of("owner"))})
            with _as_the_stores_see_it(self._connection, with_policies=with_policies) as seen:
                case(World(seen, ZOE, MAX))
            assert self._all_of_theirs() == self._theirs, "something of theirs has changed"

    def _all_of_theirs(self) -> list[tuple[Any, ...]]:
        return self._connection.execute(self._contents, {"id": MAX.id}).fetchall()


@contextmanager
def _as_the_stores_see_it(connection: psycopg.Connection[Any], *, with_policies: bool) -> Iterator[Connection]:
    if with_policies:
        connection.execute("SET LOCAL ROLE huntaze_app")
    connection.row_factory = dict_row
    try:
        yield connection
    finally:
        connection.row_factory = tuple_row
    connection.execute("RESET ROLE")


@contextmanager
def _overheard(connection: psycopg.Connection[Any]) -> Iterator[list[str]]:
    """Every query that is asked on a connection meanwhile."""
    queries: list[str] = []

    class Overheard(psycopg.Cursor[Any]):
        def execute(self, query: Any, *args: Any, **options: Any) -> Any:
            queries.append(str(query))
            return super().execute(query, *args, **options)

        def executemany(self, query: Any, *args: Any, **options: Any) -> None:
            queries.append(str(query))
            super().executemany(query, *args, **options)

    usual, connection.cursor_factory = connection.cursor_factory, Overheard
    try:
        yield queries
    finally:
        connection.cursor_factory = usual
