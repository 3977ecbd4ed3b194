"""The accounts of the user pool (Cognito): made for who is invited, and asked for who somebody is."""

import logging
from collections.abc import Callable
from functools import cached_property
from typing import TYPE_CHECKING, Any

from huntaze.errors import HuntazeError, Unauthenticated, Unavailable
from huntaze.runtime.user_refusals import cognito, understood
from huntaze.sessions.model import Proven, SignInRefused
from huntaze.team.model import Mail

if TYPE_CHECKING:
    from mypy_boto3_cognito_idp import CognitoIdentityProviderClient

_NEVER_SIGNED_IN = "FORCE_CHANGE_PASSWORD"  # and so it still has the password of its invitation
_BUSY_FOR_SECONDS = 5

_log = logging.getLogger(__name__)


class CognitoAccounts:
    """What the administrator of a user pool may do, and no more of it than we need."""

    def __init__(self, pool_id: str, make_client: "Callable[[], CognitoIdentityProviderClient] | None" = None) -> None:
        self._pool_id = pool_id
        self._make_client = make_client or cognito

    @cached_property
    def _client(self) -> "CognitoIdentityProviderClient":
        return self._make_client()

    def invite(self, email: str) -> Mail:
        """Make sure that there is an account, and tell its owner of it as long as they have never signed in.

        Whatever keeps the mail from leaving, the invitation stands: it is told, and mended by asking again.
        """
        from botocore.exceptions import ClientError  # noqa: PLC0415  (with the client)

        try:
            with understood({}):
                return self._invited(email)
        except (ClientError, HuntazeError, SignInRefused):
            _log.warning("the mail of an invitation was not sent", exc_info=True)
            return Mail.NOT_SENT

    def proven(self, subject: str) -> Proven:
        """Whose token it is, with the address that they have shown to read."""
        try:
            with understood({}, unnoticed=("UserNotFoundException",)):
                found = self._client.admin_get_user(UserPoolId=self._pool_id, Username=subject)
                about = {each["Name"]: each.get("Value", "") for each in found["UserAttributes"]}
                if found["Enabled"] and about.get("email_verified") == "true":
                    return Proven(subject, about["email"])
        except SignInRefused as error:  # there is one reason without a password: too many ask
            raise Unavailable("The user pool is busy.", retry_after=_BUSY_FOR_SECONDS) from error
        raise Unauthenticated

    def _invited(self, email: str) -> Mail:
        try:
            self._write_to(email)
        except self._client.exceptions.UsernameExistsException:
            found = self._client.admin_get_user(UserPoolId=self._pool_id, Username=email)
            if found["UserStatus"] != _NEVER_SIGNED_IN:
                return Mail.HAS_ACCOUNT
            self._write_to(email, MessageAction="RESEND")
        return Mail.SENT

    def _write_to(self, email: str, **more: Any) -> None:
        """Cognito makes the account and writes the mail, with a password for the first time."""
        self._client.admin_create_user(
            UserPoolId=self._pool_id,
            Username=email,
            # The mail goes to this address: whoever has the password in it has shown to read it.
            UserAttributes=[{"Name": "email", "Value": email}, {"Name": "email_verified", "Value": "true"}],
            DesiredDeliveryMediums=["EMAIL"],
            **more,
        )
