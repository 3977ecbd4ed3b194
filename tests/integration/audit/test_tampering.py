"""Whatever somebody with every right does to the log, short of computing a whole new chain, is found."""

import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import psycopg
import pytest
from psycopg.rows import dict_row

from huntaze.audit import service
from huntaze.audit.model import Link, Reason, Verification
from huntaze.audit.service import AuditLog
from huntaze.clock import SystemClock
from tests.conftest import Database
from tests.integration.audit.conftest import OWNER, stores_of
from tests.support.audit_chains import grow
from tests.support.workspaces import MAX, ZOE

Connection = psycopg.Connection[Any]
ENTRIES = 60
TAMPERINGS = 1_000

# Each takes the number of an entry, and of another one.
Tampering = Callable[[Connection, int, int], None]


def _change(column: str, value: str) -> Tampering:
    def change(connection: Connection, one: int, _: int) -> None:
        connection.execute(
            f"UPDATE audit_log SET {column} = {value} WHERE workspace_id = %s AND position = %s",  # noqa: S608  (ours)
            [ZOE.id, one],
        )

    change.__name__ = f"change_{column}"
    return change


def _delete(connection: Connection, one: int, _: int) -> None:
    connection.execute("DELETE FROM audit_log WHERE workspace_id = %s AND position = %s", [ZOE.id, one])


def _delete_from_the_beginning(connection: Connection, one: int, _: int) -> None:
    connection.execute("DELETE FROM audit_log WHERE workspace_id = %s AND position <= %s", [ZOE.id, one])


def _delete_to_the_end(connection: Connection, one: int, _: int) -> None:
    connection.execute("DELETE FROM audit_log WHERE workspace_id = %s AND position >= %s", [ZOE.id, one])


def _swap(connection: Connection, one: int, other: int) -> None:
    """Two entries change places, each keeping what it says."""
    connection.execute("ALTER TABLE audit_log DROP CONSTRAINT audit_log_unforked")
    connection.execute(
        "UPDATE audit_log SET position = %s - position WHERE workspace_id = %s AND position IN (%s, %s)",
        [one + other, ZOE.id, one, other],
    )


def _swap_what_they_say(connection: Connection, one: int, other: int) -> None:
    """Two entries change what they say, each keeping its place, its hash and the one before it."""
    connection.execute(
        """
        UPDATE audit_log SET (at, actor_id, action, object_kind, object_id, details)
            = (theirs.at, theirs.actor_id, theirs.action, theirs.object_kind, theirs.object_id, theirs.details)
        FROM audit_log AS theirs
        WHERE audit_log.workspace_id = %s AND audit_log.position IN (%s, %s)
            AND theirs.workspace_id = audit_log.workspace_id AND theirs.position = %s - audit_log.position
        """,
        [ZOE.id, one, other, one + other],
    )


def _renumber(connection: Connection, one: int, _: int) -> None:
    """Everything from one entry on moves up to make room, or to close a gap."""
    connection.execute("ALTER TABLE audit_log DROP CONSTRAINT audit_log_unforked")
    connection.execute(
        "UPDATE audit_log SET position = position + 1 WHERE workspace_id = %s AND position >= %s", [ZOE.id, one]
    )


def _delete_and_close_the_gap(connection: Connection, one: int, _: int) -> None:
    _delete(connection, one, one)
    connection.execute("ALTER TABLE audit_log DROP CONSTRAINT audit_log_unforked")
    connection.execute(
        "UPDATE audit_log SET position = position - 1 WHERE workspace_id = %s AND position > %s", [ZOE.id, one]
    )


def _delete_and_link_again(connection: Connection, one: int, _: int) -> None:
    """The next entry is made to continue the one before, with a hash of its own that is right."""
    _delete_and_close_the_gap(connection, one, one)
    connection.execute(
        "UPDATE audit_log SET prev_hash = (SELECT hash FROM audit_log AS before WHERE before.workspace_id = %(ours)s"
        " AND before.position = %(one)s - 1) WHERE workspace_id = %(ours)s AND position = %(one)s",
        {"ours": ZOE.id, "one": one},
    )
    _hash_again(connection, one, one)


def _hash_again(connection: Connection, one: int, _: int) -> None:
    connection.execute(
        "UPDATE audit_log SET hash = audit_hash(audit_log) WHERE workspace_id = %s AND position = %s", [ZOE.id, one]
    )


def _change_and_hash_again(connection: Connection, one: int, _: int) -> None:
    _change("action", "'fan.erased'")(connection, one, one)
    _hash_again(connection, one, one)


