"""Sessions in PostgreSQL, and what row-level security lets anybody see of them."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import psycopg
import pytest
from psycopg import sql

from huntaze.runtime.postgres import SET_PERSON, Postgres
from huntaze.runtime.secrets import Secrets
from huntaze.sessions.model import IDLE, Session, hash_of
from huntaze.sessions.service import SessionStore
from huntaze.sessions.store import PostgresSessions
from tests.conftest import Database
from tests.support.session_store_contract import ANA, NOON, TOM, SessionStoreContract
from tests.support.sessions import a_session


@pytest.fixture
def process(database: Database) -> Iterator[Postgres]:
    reached = Postgres(lambda: database.app, Secrets())
    yield reached
    reached.close()


@pytest.fixture
def store(process: Postgres) -> SessionStore:
    return PostgresSessions(process.look_up, process.as_person)


@pytest.fixture
def app(database: Database) -> Iterator[psycopg.Connection[Any]]:
    with psycopg.connect(database.app, autocommit=True) as connection:
        yield connection


class TestPostgresSessions(SessionStoreContract):
    @pytest.fixture
    def store(self, process: Postgres) -> SessionStore:
        return PostgresSessions(process.look_up, process.as_person)


@pytest.fixture
def two(store: SessionStore) -> tuple[Session, Session]:
    sessions = a_session("ana's", ANA, NOON), a_session("tom's", TOM, NOON)
    for session in sessions:
        store.begin(session)
    return sessions


FORGE = sql.SQL("""
INSERT INTO sessions (token_hash, subject, email, created_at, seen_at, idle_until, ends_at)
VALUES (%s, %s, 'x@example.com', now(), now(), now(), now())
""")


def _as(connection: psycopg.Connection[Any], subject: str) -> None:
    connection.execute(SET_PERSON, {"subject": subject})


def _do_as(connection: psycopg.Connection[Any], subject: str, statement: sql.Composable, *values: object) -> None:
    with connection.transaction():
        _as(connection, subject)
        connection.execute(statement, values)


@pytest.mark.usefixtures("two")
def test_without_a_person_no_session_is_in_sight(app: psycopg.Connection[Any]) -> None:
    assert app.execute("SELECT * FROM sessions").fetchall() == []
    with app.transaction():
        _as(app, "")
        assert app.execute("SELECT * FROM sessions").fetchall() == []


def test_a_person_sees_and_ends_their_own_alone(app: psycopg.Connection[Any], two: tuple[Session, Session]) -> None:
    with app.transaction(force_rollback=True):
        _as(app, ANA.subject)
        seen = [bytes(row[0]) for row in app.execute("SELECT token_hash FROM sessions")]
        assert seen == [two[0].token_hash]
        assert app.execute("UPDATE sessions SET theme = 'dark'").rowcount == 1
        assert app.execute("DELETE FROM sessions").rowcount == 1


@pytest.mark.usefixtures("two")
def test_nobody_begins_a_session_for_somebody_else(app: psycopg.Connection[Any]) -> None:
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        _do_as(app, ANA.subject, FORGE, hash_of("forged"), TOM.subject)


@pytest.mark.parametrize("column", ["subject", "email", "token_hash", "ends_at", "created_at"])
def test_who_it_is_and_when_it_ends_cannot_be_changed(
    app: psycopg.Connection[Any], two: tuple[Session, Session], column: str
) -> None:
    assert two
    change = sql.SQL("UPDATE sessions SET {0} = {0}").format(sql.Identifier(column))
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        _do_as(app, ANA.subject, change)


def test_a_person_is_forgotten_when_their_transaction_ends(process: Postgres, two: tuple[Session, Session]) -> None:
    with process.as_person(ANA.subject) as connection:
        assert len(connection.execute("SELECT * FROM sessions").fetchall()) == 1
    assert process.look_up("SELECT * FROM sessions", {}) == []
    assert two


def test_beginning_a_session_drops_what_has_ended_of_the_same_person(
    store: SessionStore, two: tuple[Session, Session], database: Database
) -> None:
    store.begin(a_session("later", ANA, NOON + IDLE + timedelta(seconds=1)))
    kept = {bytes(row[0]) for row in database.run("SELECT token_hash FROM sessions")}
    assert kept == {two[1].token_hash, hash_of("later")}
