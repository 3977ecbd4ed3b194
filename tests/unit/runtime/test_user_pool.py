"""What Cognito says, in our words: nothing tells whether an account exists."""

import base64
import json
from typing import Any

import pytest
from botocore.exceptions import ClientError, EndpointConnectionError, ParamValidationError

from huntaze.errors import Unavailable
from huntaze.runtime.user_pool import CognitoPool
from huntaze.sessions.model import CodeNeeded, PasswordNeeded, Proven, Refusal, SignInRefused

EMAIL = "ana@example.com"
NEEDED = PasswordNeeded(EMAIL, "a ticket")
CODE_NEEDED = CodeNeeded(EMAIL, "a ticket")


def _token(**claims: str) -> str:
    body = base64.urlsafe_b64encode(json.dumps(claims).encode()).rstrip(b"=").decode()
    return f"header.{body}.signature"


TOKENS = {"AuthenticationResult": {"IdToken": _token(sub="ana", email=EMAIL)}}


class Cognito:
    """Answers every call alike, or fails it."""

    def __init__(self, outcome: Any) -> None:
        self._outcome = outcome
        self.asked: list[tuple[str, dict[str, Any]]] = []

    def __getattr__(self, name: str) -> Any:
        def call(**asked: Any) -> Any:
            self.asked.append((name, asked))
            if isinstance(self._outcome, Exception):
                raise self._outcome
            return self._outcome

        return call


def _pool(outcome: Any) -> tuple[CognitoPool, Cognito]:
    cognito = Cognito(outcome)
    return CognitoPool("us-east-1_pool", "client", lambda: cognito), cognito


def _refused(code: str, text: str = "quotes ana@example.com") -> ClientError:
    return ClientError({"Error": {"Code": code, "Message": text}}, "InitiateAuth")


def test_a_right_password_tells_who_it_is() -> None:
    pool, cognito = _pool(TOKENS)
    assert pool.sign_in(EMAIL, "right") == Proven("ana", EMAIL)
    assert cognito.asked == [
        (
            "initiate_auth",
            {
                "ClientId": "client",
                "AuthFlow": "USER_PASSWORD_AUTH",
                "AuthParameters": {"USERNAME": EMAIL, "PASSWORD": "right"},
            },
        )
    ]


def test_an_invitation_gives_a_ticket_that_is_answered_with_a_password() -> None:
    pool, _ = _pool({"ChallengeName": "NEW_PASSWORD_REQUIRED", "Session": "a ticket"})
    assert pool.sign_in(EMAIL, "given") == NEEDED
    pool, cognito = _pool(TOKENS)
    assert pool.choose_first_password(NEEDED, "own") == Proven("ana", EMAIL)
    assert cognito.asked[0][1]["Session"] == "a ticket"
    assert cognito.asked[0][1]["ChallengeResponses"] == {"USERNAME": EMAIL, "NEW_PASSWORD": "own"}


def test_a_second_factor_gives_a_ticket_that_is_answered_with_a_code() -> None:
    asked_for = {"ChallengeName": "SOFTWARE_TOKEN_MFA", "Session": "a ticket"}
    for pool, _ in (_pool(asked_for), _pool(asked_for)):
        assert pool.sign_in(EMAIL, "right") == CODE_NEEDED
        assert pool.choose_first_password(NEEDED, "own") == CODE_NEEDED
    pool, cognito = _pool(TOKENS)
    assert pool.enter_code(CODE_NEEDED, "123456") == Proven("ana", EMAIL)
    assert cognito.asked[0][1]["Session"] == "a ticket"
    assert cognito.asked[0][1]["ChallengeResponses"] == {"USERNAME": EMAIL, "SOFTWARE_TOKEN_MFA_CODE": "123456"}


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        ("CodeMismatchException", Refusal.WRONG_CODE),
        ("ExpiredCodeException", Refusal.WRONG_CODE),
        ("InvalidParameterException", Refusal.WRONG_CODE),
        ("NotAuthorizedException", Refusal.TICKET_ENDED),
        ("TooManyFailedAttemptsException", Refusal.TOO_MANY),
    ],
)
def test_a_code_is_refused_for_a_reason(code: str, reason: Refusal) -> None:
    pool, _ = _pool(_refused(code))
    with pytest.raises(SignInRefused) as refused:
        pool.enter_code(CODE_NEEDED, "000000")
    assert refused.value.reason is reason


