"""The fakes, held to the same promises as the stores."""

from uuid import UUID

import pytest

from huntaze.ids import new_id
from tests.support.desk_store_contracts import (
    ConversationStoresContract,
    OwnStoresContract,
    QuickReplyStoreContract,
    TemplateStoreContract,
)
from tests.support.fake_desk import (
    FakeAiConfig,
    FakeComposer,
    FakePresence,
    FakeProfiles,
    FakeQuickReplies,
    FakeRooms,
    FakeTemplates,
    FakeWorkspace,
)


@pytest.fixture
def member_id() -> UUID:
    return new_id()


class TestFakeQuickReplies(QuickReplyStoreContract):
    @pytest.fixture
    def replies(self) -> FakeQuickReplies:
        return FakeQuickReplies()


class TestFakeTemplates(TemplateStoreContract):
    @pytest.fixture
    def kept(self) -> FakeTemplates:
        return FakeTemplates()


class TestFakeOwnStores(OwnStoresContract):
    @pytest.fixture
    def profiles(self) -> FakeProfiles:
        return FakeProfiles()

    @pytest.fixture
    def ai_config(self) -> FakeAiConfig:
        return FakeAiConfig()

    @pytest.fixture
    def workspace(self) -> FakeWorkspace:
        return FakeWorkspace()


class TestFakeConversationStores(ConversationStoresContract):
    @pytest.fixture
    def other_id(self) -> UUID:
        return new_id()

    @pytest.fixture
    def conversation_id(self) -> UUID:
        return new_id()

    @pytest.fixture
    def rooms(self, conversation_id: UUID, other_id: UUID) -> FakeRooms:
        return FakeRooms({conversation_id}, {other_id: "Nadia"})

    @pytest.fixture
    def composer(self, rooms: FakeRooms) -> FakeComposer:
        return FakeComposer(rooms)

    @pytest.fixture
    def presence(self, rooms: FakeRooms) -> FakePresence:
        return FakePresence(rooms)
