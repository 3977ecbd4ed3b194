"""Answers on their way out, and what every one of them carries."""

import base64
import gzip
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from http import HTTPStatus
from typing import Any

HTML = "text/html; charset=utf-8"
PLAIN = "text/plain; charset=utf-8"
_WORTH_COMPRESSING = 1024
_VARY = "Accept-Encoding, Accept-Language, Cookie, HX-Request-Type, HX-Target"


def _policy(sends_to: str) -> str:
    return (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
        f"connect-src {sends_to}; form-action {sends_to}; frame-ancestors 'none'; base-uri 'none'"
    )


POLICY = _policy("'self'")
_ON_EVERY_ANSWER = {
    "Content-Security-Policy": POLICY,
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}
STRICT_TRANSPORT = {"Strict-Transport-Security": "max-age=63072000; includeSubDomains"}


@dataclass(frozen=True)
class Answer:
    """What goes back."""

    body: str | bytes = field(default="", repr=False)
    status: int = HTTPStatus.OK
    content_type: str = HTML
    headers: Mapping[str, str] = field(default_factory=dict)
    cookies: tuple[str, ...] = ()

    def with_cookies(self, *cookies: str) -> "Answer":
        """The same, setting these too."""
        return replace(self, cookies=(*self.cookies, *cookies))

    def with_headers(self, headers: Mapping[str, str]) -> "Answer":
        """The same; what it says itself counts more."""
        return replace(self, headers={**headers, **self.headers})

    def as_event(self, accepted: str, *, transport: bool) -> dict[str, Any]:
        """As the gateway wants it, compressed where the reader takes that."""
        content = self.body.encode() if isinstance(self.body, str) else self.body
        headers = {"Cache-Control": "no-store", "Vary": _VARY, **_ON_EVERY_ANSWER, **self.headers}
        if transport:
            headers |= STRICT_TRANSPORT
        if content:
            headers |= {"Content-Type": self.content_type}
        if "gzip" in accepted and len(content) >= _WORTH_COMPRESSING and "Content-Encoding" not in headers:
            content = gzip.compress(content, compresslevel=5, mtime=0)
            headers |= {"Content-Encoding": "gzip"}
        return {
            "statusCode": int(self.status),
            "headers": headers,
            "cookies": list(self.cookies),
            "body": base64.b64encode(content).decode(),
            "isBase64Encoded": True,
        }


def bringing_files_to(origin: str) -> dict[str, str]:
    """The headers of a page that may send to this origin too: where its person's files go."""
    return {"Content-Security-Policy": _policy(f"'self' {origin}")}


def see_other(address: str) -> Answer:
    """Go there and read, whatever was sent here."""
    return Answer(status=HTTPStatus.SEE_OTHER, headers={"Location": address})


def go_by_script(address: str) -> Answer:
    """The same for htmx, which would put the other page into the place of a part."""
    return Answer(status=HTTPStatus.NO_CONTENT, headers={"HX-Redirect": address})
