import pytest

from huntaze.tags.service import TagStore
from tests.support.fake_fans import FakeFans, FakeTags
from tests.support.tag_store_contract import TagStoreContract


class TestFakeTags(TagStoreContract):
    @pytest.fixture
    def fans(self) -> FakeFans:
        return FakeFans()

    @pytest.fixture
    def tags(self, fans: FakeFans) -> TagStore:
        return FakeTags(fans)
