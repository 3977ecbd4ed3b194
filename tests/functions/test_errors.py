"""What goes wrong inside comes out as a problem, and in the log without values."""

import json
from typing import Any, NoReturn

import psycopg
import pytest

from huntaze.errors import Unavailable
from tests.functions.conftest import Stage
from tests.support.functions import Answer, call

PATH = "/api/crm/fans"
SECRET = "zoe.private@example.com"


def _broken(stage: Stage, error: Exception) -> None:
    def in_workspace(_: object) -> NoReturn:
        raise error

    stage.join()
    stage.parts.in_workspace = in_workspace


def _check_manners(answer: Answer) -> None:
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Cache-Control"] == "no-store"
    if answer.status >= 400:
        assert answer.headers["Content-Type"] == "application/problem+json"
        assert answer.json()["status"] == answer.status
        assert set(answer.json()) >= {"type", "title", "status", "detail", "code"}


@pytest.mark.parametrize("error", [ValueError(SECRET), psycopg.errors.CheckViolation(f"DETAIL: ({SECRET})")])
def test_what_nobody_foresaw_is_told_without_detail(
    stage: Stage, error: Exception, capsys: pytest.CaptureFixture[str]
) -> None:
    _broken(stage, error)
    answer = call("fans", "GET", PATH)
    assert answer.status == 500
    assert SECRET not in answer.body
    assert SECRET not in capsys.readouterr().out


def test_a_failure_is_logged_with_its_stack_and_ids(stage: Stage, caplog: pytest.LogCaptureFixture) -> None:
    _broken(stage, ValueError(SECRET))
    call("fans", "GET", PATH)
    failures = [line for line in caplog.records if line.message == "request failed"]
    assert len(failures) == 1
    assert failures[0].exc_info is not None
    assert isinstance(failures[0].exc_info[1], ValueError)


def test_a_database_that_is_away_is_told_with_when_to_try_again(stage: Stage) -> None:
    _broken(stage, Unavailable("The database cannot answer right now.", retry_after=5))
    answer = call("fans", "GET", PATH)
    assert answer.status == 503
    assert answer.headers["Retry-After"] == "5"


def test_a_failure_while_asking_who_calls_is_told_like_any_other(stage: Stage) -> None:
    def of(_: str) -> NoReturn:
        raise Unavailable("The database cannot answer right now.", retry_after=5)

    stage.memberships.of = of
    assert call("fans", "GET", PATH).status == 503


@pytest.mark.usefixtures("stage")
def test_a_missing_setting_is_the_operators_business(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("TOKEN_ISSUER")
    answer = call("fans", "GET", PATH)
    assert answer.status == 500
    assert "TOKEN_ISSUER" not in answer.body


def test_an_answer_that_breaks_its_own_schema_is_our_fault_not_the_callers(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    stage.join()
    monkeypatch.setattr("huntaze.fans.schema.FansBody.of", lambda _: {"fans": 5})
    assert call("fans", "GET", PATH).status == 500


def test_an_address_that_does_not_exist_and_a_wrong_method_are_told_apart(stage: Stage) -> None:
    stage.join()
    assert call("fans", "GET", "/api/crm/nothing").status == 404
    wrong = call("fans", "PATCH", PATH)
    assert wrong.status == 405
    assert wrong.headers["Allow"] == "GET, POST"


def test_missing_delivery_settings_do_not_disturb_the_crm(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("SQS_RATE_LIMITER_QUEUE_URL", "SQS_RATE_LIMITER_DLQ_URL", "REDIS_ENDPOINT", "REDIS_AUTH_TOKEN"):
        monkeypatch.delenv(name, raising=False)
    stage.join()
    assert call("fans", "GET", PATH).status == 200


Request = dict[str, Any]
REQUESTS: list[Request] = [
    {"method": "GET", "path": PATH},
    {"method": "GET", "path": PATH, "query": "limit=0"},
    {"method": "GET", "path": PATH, "claims": None},
    {"method": "POST", "path": PATH, "body": "{"},
    {"method": "PATCH", "path": PATH},
    {"method": "GET", "path": "/nothing"},
]


@pytest.mark.parametrize("request_", REQUESTS, ids=str)
def test_every_answer_has_our_manners(stage: Stage, request_: Request) -> None:
    stage.join()
    _check_manners(call("fans", **request_))


def test_one_request_leaves_one_line_with_ids_and_without_its_content(
    stage: Stage, capsys: pytest.CaptureFixture[str]
) -> None:
    joined = stage.join()
    call("fans", "POST", PATH, body={"name": SECRET, "platform": "onlyfans", "platformId": SECRET})
    logged = capsys.readouterr().out
    assert SECRET not in logged
    (line,) = map(json.loads, logged.splitlines())
    assert line["route"] == "POST /api/crm/fans"
    assert line["status"] == 201
    assert (line["workspaceId"], line["userId"]) == (str(joined.workspace_id), str(joined.member_id))
