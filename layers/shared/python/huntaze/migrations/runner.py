"""Brings a database up to date: roles, ground, then each numbered file once, each in a transaction of its own."""

import hashlib
import itertools
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import psycopg

from huntaze.migrations.errors import MigrationError
from huntaze.migrations.roles import prepare_roles

HERE = Path(__file__).parent
GROUND = HERE / "ground.sql"
FILE_NAME = re.compile(r"\d{4}_[a-z0-9_]+\.sql")

# One runner at a time in this database. The number is "huntaze" in ASCII and means nothing else.
_ONE_AT_A_TIME = "SELECT pg_advisory_lock(x'68756e74617a65'::bigint)"

# A migration that waits for a table blocks everybody behind it: better to give up and be run again.
_SESSION = "SELECT set_config('lock_timeout', '30s', false), set_config('statement_timeout', '0', false)"

_BECOME_OWNER = "SET LOCAL ROLE huntaze_owner"
_CREATE_HISTORY = """
CREATE TABLE IF NOT EXISTS schema_migrations (
    name       text PRIMARY KEY,
    checksum   text NOT NULL,
    applied_at timestamptz NOT NULL DEFAULT clock_timestamp()
)
"""
_HISTORY = "SELECT name, checksum FROM schema_migrations ORDER BY name"
_REMEMBER = "INSERT INTO schema_migrations (name, checksum) VALUES (%s, %s)"


@dataclass(frozen=True)
class Migration:
    """One numbered file."""

    name: str
    content: bytes

    @property
    def checksum(self) -> str:
        """Tells whether a file is still the one that was applied."""
        return hashlib.sha256(self.content).hexdigest()


def migrate(admin_conninfo: str, app_password: str, folder: Path = HERE) -> list[str]:
    """Apply what is missing and answer the names of the files applied; safe to repeat and to run twice at once."""
    migrations = _read(folder)
    with psycopg.connect(admin_conninfo, autocommit=True) as connection:
        connection.execute(_ONE_AT_A_TIME)
        connection.execute(_SESSION)
        prepare_roles(connection, app_password)
        with connection.transaction():
            connection.execute(GROUND.read_bytes())
        pending = _pending(migrations, _history(connection))
        for migration in pending:
            _apply(connection, migration)
    return [migration.name for migration in pending]


def _read(folder: Path) -> list[Migration]:
    paths = sorted(path for path in folder.glob("*.sql") if path.name != GROUND.name)
    for path in paths:
        if not FILE_NAME.fullmatch(path.name):
            raise MigrationError(f"{path.name} is no name of a migration: it should look like 0001_fans.sql.")
    for one, other in itertools.pairwise(paths):
        if one.name[:4] == other.name[:4]:
            raise MigrationError(f"{one.name} and {other.name} have the same number: renumber the newer one.")
    return [Migration(path.name, path.read_bytes()) for path in paths]


def _history(connection: psycopg.Connection) -> dict[str, str]:
    with connection.transaction():
        connection.execute(_BECOME_OWNER)
        connection.execute(_CREATE_HISTORY)
        return dict(connection.execute(_HISTORY).fetchall())


def _pending(migrations: Sequence[Migration], history: dict[str, str]) -> list[Migration]:
    """What is still to do. Names that only the database knows are a newer release's: its code was rolled back."""
    for migration in migrations:
        if history.get(migration.name, migration.checksum) != migration.checksum:
            raise MigrationError(
                f"{migration.name} was applied with other content. Put it back and write a new file for the change."
            )
    pending = [migration for migration in migrations if migration.name not in history]
    newest = max(history, default="")
    for migration in pending:
        if migration.name < newest:
            raise MigrationError(f"{migration.name} comes before {newest}, which is applied already: renumber it.")
    return pending


def _apply(connection: psycopg.Connection, migration: Migration) -> None:
    try:
        with connection.transaction():
            connection.execute(_BECOME_OWNER)
            connection.execute(migration.content)
            connection.execute(_REMEMBER, [migration.name, migration.checksum])
    except psycopg.Error as error:
        raise MigrationError(
            f"{migration.name} failed with SQLSTATE {error.sqlstate} and was rolled back whole."
        ) from error
