import pytest

from huntaze.sessions.service import SessionStore
from tests.support.session_store_contract import SessionStoreContract
from tests.support.sessions import FakeSessions


class TestFakeSessions(SessionStoreContract):
    @pytest.fixture
    def store(self) -> SessionStore:
        return FakeSessions()
