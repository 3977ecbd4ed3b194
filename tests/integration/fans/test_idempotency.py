"""A keyed request is done once: with its answer in one transaction, whoever repeats it and whatever fails."""

import json
import multiprocessing
import os
import threading
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from huntaze import wiring
from huntaze.errors import Conflict, KeyReused, NotFound
from huntaze.idempotency.model import Answer, Keyed
from huntaze.idempotency.service import AnswerStore
from huntaze.idempotency.store import PostgresAnswers
from huntaze.members.model import Principal, Role
from huntaze.runtime.postgres import Postgres
from tests.conftest import Database
from tests.integration.fans.conftest import add_member
from tests.support.answer_store_contract import LATER, NOON, REQUEST, AnswerStoreContract
from tests.support.functions import CLIENT, ISSUER, SUBJECT, call
from tests.support.logs import forget_logger
from tests.support.people import new_fan

PATH = "/api/crm/fans"
KEYED = {"idempotency-key": "one key"}


@pytest.fixture
def database(one_database: Database) -> Database:
    return one_database


@pytest.fixture
def who(database: Database, workspace_id: UUID) -> Principal:
    return Principal("zoe", workspace_id, add_member(database, workspace_id, subject=f"zoe {workspace_id}"), Role.OWNER)


@pytest.fixture
def parts(database: Database) -> Iterator[wiring.Wiring]:
    made = _parts(database)
    yield made
    made.postgres.close()


def _parts(database: Database) -> wiring.Wiring:
    return wiring.Wiring({"DATABASE_URL": database.app})


def _names(database: Database, workspace_id: UUID) -> list[str]:
    return [name for (name,) in database.run("SELECT name FROM fans WHERE workspace_id = %s", workspace_id)]


class TestPostgresAnswers(AnswerStoreContract):
    @pytest.fixture
    def answers(self, process: Postgres, workspace_id: UUID) -> Iterator[AnswerStore]:
        with process.transaction(workspace_id) as connection:
            yield PostgresAnswers(connection, workspace_id)

    def test_what_is_kept_too_long_is_forgotten_when_something_new_comes(
        self, process: Postgres, workspace_id: UUID
    ) -> None:
        with process.transaction(workspace_id) as connection:
            answers = PostgresAnswers(connection, workspace_id)
            for key in ("a", "b", "c"):
                answers.keep("zoe", Keyed(key, b"f" * 32), Answer(204, {}, ""), NOON, LATER)
            answers.keep("zoe", REQUEST, Answer(204, {}, ""), LATER, LATER + timedelta(days=1))
            left = connection.execute("SELECT key FROM idempotency_keys").fetchall()
        assert left == [{"key": "key"}]


def test_fifty_at_once_have_one_effect_and_one_answer(database: Database, who: Principal) -> None:
    together = threading.Barrier(50)

    def ask(number: int) -> Answer:
        parts = _parts(database)

        def act() -> Answer:
            fan = parts.fans.create(who, new_fan(name=f"Made by {number}", platform_id=None))
            return Answer(201, {"by": str(number)}, fan.name)

        together.wait(60)
        try:
            return parts.idempotency.once(who, REQUEST, act)
        finally:
            parts.postgres.close()

    with ThreadPoolExecutor(50) as people:
        answers = list(people.map(ask, range(50)))
    assert len(answers) == 50
    assert answers == [answers[0]] * 50
    assert _names(database, who.workspace_id) == [answers[0].body]


def test_who_comes_while_the_first_runs_for_long_is_told_so(database: Database, who: Principal) -> None:
    first, second = _parts(database), _parts(database)

    def act() -> Answer:
        with pytest.raises(Conflict, match="still running"):
            second.idempotency.once(who, REQUEST, lambda: Answer(500, {}, "never"))
        return Answer(200, {}, "done")

    assert first.idempotency.once(who, REQUEST, act).body == "done"
    assert second.idempotency.once(who, REQUEST, act).body == "done"
    for parts in (first, second):
        parts.postgres.close()


def test_another_request_under_the_key_is_refused(parts: wiring.Wiring, who: Principal) -> None:
    parts.idempotency.once(who, REQUEST, lambda: Answer(200, {}, "done"))
    with pytest.raises(KeyReused):
        parts.idempotency.once(who, Keyed("key", b"g" * 32), lambda: Answer(200, {}, "done"))


def test_a_refusal_is_kept_and_what_it_began_is_not(database: Database, parts: wiring.Wiring, who: Principal) -> None:
    def act() -> Answer:
        with pytest.raises(NotFound):
            _do_half(parts, who)
        return Answer(404, {}, "nothing here")

    assert parts.idempotency.once(who, REQUEST, act).status == 404
    assert _names(database, who.workspace_id) == []
    assert parts.idempotency.once(who, REQUEST, lambda: Answer(200, {}, "")).body == "nothing here"


