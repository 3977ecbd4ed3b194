"""Two workspaces and the use cases on a real database, for features that concern all of a person."""

from collections.abc import Iterator
from typing import Any

import psycopg
import pytest

from huntaze import wiring
from huntaze.clock import FixedClock, SystemClock
from huntaze.members.model import Principal, Role
from tests.conftest import Database
from tests.support.fake_delivery import send_without_servers
from tests.support.workspaces import ZOE, seed_two_workspaces

KEY = "a key for tests"


@pytest.fixture
def parts(database: Database) -> Iterator[wiring.Wiring]:
    """A process whose workspace ZOE has somebody in every table."""
    seed_two_workspaces(database.hand.connection)
    made = wiring.Wiring({"DATABASE_URL": database.app, "ERASURE_KEY": KEY})
    send_without_servers(made)
    made.clock = FixedClock(SystemClock().now())
    yield made
    made.postgres.close()


@pytest.fixture
def owner() -> Principal:
    return Principal(f"owner of {ZOE.id}", ZOE.id, ZOE.of("owner"), Role.OWNER)


@pytest.fixture
def superuser(database: Database) -> Iterator[psycopg.Connection[Any]]:
    with psycopg.connect(database.superuser, autocommit=True) as connection:
        yield connection
