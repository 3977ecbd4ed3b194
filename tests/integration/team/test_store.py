"""The team in PostgreSQL: what the store promises, what it finds by address, and the rules the schema says itself."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from uuid import UUID

import psycopg
import pytest

from huntaze.ids import new_id
from huntaze.members.model import Role
from huntaze.runtime.postgres import SET_CONTEXT, Postgres
from huntaze.team.model import Member, NewMember
from huntaze.team.store import INVITATIONS_OF, InvitationStore, PostgresTeam
from tests.conftest import Database
from tests.integration.team.conftest import seat
from tests.support.team_store_contract import NOON, TeamStoreContract

CROWD = """
INSERT INTO members (workspace_id, id, subject, email, role)
SELECT %s, gen_random_uuid(), 'somebody ' || n, 'n' || n || '@example.com', 'chatter' FROM generate_series(1, 1000) AS n
"""


class TestPostgresTeam(TeamStoreContract):
    @pytest.fixture
    def owner_id(self, database: Database, workspace_id: UUID) -> UUID:
        return seat(database, workspace_id).member_id

    @pytest.fixture
    def team(self, process: Postgres, workspace_id: UUID, owner_id: UUID) -> Iterator[PostgresTeam]:
        with process.transaction(workspace_id, owner_id) as connection:
            yield PostgresTeam(connection, workspace_id)


@pytest.fixture
def invitations(process: Postgres) -> InvitationStore:
    return InvitationStore(process.look_up)


def _invite(process: Postgres, database: Database, workspace_id: UUID, email: str, days: int = 7) -> Member:
    owner = seat(database, workspace_id)
    with process.transaction(workspace_id, owner.member_id) as connection:
        new = NewMember(email=email, role=Role.CHATTER)
        team = PostgresTeam(connection, workspace_id)
        return team.invite(new, new_id(), owner.member_id, NOON, NOON + timedelta(days=days))


def _another(database: Database) -> UUID:
    workspace_id = new_id()
    database.run("INSERT INTO workspaces (id, name) VALUES (%s, 'Another')", workspace_id)
    return workspace_id


def test_invitations_are_found_across_workspaces_soonest_to_end_first(
    process: Postgres, database: Database, workspace_id: UUID, invitations: InvitationStore
) -> None:
    late = _invite(process, database, workspace_id, "Tom@example.com", 7)
    soon = _invite(process, database, _another(database), "tom@EXAMPLE.com", 2)
    _invite(process, database, _another(database), "tim@example.com")
    found = invitations.of("TOM@example.com", NOON)
    assert [(one.member_id, one.workspace_name) for one in found] == [(soon.id, "Another"), (late.id, "A creator")]
    assert found[0].invited_by == soon.invited_by_name
    assert [one.member_id for one in invitations.of("tom@example.com", NOON + timedelta(days=2))] == [late.id]


@pytest.mark.parametrize("email", ["", "%", "' OR true --", "tom@example.com.evil", "x" * 9_999])
def test_another_address_is_invited_nowhere(
    process: Postgres, database: Database, workspace_id: UUID, invitations: InvitationStore, email: str
) -> None:
    _invite(process, database, workspace_id, "tom@example.com")
    assert invitations.of(email, NOON) == []


def test_members_and_withdrawn_invitations_are_not_told(
    process: Postgres, database: Database, workspace_id: UUID, invitations: InvitationStore
) -> None:
    seat(database, workspace_id, email="tom@example.com")
    withdrawn = _invite(process, database, workspace_id, "tim@example.com")
    with process.transaction(workspace_id) as connection:
        PostgresTeam(connection, workspace_id).remove(withdrawn.id, NOON)
    assert invitations.of("tom@example.com", NOON) == invitations.of("tim@example.com", NOON) == []


def test_an_address_is_looked_up_in_its_index(database: Database, workspace_id: UUID) -> None:
    with psycopg.connect(database.superuser) as connection:
        connection.execute(CROWD, [workspace_id])
        connection.execute("ANALYZE members")
        connection.execute("SET LOCAL ROLE huntaze_reader")
        (body,) = connection.execute(
            "SELECT prosqlbody IS NOT NULL FROM pg_proc WHERE proname = 'invitations_of'"
        ).fetchone() or (False,)
        plan = connection.execute(
            "EXPLAIN SELECT id FROM members WHERE lower(email) = lower('x') AND status = 'invited'"
        ).fetchall()
        connection.rollback()
    assert body
    assert "members_invited_by_email" in str(plan)
    assert "invitations_of" in INVITATIONS_OF


@pytest.fixture
def app(database: Database, workspace_id: UUID) -> Iterator[psycopg.Connection[Any]]:
    """The application role, in a transaction of the workspace that is taken back."""
    with psycopg.connect(database.app) as connection:
        connection.execute(SET_CONTEXT, {"workspace_id": str(workspace_id), "actor": ""})
        yield connection
        connection.rollback()


@pytest.mark.parametrize(
    "change",
    ["role = 'manager'", "status = 'removed', removed_at = now()", "status = 'invited', invited_until = now()"],
)
def test_the_last_owner_stays_whatever_the_application_says(
    database: Database, workspace_id: UUID, app: psycopg.Connection[Any], change: str
) -> None:
    first, second = seat(database, workspace_id), seat(database, workspace_id)
    statement = f"UPDATE members SET {change} WHERE id = %s"  # noqa: S608  # spelled out above
    app.execute(statement, [first.member_id])  # type: ignore[call-overload]  # the same
    with pytest.raises(psycopg.errors.CheckViolation, match="keeps an owner"):
        app.execute(statement, [second.member_id])  # type: ignore[call-overload]  # the same


def test_all_owners_at_once_are_refused_too(
    database: Database, workspace_id: UUID, app: psycopg.Connection[Any]
) -> None:
    for _ in range(3):
        seat(database, workspace_id)
    with pytest.raises(psycopg.errors.CheckViolation):
        app.execute("UPDATE members SET role = 'analyst'")


def test_who_was_removed_stays_removed(database: Database, workspace_id: UUID, app: psycopg.Connection[Any]) -> None:
    who = seat(database, workspace_id, Role.CHATTER)
    app.execute("UPDATE members SET status = 'removed', removed_at = now() WHERE id = %s", [who.member_id])
    with pytest.raises(psycopg.errors.CheckViolation, match="stays removed"):
        app.execute("UPDATE members SET status = 'active', removed_at = NULL WHERE id = %s", [who.member_id])


def test_an_invitation_without_an_end_has_ended(
    database: Database, workspace_id: UUID, invitations: InvitationStore
) -> None:
    database.run(
        "INSERT INTO members (workspace_id, id, email, role, status)"
        " VALUES (%s, %s, 'x@example.com', 'owner', 'invited')",
        *(workspace_id, new_id()),
    )
    assert invitations.of("x@example.com", NOON) == []
