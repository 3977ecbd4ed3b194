"""The migration runner, on clusters of its own: roles and passwords belong to a whole cluster."""

import itertools
import secrets
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psycopg
import pytest
from psycopg import sql
from psycopg.conninfo import make_conninfo

from huntaze.migrations.errors import MigrationError
from huntaze.migrations.runner import FILE_NAME, HERE, migrate
from local.servers import Postgres

OUR_FILES = sorted(path.name for path in HERE.glob("*.sql") if FILE_NAME.fullmatch(path.name))
HARD_PASSWORD = 'it\'s "quoted" \\ $$ %s {} é'
_numbers = itertools.count(1)


@pytest.fixture(scope="module")
def log(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("cluster") / "data.log"


@pytest.fixture(scope="module")
def cluster(log: Path) -> Iterator[Postgres]:
    with Postgres(log.with_suffix(""), secrets.token_urlsafe(12), durable=False) as server:
        yield server


@pytest.fixture
def empty(cluster: Postgres) -> Iterator[str]:
    """The name of a database that nobody has migrated."""
    name = f"empty_{next(_numbers)}"
    cluster.create_database(name)
    yield name
    cluster.drop_database(name)


def _files(folder: Path, **files: str) -> Path:
    for name, content in files.items():
        (folder / f"{name.removeprefix('m')}.sql").write_text(content)
    return folder


def _tables(cluster: Postgres, database: str) -> set[str]:
    with psycopg.connect(cluster.superuser_conninfo(database)) as connection:
        found = connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        return {table for (table,) in found}


def _signs_in(cluster: Postgres, database: str, password: str) -> bool:
    try:
        psycopg.connect(make_conninfo(cluster.app_conninfo(database), password=password)).close()
    except psycopg.OperationalError:
        return False
    return True


def test_every_file_is_applied_in_order_and_once(cluster: Postgres, empty: str) -> None:
    assert migrate(cluster.admin_conninfo(empty), cluster.password) == OUR_FILES
    before = _tables(cluster, empty)
    assert migrate(cluster.admin_conninfo(empty), cluster.password) == []
    assert _tables(cluster, empty) == before


def test_a_file_that_changed_after_it_was_applied_is_an_error(cluster: Postgres, empty: str, tmp_path: Path) -> None:
    migrate(cluster.admin_conninfo(empty), "one", _files(tmp_path, m0001_fans="CREATE TABLE fans ()"))
    _files(tmp_path, m0001_fans="CREATE TABLE fans (id uuid)", m0002_more="CREATE TABLE more ()")
    with pytest.raises(MigrationError, match=r"0001_fans\.sql was applied with other content"):
        migrate(cluster.admin_conninfo(empty), "one", tmp_path)
    assert "more" not in _tables(cluster, empty)


def test_a_file_that_fails_is_rolled_back_whole_and_the_ones_before_stay(
    cluster: Postgres, empty: str, tmp_path: Path
) -> None:
    _files(tmp_path, m0001_good="CREATE TABLE good ()", m0002_bad="CREATE TABLE half (); SELECT 1 / 0")
    with pytest.raises(MigrationError, match=r"0002_bad\.sql failed with SQLSTATE 22012 and was rolled back whole"):
        migrate(cluster.admin_conninfo(empty), "one", tmp_path)
    assert _tables(cluster, empty) == {"schema_migrations", "good"}
    _files(tmp_path, m0002_bad="CREATE TABLE mended ()")
    assert migrate(cluster.admin_conninfo(empty), "one", tmp_path) == ["0002_bad.sql"]


def test_a_file_and_the_note_that_it_ran_are_one(cluster: Postgres, empty: str, tmp_path: Path) -> None:
    note_first = "CREATE TABLE half (); INSERT INTO schema_migrations VALUES ('0001_a.sql', 'by itself')"
    with pytest.raises(MigrationError, match="SQLSTATE 23505"):
        migrate(cluster.admin_conninfo(empty), "one", _files(tmp_path, m0001_a=note_first))
    assert _tables(cluster, empty) == {"schema_migrations"}


def test_runners_at_once_apply_each_file_once(cluster: Postgres, empty: str) -> None:
    with ThreadPoolExecutor(4) as runners:
        running = [runners.submit(migrate, cluster.admin_conninfo(empty), cluster.password) for _ in range(4)]
    applied = [runner.result() for runner in running]
    assert sorted(applied) == [[], [], [], OUR_FILES]


def test_databases_of_a_new_cluster_can_be_migrated_at_once(tmp_path: Path) -> None:
    names = ["one", "two", "three", "four"]
    with Postgres(tmp_path / "data", secrets.token_urlsafe(12), durable=False) as server:
        for name in names:
            server.create_database(name)
        with ThreadPoolExecutor(len(names)) as runners:
            running = [runners.submit(migrate, server.admin_conninfo(name), server.password) for name in names]
        assert [runner.result() for runner in running] == [OUR_FILES] * len(names)
        assert all(_signs_in(server, name, server.password) for name in names)


def test_each_run_takes_over_the_password_of_the_application(cluster: Postgres, empty: str, tmp_path: Path) -> None:
    migrate(cluster.admin_conninfo(empty), "yesterday", tmp_path)
    assert _signs_in(cluster, empty, "yesterday")
    migrate(cluster.admin_conninfo(empty), HARD_PASSWORD, tmp_path)
    assert _signs_in(cluster, empty, HARD_PASSWORD)
    assert not _signs_in(cluster, empty, "yesterday")


def test_the_password_never_reaches_the_servers_log(cluster: Postgres, empty: str, tmp_path: Path, log: Path) -> None:
    with psycopg.connect(cluster.superuser_conninfo(), autocommit=True) as connection:
        connection.execute("ALTER ROLE huntaze_admin SET log_statement = 'all'")
        migrate(cluster.admin_conninfo(empty), "a-canary-of-a-password", tmp_path)
        connection.execute("ALTER ROLE huntaze_admin RESET log_statement")
    written = log.read_text()
    assert "ALTER ROLE" in written
    assert "a-canary-of-a-password" not in written


def test_no_password_is_no_password(cluster: Postgres, empty: str, tmp_path: Path) -> None:
    with pytest.raises(MigrationError, match="needs a password"):
        migrate(cluster.admin_conninfo(empty), "", tmp_path)


@pytest.mark.parametrize("name", ["m1_short", "m0001-dash", "m0001_Upper", "mfans"])
def test_a_file_that_is_not_named_like_a_migration_is_no_accident(
    cluster: Postgres, empty: str, tmp_path: Path, name: str
) -> None:
    with pytest.raises(MigrationError, match="is no name of a migration"):
        migrate(cluster.admin_conninfo(empty), "one", _files(tmp_path, **{name: "SELECT 1"}))


def test_two_files_cannot_have_one_number(cluster: Postgres, empty: str, tmp_path: Path) -> None:
    with pytest.raises(MigrationError, match="have the same number"):
        migrate(cluster.admin_conninfo(empty), "one", _files(tmp_path, m0001_a="SELECT 1", m0001_b="SELECT 1"))


def test_a_file_cannot_come_before_one_that_is_applied(cluster: Postgres, empty: str, tmp_path: Path) -> None:
    migrate(cluster.admin_conninfo(empty), "one", _files(tmp_path, m0002_later="SELECT 1"))
    with pytest.raises(MigrationError, match=r"0001_late\.sql comes before 0002_later\.sql"):
        migrate(cluster.admin_conninfo(empty), "one", _files(tmp_path, m0001_late="SELECT 1"))


def test_code_that_was_rolled_back_runs_on_the_newer_schema(cluster: Postgres, empty: str, tmp_path: Path) -> None:
    migrate(cluster.admin_conninfo(empty), "one", _files(tmp_path, m0001_a="SELECT 1", m0002_b="SELECT 1"))
    (tmp_path / "0002_b.sql").unlink()
    assert migrate(cluster.admin_conninfo(empty), "one", tmp_path) == []


@pytest.mark.parametrize("power", ["BYPASSRLS", "SUPERUSER", "CREATEROLE"])
def test_an_application_role_that_could_step_around_the_rules_stops_everything(
    cluster: Postgres, empty: str, tmp_path: Path, power: str
) -> None:
    migrate(cluster.admin_conninfo(empty), "one", tmp_path)
    with psycopg.connect(cluster.superuser_conninfo(), autocommit=True) as connection:
        connection.execute(sql.SQL("ALTER ROLE huntaze_app {}").format(sql.SQL(power)))
        try:
            with pytest.raises(MigrationError, match="huntaze_app: this role could step around"):
                migrate(cluster.admin_conninfo(empty), "one", tmp_path)
        finally:
            connection.execute(sql.SQL("ALTER ROLE huntaze_app NO{}").format(sql.SQL(power)))


@pytest.mark.parametrize("attributes", ["LOGIN", "LOGIN CREATEROLE"])
def test_an_administrator_without_the_right_to_our_roles_is_told_so(
    cluster: Postgres, empty: str, tmp_path: Path, attributes: str
) -> None:
    migrate(cluster.admin_conninfo(empty), "one", tmp_path)
    stranger = make_conninfo(cluster.superuser_conninfo(), user="stranger")
    with psycopg.connect(cluster.superuser_conninfo(), autocommit=True) as connection:
        make = sql.SQL("CREATE ROLE stranger {} PASSWORD {}").format(sql.SQL(attributes), sql.Literal(cluster.password))
        connection.execute(make)
        try:
            with pytest.raises(MigrationError, match="stranger may not create or administer"):
                migrate(stranger, "one", tmp_path)
        finally:
            connection.execute("DROP ROLE stranger")
