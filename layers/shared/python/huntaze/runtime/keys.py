"""Our key in AWS KMS. What it locks up is small, so it locks it up itself: no key of ours is ever in memory."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import cached_property
from typing import Any, Protocol

from huntaze.errors import TooLarge, Unavailable
from huntaze.runtime.aws import patience

MOST_BYTES = 4096  # what KMS itself takes
_RETRY_AFTER = 5


class NotUnderThisKey(Exception):
    """It was locked up under another context or key, or is damaged. It says nothing of what is inside."""


class KmsClient(Protocol):
    """What we need of boto3's client."""

    def encrypt(self, *, KeyId: str, Plaintext: bytes, EncryptionContext: Mapping[str, str]) -> Mapping[str, Any]:  # noqa: N803  (AWS's own names)
        """Lock up."""
        ...

    def decrypt(self, *, KeyId: str, CiphertextBlob: bytes, EncryptionContext: Mapping[str, str]) -> Mapping[str, Any]:  # noqa: N803
        """Unlock."""
        ...


class Keys:
    """One key, by its ARN. The context goes into every seal, and into AWS's own log of who asked."""

    def __init__(self, key: Callable[[], str], make_client: Callable[[], KmsClient] | None = None) -> None:
        self._key = key
        self._make_client = make_client or _kms

    @cached_property
    def _client(self) -> KmsClient:
        return self._make_client()

    def encrypt(self, plain: bytes, context: Mapping[str, str]) -> bytes:
        """Lock something up; TooLarge when it is more than a key locks up by itself."""
        if len(plain) > MOST_BYTES:
            raise TooLarge(f"Credentials can be {MOST_BYTES} bytes together, not more.")
        with _told():
            done = self._client.encrypt(KeyId=self._key(), Plaintext=plain, EncryptionContext=context)
        sealed: bytes = done["CiphertextBlob"]
        return sealed

    def decrypt(self, sealed: bytes, context: Mapping[str, str]) -> bytes:
        """What was locked up under this very context; with the key named, no other key's seal is ever opened."""
        with _told():
            done = self._client.decrypt(KeyId=self._key(), CiphertextBlob=sealed, EncryptionContext=context)
        plain: bytes = done["Plaintext"]
        return plain


@contextmanager
def _told() -> Iterator[None]:
    from botocore.exceptions import BotoCoreError, ClientError  # noqa: PLC0415  (loaded with the client anyway)

    try:
        yield
    except ClientError as error:
        if error.response.get("Error", {}).get("Code") in {"InvalidCiphertextException", "IncorrectKeyException"}:
            raise NotUnderThisKey from None
        raise Unavailable("Credentials cannot be locked or unlocked right now.", retry_after=_RETRY_AFTER) from error
    except BotoCoreError as error:
        raise Unavailable("Credentials cannot be locked or unlocked right now.", retry_after=_RETRY_AFTER) from error


def _kms() -> KmsClient:
    import boto3  # noqa: PLC0415  (a third of a second that most cold starts must not pay)

    client: KmsClient = boto3.client("kms", config=patience())
    return client
