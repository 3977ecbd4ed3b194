"""Forms with a file, as browsers send them."""

from collections.abc import Iterable
from typing import NamedTuple

BOUNDARY = "----WebKitFormBoundary7MA4YWxkTrZu0gW"


class Part(NamedTuple):
    """One part of a form; with a file name it is a file."""

    name: str
    content: bytes | str
    file_name: str | None = None


def content_type(boundary: str = BOUNDARY) -> str:
    """What the header says of such a body."""
    return f"multipart/form-data; boundary={boundary}"


def body_of(parts: Iterable[Part], boundary: str = BOUNDARY) -> bytes:
    """The bytes that go out."""
    written = bytearray()
    for part in parts:
        told = f'form-data; name="{part.name}"'
        kind = ""
        if part.file_name is not None:
            told += f'; filename="{part.file_name}"'
            kind = "Content-Type: text/csv\r\n"
        content = part.content.encode() if isinstance(part.content, str) else part.content
        written += f"--{boundary}\r\nContent-Disposition: {told}\r\n{kind}\r\n".encode() + content + b"\r\n"
    return bytes(written + f"--{boundary}--\r\n".encode())
