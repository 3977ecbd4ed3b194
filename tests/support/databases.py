"""Databases for tests: each test gets an empty, migrated one, and most get one that another test has used before.

To make one costs a fifth of a second, to empty one that few rows went through costs a hundredth.
"""

import itertools
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import psycopg
from psycopg import sql

from local.servers import Postgres

# More dead rows than these would weigh on the next test's queries.
FEW_ROWS = 2_000
OTHERS = """
SELECT pg_terminate_backend(pid) FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid()
"""
TABLES = """
SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace
"""
HOLDS = sql.SQL("SELECT {} WHERE EXISTS (SELECT FROM {})")
EMPTY = sql.SQL("DELETE FROM {}")
# Whatever a test did to tables, functions, rights or settings, and what is known of how many rows there are. An object
# that was changed has another xmin. Autovacuum's own notes on tables are written in place and do not count.
SHAPE = """
WITH
    ours AS (SELECT 'public'::regnamespace AS space),
    objects (name, version) AS (
        SELECT oid::text, xmin::text FROM pg_class, ours WHERE relnamespace = space
        UNION ALL SELECT oid::text, xmin::text FROM pg_proc, ours WHERE pronamespace = space
        UNION ALL SELECT attrelid || '.' || attnum, a.xmin::text FROM pg_attribute AS a
            JOIN pg_class AS c ON c.oid = attrelid JOIN ours ON relnamespace = space
        UNION ALL SELECT oid::text, xmin::text FROM pg_trigger
        UNION ALL SELECT oid::text, xmin::text FROM pg_policy
        UNION ALL SELECT oid::text, xmin::text FROM pg_constraint
        UNION ALL SELECT oid::text, xmin::text FROM pg_namespace
        UNION ALL SELECT starelid || '.' || staattnum, xmin::text FROM pg_statistic WHERE starelid >= 16384
        UNION ALL SELECT setdatabase || '.' || setrole, xmin::text FROM pg_db_role_setting
    )
SELECT count(*), sum(hashtextextended(name || ' ' || version, 0)) FROM objects
"""


@dataclass(frozen=True)
class Database:
    """One empty, migrated database and the three ways into it."""

    name: str
    app: str
    admin: str
    superuser: str


class Databases:
    """Lends databases and takes them back."""

    def __init__(self, postgres: Postgres, template: str) -> None:
        self._postgres = postgres
        self._template = template
        self._numbers = itertools.count(1)
        self._free: list[str] = []
        self._shapes: dict[str, Any] = {}
        self._keepers: dict[str, psycopg.Connection[Any]] = {}  # one for each: what it knows of the tables stays known

    @contextmanager
    def lent(self) -> Iterator[Database]:
        """An empty database, whoever had it before."""
        name = self._free.pop() if self._free else self._made()
        yield self._reached(name)
        if self._emptied(name):
            self._free.append(name)
        else:
            self._leave(name)
            self._postgres.drop_database(name)

    @contextmanager
    def copied(self, database: Database) -> Iterator[Database]:
        """The same as it is now, as a backup has it; nobody may be connected."""
        self._leave(database.name)
        name = f"{database.name}_copied"
        self._postgres.create_database(name, template=database.name)
        try:
            yield self._reached(name)
        finally:
            self._postgres.drop_database(name)

    def close(self) -> None:
        """Leave them all."""
        for name in tuple(self._keepers):
            self._leave(name)

    def _reached(self, name: str) -> Database:
        ways = (self._postgres.app_conninfo, self._postgres.admin_conninfo, self._postgres.superuser_conninfo)
        return Database(name, *(way(name) for way in ways))

    def _leave(self, name: str) -> None:
        if keeper := self._keepers.pop(name, None):
            keeper.close()

    def _made(self) -> str:
        name = f"lent_{next(self._numbers)}"
        self._postgres.create_database(name, template=self._template)
        self._shapes[name] = self._keeper(name).execute(SHAPE).fetchone()
        return name

    def _emptied(self, name: str) -> bool:
        """Whether it is as it was made. What is not so for sure is better dropped."""
        try:
            keeper = self._keeper(name)
            keeper.execute(OTHERS)
            if keeper.execute(SHAPE).fetchone() != self._shapes[name]:
                return False
            used = [table for table in _used(keeper) if table != "schema_migrations"]
            return sum(keeper.execute(EMPTY.format(sql.Identifier(table))).rowcount for table in used) < FEW_ROWS
        except psycopg.OperationalError:  # a test that ends whoever is connected has ended this one too
            return False

    def _keeper(self, name: str) -> psycopg.Connection[Any]:
        """Whoever owns the server: no trigger and no foreign key holds, so that an audit log is emptied too."""
        kept = self._keepers.get(name)
        if kept is None:
            options = "-c session_replication_role=replica"
            way = self._postgres.superuser_conninfo(name)
            kept = self._keepers[name] = psycopg.connect(way, autocommit=True, options=options)
        return kept


def _used(connection: psycopg.Connection[Any]) -> list[str]:
    """The tables that hold a row."""
    tables = [table for (table,) in connection.execute(TABLES)]
    asked = sql.SQL(" UNION ALL ").join(HOLDS.format(sql.Literal(table), sql.Identifier(table)) for table in tables)
    return [table for (table,) in connection.execute(asked)]
