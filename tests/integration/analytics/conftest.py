"""A creator whose numbers are counted, and whoever writes and counts."""

from collections.abc import Iterator
from typing import Any

import psycopg
import pytest

from huntaze import wiring
from huntaze.clock import FixedClock
from huntaze.members.model import Principal, Role
from tests.conftest import Database
from tests.support.creators import Creator
from tests.support.workspaces import NOON


@pytest.fixture
def superuser(database: Database) -> Iterator[psycopg.Connection[Any]]:
    with psycopg.connect(database.superuser, autocommit=True) as connection:
        yield connection


@pytest.fixture
def parts(database: Database) -> Iterator[wiring.Wiring]:
    made = wiring.Wiring({"DATABASE_URL": database.app, "ERASURE_KEY": "a key for tests"})
    made.clock = FixedClock(NOON)
    yield made
    made.postgres.close()


@pytest.fixture
def creator(superuser: psycopg.Connection[Any], parts: wiring.Wiring) -> Creator:
    return Creator(superuser, parts)


@pytest.fixture
def owner(creator: Creator) -> Principal:
    return Principal("owner", creator.id, creator.owner, Role.OWNER)
