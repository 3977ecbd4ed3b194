import pytest

from tests.support.conversation_store_contract import ConversationStoreContract, Inbox
from tests.support.fakes import FakeStores


class TestFakeConversations(ConversationStoreContract):
    @pytest.fixture
    def inbox(self) -> Inbox:
        return FakeStores()
