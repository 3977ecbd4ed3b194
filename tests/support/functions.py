"""Functions as Lambda sees them: a folder of their own, and events as real JSON."""

import base64
import importlib.util
import json
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

ROOT = Path(__file__).parent.parent.parent
FUNCTIONS = ROOT / "functions"
ISSUER = "https://cognito-idp.us-east-1.amazonaws.com/us-east-1_test"
CLIENT = "test-client"
SUBJECT = "0a1b2c3d-test-subject"
CLAIMS = {
    "sub": SUBJECT,
    "iss": ISSUER,
    "client_id": CLIENT,
    "token_use": "access",
    "exp": "4102444800",
    "iat": "1700000000",
}


def names() -> list[str]:
    """Every function, by the name of its folder."""
    return sorted(path.parent.name for path in FUNCTIONS.glob("*/handler.py"))


@cache
def load(name: str) -> ModuleType:
    """The handler module of one function, under a name no other function has."""
    spec = importlib.util.spec_from_file_location(f"{name}_function", FUNCTIONS / name / "handler.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


class Context:
    """The part of Lambda's context that functions read."""

    function_name = "test"
    log_stream_name = "test/log/stream"
    aws_request_id = "test-request"

    def __init__(self, milliseconds: int = 30_000) -> None:
        self._milliseconds = milliseconds

    def get_remaining_time_in_millis(self) -> int:
        return self._milliseconds


@dataclass(frozen=True)
class Answer:
    """What the gateway would send on."""

    status: int
    headers: Mapping[str, str]
    body: str

    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def failing(self) -> set[str]:
        """The names of the fields a problem complains about."""
        return {field["field"] for field in self.json()["fields"]}


def http_event(
    method: str,
    path: str,
    *,
    query: str = "",
    body: object = None,
    headers: Mapping[str, str] | None = None,
    claims: object = CLAIMS,
    encoded: bool = False,
) -> dict[str, Any]:
    """A request as API Gateway (payload version 2.0) hands it over; a body that is no string is sent as JSON."""
    text = body if body is None or isinstance(body, str) else json.dumps(body)
    if text is not None and encoded:
        text = base64.b64encode(text.encode()).decode()
    event: dict[str, Any] = {
        "version": "2.0",
        "routeKey": f"{method} {path}",
        "rawPath": path,
        "rawQueryString": query,
        "queryStringParameters": dict(part.partition("=")[::2] for part in query.split("&") if part),
        "headers": {"content-type": "application/json", **(headers or {})},
        "requestContext": {
            "stage": "$default",
            "requestId": "test-request",
            "http": {"method": method, "path": path, "protocol": "HTTP/1.1", "sourceIp": "127.0.0.1"},
            "authorizer": {"jwt": {"claims": claims, "scopes": None}},
        },
        "isBase64Encoded": encoded,
        **({} if text is None else {"body": text}),
    }
    if claims is None:
        del event["requestContext"]["authorizer"]
    return dict(json.loads(json.dumps(event)))


def call(function: str, method: str, path: str, **request: Any) -> Answer:
    """Send a request through a function's handler."""
    answer = load(function).handler(http_event(method, path, **request), Context())
    return Answer(answer["statusCode"], answer["headers"], answer["body"])
