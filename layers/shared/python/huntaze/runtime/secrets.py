"""Settings that are secrets: an ARN in the environment, a value from Secrets Manager at first use."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from huntaze.errors import Unavailable
from huntaze.runtime.aws import patience

if TYPE_CHECKING:
    from mypy_boto3_secretsmanager import SecretsManagerClient

_SECONDS_KEPT = 300.0
_SECONDS_BETWEEN_FAILURES = 15.0
_RETRY_AFTER = 5
_NOT_THERE = "ResourceNotFoundException"


@dataclass(slots=True)
class _Kept:
    value: str
    until: float


class Secrets:
    """Turns a setting into its value, and remembers it for minutes, so that a rotation is picked up."""

    def __init__(
        self,
        client: "Callable[[], SecretsManagerClient] | None" = None,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._make_client = client or _secrets_manager
        self._monotonic = monotonic
        self._kept: dict[str, _Kept] = {}

    def value(self, setting: str) -> str:
        """The value itself: what an ARN stands for, and anything else as it is."""
        if not is_secret(setting):
            return setting
        kept = self._kept.get(setting)
        if kept and self._monotonic() < kept.until:
            return kept.value
        return self._refreshed(setting, kept)

    def next_value(self, setting: str) -> str | None:
        """The value that is about to be in force, while it is being changed; None when nothing is changed."""
        return _read(self._make_client(), setting, VersionStage="AWSPENDING") if is_secret(setting) else None

    def forget(self, setting: str) -> None:
        """Read it anew next time: what we had was refused."""
        self._kept.pop(setting, None)

    def _refreshed(self, arn: str, stale: _Kept | None) -> str:
        try:
            value = _read(self._make_client(), arn)
            if value is None:
                raise Unavailable("A secret has no value.", retry_after=_RETRY_AFTER)  # noqa: TRY301 - as if away
        except Unavailable:
            if stale is None:
                raise
            # What still works goes on working while Secrets Manager is away.
            stale.until = self._monotonic() + _SECONDS_BETWEEN_FAILURES
            return stale.value
        self._kept[arn] = _Kept(value, self._monotonic() + _SECONDS_KEPT)
        return value


def is_secret(setting: str) -> bool:
    """Whether a setting names a secret instead of holding it."""
    return setting.startswith("arn:") and ":secretsmanager:" in setting


def _secrets_manager() -> "SecretsManagerClient":
    import boto3  # noqa: PLC0415  (a third of a second that a cold start without secrets must not pay)

    return boto3.client("secretsmanager", config=patience())


def _read(client: "SecretsManagerClient", arn: str, **version: str) -> str | None:
    from botocore.exceptions import BotoCoreError, ClientError  # noqa: PLC0415  (loaded with boto3 anyway)

    try:
        return client.get_secret_value(SecretId=arn, **version)["SecretString"]
    except (BotoCoreError, ClientError) as error:
        if version and isinstance(error, ClientError) and error.response["Error"]["Code"] == _NOT_THERE:
            return None
        raise Unavailable("A secret cannot be read right now.", retry_after=_RETRY_AFTER) from error
