"""What the tests of a desk begin with: a workspace without servers, and a clock that stands still."""

from uuid import UUID

import pytest

from huntaze.clock import FixedClock
from huntaze.ids import new_id
from tests.support.fakes import FakeDatabase, FakeStores
from tests.unit.desk.people import NOON, WORKSPACE


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock(NOON)


@pytest.fixture
def database() -> FakeDatabase:
    return FakeDatabase()


@pytest.fixture
def stores(database: FakeDatabase) -> FakeStores:
    return database.workspaces.setdefault(WORKSPACE, FakeStores())


@pytest.fixture
def conversation_id(stores: FakeStores) -> UUID:
    found = new_id()
    stores.rooms.known.add(found)
    return found
