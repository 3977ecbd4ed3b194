"""Tokens of forms, and small notes that only we can have written."""

import base64
import binascii
import hashlib
import hmac
import json
import secrets
from typing import Any

_LONGEST_NOTE = 4096


def fresh() -> str:
    """A token that nobody guesses: 256 bits."""
    return secrets.token_urlsafe(32)


def for_form(secret: str) -> str:
    """What a form must send back. Masked anew each time, so that a compressed page does not leak it by its length."""
    proof = _proof(secret, "form")
    mask = secrets.token_bytes(len(proof))
    return _text(mask + _mixed(mask, proof))


def is_for_form(token: str, secret: str) -> bool:
    """Whether a form sent what `for_form` gave."""
    sent = _bytes(token)
    half = len(sent) // 2
    return hmac.compare_digest(_mixed(sent[:half], sent[half:]), _proof(secret, "form"))


def sealed(note: object, secret: str) -> str:
    """A note for the browser to carry; it may be read there and not be changed."""
    text = _text(json.dumps(note, ensure_ascii=False, separators=(",", ":")).encode())
    return f"{text}.{_text(_proof(secret, text))}"


def unsealed(text: str, secret: str) -> Any:
    """The note again; nothing if it is none of ours."""
    content, _, seal = text.partition(".")
    if len(text) > _LONGEST_NOTE or not hmac.compare_digest(_bytes(seal), _proof(secret, content)):
        return None
    return json.loads(_bytes(content))


def _proof(secret: str, purpose: str) -> bytes:
    return hmac.digest(secret.encode(errors="surrogatepass"), purpose.encode(errors="surrogatepass"), hashlib.sha256)


def _mixed(one: bytes, other: bytes) -> bytes:
    return bytes(a ^ b for a, b in zip(one, other, strict=False))


def _text(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()


def _bytes(text: str) -> bytes:
    try:
        return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        return b""
