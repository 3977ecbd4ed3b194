"""A smoke test that finds something wrong says so, and sends nothing whatever it finds."""

import json
import time
from typing import Any

import pytest

from local.cloud import smoking, trying_person
from local.cloud.account import Aws
from local.cloud.deployed import Deployed
from local.cloud.http import Answer
from local.cloud.reading_logs import newest_errors
from local.cloud.smoking import Result
from local.cloud.trying_person import Person, person_of

PERSON = Person("smoke@example.com", "a password")
SEND = "/api/onlyfans/messages/send"
WELL: dict[str, tuple[int, Any]] = {
    "GET /api/openapi.json": (200, {"paths": {"/api/crm/fans": {}}}),
    "GET /sign-in": (200, 'name="password"'),
    "GET /api/crm/fans": (401, {}),
    "GET /api/crm/fans?limit=1": (200, {"fans": []}),
    "GET /api/onlyfans/connections": (200, {"connections": [{"platform": "onlyfans", "state": "paused"}]}),
    "POST /api/crm/fans": (201, {"id": "1"}),
    f"POST {SEND}": (202, {"messageId": "m-1", "status": "queued"}),
    "POST /api/onlyfans/messages/m-1/cancel": (202, {"messageId": "m-1", "status": "cancelled"}),
}


class Behind:
    """The user pool and the logs of a stage."""

    def __init__(self) -> None:
        self.lines: list[tuple[float, str]] = []
        self.challenge: str | None = None

    @property
    def exceptions(self) -> Any:
        return type("Exceptions", (), {"ResourceNotFoundException": KeyError})

    def initiate_auth(self, **_: Any) -> dict[str, Any]:
        return {"ChallengeName": self.challenge} if self.challenge else {"AuthenticationResult": {"AccessToken": "t"}}

    def get_paginator(self, _: str) -> "Behind":
        return self

    def paginate(self, logGroupName: str, startTime: int, filterPattern: str) -> list[dict[str, Any]]:  # noqa: N803
        assert "ERROR" in filterPattern
        mine = self.lines if logGroupName.endswith("-fans") else []
        return [{"events": [{"timestamp": at * 1000, "message": said} for at, said in mine if at * 1000 >= startTime]}]


class Stage:
    """A stage that answers as it is told, and remembers what it was asked."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.answers, self.asked, self.aws = dict(WELL), [], Behind()
        outputs = {"Url": "https://stage.example/", "ClientId": "client"}
        self.deployed = Deployed("staging", Aws("1", "us-east-1", lambda _: self.aws), outputs)
        for module in (smoking, trying_person):
            monkeypatch.setattr(module, "ask", self._ask)

    def _ask(self, method: str, url: str, *, token: str | None = None, body: object = None) -> Answer:
        del token, body
        what = f"{method} {url.removeprefix('https://stage.example')}"
        self.asked.append(what)
        status, told = self.answers[what]
        return Answer(status, (told if isinstance(told, str) else json.dumps(told)).encode())

    def findings(self, person: Person | None = PERSON) -> dict[str, Result]:
        found = smoking.all_findings(self.deployed, person, since=time.time() - 60)
        return {finding.check.split(",")[0]: finding.result for finding in found}


@pytest.fixture
def stage(monkeypatch: pytest.MonkeyPatch) -> Stage:
    return Stage(monkeypatch)


def test_all_is_well(stage: Stage) -> None:
    findings = stage.findings()
    assert len(findings) == 7
    assert set(findings.values()) == {Result.WELL}


@pytest.mark.parametrize(
    ("asked", "status", "check"),
    [
        ("GET /api/openapi.json", 502, "the description of the API is served"),
        ("GET /sign-in", 500, "the page to sign in is served"),
        ("GET /api/crm/fans", 200, "nobody comes in without a token"),
        ("GET /api/crm/fans", 0, "nobody comes in without a token"),
        ("GET /api/crm/fans?limit=1", 403, "they see their fans"),
        (f"POST {SEND}", 500, "a message to a held account waits"),
        ("POST /api/onlyfans/messages/m-1/cancel", 409, "a message to a held account waits"),
    ],
)
def test_one_check_that_fails_is_told_and_keeps_no_other_from_being_made(
    stage: Stage, asked: str, status: int, check: str
) -> None:
    stage.answers[asked] = (status, {})
    findings = stage.findings()
    assert {name for name, result in findings.items() if result is Result.FAILED} == {check}
    assert len(findings) == 7


@pytest.mark.parametrize("states", [["active"], [], ["paused", "active"], ["expired"]])
def test_nothing_is_written_while_the_account_could_send_it(stage: Stage, states: list[str]) -> None:
    told = [{"platform": "onlyfans", "state": state} for state in states]
    stage.answers["GET /api/onlyfans/connections"] = (200, {"connections": told})
    assert stage.findings()["a message to a held account waits"] is Result.SKIPPED
    assert f"POST {SEND}" not in stage.asked


def test_sending_that_is_held_on_purpose_is_no_failure(stage: Stage) -> None:
    stage.answers[f"POST {SEND}"] = (503, {"detail": "RATE_LIMITER_ENABLED is false."})
    assert stage.findings()["a message to a held account waits"] is Result.SKIPPED


def test_a_message_that_did_not_wait_is_told(stage: Stage) -> None:
    stage.answers[f"POST {SEND}"] = (202, {"messageId": "m-1", "status": "sending"})
    assert stage.findings()["a message to a held account waits"] is Result.FAILED


def test_without_a_person_what_takes_one_is_skipped(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HUNTAZE_SMOKE_EMAIL", "HUNTAZE_SMOKE_PASSWORD"):
        monkeypatch.delenv(name, raising=False)
    assert person_of("staging") is None
    findings = stage.findings(None)
    assert (findings["a person signs in"], len(findings)) == (Result.SKIPPED, 5)


def test_a_person_with_a_second_factor_cannot_sign_in_by_a_password_alone(stage: Stage) -> None:
    stage.aws.challenge = "SOFTWARE_TOKEN_MFA"
    assert stage.findings()["a person signs in"] is Result.FAILED


def test_errors_since_the_beginning_fail_and_older_ones_are_shown(
    stage: Stage, capsys: pytest.CaptureFixture[str]
) -> None:
    line = json.dumps({"level": "ERROR", "message": "request failed", "exception_name": "KeyError"})
    stage.aws.lines = [(time.time() - 300, line)]
    assert stage.findings()["no function has logged an error meanwhile"] is Result.WELL
    assert "staging-huntaze-fans: request failed · KeyError" in capsys.readouterr().out
    stage.aws.lines.append((time.time(), line))
    assert stage.findings()["no function has logged an error meanwhile"] is Result.FAILED


def test_what_is_no_error_in_json_is_none(stage: Stage) -> None:
    stage.aws.lines = [(time.time(), said) for said in ("START", '"ERROR"', '{"level": "INFO", "message": "answered"}')]
    assert newest_errors("staging", stage.deployed.aws, 0) == []


def test_a_password_is_never_shown() -> None:
    assert "a password" not in repr(PERSON)
