"""What is shown to somebody who switches the second factor on."""

from dataclasses import dataclass, field
from urllib.parse import quote, urlencode

ISSUER = "Huntaze"


@dataclass(frozen=True, slots=True)
class Enrolment:
    """A secret for an authenticator app; the ticket lets its owner prove that the app has it."""

    secret: str = field(repr=False)
    ticket: str = field(repr=False)


def link(secret: str, email: str) -> str:
    """The address that authenticator apps read, from a picture or by being opened."""
    label = quote(f"{ISSUER}:{email}", safe="@")
    return f"otpauth://totp/{label}?{urlencode({'secret': secret, 'issuer': ISSUER})}"
