from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from huntaze.ids import new_id
from huntaze.members.model import Membership, Role
from huntaze.members.store import MembershipStore
from huntaze.runtime.postgres import Postgres
from huntaze.runtime.secrets import Secrets
from tests.conftest import Database

NOON = datetime(2026, 5, 1, 12, tzinfo=UTC)


@pytest.fixture
def store(database: Database) -> Iterator[MembershipStore]:
    process = Postgres(lambda: database.app, Secrets())
    yield MembershipStore(process.look_up)
    process.close()


def _join(database: Database, subject: str, role: Role, joined_at: datetime, status: str = "active") -> Membership:
    workspace_id, member_id = new_id(), new_id()
    removed_at = NOON if status == "removed" else None
    database.run("INSERT INTO workspaces (id, name) VALUES (%s, 'A creator')", workspace_id)
    database.run(
        "INSERT INTO members (workspace_id, id, subject, email, role, status, joined_at, removed_at)"
        " VALUES (%s, %s, %s, 'x@example.com', %s, %s, %s, %s)",
        *(workspace_id, member_id, subject, role, status, joined_at, removed_at),
    )
    return Membership(workspace_id, "A creator", member_id, role)


def test_a_persons_memberships_come_with_their_roles_the_oldest_first(
    store: MembershipStore, database: Database
) -> None:
    newest = _join(database, "nadia", Role.OWNER, NOON)
    oldest = _join(database, "nadia", Role.ANALYST, NOON - timedelta(days=2))
    middle = _join(database, "nadia", Role.CHATTER, NOON - timedelta(days=1))
    _join(database, "somebody else", Role.OWNER, NOON - timedelta(days=9))
    assert store.of("nadia") == [oldest, middle, newest]


def test_who_was_removed_is_no_member(store: MembershipStore, database: Database) -> None:
    _join(database, "nadia", Role.OWNER, NOON, status="removed")
    assert store.of("nadia") == []


@pytest.mark.parametrize("subject", ["nobody", "", "' OR true --", "%", "x" * 10_000])
def test_an_unknown_subject_is_a_member_nowhere(store: MembershipStore, database: Database, subject: str) -> None:
    _join(database, "nadia", Role.OWNER, NOON)
    assert store.of(subject) == []


def test_being_found_a_member_opens_no_workspace_by_itself(store: MembershipStore, database: Database) -> None:
    joined = _join(database, "nadia", Role.OWNER, NOON)
    process = Postgres(lambda: database.app, Secrets())
    assert store.of("nadia")[0].workspace_id == joined.workspace_id
    assert process.look_up("SELECT id FROM workspaces", {}) == []
    with process.transaction(UUID(int=0)) as connection:
        assert connection.execute("SELECT id FROM workspaces").fetchall() == []
    process.close()
