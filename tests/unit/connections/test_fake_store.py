"""The fake store keeps the promises of the real one."""

from uuid import UUID

import pytest

from huntaze.ids import new_id
from tests.support.connection_store_contract import ConnectionStoreContract
from tests.support.fake_connections import FakeConnections


class TestFakeConnections(ConnectionStoreContract):
    @pytest.fixture
    def member_id(self) -> UUID:
        return new_id()

    @pytest.fixture
    def connections(self) -> FakeConnections:
        return FakeConnections()
