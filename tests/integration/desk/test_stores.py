"""The stores, held to the same promises as their fakes."""

from collections.abc import Iterator
from uuid import UUID

import psycopg
import pytest

from huntaze.ai_config.store import PostgresAiConfig
from huntaze.composer.store import PostgresComposer
from huntaze.presence.store import PostgresPresence
from huntaze.profiles.model import Profile
from huntaze.profiles.store import PostgresProfiles
from huntaze.quick_replies.store import PostgresQuickReplies
from huntaze.runtime.postgres import Postgres
from huntaze.templates.store import PostgresTemplates
from huntaze.workspaces.store import PostgresWorkspace
from tests.conftest import Database
from tests.integration.fans.conftest import add_member
from tests.support.desk_store_contracts import (
    ConversationStoresContract,
    OwnStoresContract,
    QuickReplyStoreContract,
    TemplateStoreContract,
)

Connection = psycopg.Connection[dict[str, object]]


@pytest.fixture
def connection(process: Postgres, workspace_id: UUID, member_id: UUID) -> Iterator[Connection]:
    with process.transaction(workspace_id, member_id) as begun:
        yield begun


class TestPostgresQuickReplies(QuickReplyStoreContract):
    @pytest.fixture
    def replies(self, connection: Connection, workspace_id: UUID) -> PostgresQuickReplies:
        return PostgresQuickReplies(connection, workspace_id)


class TestPostgresTemplates(TemplateStoreContract):
    @pytest.fixture
    def kept(self, process: Postgres, workspace_id: UUID, member_id: UUID) -> Iterator[PostgresTemplates]:
        with process.transaction(workspace_id, member_id) as begun:
            yield PostgresTemplates(begun, workspace_id)


class TestPostgresOwnStores(OwnStoresContract):
    @pytest.fixture
    def profiles(self, connection: Connection, workspace_id: UUID) -> PostgresProfiles:
        return PostgresProfiles(connection, workspace_id)

    @pytest.fixture
    def ai_config(self, connection: Connection, workspace_id: UUID) -> PostgresAiConfig:
        return PostgresAiConfig(connection, workspace_id)

    @pytest.fixture
    def workspace(self, connection: Connection, workspace_id: UUID) -> PostgresWorkspace:
        return PostgresWorkspace(connection, workspace_id)

    def test_the_creator_is_called_as_the_oldest_owner_says_or_as_the_workspace(
        self, profiles: PostgresProfiles, database: Database, workspace_id: UUID, member_id: UUID
    ) -> None:
        younger, chatter = (add_member(database, workspace_id, role) for role in ("owner", "chatter"))
        profiles.save(chatter, Profile(display_name="Only a chatter"))
        assert profiles.creator_name() == "A creator"
        profiles.save(younger, Profile(display_name="Max"))
        assert profiles.creator_name() == "Max"
        profiles.save(member_id, Profile(display_name="Zoë"))
        assert profiles.creator_name() == "Zoë"


class TestPostgresConversationStores(ConversationStoresContract):
    @pytest.fixture
    def composer(self, connection: Connection, workspace_id: UUID) -> PostgresComposer:
        return PostgresComposer(connection, workspace_id)

    @pytest.fixture
    def presence(self, connection: Connection, workspace_id: UUID) -> PostgresPresence:
        return PostgresPresence(connection, workspace_id)
