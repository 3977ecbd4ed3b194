"""The two ways into the database: by its rules, row by row, and by COPY without them."""

from collections.abc import Iterator
from dataclasses import replace

import psycopg
import pytest
from psycopg import sql

from local.demo.copying import copy, index, suspend_indexes
from local.demo.crowd import Amount
from local.demo.generator import generate
from local.demo.loading import SEED, load
from local.demo.recount import disagreements
from local.demo.rows import TABLES
from local.demo.workplace import workplace
from local.demo.workspaces import DEMO
from local.demo.writing import act_as, insert
from local.servers import Postgres
from tests.conftest import Database
from tests.integration.demo.conftest import NOW, seat_everybody

# The campaign's own row and what is left unfinished belong to the demo alone.
PLAIN = replace(
    DEMO[0],
    creator=replace(DEMO[0].creator, campaign=None),
    amount=Amount(fans=300, conversations=200, messages=2000, transactions=900),
    drafts=0,
    in_trouble=(),
)
WORKSPACE_ID = PLAIN.creator.workspace_id


@pytest.fixture
def copied(postgres: Postgres, migrated_template: str) -> Iterator[str]:
    """A database that was filled as the benches' are."""
    postgres.create_database("copied", template=migrated_template)
    seat_everybody(postgres.app_conninfo("copied"))
    superuser = postgres.superuser_conninfo("copied")
    with psycopg.connect(superuser) as connection:
        for table, rows in workplace(PLAIN, NOW):
            insert(connection, table, rows)
    suspend_indexes(superuser)
    copy(superuser, generate(PLAIN.creator, PLAIN.amount, seed=SEED, now=NOW))
    index(superuser, lambda _: None)
    yield superuser
    postgres.drop_database("copied")


def contents(conninfo: str, table: str) -> list[str]:
    # Only the moment of the last change differs: by the rules it is when the row was written.
    question = sql.SQL("SELECT (to_jsonb(kept) - 'updated_at')::text FROM {} AS kept ORDER BY 1")
    with psycopg.connect(conninfo) as connection:
        return [row[0] for row in connection.execute(question.format(sql.Identifier(table)))]


def test_copying_gives_the_rows_that_the_rules_make(staffed: Database, copied: str) -> None:
    load(staffed.app, NOW, [PLAIN])
    for table in TABLES.values():
        assert contents(copied, table) == contents(staffed.superuser, table), table


def test_a_recount_agrees_with_what_was_copied(copied: str) -> None:
    with psycopg.connect(copied) as connection:
        act_as(connection, WORKSPACE_ID)
        assert disagreements(connection, WORKSPACE_ID) == {}


def test_what_was_copied_keeps_every_foreign_key(copied: str) -> None:
    with psycopg.connect(copied, autocommit=True) as connection:
        keys = connection.execute(
            "SELECT conrelid::regclass::text, conname FROM pg_constraint WHERE contype = 'f' AND conparentid = 0"
        ).fetchall()
        for table, key in keys:
            where = {"table": sql.SQL(table), "key": sql.Identifier(key)}
            connection.execute(sql.SQL("ALTER TABLE {table} ALTER CONSTRAINT {key} NOT ENFORCED").format(**where))
            connection.execute(sql.SQL("ALTER TABLE {table} ALTER CONSTRAINT {key} ENFORCED").format(**where))


def test_after_copying_all_indexes_serve_again(copied: str) -> None:
    with psycopg.connect(copied) as connection:
        asleep = connection.execute("SELECT indexrelid::regclass FROM pg_index WHERE NOT (indisready AND indisvalid)")
        assert asleep.fetchall() == []
        with pytest.raises(psycopg.errors.UniqueViolation):
            connection.execute(
                "INSERT INTO fans (workspace_id, id, name, platform) SELECT workspace_id, id, name, platform FROM fans"
            )
