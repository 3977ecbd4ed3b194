"""The one connection of a process: what it forgets, and how it comes back."""

import json
from collections.abc import Callable
from typing import Any
from uuid import UUID

import psycopg
import pytest
from botocore.exceptions import ClientError
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from huntaze.errors import Unavailable
from huntaze.ids import new_id
from huntaze.runtime.postgres import Postgres
from huntaze.runtime.secrets import Secrets
from tests.conftest import Database

ARN = "arn:aws:secretsmanager:us-east-1:123456789012:secret:database"
CONTEXT = """
SELECT current_setting('huntaze.workspace_id', true) AS workspace, current_setting('huntaze.actor_id', true) AS actor
"""
SETTINGS = "SELECT current_setting('statement_timeout') AS statement, current_setting('TimeZone') AS zone"
Connection = psycopg.Connection[Any]
Step = Callable[[Connection], None]

OUR_SESSIONS = "FROM pg_stat_activity WHERE usename = 'huntaze_app' AND datname = current_database()"
ADD = "INSERT INTO fans (workspace_id, id, name, platform) VALUES (%s, %s, 'Robin', 'other')"
COUNT = "SELECT count(*) AS fans FROM fans"


@pytest.fixture
def database(one_database: Database) -> Database:
    return one_database


def _cut_all_connections(database: Database) -> None:
    database.run(f"SELECT pg_terminate_backend(pid) {OUR_SESSIONS}")


def _do(process: Postgres, workspace_id: UUID, *steps: Step) -> None:
    with process.transaction(workspace_id) as connection:
        for step in steps:
            step(connection)


def _running(statement: str, *parameters: object) -> Step:
    def step(connection: Connection) -> None:
        connection.execute(statement, parameters)

    return step


def _adding_a_fan(workspace_id: UUID) -> Step:
    return _running(ADD, workspace_id, new_id())


def _cutting_all_connections(database: Database) -> Step:
    return lambda _: _cut_all_connections(database)


def _fans(process: Postgres, workspace_id: UUID) -> int:
    with process.transaction(workspace_id) as connection:
        (row,) = connection.execute(COUNT).fetchall()
        return int(row["fans"])


def test_a_transaction_knows_its_workspace_and_who_acts(process: Postgres, workspace_id: UUID) -> None:
    actor = new_id()
    with process.transaction(workspace_id, actor) as connection:
        assert connection.execute(CONTEXT).fetchall() == [{"workspace": str(workspace_id), "actor": str(actor)}]
    with process.transaction(workspace_id) as connection:
        assert connection.execute("SELECT current_actor() AS actor").fetchall() == [{"actor": None}]


def test_json_comes_back_as_it_went_in(process: Postgres) -> None:
    kept = {"": [1, -2.5e-7, True, None, {}], "é \u202e 🎉": '"\\ \n\t', "deep": {"er": [[[]]]}}
    asked = "SELECT %(kept)s::jsonb AS both, %(text)s::json AS blanks, NULL::jsonb AS nothing"
    (row,) = process.look_up(asked, {"kept": json.dumps(kept), "text": " [ 1 ] "})
    assert row == {"both": kept, "blanks": [1], "nothing": None}


def test_looping_over_an_answer_meets_every_row_once(process: Postgres, workspace_id: UUID) -> None:
    with process.transaction(workspace_id) as connection:
        answer = connection.execute("SELECT n FROM generate_series(1, 3) AS n")
        assert answer.fetchone() == {"n": 1}
        assert [row["n"] for row in answer] == [2, 3]
        assert list(answer) == []


def test_nothing_is_left_for_whoever_comes_next(process: Postgres, workspace_id: UUID) -> None:
    _do(process, workspace_id, _adding_a_fan(workspace_id))
    assert process.look_up(CONTEXT, {}) == [{"workspace": "", "actor": ""}]
    assert process.look_up(COUNT, {}) == [{"fans": 0}]


def test_after_an_error_nothing_was_done_and_nothing_is_left(process: Postgres, workspace_id: UUID) -> None:
    adding = _running(ADD, workspace_id, new_id())
    with pytest.raises(psycopg.errors.UniqueViolation):
        _do(process, workspace_id, adding, adding)
    assert process.look_up(COUNT, {}) == [{"fans": 0}]
    assert _fans(process, workspace_id) == 0