def _copied(connection: Connection, one: int, position: str) -> None:
    connection.execute(
        f"""
        INSERT INTO audit_log SELECT workspace_id, gen_random_uuid(), at, actor_id, action, object_kind, object_id,
            details, {position}, prev_hash, hash
        FROM audit_log WHERE workspace_id = %s AND position = %s
        """,  # noqa: S608  (the position is ours)
        [ZOE.id, one],
    )


def _double(connection: Connection, one: int, _: int) -> None:
    connection.execute("ALTER TABLE audit_log DROP CONSTRAINT audit_log_unforked")
    _copied(connection, one, "position")


def _insert(connection: Connection, one: int, _: int) -> None:
    """An entry is put in, and all after it move up."""
    _renumber(connection, one + 1, one)
    _copied(connection, one, "position + 1")


def _append(connection: Connection, one: int, _: int) -> None:
    _copied(connection, one, str(ENTRIES + 1))


def _insert_before_the_first(connection: Connection, one: int, _: int) -> None:
    connection.execute("ALTER TABLE audit_log DROP CONSTRAINT audit_log_position_check")
    _copied(connection, one, "0")


def _remove_the_head(connection: Connection, _: int, __: int) -> None:
    connection.execute("DELETE FROM audit_heads WHERE workspace_id = %s", [ZOE.id])


def _change_the_head(connection: Connection, one: int, _: int) -> None:
    connection.execute(
        "UPDATE audit_heads SET hash = sha256(%s::text::bytea) WHERE workspace_id = %s", [str(one), ZOE.id]
    )


def _move_the_head(connection: Connection, one: int, _: int) -> None:
    connection.execute(
        "UPDATE audit_heads SET position = CASE WHEN position = %s THEN 7 ELSE %s END WHERE workspace_id = %s",
        [one, one, ZOE.id],
    )


def _cut_off_all_but_the_head(connection: Connection, one: int, _: int) -> None:
    _delete_to_the_end(connection, one, one)
    connection.execute(
        "UPDATE audit_heads SET position = position - 1 WHERE workspace_id = %s",
        [ZOE.id],
    )


def _give_away(connection: Connection, one: int, _: int) -> None:
    connection.execute(
        "UPDATE audit_log SET workspace_id = %s, position = 1000 WHERE workspace_id = %s AND position = %s",
        [MAX.id, ZOE.id, one],
    )


TAMPERINGS_OF_EVERY_KIND: tuple[Tampering, ...] = (
    _change("id", "gen_random_uuid()"),
    _change("at", "at + interval '1 microsecond'"),
    _change("actor_id", f"CASE WHEN actor_id IS NULL THEN '{ZOE.of('manager')}'::uuid END"),
    _change("action", "action || 's'"),
    _change("object_kind", "CASE WHEN object_kind = 'fan' THEN 'tag' ELSE 'fan' END"),
    _change("object_id", "CASE WHEN object_id IS NULL THEN gen_random_uuid() END"),
    _change("details", "details || '{\"more\": 1}'"),
    _change("position", "position + 5000"),
    _change("prev_hash", "CASE WHEN prev_hash IS NULL THEN hash END"),
    _change("hash", "sha256(hash)"),
    _delete,
    _delete_from_the_beginning,
    _delete_to_the_end,
    _swap,
    _swap_what_they_say,
    _renumber,
    _delete_and_close_the_gap,
    _delete_and_link_again,
    _change_and_hash_again,
    _double,
    _insert,
    _append,
    _insert_before_the_first,
    _remove_the_head,
    _change_the_head,
    _move_the_head,
    _cut_off_all_but_the_head,
    _give_away,
)


@pytest.fixture(scope="module")
def meddler(seeded: Database) -> Iterator[Connection]:
    """Somebody with every right, whom no trigger hinders."""
    with psycopg.connect(seeded.superuser, autocommit=True) as connection:
        grow(connection, ZOE, ENTRIES - _verified(connection).entries)
        connection.execute("SET session_replication_role = replica")
        yield connection


@contextmanager
def _verifying(connection: Connection) -> Iterator[AuditLog]:
    @contextmanager
    def in_this_transaction(_: object) -> Iterator[Any]:
        before, connection.row_factory = connection.row_factory, dict_row
        try:
            yield stores_of(connection)
        finally:
            connection.row_factory = before

    yield AuditLog(in_this_transaction, SystemClock())


def _verified(connection: Connection, noted: Link | None = None) -> Verification:
    with _verifying(connection) as log:
        return log.verify(OWNER, noted)


def test_an_untouched_chain_holds(meddler: Connection) -> None:
    found = _verified(meddler)
    assert (found.holds, found.entries, found.fault) == (True, ENTRIES, None)
    assert found.head is not None
    assert found.head.number == ENTRIES


