"""Exports in PostgreSQL: the contract, the rules of the table, and two workers at once."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any
from uuid import UUID

import psycopg
import pytest
from psycopg import sql

from huntaze.exports.service import ExportStore
from huntaze.exports.store import PostgresExports
from huntaze.ids import new_id
from huntaze.runtime.postgres import Postgres
from huntaze.runtime.secrets import Secrets
from tests.conftest import Database
from tests.support.export_store_contract import LATER, NOON, WANTED, WEEK, ExportStoreContract
from tests.support.violations import violating
from tests.support.workspaces import MAX, ZOE, insert, inside, seed_two_workspaces

MANY = 8


@pytest.fixture
def process(database: Database) -> Iterator[Postgres]:
    seed_two_workspaces(database.hand.connection)
    with psycopg.connect(database.superuser) as superuser:
        superuser.execute("DELETE FROM exports")
    reached = Postgres(lambda: database.app, Secrets())
    yield reached
    reached.close()


class TestPostgresExports(ExportStoreContract):
    @pytest.fixture
    def exports(self, process: Postgres) -> Iterator[ExportStore]:
        with process.transaction(ZOE.id) as connection:
            yield PostgresExports(connection, ZOE.id)

    @pytest.fixture
    def member(self) -> UUID:
        return ZOE.of("analyst")


def test_of_many_workers_at_once_one_gets_the_export(process: Postgres, database: Database) -> None:
    for _ in range(5):
        export_id = new_id()
        with process.transaction(ZOE.id) as connection:
            PostgresExports(connection, ZOE.id).add(WANTED, export_id, ZOE.of("owner"), NOON, NOON + WEEK)

        def claim(_: int, wanted: UUID = export_id) -> bool:
            worker = Postgres(lambda: database.app, Secrets())
            with worker.transaction(ZOE.id) as connection:
                claimed = PostgresExports(connection, ZOE.id).claim(wanted, new_id(), NOON, LATER)
            worker.close()
            return claimed is not None

        with ThreadPoolExecutor(MANY) as pool:
            assert sum(pool.map(claim, range(MANY))) == 1


@pytest.fixture
def app(process: Postgres, database: Database) -> Iterator[psycopg.Connection[Any]]:
    assert process
    with psycopg.connect(database.app, autocommit=True) as connection:
        yield connection


def _ask(connection: psycopg.Connection[Any], **changes: object) -> None:
    row = {"workspace_id": ZOE.id, "id": ZOE.of("asked"), "requested_by": ZOE.of("owner"), "sort": "name"}
    insert(connection, "exports", {**row, **changes})


CLAIMED = {"status": "writing", "claim_id": ZOE.of("worker"), "lease_until": LATER}
READY = {"status": "ready", "object_key": "a-file", "bytes": 9}
FAILED = {"status": "failed", "error": "Away."}


def _change(connection: psycopg.Connection[Any], **changes: object) -> None:
    settings = [sql.SQL("{} = {}").format(sql.Identifier(name), sql.Placeholder()) for name in changes]
    statement = sql.SQL("UPDATE exports SET {}").format(sql.SQL(", ").join(settings))
    connection.execute(statement, list(changes.values()))


@pytest.mark.parametrize(
    ("steps", "forbidden"),
    [
        ([], {**READY, "claim_id": ZOE.of("worker"), "lease_until": LATER}),
        ([CLAIMED], {"status": "requested"}),
        ([CLAIMED, READY], CLAIMED | {"object_key": None, "bytes": None}),
        ([CLAIMED, READY], FAILED | {"object_key": None, "bytes": None}),
        ([CLAIMED, READY], {"rows": 5}),
        ([CLAIMED, FAILED], {**READY, "error": None}),
        ([FAILED], CLAIMED | {"error": None}),
    ],
)
def test_an_export_goes_no_other_way(
    app: psycopg.Connection[Any], steps: list[dict[str, object]], forbidden: dict[str, object]
) -> None:
    with violating("exports_transition"), inside(app, ZOE):
        _ask(app)
        for step in steps:
            _change(app, **step)
        _change(app, **forbidden)


@pytest.mark.parametrize("status", ["writing", "ready", "failed"])
def test_an_export_begins_as_a_request(app: psycopg.Connection[Any], status: str) -> None:
    with violating("exports_transition"), inside(app, ZOE):
        _ask(app, status=status)


@pytest.mark.parametrize(
    ("steps", "broken", "rule"),
    [
        ([], {"status": "writing"}, "exports_claimed"),
        ([CLAIMED], {"status": "ready", "bytes": 9}, "exports_file"),
        ([CLAIMED], {"status": "ready", "object_key": "a-file"}, "exports_file"),
        ([CLAIMED], {"object_key": "a-file"}, "exports_file"),
        ([CLAIMED], {"status": "failed"}, "exports_reason"),
        ([CLAIMED], {"error": "Away."}, "exports_reason"),
        ([CLAIMED], {**READY, "claim_id": ZOE.of("another worker")}, "exports_holder"),
    ],
)
def test_a_state_holds_what_belongs_to_it(
    app: psycopg.Connection[Any], steps: list[dict[str, object]], broken: dict[str, object], rule: str
) -> None:
    with violating(rule), inside(app, ZOE):
        _ask(app)
        for step in steps:
            _change(app, **step)
        _change(app, **broken)


@pytest.mark.parametrize("column", ["filters", "sort", "requested_by", "expires_at"])
def test_what_was_asked_never_changes(app: psycopg.Connection[Any], column: str) -> None:
    with inside(app, ZOE):
        _ask(app)
    with pytest.raises(psycopg.errors.InsufficientPrivilege), inside(app, ZOE):
        app.execute(sql.SQL("UPDATE exports SET {0} = {0}").format(sql.Identifier(column)))


def test_nobody_asks_for_a_member_of_another_workspace(app: psycopg.Connection[Any]) -> None:
    with pytest.raises(psycopg.errors.ForeignKeyViolation), inside(app, ZOE):
        _ask(app, requested_by=MAX.of("owner"))


def test_the_database_itself_keeps_a_row_for_a_week(app: psycopg.Connection[Any]) -> None:
    with inside(app, ZOE):
        _ask(app)
        assert app.execute("SELECT expires_at - created_at FROM exports").fetchone() == (timedelta(days=7),)
