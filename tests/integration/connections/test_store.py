"""Connections in PostgreSQL: what the store promises, and what the schema says beside it."""

from collections.abc import Iterator
from dataclasses import replace
from uuid import UUID

import pytest

from huntaze.connections.model import Consent, Status
from huntaze.connections.store import PostgresConnections
from huntaze.errors import Conflict
from huntaze.fans.model import Platform
from huntaze.ids import new_id
from huntaze.runtime.postgres import Postgres
from huntaze.runtime.secrets import Secrets
from huntaze.waitlist.model import Awaited
from huntaze.waitlist.store import PostgresWaitlist
from tests.conftest import Database
from tests.support.connection_store_contract import NOON, OPENING, ConnectionStoreContract
from tests.support.workspaces import MAX, ZOE, Workspace, seed_two_workspaces


@pytest.fixture
def process(database: Database) -> Iterator[Postgres]:
    reached = Postgres(lambda: database.app, Secrets())
    yield reached
    reached.close()


class TestPostgresConnections(ConnectionStoreContract):
    @pytest.fixture
    def member_id(self, database: Database) -> UUID:
        member_id, workspace_id = new_id(), ZOE.id
        database.run("INSERT INTO workspaces (id, name) VALUES (%s, 'A creator')", workspace_id)
        database.run(
            "INSERT INTO members (workspace_id, id, subject, email, role) VALUES (%s, %s, 'a', 'a@b', 'owner')",
            *(workspace_id, member_id),
        )
        return member_id

    @pytest.fixture
    def connections(self, process: Postgres, member_id: UUID) -> Iterator[PostgresConnections]:
        with process.transaction(ZOE.id, member_id) as connection:
            yield _Retrying(connection, ZOE.id)


class _Retrying(PostgresConnections):
    """A refused claim loses its transaction; the suite goes on after one, so each has a part of it to lose."""

    def _claim(self, statement: object, **values: object) -> None:  # type: ignore[override]
        with self._connection.transaction():
            super()._claim(statement, **values)  # type: ignore[arg-type]


def _move_in(process: Postgres, workspace: Workspace) -> None:
    """Connect the same account there, in the place of the one that was seeded."""
    with process.transaction(workspace.id, workspace.of("owner")) as connection:
        connections = PostgresConnections(connection, workspace.id)
        connections.disconnect(workspace.of("account"), workspace.of("owner"), NOON)
        connections.add(new_id(), Platform.ONLYFANS, OPENING, Consent(workspace.of("owner"), NOON, "2026-01"))


def test_a_test_that_began_before_somebody_signed_in_again_ends_nothing(database: Database, process: Postgres) -> None:
    seed_two_workspaces(database.hand.connection)
    account = ZOE.of("account")

    def tested() -> Status:
        with process.transaction(ZOE.id, ZOE.of("owner")) as connection:
            connections = PostgresConnections(connection, ZOE.id)
            noted = connections.note_test(account, NOON, answered=True, expired=True, signed_in_at=door.signed_in_at)
            return noted.status

    with process.transaction(ZOE.id, ZOE.of("owner")) as connection:
        connections = PostgresConnections(connection, ZOE.id)
        connections.open(account, OPENING, NOON)
        door = connections.door(account)
        connections.open(account, replace(OPENING, credentials=b"another token"), NOON)
    assert tested() is Status.ACTIVE
    with process.transaction(ZOE.id, ZOE.of("owner")) as connection:
        door = PostgresConnections(connection, ZOE.id).door(account)
    assert tested() is Status.EXPIRED


def test_an_account_that_another_workspace_has_cannot_be_added(database: Database, process: Postgres) -> None:
    seed_two_workspaces(database.hand.connection)
    _move_in(process, MAX)
    with pytest.raises(Conflict, match="one place only") as refused:
        _move_in(process, ZOE)
    assert refused.value.__suppress_context__, "what PostgreSQL says of the other row is not told on"


def test_one_row_for_an_address_and_a_platform(database: Database, process: Postgres) -> None:
    waitlist = PostgresWaitlist(process.look_up)
    for email, platform in (
        ("ana@example.com", Awaited.PATREON),
        ("Ana@Example.com", Awaited.PATREON),
        ("ana@example.com", Awaited.OTHER),
    ):
        waitlist.add(new_id(), email, platform, NOON)
    rows = database.run("SELECT email, platform FROM waitlist ORDER BY platform")
    assert rows == [("ana@example.com", "other"), ("ana@example.com", "patreon")]
