from collections.abc import Iterator
from uuid import UUID

import pytest

from huntaze.ids import new_id
from huntaze.runtime.postgres import Postgres
from huntaze.runtime.secrets import Secrets
from tests.conftest import Database
from tests.integration.fans.conftest import add_member, add_workspace
from tests.support.databases import Databases


@pytest.fixture(scope="module")
def database(databases: Databases) -> Iterator[Database]:
    """One for a module: its tests keep apart by a workspace each."""
    with databases.lent() as made:
        yield made


@pytest.fixture
def workspace_id(database: Database) -> UUID:
    return add_workspace(database)


@pytest.fixture
def member_id(database: Database, workspace_id: UUID) -> UUID:
    return add_member(database, workspace_id)


@pytest.fixture
def other_id(database: Database, workspace_id: UUID) -> UUID:
    return add_member(database, workspace_id, "chatter")


@pytest.fixture
def fan_id(database: Database, workspace_id: UUID) -> UUID:
    fan_id = new_id()
    database.run(
        "INSERT INTO fans (workspace_id, id, name, platform) VALUES (%s, %s, 'Robin Smith', 'onlyfans')",
        workspace_id,
        fan_id,
    )
    return fan_id


@pytest.fixture
def conversation_id(database: Database, workspace_id: UUID, fan_id: UUID) -> UUID:
    conversation_id = new_id()
    database.run(
        "INSERT INTO conversations (workspace_id, id, fan_id, platform) VALUES (%s, %s, %s, 'onlyfans')",
        workspace_id,
        conversation_id,
        fan_id,
    )
    return conversation_id


@pytest.fixture
def process(database: Database) -> Iterator[Postgres]:
    """The database as a function's process reaches it."""
    reached = Postgres(lambda: database.app, Secrets())
    yield reached
    reached.close()
