"""Requests under an Idempotency-Key: their key, their fingerprint, and their answers as something to keep."""

import hashlib
from collections.abc import Mapping
from typing import Any

from huntaze.edge.request import header
from huntaze.errors import Invalid
from huntaze.idempotency.model import Answer, Keyed

HEADER = "Idempotency-Key"
LONGEST_KEY = 200
UNSAFE = frozenset({"POST", "PUT", "PATCH", "DELETE"})


def keyed(event: Mapping[str, Any]) -> Keyed | None:
    """The key of an admitted request, if it is one that changes something and has one."""
    key = header(event, HEADER)
    if key is None or event["requestContext"]["http"]["method"] not in UNSAFE:
        return None
    if not 0 < len(key) <= LONGEST_KEY or not (key.isascii() and key.isprintable()):
        raise Invalid.field(HEADER, f"Must be 1 to {LONGEST_KEY} printable ASCII characters")
    return Keyed(key, _fingerprint(event))


def as_answer(answered: Mapping[str, Any]) -> Answer:
    """What goes out, in a form that can be kept."""
    return Answer(int(answered["statusCode"]), dict(answered["headers"]), answered["body"] or "")


def as_event(answer: Answer) -> dict[str, Any]:
    """What is kept, in the form that goes out."""
    return {
        "statusCode": answer.status,
        "headers": dict(answer.headers),
        "body": answer.body,
        "isBase64Encoded": False,
        "cookies": [],
    }


def _fingerprint(event: Mapping[str, Any]) -> bytes:
    """Method, address and body, each closed by its length so that none runs into the next."""
    method = event["requestContext"]["http"]["method"]
    parts = (method, event["rawPath"], event.get("rawQueryString") or "", event.get("body") or "")
    digest = hashlib.sha256()
    for part in parts:
        told = part.encode(errors="surrogatepass")
        digest.update(len(told).to_bytes(8, "big") + told)
    return digest.digest()
