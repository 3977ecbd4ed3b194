from uuid import UUID

import pytest

from huntaze.exports.service import ExportStore
from huntaze.ids import new_id
from tests.support.export_fakes import FakeExports
from tests.support.export_store_contract import ExportStoreContract


class TestFakeExports(ExportStoreContract):
    @pytest.fixture
    def exports(self) -> ExportStore:
        return FakeExports()

    @pytest.fixture
    def member(self) -> UUID:
        return new_id()
