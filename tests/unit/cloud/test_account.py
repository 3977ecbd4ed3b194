"""Nothing is touched before it is sure whose account and which region this is."""

from typing import Any

import pytest
from botocore.exceptions import ClientError, EndpointConnectionError, NoCredentialsError, TokenRetrievalError

from local.cloud.account import NotReady, in_aws, stage_named
from local.cloud.notes import Note

HERE = "111122223333"


class Session:
    """Credentials that open this account, or do not."""

    def __init__(self, answer: Any = HERE, region: str | None = None) -> None:
        self.region_name = region
        self._answer = answer
        self.asked: list[tuple[str, str]] = []

    def client(self, service: str, *, region_name: str) -> "Session":
        self.asked.append((service, region_name))
        return self

    def get_caller_identity(self) -> dict[str, str]:
        if isinstance(self._answer, Exception):
            raise self._answer
        return {"Account": self._answer}


@pytest.fixture(autouse=True)
def _no_region_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("AWS_REGION", raising=False)


def opened(session: Session, **note: str) -> Any:
    return in_aws(Note("prod", **note), session)  # type: ignore[arg-type]  # as much of a session as is asked


def test_a_stage_of_which_nothing_is_known_goes_where_the_credentials_lead() -> None:
    session = Session(region="eu-west-1")
    aws = opened(session)

    assert (aws.account, aws.region) == (HERE, "eu-west-1")
    assert session.asked == [("sts", "eu-west-1")]
    assert aws.environment == {"AWS_REGION": "eu-west-1", "AWS_DEFAULT_REGION": "eu-west-1"}


def test_where_nobody_says_a_region_it_is_the_usual_one() -> None:
    assert opened(Session()).region == "us-east-1"


def test_a_known_stage_needs_no_region_told() -> None:
    assert opened(Session(), account=HERE, region="eu-west-3").region == "eu-west-3"


def test_the_variable_that_boto3_does_not_read_counts_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_REGION", "eu-north-1")

    assert opened(Session(region="eu-west-1")).region == "eu-north-1"


def test_another_account_than_the_stages_is_refused() -> None:
    with pytest.raises(NotReady, match=f"open the account {HERE}, and prod lives in 999988887777"):
        opened(Session(), account="999988887777")


def test_another_region_than_the_stages_is_refused() -> None:
    with pytest.raises(NotReady, match=r"prod lives in eu-west-1.*environment says us-east-2"):
        opened(Session(region="us-east-2"), account=HERE, region="eu-west-1")


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (NoCredentialsError(), "no AWS credentials here"),
        (ClientError({"Error": {"Code": "ExpiredToken", "Message": ""}}, "GetCallerIdentity"), "ExpiredToken"),
        (EndpointConnectionError(endpoint_url="https://sts"), "cannot be reached"),
        (TokenRetrievalError(provider="sso", error_msg="ended"), "aws sso login"),
    ],
)
def test_credentials_that_open_nothing_are_told_in_words(error: Exception, told: str) -> None:
    with pytest.raises(NotReady, match=told):
        opened(Session(error))


def test_a_name_that_no_stage_can_have_is_told_in_words() -> None:
    with pytest.raises(NotReady, match="small letters"):
        stage_named("Production!")
