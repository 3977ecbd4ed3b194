from collections.abc import Iterator
from datetime import UTC, datetime

import psycopg
import pytest

from local.demo.loading import load
from local.people import PEOPLE, seat_members
from tests.conftest import Database
from tests.support.databases import Databases

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)


def seat_everybody(conninfo: str) -> None:
    with psycopg.connect(conninfo) as connection:
        seat_members(connection, {person.email: f"subject of {person.email}" for person in PEOPLE})


@pytest.fixture
def staffed(database: Database) -> Database:
    """A database with the demo's people and nothing else."""
    seat_everybody(database.app)
    return database


@pytest.fixture(scope="session")
def demo(databases: Databases) -> Iterator[Database]:
    """A database with the whole demo, to read in: who changes something in it takes it back."""
    with databases.lent() as made:
        seat_everybody(made.app)
        load(made.app, NOW)
        yield made
