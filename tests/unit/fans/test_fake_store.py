import pytest

from huntaze.fans.service import FanStore
from tests.support.fake_fans import FakeFans
from tests.support.fan_store_contract import FanStoreContract


class TestFakeFans(FanStoreContract):
    @pytest.fixture
    def fans(self) -> FanStore:
        return FakeFans("USD")