def _do_half(parts: wiring.Wiring, who: Principal) -> None:
    with parts.in_workspace(who) as stores:
        stores.fans.add(new_fan(name="Half done"), who.member_id, NOON)
        raise NotFound


@pytest.mark.parametrize("failure", ["an answer", "an error", "a lost connection"])
def test_what_fails_on_our_side_leaves_neither_effect_nor_answer(
    database: Database, parts: wiring.Wiring, who: Principal, failure: str
) -> None:
    def act() -> Answer:
        parts.fans.create(who, new_fan(name="Taken back"))
        if failure == "an error":
            raise ValueError
        if failure == "a lost connection":
            database.run("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'huntaze_app'")
        return Answer(503, {}, "away")

    if failure == "an error":
        with pytest.raises(ValueError):  # noqa: PT011 - it has no text
            parts.idempotency.once(who, REQUEST, act)
    else:
        assert parts.idempotency.once(who, REQUEST, act).status == 503
    assert _names(database, who.workspace_id) == []
    assert parts.idempotency.once(who, REQUEST, lambda: Answer(201, {}, "now")).body == "now"


def test_a_part_belongs_to_the_workspace_of_the_whole(parts: wiring.Wiring, who: Principal) -> None:
    elsewhere = Principal("zoe", who.member_id, who.member_id, Role.OWNER)
    with (
        pytest.raises(RuntimeError, match="belongs to the workspace"),
        parts.as_a_whole(who),
        parts.in_workspace(elsewhere),
    ):
        pass
    with parts.in_workspace(who) as stores:
        assert stores.answers.kept("zoe", "key", NOON) is None


@pytest.fixture
def settings(database: Database, workspace_id: UUID, monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, str]]:
    """A fresh process for the handlers; the caller is the workspace's owner."""
    database.run("UPDATE members SET subject = NULL, status = 'invited' WHERE subject = %s", SUBJECT)
    add_member(database, workspace_id, subject=SUBJECT)
    told = {"DATABASE_URL": database.app, "TOKEN_ISSUER": ISSUER, "TOKEN_CLIENT_ID": CLIENT}
    told["REQUESTS_PER_MINUTE"] = "1000"
    for name, value in told.items():
        monkeypatch.setenv(name, value)
    wiring.current.cache_clear()
    yield told
    wiring.current().postgres.close()
    wiring.current.cache_clear()
    forget_logger()


def _ask(settings: dict[str, str], body: dict[str, Any]) -> tuple[int, str]:
    """One request in a process of its own; several in one process follow each other."""
    os.environ.update(settings)
    answer = call("fans", "POST", PATH, body=body, headers=KEYED)
    return answer.status, json.dumps([answer.body, answer.headers["ETag"]])


def test_processes_at_once_answer_byte_for_byte_the_same(
    database: Database, workspace_id: UUID, settings: dict[str, str]
) -> None:
    body = {"name": "Zoë's 🎉", "platform": "onlyfans", "platformId": "u1"}
    with ProcessPoolExecutor(4, mp_context=multiprocessing.get_context("spawn")) as processes:
        answers = [asked.result() for asked in [processes.submit(_ask, settings, body) for _ in range(50)]]
    assert set(answers) == {answers[0]}
    assert answers[0][0] == 201
    assert _names(database, workspace_id) == ["Zoë's 🎉"]


@pytest.mark.usefixtures("settings")
def test_a_handler_needs_to_know_nothing_of_keys(database: Database, workspace_id: UUID) -> None:
    body = {"name": "Robin", "platform": "onlyfans", "platformId": "u1"}
    created = call("fans", "POST", PATH, body=body, headers=KEYED)
    again = call("fans", "POST", PATH, body=body, headers=KEYED)
    assert (again.status, again.body, again.headers["ETag"]) == (201, created.body, created.headers["ETag"])
    assert call("fans", "POST", PATH, body={**body, "name": "Sam"}, headers=KEYED).status == 422
    conflict = {"idempotency-key": "another"}
    refused = [call("fans", "POST", PATH, body=body, headers=conflict).body for _ in range(2)]
    assert json.loads(refused[0])["status"] == 409
    assert refused[0] == refused[1]
    gone = [
        call("fans", "DELETE", f"{PATH}/{created.json()['id']}", headers={"idempotency-key": "del"}) for _ in range(2)
    ]
    assert [(answer.status, answer.body) for answer in gone] == [(204, "")] * 2
    assert _names(database, workspace_id) == ["Robin"]
