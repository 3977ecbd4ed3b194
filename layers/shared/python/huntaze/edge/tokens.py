"""The claims of an access token, checked again behind the gateway.

The gateway has verified the signature. A route that was published without its authorizer, an authorizer of another
pool, or an ID token in the place of an access token must not get further than this.
"""

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from huntaze.errors import Unauthenticated
from huntaze.runtime.settings import SignIn

_SKEW_SECONDS = 60  # how far the clock of whoever made the token may be ahead
_LONGEST_NUMBER = 12
_SUBJECT = re.compile(r"[A-Za-z0-9_-]{1,200}")  # the gateway hands a list on as "[…]", which is nobody


def subject_of(event: Mapping[str, Any], sign_in: SignIn, now: datetime) -> str:
    """Whose access token came with this request; Unauthenticated unless everything about it is right."""
    claims = _claims(event)
    if not (_is_for_us(claims, sign_in) and _is_current(claims, now.timestamp())):
        raise Unauthenticated
    return _subject(claims)


def _claims(event: Mapping[str, Any]) -> Mapping[str, Any]:
    found: Any = event
    for name in ("requestContext", "authorizer", "jwt", "claims"):
        found = found.get(name) if isinstance(found, Mapping) else None
    if not isinstance(found, Mapping):
        raise Unauthenticated
    return found


def _is_for_us(claims: Mapping[str, Any], sign_in: SignIn) -> bool:
    return (
        claims.get("iss") == sign_in.issuer
        and claims.get("client_id") == sign_in.client_id
        and claims.get("token_use") == "access"
    )


def _is_current(claims: Mapping[str, Any], now: float) -> bool:
    expires, issued = _seconds(claims.get("exp")), _seconds(claims.get("iat"))
    not_before = _seconds(claims["nbf"]) if "nbf" in claims else issued
    if expires is None or issued is None or not_before is None:
        return False
    return max(issued, not_before) <= now + _SKEW_SECONDS and now < expires


def _seconds(value: object) -> int | None:
    """A time as the gateway hands it on: digits in a string, or a whole number."""
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) <= _LONGEST_NUMBER:
        return int(value)
    return None


def _subject(claims: Mapping[str, Any]) -> str:
    subject = claims.get("sub")
    if not isinstance(subject, str) or not _SUBJECT.fullmatch(subject):
        raise Unauthenticated
    return subject
