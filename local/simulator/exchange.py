"""What a request brings and what an answer carries, whoever serves them."""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from local.simulator.model import Json


@dataclass(frozen=True, slots=True)
class Answer:
    """What goes back."""

    status: int
    body: Json | None = None
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass
class Problem(Exception):
    """A refusal, as `application/problem+json` with a code."""

    status: int
    code: str
    detail: str = ""
    more: Mapping[str, Any] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)

    def answer(self) -> Answer:
        """The same as what goes back."""
        body = {"title": self.code.replace("_", " "), "status": self.status, "code": self.code, "detail": self.detail}
        return Answer(self.status, {**body, **self.more}, {**self.headers, "Content-Type": "application/problem+json"})


class HangUp(Exception):
    """The connection is closed, and no answer is given."""


@dataclass(frozen=True, slots=True)
class Request:
    """What somebody asks."""

    method: str
    path: str
    query: Mapping[str, str]
    token: str | None = field(repr=False)
    body: bytes = field(repr=False)

    @classmethod
    def read(cls, method: str, target: str, authorization: str | None, body: bytes) -> "Request":
        """A request from what HTTP brought."""
        address = urlsplit(target)
        scheme, _, token = (authorization or "").partition(" ")
        known = scheme.lower() == "bearer" and token
        return cls(method, address.path, dict(parse_qsl(address.query)), token if known else None, body)

    def json(self) -> Json:
        """The body, which must be one JSON object."""
        try:
            said = json.loads(self.body or b"{}")
        except ValueError:
            raise malformed("the body must be JSON") from None
        if not isinstance(said, dict):
            raise malformed("the body must be a JSON object")
        return said

    def number(self, name: str, default: int, *, most: int) -> int:
        """A whole number of the query."""
        said = self.query.get(name, str(default))
        if not said.isdecimal() or not 0 <= int(said) <= most:
            raise malformed(f"{name} must be a whole number up to {most}")
        return int(said)


Serve = Callable[..., Answer]


class Routes:
    """Which method and path is served by what; parts of a path in braces are handed over."""

    def __init__(self, routes: Mapping[str, Serve]) -> None:
        self._routes = [(*_pattern(route), serve) for route, serve in routes.items()]

    def serve(self, request: Request) -> Answer:
        """The answer to a request."""
        found = [(method, match, serve) for method, pattern, serve in self._routes if (match := pattern(request.path))]
        for method, match, serve in found:
            if method == request.method:
                return serve(request, *match.groups())
        if found:
            raise Problem(405, "method_not_allowed", f"{request.path} does not know {request.method}")
        raise Problem(404, "not_found", f"there is nothing at {request.path}")


def malformed(detail: str) -> Problem:
    """What was said cannot be understood."""
    return Problem(400, "malformed", detail)


def _pattern(route: str) -> tuple[str, Callable[[str], re.Match[str] | None]]:
    method, path = route.split()
    return method, re.compile(re.sub(r"{\w+}", "([^/]+)", path)).fullmatch
