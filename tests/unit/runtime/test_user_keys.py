"""What Cognito says about passwords and second factors, in our words; the end-to-end tests use a whole user pool."""

from typing import Any

import pytest
from botocore.exceptions import ClientError

from huntaze.errors import Unavailable
from huntaze.runtime.user_keys import CognitoKeys
from huntaze.security.model import Enrolment, link
from huntaze.sessions.model import Refusal, SignInRefused

EMAIL = "ana@example.com"
SIGNED_IN = {"AuthenticationResult": {"AccessToken": "a token"}}
CODE_WANTED = {"ChallengeName": "SOFTWARE_TOKEN_MFA", "Session": "a ticket"}
FACTOR_OFF = {"Enabled": False, "PreferredMfa": False}


class Cognito:
    """Answers each kind of call as told, or fails it; what is not told is answered with nothing."""

    def __init__(self, **outcomes: Any) -> None:
        self._outcomes = outcomes
        self.asked: list[tuple[str, dict[str, Any]]] = []

    def __getattr__(self, name: str) -> Any:
        def call(**asked: Any) -> Any:
            self.asked.append((name, asked))
            outcome = self._outcomes.get(name, {})
            if isinstance(outcome, Exception):
                raise outcome
            return outcome

        return call


def _keys(**outcomes: Any) -> tuple[CognitoKeys, Cognito]:
    cognito = Cognito(**outcomes)
    return CognitoKeys("pool", "client", lambda: cognito), cognito  # type: ignore[arg-type,return-value]  # stands in


def _error(code: str) -> ClientError:
    return ClientError({"Error": {"Code": code, "Message": f"quotes {EMAIL}"}}, "Any")


def _reason(act: Any) -> Refusal:
    with pytest.raises(SignInRefused) as refused:
        act()
    return refused.value.reason


def test_a_secret_comes_with_the_token_that_confirms_it() -> None:
    keys, _ = _keys(initiate_auth=SIGNED_IN, associate_software_token={"SecretCode": "SECRET"})
    begun = keys.begin_second_factor(EMAIL, "right")
    assert begun == Enrolment("SECRET", "a token")
    assert "SECRET" not in repr(begun)
    assert "token" not in repr(begun).replace("Enrolment", "")


def test_the_secret_counts_only_after_a_code_from_it() -> None:
    keys, cognito = _keys(verify_software_token={"Status": "ERROR"})
    assert _reason(lambda: keys.confirm_second_factor("a token", "1")) is Refusal.WRONG_CODE
    assert [name for name, _ in cognito.asked] == ["verify_software_token"]
    keys, cognito = _keys(verify_software_token={"Status": "SUCCESS"})
    keys.confirm_second_factor("a token", "123456")
    assert [name for name, _ in cognito.asked] == ["verify_software_token", "set_user_mfa_preference"]


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        ("EnableSoftwareTokenMFAException", Refusal.WRONG_CODE),
        ("CodeMismatchException", Refusal.WRONG_CODE),
        ("InvalidParameterException", Refusal.WRONG_CODE),
        ("NotAuthorizedException", Refusal.TICKET_ENDED),
        ("TooManyRequestsException", Refusal.TOO_MANY),
    ],
)
def test_a_code_is_refused_for_a_reason(code: str, reason: Refusal) -> None:
    keys, _ = _keys(verify_software_token=_error(code))
    assert _reason(lambda: keys.confirm_second_factor("a token", "1")) is reason


def test_where_there_is_a_second_factor_its_code_is_asked_for() -> None:
    keys, _ = _keys(initiate_auth=CODE_WANTED)
    for act in (
        lambda: keys.begin_second_factor(EMAIL, "right"),
        lambda: keys.change_password(EMAIL, "right", "", "new"),
        lambda: keys.end_second_factor(EMAIL, "right", ""),
    ):
        assert _reason(act) is Refusal.SECOND_FACTOR


def test_the_second_factor_ends_by_password_and_code() -> None:
    keys, cognito = _keys(initiate_auth=CODE_WANTED, respond_to_auth_challenge=SIGNED_IN)
    keys.end_second_factor(EMAIL, "right", "123456")
    assert cognito.asked[1][1]["ChallengeResponses"] == {"USERNAME": EMAIL, "SOFTWARE_TOKEN_MFA_CODE": "123456"}
    assert cognito.asked[2][1]["SoftwareTokenMfaSettings"] == FACTOR_OFF
    keys, _ = _keys(initiate_auth=CODE_WANTED, respond_to_auth_challenge=_error("CodeMismatchException"))
    assert _reason(lambda: keys.end_second_factor(EMAIL, "right", "1")) is Refusal.WRONG_CODE
    keys, _ = _keys(initiate_auth=_error("NotAuthorizedException"))
    assert _reason(lambda: keys.end_second_factor(EMAIL, "wrong", "1")) is Refusal.WRONG


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        ("InvalidPasswordException", Refusal.WEAK_PASSWORD),
        ("PasswordHistoryPolicyViolationException", Refusal.WEAK_PASSWORD),
        ("InvalidParameterException", Refusal.WEAK_PASSWORD),
        ("NotAuthorizedException", Refusal.WRONG),
        ("LimitExceededException", Refusal.TOO_MANY),
    ],
)
def test_a_new_password_is_refused_for_a_reason(code: str, reason: Refusal) -> None:
    keys, _ = _keys(initiate_auth=SIGNED_IN, change_password=_error(code))
    assert _reason(lambda: keys.change_password(EMAIL, "right", "", "new")) is reason


def test_whether_there_is_a_second_factor_is_asked_of_the_pool() -> None:
    for found, on in (({}, False), ({"UserMFASettingList": ["SOFTWARE_TOKEN_MFA"]}, True)):
        keys, _ = _keys(admin_get_user=found)
        assert keys.has_second_factor("ana") is on
    for code in ("TooManyRequestsException", "InternalErrorException"):
        keys, _ = _keys(admin_get_user=_error(code))
        with pytest.raises(Unavailable):
            keys.has_second_factor("ana")


def test_the_link_is_what_apps_read() -> None:
    assert link("SECRET", "a+b@example.com") == (
        "otpauth://totp/Huntaze%3Aa%2Bb@example.com?secret=SECRET&issuer=Huntaze"
    )