def test_one_process_has_one_connection(process: Postgres, workspace_id: UUID, database: Database) -> None:
    for _ in range(5):
        _fans(process, workspace_id)
    assert database.run(f"SELECT count(*) {OUR_SESSIONS}") == [(1,)]


def test_a_transaction_inside_another_is_a_mistake_and_is_told(process: Postgres, workspace_id: UUID) -> None:
    with (
        pytest.raises(RuntimeError, match="open already"),
        process.transaction(workspace_id),
        process.transaction(new_id()),
    ):
        pass
    assert _fans(process, workspace_id) == 0


def test_a_connection_that_died_between_requests_is_replaced_unnoticed(
    process: Postgres, workspace_id: UUID, database: Database
) -> None:
    assert _fans(process, workspace_id) == 0
    _cut_all_connections(database)
    assert _fans(process, workspace_id) == 0
    _cut_all_connections(database)
    assert process.look_up(COUNT, {}) == [{"fans": 0}]


def test_a_connection_that_dies_in_the_middle_is_unavailable_and_then_replaced(
    process: Postgres, workspace_id: UUID, database: Database
) -> None:
    with pytest.raises(Unavailable) as raised:
        _do(process, workspace_id, _adding_a_fan(workspace_id), _cutting_all_connections(database), _running(COUNT))
    assert raised.value.retry_after > 0
    assert _fans(process, workspace_id) == 0, "nothing was half done"


def test_a_commit_that_cannot_be_heard_is_unavailable(
    process: Postgres, workspace_id: UUID, database: Database
) -> None:
    with pytest.raises(Unavailable):
        _do(process, workspace_id, _adding_a_fan(workspace_id), _cutting_all_connections(database))
    assert _fans(process, workspace_id) == 0


def test_a_database_that_is_away_is_unavailable_and_recovers_by_itself(database: Database, workspace_id: UUID) -> None:
    where = make_conninfo(database.app, host="127.0.0.1", port="1")
    process = Postgres(lambda: where, Secrets())
    for attempt in (lambda: _fans(process, workspace_id), lambda: process.look_up(COUNT, {})):
        with pytest.raises(Unavailable) as raised:
            attempt()
        assert "127.0.0.1" not in str(raised.value)
    where = database.app
    assert _fans(process, workspace_id) == 0
    process.close()


def test_a_statement_that_never_ends_is_cut_and_the_connection_stays_good(
    process: Postgres, workspace_id: UUID
) -> None:
    with pytest.raises(Unavailable):
        _do(process, workspace_id, _running("SET LOCAL statement_timeout = 50"), _running("SELECT pg_sleep(30)"))
    assert _fans(process, workspace_id) == 0
    assert process.look_up(SETTINGS, {}) == [{"statement": "10s", "zone": "UTC"}]


class Rotating:
    """A secret whose value changes, as Secrets Manager gives it."""

    def __init__(self, *passwords: str, conninfo: str) -> None:
        self._passwords = list(passwords)
        self._parts = conninfo_to_dict(conninfo)
        self.readings = 0

    def get_secret_value(self, SecretId: str, VersionStage: str = "AWSCURRENT") -> dict[str, str]:  # noqa: N803 - boto3's
        assert SecretId == ARN
        if VersionStage == "AWSPENDING":
            raise ClientError({"Error": {"Code": "ResourceNotFoundException", "Message": ""}}, "GetSecretValue")
        self.readings += 1
        password = self._passwords.pop(0) if len(self._passwords) > 1 else self._passwords[0]
        parts = {name: self._parts[name] for name in ("host", "port", "dbname", "sslmode")}
        return {"SecretString": json.dumps({**parts, "username": self._parts["user"], "password": password})}


def _right_password(database: Database) -> str:
    return str(conninfo_to_dict(database.app)["password"])


def test_a_rotated_password_is_read_anew_once(database: Database, workspace_id: UUID) -> None:
    secret = Rotating("yesterday's", _right_password(database), conninfo=database.app)
    process = Postgres(lambda: ARN, Secrets(lambda: secret))
    assert _fans(process, workspace_id) == 0
    assert secret.readings == 2
    process.close()


def test_a_password_that_stays_wrong_is_not_asked_for_again_and_again(database: Database, workspace_id: UUID) -> None:
    secret = Rotating("wrong", conninfo=database.app)
    process = Postgres(lambda: ARN, Secrets(lambda: secret))
    with pytest.raises(Unavailable):
        _fans(process, workspace_id)
    assert secret.readings == 2
