"""Which encoding a file has, and what is no text at all. What only the whole file can tell is told by `inspecting`."""

import io
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import BinaryIO

from huntaze.imports.reading.faults import Unreadable
from huntaze.imports.reading.sources import Source

HEAD = 4096
UTF_8, WINDOWS = "utf-8", "windows-1252"
UTF_16_LE, UTF_16_BE = "utf-16-le", "utf-16-be"
BYTE_ORDER_MARK = "\ufeff"

_CHUNK = 65_536
_CERTAIN = 64  # so many letters without a mark of byte order decide for UTF-16
_BEGINNINGS: tuple[tuple[str, bytes], ...] = (
    ("archive", rb"PK(?:\x03\x04|\x05\x06|\x07\x08)|\x1f\x8b|\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1|7z\xbc\xaf\x27\x1c"),
    ("archive", rb"Rar!\x1a\x07|BZh[1-9]1AY&SY|\xfd7zXZ\x00|\x28\xb5\x2f\xfd|.{257}ustar"),
    ("picture", rb"\x89PNG\r\n|\xff\xd8\xff|GIF8[79]a|RIFF....WEBP|II\*\x00|MM\x00\*|BM.{4}\x00\x00|\x00\x00\x01\x00"),
    ("picture", rb".{4}ftyp(?:heic|heif|mif1|avif)|\s*<svg"),
    ("not_csv", rb"%PDF-|\{\\rtf|SQLite format 3|\s*<(?:!doctype|html|\?xml|table)|\s*[{\[]\s*[\"{\[]"),
    ("not_text", rb"\x7fELF|MZ.{4}\x00|\xff\xfe\x00\x00|\x00\x00\xfe\xff|.{4}ftyp|OggS"),
)
_KINDS = tuple((code, re.compile(begins, re.DOTALL | re.IGNORECASE)) for code, begins in _BEGINNINGS)
_CONTROLS = bytes({*range(32), 127} - {*b"\t\n\v\f\r\x1a"})
_TEXT_HAS = 10  # no text has more than one control character in so many


def supposed(head: bytes) -> str:
    """The encoding that a file seems to have by its first bytes. UTF-8 stands for Windows-1252 too as yet."""
    if not head:
        raise Unreadable("empty")
    if code := next((code for code, begins in _KINDS if begins.match(head)), None):
        raise Unreadable(code)
    if encoding := _utf_16(head):
        return encoding
    if len(head) - len(head.translate(None, _CONTROLS)) > len(head) // _TEXT_HAS:
        raise Unreadable("not_text")
    return UTF_8


def head_of(source: Source) -> bytes:
    """The first bytes of a file."""
    with source.open() as raw:
        return _Counted(raw).read(HEAD)


class Text:
    """A file as text, line by line, each with its line end as it is; no line is read further than it is asked for."""

    def __init__(self, raw: BinaryIO, encoding: str, errors: str) -> None:
        self._counted = _Counted(raw)
        text = io.TextIOWrapper(io.BufferedReader(self._counted, _CHUNK), encoding, errors, newline="")
        self.readline = text.readline
        self.read = text.read
        self._text = text

    @property
    def bytes_read(self) -> int:
        """How many bytes of the file have been read."""
        return self._counted.count


@contextmanager
def opened(source: Source, encoding: str, errors: str = "strict") -> Iterator[Text]:
    """The file as text."""
    with source.open() as raw:
        yield Text(raw, encoding, errors)


def _utf_16(head: bytes) -> str | None:
    """UTF-16 with its mark, or where every second byte says so and no other does."""
    if head.startswith(b"\xff\xfe"):
        return UTF_16_LE
    if head.startswith(b"\xfe\xff"):
        return UTF_16_BE
    letters = head[: 2 * _CERTAIN]
    odd, even = letters[1::2], letters[::2]
    for encoding, high, low in ((UTF_16_LE, odd, even), (UTF_16_BE, even, odd)):
        if 0 not in low and high.count(0) * _TEXT_HAS >= len(high) * (_TEXT_HAS - 1) > 0:
            return encoding
    return None


class _Counted(io.RawIOBase):
    """Bytes from anywhere that can only be read, counted."""

    def __init__(self, raw: BinaryIO) -> None:
        super().__init__()
        self._raw = raw
        self.count = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]  # typeshed knows no narrower name for it
        chunk = self._raw.read(len(buffer))
        buffer[: len(chunk)] = chunk
        self.count += len(chunk)
        return len(chunk)
