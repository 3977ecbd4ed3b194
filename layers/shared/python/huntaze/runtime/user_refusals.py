"""What the user pool (Cognito) refuses, in our words."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from huntaze.errors import Unavailable
from huntaze.runtime.aws import patience
from huntaze.sessions.model import Refusal, SignInRefused

if TYPE_CHECKING:
    from mypy_boto3_cognito_idp import CognitoIdentityProviderClient

TOTP: Final = "SOFTWARE_TOKEN_MFA"  # Cognito's word for a second factor
_RETRY_AFTER = 5
_TOO_MANY = ("TooManyRequestsException", "LimitExceededException", "TooManyFailedAttemptsException")
_AWAY = ("InternalErrorException", "CodeDeliveryFailureException", "ServiceUnavailable")

# Whether an account exists, is disabled or was never confirmed is nobody's to learn.
NO_SUCH_PERSON = (
    "NotAuthorizedException",
    "UserNotFoundException",
    "UserNotConfirmedException",
    "PasswordResetRequiredException",
    "InvalidParameterException",
)
SIGNING_IN = dict.fromkeys(NO_SUCH_PERSON, Refusal.WRONG)


@contextmanager
def understood(refusals: Mapping[str, Refusal], *, unnoticed: tuple[str, ...] = ()) -> Iterator[None]:
    """Cognito's errors in our words; what nobody foresaw goes on as it is."""
    from botocore.exceptions import BotoCoreError, ClientError, ParamValidationError  # noqa: PLC0415  (with the client)

    try:
        yield
    except ClientError as error:
        code, text = error.response["Error"]["Code"], error.response["Error"].get("Message", "")
        if code in _TOO_MANY or "attempts exceeded" in text:
            raise SignInRefused(Refusal.TOO_MANY) from None
        if code in _AWAY:
            raise _away() from error
        if code in refusals:
            raise SignInRefused(refusals[code]) from None  # Cognito's own text quotes what was typed
        if code not in unnoticed:
            raise
    except ParamValidationError:
        # Too short or too long for Cognito to even look at it. The text quotes what was typed, so it ends here.
        if refusals:
            raise SignInRefused(refusals["InvalidParameterException"]) from None
    except BotoCoreError as error:
        raise _away() from error


def _away() -> Unavailable:
    return Unavailable("Sign-in cannot be reached right now.", retry_after=_RETRY_AFTER)


def cognito() -> "CognitoIdentityProviderClient":
    """A client, made when somebody first needs it."""
    import boto3  # noqa: PLC0415  (a third of a second that only a sign-in should pay)

    return boto3.client("cognito-idp", config=patience())
