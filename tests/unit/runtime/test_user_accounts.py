"""Accounts for who is invited; the end-to-end tests do the same with a whole user pool."""

from typing import Any

import pytest
from botocore.exceptions import ClientError, EndpointConnectionError

from huntaze.errors import Unauthenticated, Unavailable
from huntaze.runtime.user_accounts import CognitoAccounts
from huntaze.sessions.model import Proven
from huntaze.team.model import Mail

ANA = "ana@example.com"


class Exists(Exception):
    """What boto3 raises for an address that has an account."""


class Cognito:
    """A user pool that knows one account at most, and its mails."""

    class exceptions:  # noqa: N801  (as boto3 calls it)
        UsernameExistsException = Exists

    def __init__(self) -> None:
        self.account: dict[str, Any] = {}
        self.mails: list[dict[str, Any]] = []

    def admin_create_user(self, **asked: Any) -> dict[str, Any]:
        again = asked.get("MessageAction") == "RESEND"
        if self.account and not again:
            raise Exists
        assert asked["DesiredDeliveryMediums"] == ["EMAIL"]  # Cognito's default is a text message
        if not again:
            attributes = [*asked["UserAttributes"], {"Name": "sub", "Value": "ana"}]
            self.account = {"UserStatus": "FORCE_CHANGE_PASSWORD", "Enabled": True, "UserAttributes": attributes}
        self.mails.append(asked)
        return {}

    def admin_get_user(self, **_: Any) -> dict[str, Any]:
        if not self.account:
            raise _refused("UserNotFoundException")
        return self.account


@pytest.fixture
def cognito() -> Cognito:
    return Cognito()


@pytest.fixture
def accounts(cognito: Cognito) -> CognitoAccounts:
    return CognitoAccounts("pool", lambda: cognito)  # type: ignore[arg-type,return-value]  # stands in


def test_who_is_invited_gets_one_account_and_a_mail_each_time(cognito: Cognito, accounts: CognitoAccounts) -> None:
    assert accounts.invite(ANA) is Mail.SENT
    assert accounts.invite(ANA) is Mail.SENT
    assert [mail.get("MessageAction") for mail in cognito.mails] == [None, "RESEND"]
    assert {mail["Username"] for mail in cognito.mails} == {ANA}


def test_who_has_chosen_a_password_gets_no_mail(cognito: Cognito, accounts: CognitoAccounts) -> None:
    accounts.invite(ANA)
    cognito.account["UserStatus"] = "CONFIRMED"
    assert accounts.invite(ANA) is Mail.HAS_ACCOUNT
    assert len(cognito.mails) == 1


def test_a_subject_is_proven_by_their_verified_address(cognito: Cognito, accounts: CognitoAccounts) -> None:
    accounts.invite(ANA)
    assert accounts.proven("ana") == Proven("ana", ANA)
    cognito.account["UserAttributes"] = [{"Name": "email", "Value": ANA}, {"Name": "email_verified", "Value": "false"}]
    with pytest.raises(Unauthenticated):
        accounts.proven("ana")


def test_a_disabled_or_unknown_account_proves_nobody(cognito: Cognito, accounts: CognitoAccounts) -> None:
    with pytest.raises(Unauthenticated):
        accounts.proven("ana")
    accounts.invite(ANA)
    cognito.account["Enabled"] = False
    with pytest.raises(Unauthenticated):
        accounts.proven("ana")


class Failing:
    """Fails every call alike."""

    class exceptions:  # noqa: N801  (as boto3 calls it)
        class UsernameExistsException(Exception):
            pass

    def __init__(self, error: Exception) -> None:
        self._error = error

    def __getattr__(self, _: str) -> Any:
        def call(**_: Any) -> Any:
            raise self._error

        return call


def _refused(code: str) -> ClientError:
    return ClientError({"Error": {"Code": code, "Message": f"quotes {ANA}"}}, "AdminCreateUser")


@pytest.mark.parametrize(
    "error",
    [
        _refused("LimitExceededException"),  # more mails than the pool sends in a day
        _refused("InvalidParameterException"),  # no address that could be written to
        _refused("UnsupportedUserStateException"),
        _refused("InternalErrorException"),
        EndpointConnectionError(endpoint_url="https://x"),
    ],
    ids=str,
)
def test_whatever_keeps_a_mail_from_leaving_is_told_as_that(error: Exception) -> None:
    assert CognitoAccounts("pool", lambda: Failing(error)).invite(ANA) is Mail.NOT_SENT  # type: ignore[arg-type,return-value]  # stands in


@pytest.mark.parametrize("error", [_refused("TooManyRequestsException"), _refused("InternalErrorException")], ids=str)
def test_a_pool_that_is_away_proves_nothing_for_now(error: Exception) -> None:
    with pytest.raises(Unavailable):
        CognitoAccounts("pool", lambda: Failing(error)).proven("ana")  # type: ignore[arg-type,return-value]  # stands in
