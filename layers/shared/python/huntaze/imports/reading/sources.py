"""Where the bytes of a file come from."""

import hashlib
from contextlib import AbstractContextManager
from io import BytesIO
from typing import BinaryIO, Protocol


class Source(Protocol):
    """The bytes of a file, which can be read from the beginning as often as needed."""

    @property
    def size(self) -> int:
        """How many bytes there are."""
        ...

    @property
    def version(self) -> str:
        """Which bytes: others in their place have another one."""
        ...

    def open(self) -> AbstractContextManager[BinaryIO]:
        """The bytes from the first one on."""
        ...


class Held:
    """A small file that is in memory already."""

    def __init__(self, content: bytes) -> None:
        self._content = content

    @property
    def size(self) -> int:
        """How many bytes there are."""
        return len(self._content)

    @property
    def version(self) -> str:
        """Which bytes: what they are made of."""
        return hashlib.sha256(self._content).hexdigest()

    def open(self) -> AbstractContextManager[BinaryIO]:
        """The bytes from the first one on."""
        return BytesIO(self._content)
