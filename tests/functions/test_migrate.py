"""The migrations as CloudFormation calls them; the runner itself is tested on a real database."""

import json
from collections.abc import Iterator
from typing import Any

import boto3
import pytest
from moto import mock_aws
from psycopg.conninfo import conninfo_to_dict

from huntaze.edge import custom_resource
from huntaze.migrations import runner
from tests.support.functions import Context, load

pytestmark = pytest.mark.usefixtures("stage")

SECRET = {"username": "admin", "password": "of the admin", "host": "db", "port": 5432, "dbname": "huntaze"}


@pytest.fixture
def answers(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    given: list[dict[str, Any]] = []
    monkeypatch.setattr(custom_resource, "_put", lambda _, body: given.append(json.loads(body)))
    return given


@pytest.fixture
def migrated(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[tuple[str, str]]]:
    ran: list[tuple[str, str]] = []

    def migrate(admin: str, app_password: str) -> list[str]:
        ran.append((admin, app_password))
        return ["0001_tenancy.sql", "0002_fans.sql"]

    monkeypatch.setattr(runner, "migrate", migrate)
    with mock_aws():
        secrets = boto3.client("secretsmanager")
        for variable, password in (("MIGRATOR_DATABASE_URL", "of the admin"), ("DATABASE_URL", "of the app")):
            content = json.dumps({**SECRET, "password": password})
            monkeypatch.setenv(variable, secrets.create_secret(Name=variable, SecretString=content)["ARN"])
        yield ran


def _event(request_type: str) -> dict[str, str]:
    return {
        "RequestType": request_type,
        "ResponseURL": "https://cloudformation.invalid/answer",
        "StackId": "stack",
        "RequestId": "request",
        "LogicalResourceId": "Schema",
    }


def test_a_deployment_migrates_with_both_secrets(
    migrated: list[tuple[str, str]], answers: list[dict[str, Any]]
) -> None:
    load("migrate").handler(_event("Create"), Context())
    ((admin, app_password),) = migrated
    assert conninfo_to_dict(admin)["password"] == "of the admin"
    assert app_password == "of the app"
    assert answers[0]["Status"] == "SUCCESS"
    assert answers[0]["Data"] == {"Applied": "2"}


def test_taking_the_stack_away_leaves_the_database_alone(
    migrated: list[tuple[str, str]], answers: list[dict[str, Any]]
) -> None:
    load("migrate").handler(_event("Delete"), Context())
    assert not migrated
    assert answers[0]["Status"] == "SUCCESS"


def test_without_its_settings_the_deployment_fails_at_once_and_says_which(
    answers: list[dict[str, Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("MIGRATOR_DATABASE_URL", raising=False)
    load("migrate").handler(_event("Update"), Context())
    assert answers[0]["Status"] == "FAILED"
    assert "MIGRATOR_DATABASE_URL" in answers[0]["Reason"]
