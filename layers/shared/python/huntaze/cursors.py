"""Cursors: where the next page begins, opaque to the caller."""

import base64
import binascii
import json
from datetime import datetime, timedelta

LONGEST_CURSOR = 1024


def encode(*parts: str) -> str:
    """The sort keys of the last row shown, as one word that is safe in an address."""
    packed = json.dumps(parts, separators=(",", ":")).encode()
    return base64.urlsafe_b64encode(packed).rstrip(b"=").decode()


def decode(cursor: str) -> tuple[str, ...]:
    """The sort keys again; a ValueError when this is no cursor of ours."""
    if len(cursor) > LONGEST_CURSOR:
        raise ValueError("This cursor is not one we gave.")
    try:
        packed = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True)
        parts = json.loads(packed)
    except (binascii.Error, ValueError, RecursionError):
        raise ValueError("This cursor is not one we gave.") from None
    if not isinstance(parts, list) or not all(isinstance(part, str) for part in parts):
        raise ValueError("This cursor is not one we gave.")
    return tuple(parts)


def moment(part: str) -> datetime:
    """A sort key that is a time; a ValueError when it is not one of ours."""
    time = datetime.fromisoformat(part)
    if time.utcoffset() != timedelta(0):  # we write UTC; another offset may be one that PostgreSQL cannot read
        raise ValueError("This cursor is not one we gave.")
    return time
