from collections.abc import Iterator
from typing import Any

import psycopg
import pytest

from local.servers import Postgres
from tests.conftest import Database
from tests.support.workspaces import Workspace, seed_two_workspaces


@pytest.fixture
def workspaces(database: Database) -> tuple[Workspace, Workspace]:
    return seed_two_workspaces(database.admin)


@pytest.fixture
def zoe(workspaces: tuple[Workspace, Workspace]) -> Workspace:
    return workspaces[0]


@pytest.fixture
def app(database: Database) -> Iterator[psycopg.Connection[Any]]:
    """The database as the functions see it."""
    with psycopg.connect(database.app, autocommit=True) as connection:
        yield connection


@pytest.fixture
def superuser(database: Database) -> Iterator[psycopg.Connection[Any]]:
    """The database without any rule: to look at what is really there."""
    with psycopg.connect(database.superuser, autocommit=True) as connection:
        yield connection


@pytest.fixture
def catalog(postgres: Postgres, migrated_template: str) -> Iterator[psycopg.Connection[Any]]:
    """The migrated schema to read in: no copy is made of it."""
    with psycopg.connect(postgres.superuser_conninfo(migrated_template), autocommit=True) as connection:
        connection.execute("SET default_transaction_read_only = on")
        yield connection


@pytest.fixture(scope="session")
def seeded(postgres: Postgres, migrated_template: str) -> str:
    """A database with two workspaces in it, shared by the tests that leave no trace."""
    postgres.create_database("seeded", template=migrated_template)
    seed_two_workspaces(postgres.admin_conninfo("seeded"))
    return "seeded"


@pytest.fixture
def trial(postgres: Postgres, seeded: str) -> Iterator[psycopg.Connection[Any]]:
    """The functions' connection to the seeded workspaces; whatever a test does there is undone."""
    with (
        psycopg.connect(postgres.app_conninfo(seeded), autocommit=True) as connection,
        connection.transaction(force_rollback=True),
    ):
        yield connection
