"""Passwords and second factors of the user pool (Cognito), changed by their owner: with a token made for the moment."""

from collections.abc import Callable
from functools import cached_property
from typing import TYPE_CHECKING, Any

from huntaze.errors import Unavailable
from huntaze.runtime.user_refusals import NO_SUCH_PERSON, SIGNING_IN, TOTP, cognito, understood
from huntaze.security.model import Enrolment
from huntaze.sessions.model import Refusal, SignInRefused

if TYPE_CHECKING:
    from mypy_boto3_cognito_idp import CognitoIdentityProviderClient

_BUSY_FOR_SECONDS = 5

# Whoever holds the token has proven who they are; that it is refused now means that it has ended.
_CONFIRMING = {
    **dict.fromkeys(NO_SUCH_PERSON, Refusal.TICKET_ENDED),
    "InvalidParameterException": Refusal.WRONG_CODE,  # no six digits
    "EnableSoftwareTokenMFAException": Refusal.WRONG_CODE,
    "CodeMismatchException": Refusal.WRONG_CODE,
}
_PROVING = {
    **dict.fromkeys(NO_SUCH_PERSON, Refusal.WRONG),
    "InvalidParameterException": Refusal.WRONG_CODE,
    "CodeMismatchException": Refusal.WRONG_CODE,
    "ExpiredCodeException": Refusal.WRONG_CODE,  # a code counts once
}
_CHANGING = {
    **dict.fromkeys(NO_SUCH_PERSON, Refusal.WRONG),
    "InvalidParameterException": Refusal.WEAK_PASSWORD,
    "InvalidPasswordException": Refusal.WEAK_PASSWORD,
    "PasswordHistoryPolicyViolationException": Refusal.WEAK_PASSWORD,
}


class CognitoKeys:
    """What the owner of an account does with it. Their token is used at once and kept nowhere."""

    def __init__(
        self, pool_id: str, client_id: str, make_client: "Callable[[], CognitoIdentityProviderClient] | None" = None
    ) -> None:
        self._pool_id = pool_id
        self._client_id = client_id
        self._make_client = make_client or cognito

    @cached_property
    def _client(self) -> "CognitoIdentityProviderClient":
        return self._make_client()

    def has_second_factor(self, subject: str) -> bool:
        """Whether this person signs in with one."""
        try:
            with understood({}):
                found = self._client.admin_get_user(UserPoolId=self._pool_id, Username=subject)
        except SignInRefused as error:  # there is one reason without a password: too many ask
            raise Unavailable("The user pool is busy.", retry_after=_BUSY_FOR_SECONDS) from error
        return TOTP in found.get("UserMFASettingList", [])

    def begin_second_factor(self, email: str, password: str) -> Enrolment:
        """Make a secret that counts once its owner has shown to have it."""
        token = self._token(email, password, "")
        with understood(_CONFIRMING):
            answer = self._client.associate_software_token(AccessToken=token)
        return Enrolment(answer["SecretCode"], token)

    def confirm_second_factor(self, ticket: str, code: str) -> None:
        """Let the secret count from now on, by a code that it made."""
        with understood(_CONFIRMING):
            answer = self._client.verify_software_token(AccessToken=ticket, UserCode=code)
            if answer["Status"] != "SUCCESS":
                raise SignInRefused(Refusal.WRONG_CODE)
            self._client.set_user_mfa_preference(
                AccessToken=ticket, SoftwareTokenMfaSettings={"Enabled": True, "PreferredMfa": True}
            )

    def end_second_factor(self, email: str, password: str, code: str) -> None:
        """Let the password be enough again."""
        token = self._token(email, password, code)
        with understood(_CONFIRMING):
            self._client.set_user_mfa_preference(
                AccessToken=token, SoftwareTokenMfaSettings={"Enabled": False, "PreferredMfa": False}
            )

    def change_password(self, email: str, password: str, code: str, new_password: str) -> None:
        """Put another password in the place of this one."""
        token = self._token(email, password, code)
        with understood(_CHANGING):
            self._client.change_password(AccessToken=token, PreviousPassword=password, ProposedPassword=new_password)

    def _prefer(self, token: str, *, second_factor: bool) -> None:
        self._client.set_user_mfa_preference(
            AccessToken=token,
            SoftwareTokenMfaSettings={"Enabled": second_factor, "PreferredMfa": second_factor},
        )

    def _token(self, email: str, password: str, code: str) -> str:
        """An access token of who knows the password, and the code where one is asked for."""
        with understood(SIGNING_IN):
            answer: Any = self._client.initiate_auth(
                ClientId=self._client_id,
                AuthFlow="USER_PASSWORD_AUTH",
                AuthParameters={"USERNAME": email, "PASSWORD": password},
            )
        if answer.get("ChallengeName") == TOTP and code:
            with understood(_PROVING):
                answer = self._client.respond_to_auth_challenge(
                    ClientId=self._client_id,
                    ChallengeName=TOTP,
                    Session=answer["Session"],
                    ChallengeResponses={"USERNAME": email, "SOFTWARE_TOKEN_MFA_CODE": code},
                )
        if "AuthenticationResult" not in answer:
            raise SignInRefused(Refusal.SECOND_FACTOR)
        return str(answer["AuthenticationResult"]["AccessToken"])
