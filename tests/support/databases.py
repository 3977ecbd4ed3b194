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
# No trigger and no foreign key holds, so that an audit log is emptied too.
WITHOUT_RULES = "SET LOCAL session_replication_role = replica"
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


class Hand:
    """Reaches into a database as whoever owns all. It stays there: to connect costs more than most statements do."""

    def __init__(self, conninfo: str) -> None:
        self._conninfo = conninfo
        self._connection: psycopg.Connection[Any] | None = None

    @property
    def connection(self) -> psycopg.Connection[Any]:
        """For more than one statement; whoever changes its settings sets them back."""
        if self._connection is None or self._connection.closed:
            self._connection = psycopg.connect(self._conninfo, autocommit=True)
        return self._connection

    def run(self, statement: str, *values: object, **named: object) -> list[tuple[Any, ...]]:
        """One statement."""
        return _run(self.connection, statement, named or values)

    def leave(self) -> None:
        """Be gone until the next time."""
        if self._connection:
            self._connection.close()


class PassingHand(Hand):
    """For servers that come and go: it reaches in anew for each statement."""

    def run(self, statement: str, *values: object, **named: object) -> list[tuple[Any, ...]]:
        with psycopg.connect(self._conninfo, autocommit=True) as connection:
            return _run(connection, statement, named or values)


@dataclass(frozen=True)
class Database:
    """One empty, migrated database, the three ways into it, and a hand that is there already."""

    name: str
    app: str
    admin: str
    superuser: str
    hand: Hand

    def run(self, statement: str, *values: object, **named: object) -> list[tuple[Any, ...]]:
        """One statement of whoever owns all."""
        return self.hand.run(statement, *values, **named)


class Databases:
    """Lends databases and takes them back."""

    def __init__(self, postgres: Postgres, template: str) -> None:
        self._postgres = postgres
        self._template = template
        self._numbers = itertools.count(1)
        self._free: list[Database] = []
        self._shapes: dict[str, Any] = {}

    @contextmanager
    def lent(self) -> Iterator[Database]:
        """An empty database, whoever had it before."""
        database = self._free.pop() if self._free else self._made()
        yield database
        if self._emptied(database):
            self._free.append(database)
        else:
            database.hand.leave()
            self._postgres.drop_database(database.name)

    @contextmanager
    def copied(self, database: Database) -> Iterator[Database]:
        """The same as it is now, as a backup has it; nobody may be connected."""
        database.hand.leave()
        name = f"{database.name}_copied"
        self._postgres.create_database(name, template=database.name)
        copy = self._reached(name)
        try:
            yield copy
        finally:
            copy.hand.leave()
            self._postgres.drop_database(name)

    def close(self) -> None:
        """Leave them all."""
        for database in self._free:
            database.hand.leave()

    def _reached(self, name: str) -> Database:
        ways = (self._postgres.app_conninfo, self._postgres.admin_conninfo, self._postgres.superuser_conninfo)
        return Database(name, *(way(name) for way in ways), Hand(self._postgres.superuser_conninfo(name)))

    def _made(self) -> Database:
        name = f"lent_{next(self._numbers)}"
        self._postgres.create_database(name, template=self._template)
        database = self._reached(name)
        self._shapes[name] = database.run(SHAPE)
        return database

    def _emptied(self, database: Database) -> bool:
        """Whether it is as it was made. What is not so for sure is better dropped."""
        try:
            database.run(OTHERS)
            if database.run(SHAPE) != self._shapes[database.name]:
                return False
            connection = database.hand.connection
            with connection.transaction():
                connection.execute(WITHOUT_RULES)
                gone = [connection.execute(EMPTY.format(sql.Identifier(table))).rowcount for table in _used(connection)]
            return sum(gone) < FEW_ROWS
        except psycopg.OperationalError:  # a test that ends whoever is connected has ended this one too
            return False


def _run(connection: psycopg.Connection[Any], statement: str, values: Any) -> list[tuple[Any, ...]]:
    done = connection.execute(statement, values)
    return done.fetchall() if done.description else []


def _used(connection: psycopg.Connection[Any]) -> list[str]:
    """The tables that hold a row of a test's."""
    tables = [table for (table,) in connection.execute(TABLES) if table != "schema_migrations"]
    asked = sql.SQL(" UNION ALL ").join(HOLDS.format(sql.Literal(table), sql.Identifier(table)) for table in tables)
    return [table for (table,) in connection.execute(asked)]
