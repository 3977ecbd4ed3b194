"""Every error as application/problem+json (RFC 9457): the only place that knows HTTP statuses."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from types import MappingProxyType
from typing import Any

from huntaze.errors import (
    Conflict,
    Forbidden,
    HuntazeError,
    Invalid,
    KeyReused,
    NotFound,
    NotQueued,
    Stale,
    TooLarge,
    TooMany,
    Unauthenticated,
    Unavailable,
    Unsigned,
)

CONTENT_TYPE = "application/problem+json"
EXTENSION = "x-problems"

_STATUS: Mapping[type[HuntazeError], tuple[HTTPStatus, str]] = MappingProxyType(
    {
        Invalid: (HTTPStatus.BAD_REQUEST, "The request is not valid"),
        TooLarge: (HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "Too large"),
        Unauthenticated: (HTTPStatus.UNAUTHORIZED, "Not signed in"),
        Unsigned: (HTTPStatus.UNAUTHORIZED, "Not signed"),
        Forbidden: (HTTPStatus.FORBIDDEN, "Not allowed"),
        NotFound: (HTTPStatus.NOT_FOUND, "Not found"),
        Conflict: (HTTPStatus.CONFLICT, "Conflict"),
        Stale: (HTTPStatus.PRECONDITION_FAILED, "Changed meanwhile"),
        KeyReused: (HTTPStatus.UNPROCESSABLE_ENTITY, "Key used before"),
        TooMany: (HTTPStatus.TOO_MANY_REQUESTS, "Too many requests"),
        Unavailable: (HTTPStatus.SERVICE_UNAVAILABLE, "Away for the moment"),
    }
)


@dataclass(frozen=True, slots=True)
class Problem:
    """An error on its way out. The body says nothing about this one request, so that equal errors are equal bytes."""

    status: int
    body: str
    headers: Mapping[str, str] = field(default_factory=dict)


def of(error: BaseException) -> Problem:
    """The problem a caller is told; what is not an error of ours is told without any detail."""
    kind = next((kind for kind in type(error).__mro__ if kind in _STATUS), None)
    if not isinstance(error, HuntazeError) or kind is None:
        return _problem(HTTPStatus.INTERNAL_SERVER_ERROR, "Something went wrong", "internal", "It is not your fault.")
    status, title = _STATUS[kind]
    if isinstance(error, Invalid):
        fields = [{"field": failing.field, "message": failing.message} for failing in error.fields]
        return _problem(status, title, error.code, error.detail, more={"fields": fields})
    more = {"messageId": str(error.message_ids[0])} if isinstance(error, NotQueued) else {}
    return _problem(status, title, error.code, error.detail, more=more, headers=_headers(error))


def also_told(problems: Mapping[int, str]) -> dict[str, Any]:
    """What else a route may answer, by status: for its `openapi_extensions`, which the description is made from."""
    return {EXTENSION: dict(problems)}


def method_not_allowed(allowed: str) -> Problem:
    """The path exists and takes other methods."""
    status = HTTPStatus.METHOD_NOT_ALLOWED
    detail = "This address takes other methods."
    return _problem(status, "Method not allowed", "method_not_allowed", detail, headers={"Allow": allowed})


def _headers(error: HuntazeError) -> dict[str, str]:
    if isinstance(error, Unavailable | TooMany):
        return {"Retry-After": str(error.retry_after)}
    if isinstance(error, Unauthenticated):
        return {"WWW-Authenticate": "Bearer"}
    return {}


def _problem(
    status: HTTPStatus,
    title: str,
    code: str,
    detail: str,
    *,
    more: Mapping[str, object] = MappingProxyType({}),
    headers: Mapping[str, str] | None = None,
) -> Problem:
    body: dict[str, object] = {
        "type": f"urn:huntaze:problem:{code}",
        "title": title,
        "status": status.value,
        "detail": detail,
        "code": code,
        **more,
    }
    return Problem(status.value, json.dumps(body, separators=(",", ":")), headers or {})