@pytest.mark.parametrize("challenge", ["SMS_MFA", "MFA_SETUP"])
def test_another_challenge_is_told_as_that(challenge: str) -> None:
    pool, _ = _pool({"ChallengeName": challenge, "Session": "x"})
    with pytest.raises(SignInRefused) as refused:
        pool.sign_in(EMAIL, "right")
    assert refused.value.reason is Refusal.SECOND_FACTOR


@pytest.mark.parametrize(
    "code",
    [
        "NotAuthorizedException",
        "UserNotFoundException",
        "UserNotConfirmedException",
        "PasswordResetRequiredException",
        "InvalidParameterException",
    ],
)
def test_whatever_is_wrong_with_an_account_looks_like_a_wrong_password(code: str) -> None:
    pool, _ = _pool(_refused(code))
    with pytest.raises(SignInRefused) as refused:
        pool.sign_in(EMAIL, "x")
    assert refused.value.reason is Refusal.WRONG
    assert EMAIL not in str(refused.value)
    assert refused.value.__suppress_context__
    pool.send_code(EMAIL)


TOO_MANY = [
    _refused("TooManyRequestsException"),
    _refused("LimitExceededException"),
    _refused("TooManyFailedAttemptsException"),
    _refused("NotAuthorizedException", "Password attempts exceeded"),
]


@pytest.mark.parametrize("error", TOO_MANY, ids=str)
def test_too_many_attempts_are_told_as_that(error: ClientError) -> None:
    pool, _ = _pool(error)
    for attempt in (
        lambda: pool.sign_in(EMAIL, "x"),
        lambda: pool.send_code(EMAIL),
        lambda: pool.set_password(EMAIL, "1", "x"),
        lambda: pool.choose_first_password(NEEDED, "x"),
    ):
        with pytest.raises(SignInRefused) as refused:
            attempt()
        assert refused.value.reason is Refusal.TOO_MANY


@pytest.mark.parametrize(
    ("code", "first", "forgotten"),
    [
        ("InvalidPasswordException", Refusal.WEAK_PASSWORD, Refusal.WEAK_PASSWORD),
        ("PasswordHistoryPolicyViolationException", Refusal.WEAK_PASSWORD, Refusal.WEAK_PASSWORD),
        ("CodeMismatchException", Refusal.TICKET_ENDED, Refusal.WRONG_CODE),
        ("ExpiredCodeException", Refusal.TICKET_ENDED, Refusal.CODE_ENDED),
        ("NotAuthorizedException", Refusal.TICKET_ENDED, Refusal.WRONG_CODE),
        ("UserNotFoundException", Refusal.TICKET_ENDED, Refusal.WRONG_CODE),
    ],
)
def test_a_new_password_is_refused_for_a_reason(code: str, first: Refusal, forgotten: Refusal) -> None:
    pool, _ = _pool(_refused(code))
    with pytest.raises(SignInRefused) as one:
        pool.choose_first_password(NEEDED, "x")
    with pytest.raises(SignInRefused) as other:
        pool.set_password(EMAIL, "1", "x")
    assert (one.value.reason, other.value.reason) == (first, forgotten)


def test_what_cognito_does_not_even_look_at_is_refused_without_quoting_it() -> None:
    pool, _ = _pool(ParamValidationError(report="password: secret"))
    with pytest.raises(SignInRefused) as refused:
        pool.set_password(EMAIL, "1", "secret")
    assert refused.value.reason is Refusal.WRONG_CODE
    pool.send_code("x")


@pytest.mark.parametrize(
    "error", [EndpointConnectionError(endpoint_url="https://x"), _refused("InternalErrorException")], ids=str
)
def test_a_pool_that_is_away_is_unavailable(error: Exception) -> None:
    pool, _ = _pool(error)
    with pytest.raises(Unavailable):
        pool.sign_in(EMAIL, "x")


def test_what_nobody_foresaw_goes_on_as_it_is() -> None:
    pool, _ = _pool(_refused("AccessDeniedException"))
    with pytest.raises(ClientError):
        pool.end_tokens("ana")


def test_ending_tokens_names_the_pool_and_the_person() -> None:
    pool, cognito = _pool({})
    pool.end_tokens("ana")
    assert cognito.asked == [("admin_user_global_sign_out", {"UserPoolId": "us-east-1_pool", "Username": "ana"})]
    _pool(_refused("UserNotFoundException"))[0].end_tokens("gone")


def test_no_client_is_made_before_somebody_signs_in() -> None:
    CognitoPool("pool", "client", lambda: pytest.fail("too early"))
