"""The order of the steps in which secrets of AWS's own services change; the database's is tested on a real one."""

import json
from io import BytesIO
from typing import Any

import pytest

from local.cloud.account import Aws, NotReady
from local.cloud.rotating import rotate, rotate_admin_login, rotate_cache_token

ARNS = {"MIGRATOR_DATABASE_URL": "admin", "REDIS_AUTH_TOKEN": "token", "DATABASE_URL": "app"}


class Account:
    """One client for all services: what changes something is written down, in its order."""

    def __init__(self) -> None:
        self.steps: list[str] = []
        self.values = {"v1": json.dumps({"username": "huntaze_admin", "password": "old"})}
        self.words = {"AWSCURRENT": "v1"}
        self.looks = 0

    def sleep(self, seconds: float) -> None:
        self.steps.append(f"wait {seconds}")

    def get_function_configuration(self, FunctionName: str) -> dict[str, Any]:  # noqa: N803 - boto3's words
        assert FunctionName in {"staging-huntaze-migrate", "staging-huntaze-relay"}
        return {"Environment": {"Variables": ARNS}}

    def invoke(self, FunctionName: str, Payload: bytes) -> dict[str, Any]:  # noqa: N803 - the same
        self.steps.append(f"{FunctionName.removeprefix('staging-huntaze-')} {Payload.decode()}")
        return {"Payload": BytesIO(b'{"applied": []}')}

    @property
    def exceptions(self) -> Any:
        return type("Exceptions", (), {"ResourceNotFoundException": KeyError})

    def get_secret_value(self, SecretId: str, VersionStage: str = "AWSCURRENT") -> dict[str, str]:  # noqa: N803, ARG002
        return {"SecretString": self.values[self.words[VersionStage]]}

    def describe_secret(self, SecretId: str) -> dict[str, Any]:  # noqa: N803, ARG002 - the same
        return {"VersionIdsToStages": {v: [w for w, has in self.words.items() if has == v] for v in self.values}}

    def put_secret_value(self, SecretString: str, VersionStages: list[str], **_: str) -> None:  # noqa: N803
        self.values["v2"] = SecretString
        self.words.update(dict.fromkeys(VersionStages, "v2"))
        self.steps.append("keep")

    def update_secret_version_stage(self, VersionStage: str, MoveToVersionId: str, **_: str) -> None:  # noqa: N803
        self.words[VersionStage] = MoveToVersionId
        self.steps.append("in force")

    def modify_db_cluster(self, DBClusterIdentifier: str, MasterUserPassword: str, **_: Any) -> None:  # noqa: N803
        assert json.loads(self.values["v2"])["password"] == MasterUserPassword
        self.steps.append(DBClusterIdentifier)

    def modify_replication_group(self, AuthToken: str, AuthTokenUpdateStrategy: str, **_: Any) -> None:  # noqa: N803
        assert self.values["v2"] == AuthToken
        self.steps.append(AuthTokenUpdateStrategy)

    def describe_db_clusters(self, **_: str) -> dict[str, Any]:
        return {"DBClusters": [{"Status": self._status()}]}

    def describe_replication_groups(self, **_: str) -> dict[str, Any]:
        return {"ReplicationGroups": [{"Status": self._status()}]}

    def _status(self) -> str:
        self.looks += 1
        return "available" if self.looks % 2 == 0 else "modifying"


@pytest.fixture
def account() -> Account:
    return Account()


@pytest.fixture
def aws(account: Account) -> Aws:
    return Aws("111122223333", "us-east-1", lambda _: account)


def without_looking(account: Account) -> list[str]:
    return [step for step in account.steps if step != "wait 10"]


def test_the_administrators_password_is_proven_before_it_is_forgotten(account: Account, aws: Aws) -> None:
    rotate_admin_login("staging", aws, account.sleep)

    assert without_looking(account) == ["keep", "staging-huntaze", "in force", "migrate {}"]
    assert account.looks == 2
    assert json.loads(account.values["v2"])["username"] == "huntaze_admin"


def test_both_tokens_open_the_cache_until_everybody_has_read_the_new_one(account: Account, aws: Aws) -> None:
    rotate_cache_token("staging", aws, account.sleep)

    assert without_looking(account) == ["keep", "ROTATE", "in force", "wait 360", "SET"]
    assert account.looks == 4


def test_a_change_that_was_broken_off_goes_on_with_the_value_it_had(account: Account, aws: Aws) -> None:
    account.values["v2"], account.words["AWSPENDING"] = "half way", "v2"
    rotate_cache_token("staging", aws, account.sleep)

    assert account.values["v2"] == "half way"
    assert without_looking(account)[0] == "ROTATE"


@pytest.mark.parametrize("name", ["erasure-key", "connection-key", "webhook-secrets"])
def test_what_is_not_changed_this_way_is_told_with_its_reason(
    account: Account, aws: Aws, name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert rotate("staging", aws, name) == 2
    assert name in capsys.readouterr().out
    assert account.steps == []


def test_the_local_servers_keep_their_password(aws: Aws) -> None:
    with pytest.raises(NotReady, match="one password"):
        rotate("local", aws, "app-login")
