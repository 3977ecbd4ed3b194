"""Standard Webhooks (standardwebhooks.com): who holds the secret signs id, time and body, and nobody else can."""

import base64
import binascii
import hmac
import re
import secrets
from collections.abc import Mapping
from datetime import datetime, timedelta
from hashlib import sha256

from huntaze.webhooks.model import Delivered

TOLERANCE = timedelta(minutes=5)  # as far as two honest clocks and a slow network are apart
_PREFIX = "whsec_"
_VERSION = b"v1"
_EVENT_ID = re.compile(r"[!-~]{1,200}")
_TIMESTAMP = re.compile(r"[0-9]{1,12}")
_MOST_SIGNATURES = 20  # while secrets are changed there are two


def is_fresh(delivered: Delivered, now: datetime) -> bool:
    """Whether it has all that a signed request has, and claims a time that is about now. Nothing is proven by that."""
    if delivered.event_id is None or delivered.timestamp is None or delivered.signatures is None:
        return False
    if not (_EVENT_ID.fullmatch(delivered.event_id) and _TIMESTAMP.fullmatch(delivered.timestamp)):
        return False
    return abs(now.timestamp() - int(delivered.timestamp)) <= TOLERANCE.total_seconds()


def is_signed(delivered: Delivered, secret: str) -> bool:
    """Whether one of its signatures is of this secret over exactly this id, time and body.

    All are compared, each in constant time, so the time it takes says nothing. They are compared as they are written:
    another spelling of the same bytes is another signature.
    """
    key = _key(secret)
    wanted = _signature(key or secrets.token_bytes(24), delivered)
    given = (delivered.signatures or "").encode().split(b" ")[:_MOST_SIGNATURES]
    matches = [hmac.compare_digest(wanted, each) for each in given]
    return key is not None and any(matches)


def signed(event_id: str, timestamp: int, body: bytes, secret: str) -> Mapping[str, str]:
    """The headers of a request that this secret signs."""
    unsigned = Delivered(event_id, str(timestamp), None, body)
    key = _key(secret)
    if key is None:
        raise ValueError("a secret is whsec_ and base64")
    return {
        "webhook-id": event_id,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": _signature(key, unsigned).decode(),
    }


def made_up() -> str:
    """A secret that nobody has: what a request to no connection at all is compared with."""
    return _PREFIX + base64.b64encode(secrets.token_bytes(32)).decode()


def _signature(key: bytes, delivered: Delivered) -> bytes:
    content = f"{delivered.event_id}.{delivered.timestamp}.".encode() + delivered.body
    return _VERSION + b"," + base64.b64encode(hmac.digest(key, content, sha256))


def _key(secret: str) -> bytes | None:
    try:
        return base64.b64decode(secret.removeprefix(_PREFIX), validate=True) or None
    except (binascii.Error, ValueError):
        return None
