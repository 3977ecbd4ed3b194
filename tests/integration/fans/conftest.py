from collections.abc import Iterator
from uuid import UUID

import pytest

from huntaze.ids import new_id
from huntaze.runtime.postgres import Postgres
from huntaze.runtime.secrets import Secrets
from tests.conftest import Database
from tests.support.databases import Databases


@pytest.fixture(scope="module")
def one_database(databases: Databases) -> Iterator[Database]:
    """For modules whose tests keep apart by a workspace each: making a database takes longer than most of them."""
    with databases.lent() as made:
        yield made


@pytest.fixture
def process(database: Database) -> Iterator[Postgres]:
    """The database as a function's process reaches it."""
    reached = Postgres(lambda: database.app, Secrets())
    yield reached
    reached.close()


@pytest.fixture
def workspace_id(database: Database) -> UUID:
    """A workspace with nobody in it, whose currency is USD."""
    return add_workspace(database)


def add_workspace(database: Database, currency: str = "USD") -> UUID:
    workspace_id = new_id()
    database.run("INSERT INTO workspaces (id, name, currency) VALUES (%s, 'A creator', %s)", workspace_id, currency)
    return workspace_id


def add_member(database: Database, workspace_id: UUID, role: str = "owner", subject: str | None = None) -> UUID:
    """A member of a workspace, called Nadia."""
    member_id = new_id()
    database.run(
        "INSERT INTO members (workspace_id, id, subject, email, display_name, role, joined_at)"
        " VALUES (%s, %s, %s, %s, 'Nadia', %s, clock_timestamp())",
        *(workspace_id, member_id, subject or str(member_id), f"{member_id}@example.com", role),
    )
    return member_id
