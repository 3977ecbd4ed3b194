"""Reading a file in S3 from its beginning to its end, as often as needed, with never more than a block of it in memory.

Each block is a request of its own: whoever reads may take minutes between two of them, and no connection has to last
that long. A block whose connection breaks is asked for again.
"""

import io
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property
from typing import TYPE_CHECKING, Any, BinaryIO

from huntaze.errors import NotFound, Unavailable

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

BLOCK_BYTES = 8 * 1024 * 1024
_TRIES = 3  # of a block; botocore tries each request several times by itself, but not what breaks while it is read
_RETRY_AFTER = 5
# Who may not list a bucket is told the same of a file that is not there and of one that they may not see.
_GONE = frozenset({"403", "404", "AccessDenied", "NoSuchKey", "NotFound"})
_REPLACED = frozenset({"412", "PreconditionFailed"})


class Stored:
    """One file. The first look at it decides which: what is put into its place later is never mixed with it."""

    def __init__(self, client: "S3Client", bucket: str, key: str) -> None:
        self._client, self._bucket, self._key = client, bucket, key

    @property
    def size(self) -> int:
        """How many bytes it has; NotFound when there is none."""
        return self._look[0]

    @property
    def version(self) -> str:
        """Which file it is, as S3 tells them apart."""
        return self._look[1]

    @contextmanager
    def open(self) -> Iterator[BinaryIO]:
        """From its beginning. Unavailable, also while it is read, when S3 is away or the file is another one by now."""
        size, version = self._look
        with io.BufferedReader(_Blocks(self._client, self._bucket, self._key, size, version)) as file:
            yield file

    @cached_property
    def _look(self) -> tuple[int, str]:
        from botocore.exceptions import BotoCoreError, ClientError  # noqa: PLC0415  (loaded with the client anyway)

        try:
            found = self._client.head_object(Bucket=self._bucket, Key=self._key)
        except ClientError as error:
            if error.response["Error"]["Code"] in _GONE:
                raise NotFound from error
            raise _away() from error
        except BotoCoreError as error:
            raise _away() from error
        return found["ContentLength"], found["ETag"]


class _Blocks(io.RawIOBase):
    def __init__(self, client: "S3Client", bucket: str, key: str, size: int, version: str) -> None:
        self._client, self._bucket, self._key = client, bucket, key
        self._size, self._version = size, version
        self._asked = 0
        self._block = memoryview(b"")

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        into = memoryview(buffer)
        if not self._block and self._asked < self._size:
            self._block = memoryview(self._next_block())
        given = min(len(into), len(self._block))
        into[:given] = self._block[:given]
        self._block = self._block[given:]
        return given

    def _next_block(self) -> bytes:
        first, end = self._asked, min(self._asked + BLOCK_BYTES, self._size)
        self._block = memoryview(b"")  # never two of them
        block = self._fetched(first, end)
        self._asked = end
        return block

    def _fetched(self, first: int, end: int) -> bytes:
        from botocore.exceptions import BotoCoreError, ClientError  # noqa: PLC0415  (loaded with the client anyway)

        for left in reversed(range(_TRIES)):
            try:
                answer = self._client.get_object(
                    Bucket=self._bucket, Key=self._key, Range=f"bytes={first}-{end - 1}", IfMatch=self._version
                )
                return answer["Body"].read()
            except ClientError as error:
                if error.response["Error"]["Code"] in _REPLACED | _GONE:
                    raise Unavailable("The file is another one by now.", retry_after=_RETRY_AFTER) from error
                raise _away() from error
            except BotoCoreError as error:
                if not left:
                    raise _away() from error
        raise AssertionError  # the last try has returned or raised


def _away() -> Unavailable:
    return Unavailable("Files cannot be read right now.", retry_after=_RETRY_AFTER)
