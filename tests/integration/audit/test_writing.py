"""The chain while many write it, and what the application cannot do to it."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import psycopg
import pytest

from huntaze.audit.model import Action
from huntaze.errors import HuntazeError
from huntaze.ids import new_id
from huntaze.members.model import Principal, Role
from tests.conftest import Database
from tests.integration.audit.conftest import OWNER, Log
from tests.support.workspaces import ZOE, inside

WRITERS = 64

IN_THE_OWNERS_NAME = """
INSERT INTO audit_log (workspace_id, id, actor_id, action) VALUES (%s, gen_random_uuid(), %s, 'fan.created')
"""


def test_64_writers_at_once_make_one_unforked_chain(seeded: Database, log: Log) -> None:
    start = Barrier(WRITERS)

    def write(number: int) -> None:
        process = Log(seeded)
        start.wait(timeout=60)
        with process.writing() as stores:
            stores.audit.record(Action.FAN_UPDATED, new_id(), number=number)
        process.postgres.close()

    before = log.reading.verify(OWNER).entries
    with ThreadPoolExecutor(WRITERS) as pool:
        list(pool.map(write, range(WRITERS)))
    found = log.reading.verify(OWNER)
    assert (found.holds, found.entries) == (True, before + WRITERS)
    with psycopg.connect(seeded.superuser) as connection:
        rows = connection.execute(
            "SELECT position, at, details FROM audit_log WHERE workspace_id = %s ORDER BY position", [ZOE.id]
        ).fetchall()
    assert [position for position, _, _ in rows] == list(range(1, before + WRITERS + 1))
    assert [at for _, at, _ in rows] == sorted(at for _, at, _ in rows)
    assert sorted(details["number"] for _, _, details in rows if "number" in details) == list(range(WRITERS))


def test_without_a_commit_there_is_no_entry(log: Log) -> None:
    before = log.reading.verify(OWNER)

    def give_up() -> None:
        with log.writing() as stores:
            stores.audit.record(Action.FAN_UPDATED, new_id())
            raise HuntazeError("it did not happen")

    with pytest.raises(HuntazeError):
        give_up()
    after = log.reading.verify(OWNER)
    assert (after.holds, after.entries, after.head) == (True, before.entries, before.head)


def test_who_acts_is_the_one_of_the_transaction(log: Log) -> None:
    chatter = Principal("a subject", ZOE.id, ZOE.of("chatter"), Role.CHATTER)
    with log.writing(chatter) as stores:
        stores.audit.record(Action.NOTE_WRITTEN, new_id(), actor_id=str(ZOE.of("owner")))
    with log.writing() as stores:
        [entry] = stores.audit_log.newest(_everything(), None, 1)
    assert entry.actor_id == ZOE.of("chatter")


def test_a_clock_that_steps_back_does_not_turn_the_order_of_times(seeded: Database, log: Log) -> None:
    with psycopg.connect(seeded.superuser) as connection:
        connection.execute("SET session_replication_role = replica")
        connection.execute(
            "UPDATE audit_log SET at = at + interval '1 hour' WHERE workspace_id = %s AND position ="
            " (SELECT position FROM audit_heads WHERE workspace_id = %s)",
            [ZOE.id, ZOE.id],
        )
        connection.execute("SET session_replication_role = origin")
        with inside(connection, ZOE):
            connection.execute(
                "INSERT INTO audit_log (workspace_id, id, action) VALUES (%s, gen_random_uuid(), 'fan.created')",
                [ZOE.id],
            )
        times = connection.execute(
            "SELECT at FROM audit_log WHERE workspace_id = %s ORDER BY position DESC LIMIT 2", [ZOE.id]
        ).fetchall()
        connection.rollback()
    assert times[0] >= times[1]
    assert log.reading.verify(OWNER).holds


@pytest.mark.parametrize(
    "attempt",
    [
        "UPDATE audit_log SET action = 'fan.created'",
        "UPDATE audit_log SET details = '{}'",
        "DELETE FROM audit_log",
        "TRUNCATE audit_log",
        "TRUNCATE audit_log, members CASCADE",
        "INSERT INTO audit_log (workspace_id, id, action, position) VALUES (current_workspace(), uuidv7(), 'a', 9)",
        "INSERT INTO audit_log (workspace_id, id, action, at) VALUES (current_workspace(), uuidv7(), 'a', now())",
        "INSERT INTO audit_log (workspace_id, id, action, hash) VALUES (current_workspace(), uuidv7(), 'a', '')",
        "INSERT INTO audit_log (workspace_id, id, action, prev_hash) VALUES (current_workspace(), uuidv7(), 'a', '')",
        "INSERT INTO audit_heads (workspace_id) VALUES (current_workspace())",
        "UPDATE audit_heads SET position = 1",
        "DELETE FROM audit_heads",
        "TRUNCATE audit_heads",
        "SELECT 1 FROM audit_heads FOR UPDATE",
        "ALTER TABLE audit_log DISABLE TRIGGER ALL",
        "DROP TRIGGER audit_log_chain ON audit_log",
        "SET session_replication_role = replica",
    ],
)
def test_the_application_role_may_only_add_what_was_done(seeded: Database, attempt: str) -> None:
    with (
        psycopg.connect(seeded.app, autocommit=True) as connection,
        pytest.raises(psycopg.errors.InsufficientPrivilege),
        inside(connection, ZOE, ZOE.of("owner")),
    ):
        connection.execute(attempt)


def test_the_application_role_cannot_write_in_somebody_elses_name(seeded: Database) -> None:
    with (
        psycopg.connect(seeded.app, autocommit=True) as connection,
        pytest.raises(psycopg.errors.InsufficientPrivilege),
        inside(connection, ZOE, ZOE.of("chatter")),
    ):
        connection.execute(IN_THE_OWNERS_NAME, [ZOE.id, ZOE.of("owner")])


@pytest.mark.parametrize(
    "attempt", ["UPDATE audit_log SET action = 'a.b'", "DELETE FROM audit_log", "TRUNCATE audit_log"]
)
def test_not_even_the_owner_of_the_tables_changes_it_by_mistake(seeded: Database, attempt: str) -> None:
    with psycopg.connect(seeded.admin, autocommit=True) as connection:
        connection.execute("SET ROLE huntaze_owner")
        with inside(connection, ZOE), pytest.raises(psycopg.errors.InsufficientPrivilege, match="append only"):
            connection.execute(attempt)


def _everything() -> object:
    from huntaze.audit.model import Search  # noqa: PLC0415

    return Search()
