"""A request as the pages read it: address, form, cookies, and whether htmx asks for a part."""

import base64
import binascii
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any
from urllib.parse import parse_qsl

from huntaze.errors import Invalid, TooLarge

FORM = "application/x-www-form-urlencoded"
FORM_WITH_FILE = "multipart/form-data"
SAFE_METHODS = frozenset({"GET", "HEAD"})
LARGEST_FORM = 256 * 1024
_MOST_FIELDS = 2_000


@dataclass(frozen=True)
class Request:
    """One request. Header names are small letters."""

    id: str
    method: str
    path: str
    raw_query: str
    headers: Mapping[str, str]
    cookies: Mapping[str, str]
    address: str
    body: str = field(repr=False)
    encoded: bool = False

    @classmethod
    def of(cls, event: Mapping[str, Any]) -> "Request":
        """The request of a gateway event (payload version 2.0)."""
        headers = {name.lower(): value for name, value in (event.get("headers") or {}).items()}
        context = event["requestContext"]
        return cls(
            id=context["requestId"],
            method=context["http"]["method"],
            path=event["rawPath"],
            raw_query=event.get("rawQueryString") or "",
            headers=headers,
            cookies=_cookies([*(event.get("cookies") or ()), headers.get("cookie", "")]),
            address=context["http"].get("sourceIp", ""),
            body=event.get("body") or "",
            encoded=bool(event.get("isBase64Encoded")),
        )

    @property
    def safe(self) -> bool:
        """Whether it only asks."""
        return self.method in SAFE_METHODS

    @property
    def part(self) -> str:
        """The id of the element that htmx asks a part for; nothing when a whole page is wanted."""
        if self.headers.get("hx-request-type") != "partial":
            return ""
        return self.headers.get("hx-target", "").partition("#")[2]

    @property
    def here(self) -> str:
        """Its own address, to come back to."""
        return f"{self.path}?{self.raw_query}" if self.raw_query else self.path

    @cached_property
    def query(self) -> Mapping[str, str]:
        """What stands in the address; of what is there twice, the last."""
        return dict(_fields(self.raw_query))

    @cached_property
    def form(self) -> "Form":
        """What was typed; Invalid when it is no form of ours."""
        kind = self.headers.get("content-type", "").partition(";")[0].strip().lower()
        if kind == FORM_WITH_FILE:
            return self._form_with_file()
        if kind != FORM:
            raise Invalid.field("Content-Type", f"Must be {FORM}")
        if len(self.body) > LARGEST_FORM:
            raise TooLarge("This form is too large.")
        return Form(_fields(self._text()))

    def _form_with_file(self) -> "Form":
        from huntaze.edge.forms import loosely  # noqa: PLC0415  (few forms bring files)

        return Form(*loosely(self.headers["content-type"], self._bytes()))

    def _text(self) -> str:
        try:
            return self._bytes().decode("ascii") if self.encoded else self.body
        except ValueError:
            raise Invalid.field("body", "Is not a form") from None

    def _bytes(self) -> bytes:
        if not self.encoded:
            return self.body.encode(errors="surrogatepass")
        try:
            return base64.b64decode(self.body, validate=True)
        except (binascii.Error, ValueError):
            raise Invalid.field("body", "Is not a form") from None


class Form:
    """Fields by name, line ends as one of ours; and the file that came along, by the name its owner gave it."""

    def __init__(self, fields: list[tuple[str, str]], file: tuple[str, bytes] | None = None) -> None:
        self._fields = [(name, value.replace("\r\n", "\n")) for name, value in fields]
        self.file = file

    def __getitem__(self, name: str) -> str:
        return self.all(name)[-1] if self.has(name) else ""

    def has(self, name: str) -> bool:
        """Whether it was sent at all."""
        return any(known == name for known, _ in self._fields)

    def all(self, name: str) -> tuple[str, ...]:
        """Every value of a field that may be there more than once."""
        return tuple(value for known, value in self._fields if known == name)

    def words(self, *names: str) -> dict[str, str]:
        """These fields as they were typed."""
        return {name: self[name] for name in names}


def _fields(text: str) -> list[tuple[str, str]]:
    try:
        return parse_qsl(text, keep_blank_values=True, errors="strict", max_num_fields=_MOST_FIELDS)
    except ValueError:  # also what is not UTF-8
        raise Invalid.field("body", "Is not text in UTF-8") from None


def _cookies(headers: list[str]) -> dict[str, str]:
    """Read by hand: the standard library gives up on the first cookie that it does not like, whoever set it."""
    pairs = (pair.strip().partition("=") for header in headers for pair in header.split(";"))
    found: dict[str, str] = {}
    for name, equals, value in pairs:
        if equals:
            found.setdefault(name, value)
    return found
