from collections.abc import Iterator
from datetime import UTC, datetime

import psycopg
import pytest

from local.demo.loading import load
from local.people import PEOPLE, seat_members
from local.servers import Postgres
from tests.conftest import Database

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)


def seat_everybody(conninfo: str) -> None:
    with psycopg.connect(conninfo) as connection:
        seat_members(connection, {person.email: f"subject of {person.email}" for person in PEOPLE})


@pytest.fixture
def staffed(database: Database) -> Database:
    """A database with the demo's people and nothing else."""
    seat_everybody(database.app)
    return database


@pytest.fixture(scope="module")
def demo(postgres: Postgres, migrated_template: str) -> Iterator[Database]:
    """A database with the whole demo, to read in."""
    name = "whole_demo"
    postgres.create_database(name, template=migrated_template)
    seat_everybody(postgres.app_conninfo(name))
    load(postgres.app_conninfo(name), NOW)
    yield Database(name, postgres.app_conninfo(name), postgres.admin_conninfo(name), postgres.superuser_conninfo(name))
    postgres.drop_database(name)
