"""Two workspaces on a real database, with a bridge that says what a test wants."""

from collections.abc import Iterator

import pytest

from huntaze import wiring
from huntaze.clock import FixedClock
from huntaze.connections.vault import Keys
from huntaze.members.model import Principal, Role
from tests.conftest import Database
from tests.support.connection_store_contract import NOON
from tests.support.fake_connections import FakeBridge, FakeKeys
from tests.support.workspaces import MAX, ZOE, seed_two_workspaces


@pytest.fixture
def bridge() -> FakeBridge:
    return FakeBridge()


@pytest.fixture
def keys() -> Keys:
    return FakeKeys()


@pytest.fixture
def parts(database: Database, bridge: FakeBridge, keys: Keys) -> Iterator[wiring.Wiring]:
    """A process of production, whose bridges and key stand behind their Protocols."""
    seed_two_workspaces(database.hand.connection)
    made = process(database, bridge, keys)
    yield made
    made.postgres.close()


def process(database: Database, bridge: FakeBridge, keys: Keys) -> wiring.Wiring:
    """Another process beside it."""
    made = wiring.Wiring({"STAGE": "prod", "DATABASE_URL": database.app, "PUBLIC_URL": "https://api.example.com/"})
    made.clock = FixedClock(NOON)
    made.platform = lambda _: bridge  # type: ignore[method-assign,assignment,return-value]  # what is asked of it is there
    made.keys = keys  # type: ignore[assignment]  # keeps the same Protocol
    return made


@pytest.fixture
def owner() -> Principal:
    return Principal(f"owner of {ZOE.id}", ZOE.id, ZOE.of("owner"), Role.OWNER)


@pytest.fixture
def other_owner() -> Principal:
    return Principal(f"owner of {MAX.id}", MAX.id, MAX.of("owner"), Role.OWNER)
