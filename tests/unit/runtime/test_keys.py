"""KMS as moto keeps it: small things are locked up under a context, and only under the same one opened again."""

from collections.abc import Iterator
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError, EndpointConnectionError
from moto import mock_aws

from huntaze.errors import TooLarge, Unavailable
from huntaze.runtime.keys import MOST_BYTES, Keys, NotUnderThisKey

OURS, THEIRS = {"workspaceId": "1", "connectionId": "1"}, {"workspaceId": "1", "connectionId": "2"}


@pytest.fixture
def kms(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "testing")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "testing")
    with mock_aws():
        yield boto3.client("kms", region_name="us-east-1")


@pytest.fixture
def keys(kms: Any) -> Keys:
    arn = kms.create_key()["KeyMetadata"]["Arn"]
    return Keys(lambda: arn, lambda: kms)


def test_what_is_locked_up_is_opened_under_the_same_context(keys: Keys) -> None:
    sealed = keys.encrypt(b"the token", OURS)
    assert b"the token" not in sealed
    assert keys.decrypt(sealed, OURS) == b"the token"
    assert keys.decrypt(sealed, dict(reversed(OURS.items()))) == b"the token"


def test_under_another_context_nothing_is_opened(keys: Keys) -> None:
    sealed = keys.encrypt(b"the token", OURS)
    for context in (THEIRS, {}):
        with pytest.raises(NotUnderThisKey) as refused:
            keys.decrypt(sealed, context)
        assert not str(refused.value)


def test_another_key_opens_nothing(keys: Keys, kms: Any) -> None:
    sealed = keys.encrypt(b"the token", OURS)
    other = kms.create_key()["KeyMetadata"]["Arn"]
    with pytest.raises((NotUnderThisKey, Unavailable)):  # moto says AccessDenied, KMS itself IncorrectKeyException
        Keys(lambda: other, lambda: kms).decrypt(sealed, OURS)


def test_more_than_a_key_locks_up_is_refused_before_it_is_asked(keys: Keys) -> None:
    assert keys.decrypt(keys.encrypt(b"x" * MOST_BYTES, OURS), OURS) == b"x" * MOST_BYTES
    with pytest.raises(TooLarge, match="4096 bytes"):
        keys.encrypt(b"x" * (MOST_BYTES + 1), OURS)


class _Away:
    """A client that gets no answer."""

    def __init__(self, error: Exception) -> None:
        self._error = error

    def encrypt(self, **_: object) -> Any:
        raise self._error

    decrypt = encrypt


@pytest.mark.parametrize(
    "error",
    [
        EndpointConnectionError(endpoint_url="https://kms.us-east-1.amazonaws.com"),
        ClientError({"Error": {"Code": "AccessDeniedException", "Message": "no"}}, "Decrypt"),
        ClientError({"Error": {"Code": "ThrottlingException", "Message": "later"}}, "Decrypt"),
    ],
)
def test_when_nobody_answers_it_is_worth_trying_again(error: Exception) -> None:
    keys = Keys(lambda: "arn", lambda: _Away(error))
    for act in (keys.encrypt, keys.decrypt):
        with pytest.raises(Unavailable):
            act(b"anything", OURS)
