"""The stores of tags and notes, held to the same promises as their fakes."""

from collections.abc import Iterator
from datetime import UTC, datetime
from uuid import UUID

import psycopg
import pytest

from huntaze.fans.store import PostgresFans
from huntaze.ids import new_id
from huntaze.notes.store import PostgresNotes
from huntaze.runtime.postgres import Postgres
from huntaze.tags.store import PostgresTags
from tests.conftest import Database
from tests.integration.fans.conftest import add_member
from tests.support.note_store_contract import NoteStoreContract
from tests.support.people import new_fan
from tests.support.tag_store_contract import TagStoreContract

NOON = datetime(2026, 5, 1, 12, tzinfo=UTC)
Connection = psycopg.Connection[dict[str, object]]


@pytest.fixture
def database(one_database: Database) -> Database:
    return one_database


@pytest.fixture
def author_id(database: Database, workspace_id: UUID) -> UUID:
    return add_member(database, workspace_id, "chatter")


@pytest.fixture
def connection(process: Postgres, workspace_id: UUID, author_id: UUID) -> Iterator[Connection]:
    with process.transaction(workspace_id, author_id) as begun:
        yield begun


@pytest.fixture
def fans(connection: Connection, workspace_id: UUID) -> PostgresFans:
    return PostgresFans(connection, workspace_id)


class TestPostgresTags(TagStoreContract):
    @pytest.fixture
    def tags(self, connection: Connection, workspace_id: UUID) -> PostgresTags:
        return PostgresTags(connection, workspace_id)


class TestPostgresNotes(NoteStoreContract):
    @pytest.fixture
    def notes(self, connection: Connection, workspace_id: UUID) -> PostgresNotes:
        return PostgresNotes(connection, workspace_id)

    @pytest.fixture
    def fan_id(self, fans: PostgresFans) -> UUID:
        return fans.add(new_fan(), new_id(), NOON).id

    @pytest.fixture
    def other_fan_id(self, fans: PostgresFans) -> UUID:
        return fans.add(new_fan(), new_id(), NOON).id

    def test_the_author_is_called_by_name(self, notes: PostgresNotes, fan_id: UUID, author_id: UUID) -> None:
        assert notes.add(new_id(), fan_id, author_id, "Kind", NOON).author_name == "Nadia"
