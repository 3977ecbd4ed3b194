"""The user pool (Cognito), through a client that is made when the first person signs in."""

import base64
import json
from collections.abc import Callable
from functools import cached_property
from typing import TYPE_CHECKING, Any

from huntaze.runtime.user_refusals import NO_SUCH_PERSON, SIGNING_IN, TOTP, cognito, understood
from huntaze.sessions.model import CodeNeeded, PasswordNeeded, Proven, Refusal, SignInRefused

if TYPE_CHECKING:
    from mypy_boto3_cognito_idp import CognitoIdentityProviderClient

# What Cognito says, by what was tried: all of it is a wrong password here, and a wrong code there.
_FIRST_PASSWORD = {
    **dict.fromkeys(NO_SUCH_PERSON, Refusal.TICKET_ENDED),
    "CodeMismatchException": Refusal.TICKET_ENDED,
    "ExpiredCodeException": Refusal.TICKET_ENDED,
    "InvalidPasswordException": Refusal.WEAK_PASSWORD,
    "PasswordHistoryPolicyViolationException": Refusal.WEAK_PASSWORD,
}
_SECOND_FACTOR = {
    **dict.fromkeys(NO_SUCH_PERSON, Refusal.TICKET_ENDED),
    "InvalidParameterException": Refusal.WRONG_CODE,  # no six digits
    "CodeMismatchException": Refusal.WRONG_CODE,
    "ExpiredCodeException": Refusal.WRONG_CODE,  # a code counts once
}
_CODE = {
    **dict.fromkeys(NO_SUCH_PERSON, Refusal.WRONG_CODE),
    "CodeMismatchException": Refusal.WRONG_CODE,
    "ExpiredCodeException": Refusal.CODE_ENDED,
    "InvalidPasswordException": Refusal.WEAK_PASSWORD,
    "PasswordHistoryPolicyViolationException": Refusal.WEAK_PASSWORD,
}


class CognitoPool:
    """Proves who people are by their passwords."""

    def __init__(
        self, pool_id: str, client_id: str, make_client: "Callable[[], CognitoIdentityProviderClient] | None" = None
    ) -> None:
        self._pool_id = pool_id
        self._client_id = client_id
        self._make_client = make_client or cognito

    @cached_property
    def _client(self) -> "CognitoIdentityProviderClient":
        return self._make_client()

    def sign_in(self, email: str, password: str) -> Proven | PasswordNeeded | CodeNeeded:
        """Check a password."""
        with understood(SIGNING_IN):
            answer = self._client.initiate_auth(
                ClientId=self._client_id,
                AuthFlow="USER_PASSWORD_AUTH",
                AuthParameters={"USERNAME": email, "PASSWORD": password},
            )
        if answer.get("ChallengeName") == "NEW_PASSWORD_REQUIRED":
            return PasswordNeeded(email, answer["Session"])
        return _next(answer, email)

    def choose_first_password(self, needed: PasswordNeeded, password: str) -> Proven | CodeNeeded:
        """Put one's own password in the place of the invitation's."""
        with understood(_FIRST_PASSWORD):
            answer = self._client.respond_to_auth_challenge(
                ClientId=self._client_id,
                ChallengeName="NEW_PASSWORD_REQUIRED",
                Session=needed.ticket,
                ChallengeResponses={"USERNAME": needed.email, "NEW_PASSWORD": password},
            )
        return _next(answer, needed.email)

    def enter_code(self, needed: CodeNeeded, code: str) -> Proven:
        """Check a code of the second factor."""
        with understood(_SECOND_FACTOR):
            answer = self._client.respond_to_auth_challenge(
                ClientId=self._client_id,
                ChallengeName=TOTP,
                Session=needed.ticket,
                ChallengeResponses={"USERNAME": needed.email, "SOFTWARE_TOKEN_MFA_CODE": code},
            )
        return _proven(answer)

    def send_code(self, email: str) -> None:
        """Send a code for a new password, if there is such an account; nobody is told whether there is."""
        with understood({}, unnoticed=NO_SUCH_PERSON):
            self._client.forgot_password(ClientId=self._client_id, Username=email)

    def set_password(self, email: str, code: str, password: str) -> None:
        """Set a new password with a code."""
        with understood(_CODE):
            self._client.confirm_forgot_password(
                ClientId=self._client_id, Username=email, ConfirmationCode=code, Password=password
            )

    def subject_of(self, email: str) -> str | None:
        """Whose account it is, if there is one."""
        with understood({}, unnoticed=("UserNotFoundException",)):
            found = self._client.admin_get_user(UserPoolId=self._pool_id, Username=email)
            return next((each.get("Value") for each in found["UserAttributes"] if each["Name"] == "sub"), None)
        return None

    def end_tokens(self, subject: str) -> None:
        """Revoke what was issued to this person."""
        with understood({}, unnoticed=("UserNotFoundException",)):
            self._client.admin_user_global_sign_out(UserPoolId=self._pool_id, Username=subject)


def _next(answer: Any, email: str) -> Proven | CodeNeeded:
    return CodeNeeded(email, answer["Session"]) if answer.get("ChallengeName") == TOTP else _proven(answer)


def _proven(answer: Any) -> Proven:
    if "AuthenticationResult" not in answer:
        raise SignInRefused(Refusal.SECOND_FACTOR)
    claims = _claims(answer["AuthenticationResult"]["IdToken"])
    return Proven(claims["sub"], claims["email"])


def _claims(token: str) -> dict[str, Any]:
    """What a token says. It came from the pool itself over TLS, so its signature proves nothing more."""
    body = token.split(".")[1]
    return dict(json.loads(base64.urlsafe_b64decode(body + "=" * (-len(body) % 4))))
