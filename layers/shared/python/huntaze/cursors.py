"""Cursors: where the next page begins. Opaque to the caller, signed, and good for one question in one workspace."""

import base64
import binascii
import hashlib
import hmac
import json
from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from huntaze.errors import Invalid, NotFound

LONGEST_CURSOR = 2048

_TAG = 16  # bytes of the signature; what it covers: question, workspace, id, key
_QUESTION = 8
_UUID = 16
_SHORTEST = _TAG + _QUESTION + _UUID + _UUID


@dataclass(frozen=True, slots=True)
class Position:
    """A place in a list: right after the row with this sort key, as the database writes it, and this id."""

    key: str
    id: UUID


class Cursors:
    """Makes and reads cursors. `key` is asked each time, so that a rotated secret is taken up."""

    def __init__(self, key: Callable[[], bytes]) -> None:
        self._key = key

    def of(self, workspace_id: UUID, *question: object) -> "Bookmarks":
        """The cursors of one list: this workspace's answer to this question, its filters and its order."""
        asked = json.dumps([str(part) if part is not None else None for part in question]).encode()
        return Bookmarks(self._key(), hashlib.sha256(asked).digest()[:_QUESTION], workspace_id.bytes)


@dataclass(frozen=True, slots=True)
class Bookmarks:
    """The cursors of one list."""

    _key: bytes
    _question: bytes
    _workspace: bytes

    def cursor(self, position: Position | None) -> str | None:
        """A place as one word that is safe in an address; nothing after the last page."""
        if position is None:
            return None
        told = self._question + self._workspace + position.id.bytes + position.key.encode()
        return base64.urlsafe_b64encode(self._tag(told) + told).rstrip(b"=").decode()

    def position(self, cursor: str | None) -> Position | None:
        """The place again. Invalid when this list never gave the cursor, NotFound when another workspace's did."""
        if cursor is None:
            return None
        raw = _decoded(cursor)
        tag, told = raw[:_TAG], raw[_TAG:]
        if len(raw) < _SHORTEST or not hmac.compare_digest(tag, self._tag(told)):
            raise _refused()
        question, workspace, row, key = _parts(told)
        if workspace != self._workspace:
            raise NotFound
        if question != self._question:
            raise Invalid.field("cursor", "This cursor belongs to a list with other filters or another order.")
        return Position(key.decode(), UUID(bytes=row))

    def _tag(self, told: bytes) -> bytes:
        return hmac.digest(self._key, told, hashlib.sha256)[:_TAG]


def _decoded(cursor: str) -> bytes:
    if len(cursor) > LONGEST_CURSOR:
        raise _refused()
    try:
        return base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        raise _refused() from None


def _parts(told: bytes) -> tuple[bytes, bytes, bytes, bytes]:
    ends = (_QUESTION, _QUESTION + _UUID, _QUESTION + _UUID + _UUID)
    return told[: ends[0]], told[ends[0] : ends[1]], told[ends[1] : ends[2]], told[ends[2] :]


def _refused() -> Invalid:
    return Invalid.field("cursor", "This is not a cursor that we gave.")
