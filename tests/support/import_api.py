"""The API of imports in this process, with a fake behind it."""

import base64
from typing import Any

from tests.support.functions import Answer, Context, http_event, load
from tests.support.functions import call as any_call
from tests.support.multipart import Part, body_of, content_type

CSV, IMPORTS = "/api/onlyfans/import/csv", "/api/onlyfans/imports"
FILE = Part("file", b"Username\nrobin\n", "fans.csv")


def call(method: str, path: str, **request: Any) -> Answer:
    """One request."""
    return any_call("importing", method, path, **request)


def post_form(*parts: Part, boundary: str = "b0undary", **headers: str) -> Answer:
    """One form, as the gateway hands it over."""
    event = http_event("POST", CSV, headers={"content-type": content_type(boundary), **headers})
    event["body"] = base64.b64encode(body_of(parts, boundary)).decode()
    event["isBase64Encoded"] = True
    answered = load("importing").handler(event, Context())
    return Answer(answered["statusCode"], answered["headers"], answered["body"])
