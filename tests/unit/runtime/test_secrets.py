from dataclasses import dataclass, field

import pytest
from botocore.exceptions import ClientError, EndpointConnectionError

from huntaze.errors import Unavailable
from huntaze.runtime.secrets import Secrets, is_secret

ARN = "arn:aws:secretsmanager:us-east-1:123456789012:secret:database-AbCdEf"


@dataclass
class FakeSecretsManager:
    """Counts the readings and fails when told to."""

    values: dict[str, str] = field(default_factory=dict)
    failure: Exception | None = None
    readings: int = 0

    def get_secret_value(self, SecretId: str) -> dict[str, str]:  # noqa: N803 - boto3's own spelling
        self.readings += 1
        if self.failure:
            raise self.failure
        return {"SecretString": self.values[SecretId]}


@dataclass
class Moments:
    """A monotonic clock to turn by hand."""

    now: float = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def manager() -> FakeSecretsManager:
    return FakeSecretsManager({ARN: "first"})


@pytest.fixture
def clock() -> Moments:
    return Moments()


@pytest.fixture
def secrets(manager: FakeSecretsManager, clock: Moments) -> Secrets:
    return Secrets(lambda: manager, clock)


def test_a_literal_is_itself_and_nobody_is_asked(secrets: Secrets, manager: FakeSecretsManager) -> None:
    assert secrets.value("postgresql://user:word@host/db") == "postgresql://user:word@host/db"
    assert not is_secret("arn:aws:sqs:us-east-1:1:queue")
    assert manager.readings == 0


def test_a_secret_is_read_once_and_kept(secrets: Secrets, manager: FakeSecretsManager) -> None:
    assert [secrets.value(ARN) for _ in range(5)] == ["first"] * 5
    assert manager.readings == 1


def test_a_rotation_is_picked_up_within_minutes(secrets: Secrets, manager: FakeSecretsManager, clock: Moments) -> None:
    secrets.value(ARN)
    manager.values[ARN] = "second"
    clock.now = 299
    assert secrets.value(ARN) == "first"
    clock.now = 300
    assert secrets.value(ARN) == "second"


def test_a_refused_secret_is_read_anew_at_once(secrets: Secrets, manager: FakeSecretsManager) -> None:
    secrets.value(ARN)
    manager.values[ARN] = "second"
    secrets.forget(ARN)
    assert secrets.value(ARN) == "second"


FAILURES = [
    ClientError({"Error": {"Code": "AccessDeniedException", "Message": f"no right to {ARN}"}}, "GetSecretValue"),
    EndpointConnectionError(endpoint_url="https://secretsmanager"),
]


@pytest.mark.parametrize("failure", FAILURES, ids=["refused", "away"])
def test_without_the_manager_a_first_reading_is_unavailable(
    secrets: Secrets, manager: FakeSecretsManager, failure: Exception
) -> None:
    manager.failure = failure
    with pytest.raises(Unavailable) as raised:
        secrets.value(ARN)
    assert ARN not in raised.value.detail


def test_what_works_goes_on_working_while_the_manager_is_away(
    secrets: Secrets, manager: FakeSecretsManager, clock: Moments
) -> None:
    secrets.value(ARN)
    manager.failure = FAILURES[1]
    clock.now = 400
    assert secrets.value(ARN) == "first"
    assert secrets.value(ARN) == "first"
    assert manager.readings == 2, "not asked again at once"
    manager.failure, manager.values[ARN], clock.now = None, "second", 416
    assert secrets.value(ARN) == "second"
