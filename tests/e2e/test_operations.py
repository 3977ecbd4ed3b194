"""What an operator does with a deployed stage, on the local one: founding, trying out, backing up and restoring."""

import secrets
from pathlib import Path

import psycopg
import pytest

from local import backup
from local.cloud.account import NotReady, local_aws
from local.cloud.deployed import deployed as described
from local.cloud.founding import ask, found
from local.cloud.local_person import ready_person
from local.cloud.smoking import Result, all_findings
from local.people import cognito
from tests.support.deployed import Deployed


def test_a_deployed_stage_is_tried_out_and_nothing_leaves(deployed: Deployed) -> None:
    aws = local_aws(deployed.servers)
    person = ready_person(deployed.servers, aws)
    assert ready_person(deployed.servers, aws) == person

    findings = list(all_findings(described("local", aws), person, since=0))
    told = [str(finding) for finding in findings[:-1]]
    assert [finding.result for finding in findings[:-1]] == [Result.WELL] * 6, told


def test_a_founded_workspace_is_its_owners_once_they_accept(
    deployed: Deployed, capsys: pytest.CaptureFixture[str]
) -> None:
    aws, email = local_aws(deployed.servers), f"luna-{secrets.token_hex(4)}@example.com"
    about = {"name": "Luna Vale", "owner": email, "timezone": "Europe/Paris", "currency": "EUR"}
    assert [found("local", aws, about), found("local", aws, about)] == [0, 0]
    assert [line.split(" (")[0] for line in capsys.readouterr().out.splitlines()[::2]] == [
        "Founded 'Luna Vale'",
        "There already: 'Luna Vale'",
    ]
    account = {"UserPoolId": deployed.description["userPoolId"], "Username": email}
    assert cognito(deployed.servers.aws_endpoint).admin_get_user(**account)["UserStatus"] == "FORCE_CHANGE_PASSWORD"


def test_what_cannot_be_founded_is_told_in_words(deployed: Deployed) -> None:
    with pytest.raises(NotReady, match="owner: Is not in the form"):
        ask("local", local_aws(deployed.servers), "huntaze-founding", {"name": "Luna", "owner": "luna"})


def test_a_backup_comes_back_under_the_running_functions(
    deployed: Deployed, owner_token: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(backup, "_running", lambda: deployed.servers)
    file = tmp_path / "backup"
    assert backup.backup(file) == 0
    fan = {"name": "Not in the backup", "platform": "onlyfans", "platformId": secrets.token_hex(8)}
    created = deployed.call("POST", "/api/crm/fans", token=owner_token, body=fan).json()
    path = f"/api/crm/fans/{created['id']}"
    assert deployed.call("GET", path, token=owner_token).status == 200

    assert backup.restore(file) == 0
    assert deployed.call("GET", path, token=owner_token).status == 404
    assert deployed.call("GET", "/api/crm/audit/verification", token=owner_token).json()["holds"] is True
    with psycopg.connect(deployed.servers.database("postgres", backup.BEFORE)) as before:
        assert before.execute("SELECT count(*) FROM fans WHERE id = %s", [created["id"]]).fetchone() == (1,)