@pytest.mark.parametrize("stretch", [20_000, 7])
def test_a_thousand_tamperings_are_all_found(
    meddler: Connection, monkeypatch: pytest.MonkeyPatch, stretch: int
) -> None:
    monkeypatch.setattr(service, "STRETCH", stretch)
    dice = random.Random(stretch)  # noqa: S311  (seeded: the same thousand each time)
    unnoticed = []
    for number in range(TAMPERINGS // 2):
        tamper = TAMPERINGS_OF_EVERY_KIND[number % len(TAMPERINGS_OF_EVERY_KIND)]
        one, other = dice.sample(range(1, ENTRIES + 1), 2)
        with meddler.transaction(force_rollback=True):
            tamper(meddler, one, other)
            if _verified(meddler).holds is not False:
                unnoticed.append((tamper.__name__, one, other))
    assert unnoticed == []
    assert _verified(meddler).holds is True


@pytest.mark.parametrize(
    ("tamper", "at", "told"),
    [
        (_delete, 5, (5, Reason.MISSING)),
        (_delete, 1, (1, Reason.MISSING)),
        (_delete, ENTRIES, (ENTRIES, Reason.MISSING)),
        (_delete_to_the_end, 20, (20, Reason.MISSING)),
        (_change("details", "'{}'"), 9, (9, Reason.CHANGED)),
        (_change_and_hash_again, 9, (10, Reason.DISPLACED)),
        (_change_and_hash_again, ENTRIES, (ENTRIES, Reason.END_CHANGED)),
        (_double, 9, (9, Reason.SURPLUS)),
        (_append, 9, (ENTRIES + 1, Reason.CHANGED)),
        (_remove_the_head, 9, (ENTRIES, Reason.END_CHANGED)),
        (_change_the_head, 9, (ENTRIES, Reason.END_CHANGED)),
        (_move_the_head, 9, (10, Reason.SURPLUS)),
        (_insert_before_the_first, 9, (ENTRIES, Reason.SURPLUS)),
    ],
    ids=lambda part: getattr(part, "__name__", str(part)),
)
def test_the_first_break_is_told_with_its_reason(
    meddler: Connection, tamper: Tampering, at: int, told: tuple[int, Reason]
) -> None:
    with meddler.transaction(force_rollback=True):
        tamper(meddler, at, 1)
        found = _verified(meddler)
    assert found.fault is not None
    assert (found.fault.number, found.fault.reason) == told


def test_a_whole_new_chain_is_found_by_what_was_noted_down(meddler: Connection) -> None:
    noted = _verified(meddler).head
    untouched = _verified(meddler, noted).noted
    assert untouched is not None
    assert untouched.same
    with meddler.transaction(force_rollback=True):
        meddler.execute("DELETE FROM audit_log WHERE workspace_id = %s", [ZOE.id])
        meddler.execute("DELETE FROM audit_heads WHERE workspace_id = %s", [ZOE.id])
        grow(meddler, ZOE, ENTRIES)
        meddler.execute("SET session_replication_role = replica")
        found = _verified(meddler, noted)
    assert found.holds is True
    assert found.noted is not None
    assert not found.noted.same


def test_what_takes_too_long_goes_on_where_it_stopped(meddler: Connection, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(service, "STRETCH", 25)
    monkeypatch.setattr(service, "PATIENCE", timedelta(seconds=-1))
    with _verifying(meddler) as log:
        first = log.verify(OWNER)
        second = log.verify(OWNER, checked=first.checked_to)
        third = log.verify(OWNER, checked=second.checked_to)
    assert [found.checked_to.number for found in (first, second, third)] == [25, 50, 60]
    assert [found.holds for found in (first, second, third)] == [None, None, True]


def test_going_on_notices_what_was_changed_behind_the_last_stretch(
    meddler: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(service, "STRETCH", 25)
    monkeypatch.setattr(service, "PATIENCE", timedelta(seconds=-1))
    with meddler.transaction(force_rollback=True), _verifying(meddler) as log:
        first = log.verify(OWNER)
        _change_and_hash_again(meddler, 25, 1)
        second = log.verify(OWNER, checked=first.checked_to)
    assert second.fault is not None
    assert (second.fault.number, second.fault.reason) == (25, Reason.CHANGED)


def test_a_hundred_thousand_entries_hold_in_one_request(database: Database, pytestconfig: pytest.Config) -> None:
    """The full dose with --deep: making them takes most of the time."""
    entries = 100_000 if pytestconfig.getoption("--deep") else 21_000
    with psycopg.connect(database.superuser, autocommit=True) as connection:
        grow(connection, ZOE, entries)
        found = _verified(connection)
        assert (found.holds, found.entries) == (True, entries)
        connection.execute("SET session_replication_role = replica")
        _change("action", "'fan.erased'")(connection, entries - 1, 1)
        found = _verified(connection)
    assert found.fault is not None
    assert found.fault.number == entries - 1
