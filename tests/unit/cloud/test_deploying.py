"""What a deployment does before, between and after the CDK's own steps, which end-to-end tests take for real."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError

from local.cloud import deploying, notes
from local.cloud.account import Aws, NotReady
from local.cloud.notes import Note

HERE = Note("staging", "111122223333", "eu-west-1")
ROOM = 1000


class Account:
    """CloudFormation, Lambda and S3 of one account, as far as they are asked."""

    def __init__(self, stacks: dict[str, bool] | None = None, room: int = ROOM) -> None:
        self.stacks = {"CDKToolkit": False} if stacks is None else stacks  # by name: whether it is protected
        self.room = room
        self.deleted: list[str] = []

    def describe_stacks(self, StackName: str) -> dict[str, Any]:  # noqa: N803 - boto3's words
        if StackName not in self.stacks:
            raise ClientError({"Error": {"Code": "ValidationError", "Message": ""}}, "DescribeStacks")
        return {"Stacks": [{"StackName": StackName, "EnableTerminationProtection": self.stacks[StackName]}]}

    def describe_stack_resources(self, StackName: str) -> dict[str, Any]:  # noqa: N803, ARG002 - the same
        bucket = {"ResourceType": "AWS::S3::Bucket", "PhysicalResourceId": "files"}
        return {"StackResources": [bucket, {"ResourceType": "AWS::SQS::Queue", "PhysicalResourceId": "queue"}]}

    def get_account_settings(self) -> dict[str, Any]:
        return {"AccountLimit": {"UnreservedConcurrentExecutions": self.room}}

    def get_paginator(self, _: str) -> "Account":
        return self

    def paginate(self, Bucket: str) -> list[dict[str, Any]]:  # noqa: N803 - the same
        return [{"Contents": [{"Key": f"{Bucket}/1"}]}, {}]

    def delete_objects(self, Bucket: str, Delete: dict[str, list[dict[str, str]]]) -> None:  # noqa: N803, ARG002
        self.deleted += [each["Key"] for each in Delete["Objects"]]


class Stage:
    """A stage to deploy, with everything around it written down."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
        self.account, self.steps, self.file = Account(), [], folder / "cdk.context.json"
        self.account.stacks["huntaze-staging-app"] = False
        self.typed: str | None = "staging"
        aws = Aws(HERE.account or "", HERE.region or "", lambda _: self.account)
        monkeypatch.setattr(deploying, "opened", lambda _: aws)
        monkeypatch.setattr(deploying, "note_of", lambda name: notes.note_of(name, self.file))
        monkeypatch.setattr(deploying, "keep", lambda note: notes.keep(note, self.file))
        monkeypatch.setattr("builtins.input", self._input)
        monkeypatch.setattr(deploying.cdk, "bootstrap", self._step("bootstrap"))
        monkeypatch.setattr(deploying.smoking, "smoke", self._step("smoke"))

    def _input(self, _: str) -> str:
        self.steps.append("ask")
        if self.typed is None:
            raise EOFError
        return self.typed

    def _step(self, name: str) -> Callable[..., int]:
        def take(*_: object, **__: object) -> int:
            self.steps.append(name)
            return 0

        return take

    def run(self, words: list[str], *, env: dict[str, str]) -> None:
        assert env["AWS_REGION"] == HERE.region
        assert "stage=staging" in words or "stage=prod" in words
        self.steps.append(words[0])

    def deploy(self, name: str = "staging", *, yes: bool = False) -> int:
        return deploying.deploy(name, without_asking=yes, run=self.run)


@pytest.fixture
def stage(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Stage:
    return Stage(monkeypatch, tmp_path)


def test_a_deployment_shows_asks_deploys_and_tries_out(stage: Stage) -> None:
    assert stage.deploy() == 0
    assert stage.steps == ["diff", "ask", "deploy", "smoke"]
    assert notes.note_of("staging", stage.file) == HERE


def test_an_account_is_prepared_once_and_a_new_stage_differs_from_nothing(stage: Stage) -> None:
    stage.account.stacks = {}
    stage.deploy()
    assert stage.steps == ["bootstrap", "ask", "deploy", "smoke"]


@pytest.mark.parametrize("typed", ["", "yes", "prod", None])
def test_whoever_types_another_word_deploys_nothing(stage: Stage, typed: str | None) -> None:
    stage.typed = typed
    assert stage.deploy() == 1
    assert stage.steps == ["diff", "ask"]
    assert not stage.file.exists()


def test_a_pipeline_goes_only_where_the_stage_is_known_to_live(stage: Stage) -> None:
    with pytest.raises(NotReady, match="Deploy it once by hand"):
        stage.deploy(yes=True)
    assert stage.steps == []
    notes.keep(HERE, stage.file)
    assert stage.deploy(yes=True) == 0
    assert stage.steps == ["diff", "deploy", "smoke"]


def test_an_account_with_too_little_room_is_told_before_anything_is_made(stage: Stage) -> None:
    stage.account.room = 10
    del stage.account.stacks["huntaze-staging-app"]
    with pytest.raises(NotReady, match=r"leaves 10 concurrent executions.*Ask for 1000"):
        stage.deploy()
    assert stage.steps == []
    stage.account.stacks["huntaze-staging-app"] = False  # what it needs is reserved already
    assert stage.deploy() == 0


def test_the_local_stage_is_deployed_by_its_own_command(stage: Stage) -> None:
    with pytest.raises(NotReady, match=r"\./dev up"):
        stage.deploy("local")


def test_a_stage_that_keeps_nothing_goes_with_its_files(stage: Stage) -> None:
    stage.account.stacks |= {f"huntaze-staging-{part}": False for part in ("data", "app", "monitoring")}
    assert deploying.destroy("staging", run=stage.run) == 0
    assert stage.steps == ["ask", "destroy"]
    assert stage.account.deleted == ["files/1"]


def test_whoever_types_another_word_deletes_nothing(stage: Stage) -> None:
    stage.typed = "prod"
    assert deploying.destroy("staging", run=stage.run) == 1
    assert stage.steps == ["ask"]


def test_what_is_protected_is_not_even_asked_about(stage: Stage) -> None:
    stage.account.stacks["huntaze-prod-data"] = True
    with pytest.raises(NotReady, match="no-enable-termination-protection"):
        deploying.destroy("prod", run=stage.run)
    assert stage.steps == []


def test_production_keeps_its_files_when_it_goes(stage: Stage) -> None:
    stage.account.stacks["huntaze-prod-app"] = False
    stage.typed = "prod"
    assert deploying.destroy("prod", run=stage.run) == 0
    assert stage.account.deleted == []
