"""What people of a team do at the same moment, each on a connection of their own."""

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from uuid import UUID

import psycopg
import pytest

from huntaze.clock import SystemClock
from huntaze.errors import Conflict, Forbidden, HuntazeError, NotFound
from huntaze.ids import new_id
from huntaze.limits.service import OwnCounter
from huntaze.members.model import Principal, Role
from huntaze.members.store import MembershipStore
from huntaze.runtime.postgres import Postgres
from huntaze.runtime.secrets import Secrets
from huntaze.sessions.model import Proven
from huntaze.sessions.service import CountedAttempts
from huntaze.stores import Stores
from huntaze.team.joining import Invitations
from huntaze.team.model import NewMember
from huntaze.team.service import Team
from huntaze.team.store import InvitationStore
from tests.conftest import Database
from tests.integration.team.conftest import seat
from tests.support.fake_team import FakeAccounts

ROUNDS = 12
REFUSALS = (Conflict, Forbidden, NotFound)


class Process:
    """A function's process: its own connection, and the use cases on it."""

    def __init__(self, database: Database) -> None:
        self.postgres = Postgres(lambda: database.app, Secrets())
        clock, attempts = SystemClock(), CountedAttempts(None, OwnCounter())
        self.team = Team(self._within, FakeAccounts(), attempts, clock=clock, new_id=new_id)
        look_up = self.postgres.look_up
        self.invitations = Invitations(InvitationStore(look_up), MembershipStore(look_up), self._within, clock)

    @contextmanager
    def _within(self, who: Principal) -> Iterator[Stores]:
        with self.postgres.transaction(who.workspace_id, who.member_id) as connection:
            yield Stores(connection, who.workspace_id)


@pytest.fixture
def two(database: Database) -> Iterator[tuple[Process, Process]]:
    processes = Process(database), Process(database)
    yield processes
    for process in processes:
        process.postgres.close()


def _at_once(*acts: Callable[[], object]) -> list[HuntazeError | None]:
    """What became of each, all begun at the same moment; what is not a refusal fails the test."""
    barrier = threading.Barrier(len(acts))

    def run(act: Callable[[], object]) -> HuntazeError | None:
        barrier.wait()
        try:
            act()
        except REFUSALS as refused:
            return refused
        return None

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))


def _owners(database: Database, workspace_id: UUID) -> int:
    [(count,)] = database.run(
        "SELECT count(*) FROM members WHERE workspace_id = %s AND role = 'owner' AND status = 'active'", workspace_id
    )
    return int(count)


def _workspace(database: Database) -> UUID:
    workspace_id = new_id()
    database.run("INSERT INTO workspaces (id, name) VALUES (%s, 'A creator')", workspace_id)
    return workspace_id


def test_of_two_owners_who_demote_each_other_one_stays(database: Database, two: tuple[Process, Process]) -> None:
    one, other = two
    for _ in range(ROUNDS):
        workspace_id = _workspace(database)
        ana, tom = seat(database, workspace_id), seat(database, workspace_id)
        outcomes = _at_once(
            lambda ana=ana, tom=tom: one.team.change_role(ana, tom.member_id, Role.CHATTER),
            lambda ana=ana, tom=tom: other.team.change_role(tom, ana.member_id, Role.CHATTER),
        )
        assert outcomes.count(None) == 1, outcomes
        assert _owners(database, workspace_id) == 1


def test_of_two_owners_who_leave_one_stays(database: Database, two: tuple[Process, Process]) -> None:
    one, other = two
    for _ in range(ROUNDS):
        workspace_id = _workspace(database)
        ana, tom = seat(database, workspace_id), seat(database, workspace_id)
        outcomes = _at_once(
            lambda ana=ana: one.team.remove(ana, ana.member_id), lambda tom=tom: other.team.remove(tom, tom.member_id)
        )
        assert outcomes.count(None) == 1, outcomes
        assert _owners(database, workspace_id) == 1


def test_of_two_owners_who_leave_by_raw_sql_one_stays(database: Database) -> None:
    workspace_id = _workspace(database)
    owners = [seat(database, workspace_id).member_id for _ in range(2)]

    def leave(member_id: UUID) -> None:
        with psycopg.connect(database.app) as connection:
            connection.execute("SELECT set_config('huntaze.workspace_id', %s, true)", [str(workspace_id)])
            try:
                connection.execute("UPDATE members SET role = 'analyst' WHERE id = %s", [member_id])
            except (psycopg.errors.CheckViolation, psycopg.errors.DeadlockDetected):
                raise Conflict("The other was first.") from None

    outcomes = _at_once(*(lambda member_id=member_id: leave(member_id) for member_id in owners))
    assert outcomes.count(None) == 1
    assert _owners(database, workspace_id) == 1


def test_an_address_is_invited_once(database: Database, two: tuple[Process, Process]) -> None:
    workspace_id = _workspace(database)
    ana, tom = seat(database, workspace_id), seat(database, workspace_id)
    for number in range(ROUNDS):
        new = NewMember(email=f"eve{number}@example.com", role=Role.CHATTER)
        outcomes = _at_once(lambda new=new: two[0].team.invite(ana, new), lambda new=new: two[1].team.invite(tom, new))
        assert sorted(map(type, outcomes), key=str) == sorted([type(None), Conflict], key=str)


def test_an_invitation_is_accepted_or_withdrawn(database: Database, two: tuple[Process, Process]) -> None:
    workspace_id = _workspace(database)
    ana = seat(database, workspace_id)
    for number in range(ROUNDS):
        eve = Proven(f"eve {number}", f"eve{number}@example.com")
        invited = two[0].team.invite(ana, NewMember(email=eve.email, role=Role.OWNER)).member
        outcomes = _at_once(
            lambda eve=eve, invited=invited: two[0].invitations.accept(eve, invited.id),
            lambda invited=invited: two[1].team.remove(ana, invited.id),
        )
        # Who was accepted first is removed right after as a member, and so is gone in either case.
        assert outcomes[1] is None
        assert two[0].invitations.of(eve) == []
        assert MembershipStore(two[0].postgres.look_up).of(eve.subject) == []


def test_accepting_with_both_hands_is_accepting_once(database: Database, two: tuple[Process, Process]) -> None:
    workspace_id = _workspace(database)
    ana = seat(database, workspace_id)
    eve = Proven("eve", "eve@example.com")
    invited = two[0].team.invite(ana, NewMember(email=eve.email, role=Role.CHATTER)).member
    assert _at_once(*(lambda one=one: one.invitations.accept(eve, invited.id) for one in two)) == [None, None]
    assert database.run("SELECT count(*) FROM audit_log WHERE action = 'member.joined'") == [(1,)]
