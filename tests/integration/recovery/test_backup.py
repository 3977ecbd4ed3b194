"""A backup is worth what its restore is: rows, rules, rights and the chain of the audit log come back as they were."""

import contextlib
import stat
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest

from huntaze import wiring
from huntaze.members.model import Principal, Role
from huntaze.migrations.runner import migrate
from local.backup import dump, load, put_in_place
from local.processes import StartFailed
from local.servers import Postgres
from tests.conftest import Database
from tests.support.audit_chains import grow
from tests.support.same_database import guards_of, rows_of
from tests.support.workspaces import ZOE, seed_two_workspaces

RESTORED, BEFORE = "restored", "before_restore"
OWNER = Principal(f"owner of {ZOE.id}", ZOE.id, ZOE.of("owner"), Role.OWNER)


@pytest.fixture
def full(database: Database, postgres: Postgres) -> Database:
    """A database with something in every table of two workspaces, and a chain of some length."""
    migrate(postgres.admin_conninfo(database.name), postgres.password)  # who may connect is no part of a template
    seed_two_workspaces(database.hand.connection)
    with psycopg.connect(database.superuser, autocommit=True) as connection:
        grow(connection, ZOE, 50)
    return database


@pytest.fixture
def restored(full: Database, postgres: Postgres, tmp_path: Path) -> Iterator[str]:
    """The same from a file, as `./dev restore` makes it."""
    file = tmp_path / "backup"
    dump(full.superuser, file)
    postgres.create_database(RESTORED)
    load(file, postgres.superuser_conninfo(RESTORED))
    assert migrate(postgres.admin_conninfo(RESTORED), postgres.password) == []
    yield postgres.superuser_conninfo(RESTORED)
    postgres.drop_database(RESTORED)


def test_every_row_of_every_table_comes_back(full: Database, restored: str) -> None:
    before = rows_of(full.superuser)

    assert rows_of(restored) == before
    empty = {table for table, (count, _) in before.items() if not count}
    assert len(before) - len(empty) > 40, "there is something to compare"


def test_so_does_all_that_guards_them(full: Database, restored: str) -> None:
    before, after = guards_of(full.superuser), guards_of(restored)

    for what in before:
        assert after[what] == before[what], what
        assert before[what] or what == "sequences", f"{what}: there is something to compare"


@pytest.mark.usefixtures("restored")
def test_workspaces_are_as_far_apart_as_before(postgres: Postgres) -> None:
    app = postgres.app_conninfo(RESTORED)
    with psycopg.connect(app) as connection:
        assert connection.execute("SELECT count(*) FROM fans").fetchone() == (0,)
        connection.execute("SELECT set_config('huntaze.workspace_id', %s, true)", [str(ZOE.id)])
        assert connection.execute("SELECT DISTINCT workspace_id FROM fans").fetchall() == [(ZOE.id,)]
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute("DELETE FROM audit_log")


@pytest.mark.parametrize("spoilt", [False, True])
def test_the_chain_of_the_audit_log_holds_and_still_tells_a_forgery(
    restored: str, postgres: Postgres, *, spoilt: bool
) -> None:
    if spoilt:
        with psycopg.connect(restored, autocommit=True) as connection:
            connection.execute("SET session_replication_role = replica")
            connection.execute("UPDATE audit_log SET action = 'fan.erased' WHERE position = 30")
    parts = wiring.Wiring({"DATABASE_URL": postgres.app_conninfo(RESTORED)})
    verified: Any = parts.audit_log.verify(OWNER)
    parts.postgres.close()

    assert verified.entries >= 50
    assert (verified.fault is None) is not spoilt


def test_a_backup_is_nobody_elses_to_read_and_whole_or_not_there(full: Database, tmp_path: Path) -> None:
    file = tmp_path / "backup"
    dump(full.superuser, file)

    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    with pytest.raises(StartFailed, match="pg_dump ended"):
        dump("host=127.0.0.1 port=1 connect_timeout=1", tmp_path / "other")
    assert not (tmp_path / "other").exists()


def test_what_is_restored_by_halves_is_not_restored(full: Database, postgres: Postgres, tmp_path: Path) -> None:
    file = tmp_path / "backup"
    dump(full.superuser, file)
    file.write_bytes(file.read_bytes()[: -file.stat().st_size // 3])
    postgres.create_database(RESTORED)
    try:
        with pytest.raises(StartFailed, match="pg_restore ended"):
            load(file, postgres.superuser_conninfo(RESTORED))
        assert rows_of(postgres.superuser_conninfo(RESTORED)) == {}
    finally:
        postgres.drop_database(RESTORED)


class Disturbed(psycopg.Connection):
    """A connection with something that happens right before one of its statements."""

    left = 0
    happens: Callable[[], object]

    def execute(self, *words: Any, **more: Any) -> Any:
        if self.left == 0:
            self.happens()
        self.left -= 1
        return super().execute(*words, **more)


@pytest.mark.parametrize("lives", range(4))
def test_who_dies_while_names_change_leaves_the_old_database_in_use(
    full: Database, restored: str, postgres: Postgres, lives: int
) -> None:
    def dies() -> None:
        raise KeyboardInterrupt

    before = rows_of(full.superuser)
    with Disturbed.connect(postgres.superuser_conninfo("postgres"), autocommit=True) as server:
        server.left, server.happens = lives, dies
        with pytest.raises(KeyboardInterrupt):
            put_in_place(server, RESTORED, full.name, BEFORE)

    assert rows_of(full.superuser) == before
    assert rows_of(restored) == before


def test_who_comes_back_before_names_change_is_sent_away_once_more(
    full: Database, restored: str, postgres: Postgres
) -> None:
    def somebody() -> contextlib.closing[Any]:
        return contextlib.closing(psycopg.connect(full.superuser))

    before = rows_of(restored)
    with (
        contextlib.ExitStack() as kept,
        Disturbed.connect(postgres.superuser_conninfo("postgres"), autocommit=True) as server,
    ):
        server.left, server.happens = 2, lambda: kept.enter_context(somebody())  # all had been sent away by then
        put_in_place(server, RESTORED, full.name, BEFORE)
        assert server.left < -2, "names were changed again"
        assert rows_of(full.superuser) == before
        put_in_place(server, BEFORE, full.name, RESTORED)


def test_the_restored_one_takes_the_place_of_one_in_use(full: Database, restored: str, postgres: Postgres) -> None:
    with psycopg.connect(restored, autocommit=True) as connection:
        connection.execute("COMMENT ON DATABASE restored IS 'the restored one'")
    told = "SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = current_database()"
    with psycopg.connect(postgres.superuser_conninfo("postgres"), autocommit=True) as server:
        with psycopg.connect(full.superuser) as somebody:  # who stays
            put_in_place(server, RESTORED, full.name, BEFORE)
            with pytest.raises(psycopg.OperationalError):
                somebody.execute(told)
        with psycopg.connect(full.superuser) as somebody:
            assert somebody.execute(told).fetchone() == ("the restored one",)
        put_in_place(server, BEFORE, full.name, RESTORED)
