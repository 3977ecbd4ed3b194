"""A creator whose every word can be told from all others, and everything that left the house while it was lived in."""

import base64
import gzip
import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from huntaze.runtime.keys import NotUnderThisKey
from tests.integration.hostile.house import House
from tests.integration.pages.conftest import Place
from tests.support.gateway import route_of

WORD = "xqkanari"
WORDS = tuple(f"{WORD} {number} says so" for number in range(12))
NONCE = bytes(12)  # each test has a key of its own, and what is sealed by it is thrown away


class HouseOfCanaries(House):
    """Filled by every door, as the house of hostile strings is; what a fan, a bridge or a member says is a canary."""

    def __init__(self, place: Place) -> None:
        super().__init__(place, deep=False)
        self.strings = WORDS
        self.families = ((WORDS[0], WORDS[1]),)


class RealKeys:
    """Locks up as KMS does: under a key that only it has, for one context."""

    def __init__(self) -> None:
        self._key = AESGCM(AESGCM.generate_key(256))

    def encrypt(self, plain: bytes, context: Mapping[str, str]) -> bytes:
        return self._key.encrypt(NONCE, plain, json.dumps(dict(context)).encode())

    def decrypt(self, sealed: bytes, context: Mapping[str, str]) -> bytes:
        try:
            return self._key.decrypt(NONCE, sealed, json.dumps(dict(context)).encode())
        except InvalidTag:
            raise NotUnderThisKey from None


@dataclass(frozen=True)
class Left:
    """One answer, as it left the house."""

    asked: str
    status: int
    headers: Mapping[str, str]
    cookies: tuple[str, ...]
    body: str

    def __str__(self) -> str:
        return f"{self.asked}: {self.status}"

    @property
    def whole(self) -> str:
        """All of it but cookies."""
        return "\n".join((self.body, *(f"{name}: {value}" for name, value in self.headers.items())))


def _route_key(method: str, path: str) -> str:
    """What the gateway says of where a request went: the route with its gaps, never what stands in them."""
    return f"{method} {route_of(method, path).path}"


@dataclass
class Watched:
    """A handler whose answers are remembered."""

    handler: Callable[..., dict[str, Any]]
    left: list[Left] = field(default_factory=list)

    def __call__(self, event: dict[str, Any], *context: Any) -> dict[str, Any]:
        http = event["requestContext"]["http"]
        answer = self.handler(event | {"routeKey": _route_key(http["method"], http["path"])}, *context)
        content = base64.b64decode(answer["body"]) if answer["isBase64Encoded"] else answer["body"].encode()
        if answer["headers"].get("Content-Encoding") == "gzip" and content:
            content = gzip.decompress(content)
        asked, told = f"{http['method']} {http['path']}", (answer["headers"], tuple(answer.get("cookies", ())))
        self.left.append(Left(asked, int(answer["statusCode"]), *told, content.decode(errors="replace")))
        return answer


def spellings(secret: str) -> Iterator[str]:
    """A secret as it could stand somewhere."""
    raw = secret.encode()
    yield secret
    yield raw.hex()
    for encoded in (base64.b64encode(raw), base64.urlsafe_b64encode(raw)):
        # Whatever stands before and behind it in the same text: all but its last letters are these.
        yield encoded.decode().rstrip("=")[:-1]


def found(secrets: Mapping[str, str], text: str) -> list[str]:
    """The names of those that stand in a text, in any spelling."""
    small = text.lower()
    return [name for name, secret in secrets.items() if any(one.lower() in small for one in spellings(secret))]
