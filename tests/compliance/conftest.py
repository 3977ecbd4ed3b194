from collections.abc import Iterator
from typing import Any

import psycopg
import pytest

from tests.compliance.dice import ROLES
from tests.conftest import Database
from tests.support.workspaces import ZOE, seed_two_workspaces


@pytest.fixture
def app(database: Database) -> Iterator[psycopg.Connection[Any]]:
    """The database as the functions see it."""
    with psycopg.connect(database.app, autocommit=True) as connection:
        yield connection


@pytest.fixture
def superuser(database: Database) -> Iterator[psycopg.Connection[Any]]:
    """Two workspaces, with two people of each role in the first, seen past every rule."""
    seed_two_workspaces(database.hand.connection)
    with psycopg.connect(database.superuser, autocommit=True) as connection:
        for role in ROLES:
            for name in (role, f"second {role}"):
                connection.execute(
                    "INSERT INTO members (workspace_id, id, subject, email, role) VALUES (%s, %s, %s, %s, %s)"
                    " ON CONFLICT DO NOTHING",
                    [ZOE.id, ZOE.of(name), name, f"{name.replace(' ', '-')}@example.org", role],
                )
        yield connection


@pytest.fixture
def actions(pytestconfig: pytest.Config) -> int:
    """How many: the full dose with --deep."""
    return 10_000 if pytestconfig.getoption("--deep") else 1_500
