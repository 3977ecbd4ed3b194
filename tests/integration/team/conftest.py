from collections.abc import Iterator
from uuid import UUID

import pytest

from huntaze.ids import new_id
from huntaze.members.model import Principal, Role
from huntaze.runtime.postgres import Postgres
from huntaze.runtime.secrets import Secrets
from tests.conftest import Database


@pytest.fixture
def process(database: Database) -> Iterator[Postgres]:
    """The database as a function's process reaches it."""
    reached = Postgres(lambda: database.app, Secrets())
    yield reached
    reached.close()


@pytest.fixture
def workspace_id(database: Database) -> UUID:
    """A workspace with nobody in it."""
    workspace_id = new_id()
    database.run("INSERT INTO workspaces (id, name) VALUES (%s, 'A creator')", workspace_id)
    return workspace_id


def seat(database: Database, workspace_id: UUID, role: Role = Role.OWNER, **about: str) -> Principal:
    """Somebody who has been a member for long."""
    member_id = new_id()
    subject = about.get("subject", str(member_id))
    database.run(
        "INSERT INTO members (workspace_id, id, subject, email, role, created_at)"
        " VALUES (%s, %s, %s, %s, %s, '2026-01-01')",
        *(workspace_id, member_id, subject, about.get("email", f"{member_id}@example.com"), role),
    )
    return Principal(subject, workspace_id, member_id, role)
