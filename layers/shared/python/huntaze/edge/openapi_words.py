"""What the description of the API says of many routes alike."""

from typing import Any

from huntaze.edge.once import HEADER, LONGEST_KEY
from huntaze.edge.rate_limit import LEFT, POLICY

Json = dict[str, Any]

# What routes of a kind may all answer, described once: status, name.
OF_EVERY_ROUTE = {400: "Invalid", 500: "Failed"}
OF_EVERY_GUARDED_ROUTE = {
    401: "Unauthenticated",
    403: "Forbidden",
    404: "NotFound",
    429: "TooMany",
    503: "Unavailable",
}
OF_EVERY_ROUTE_WITH_A_BODY = {413: "TooLarge"}
OF_EVERY_UNSAFE_ROUTE = {409: "Running", 422: "KeyReused"}
WHEN = {
    "Invalid": "The request is not valid; every failing field is named.",
    "Unauthenticated": "No valid access token.",
    "Forbidden": "The caller's role may not do this, or the caller is a member nowhere.",
    "NotFound": "There is no such thing, or it belongs to another workspace.",
    "Running": "The first request with this Idempotency-Key is still running.",
    "TooLarge": "The request is too large.",
    "KeyReused": "The Idempotency-Key was used for another request.",
    "TooMany": "The caller asks more often than agreed; again after Retry-After seconds.",
    "Failed": "Something went wrong here.",
    "Unavailable": "Something needed is away; try again after Retry-After seconds.",
}
ALSO_BY_THE_GATEWAY = {"Unauthenticated", "TooLarge", "TooMany", "Failed", "Unavailable"}
WITH_RETRY_AFTER = {"TooMany", "Unavailable"}
RETRY_AFTER: Json = {"Retry-After": {"schema": {"type": "integer"}, "description": "Seconds to wait."}}

ETAG: Json = {"ETag": {"schema": {"type": "string"}, "description": "This version, for If-Match."}}
COUNTED: Json = {
    POLICY: {"schema": {"type": "string"}, "description": "How many requests (q) in how many seconds (w)."},
    LEFT: {"schema": {"type": "string"}, "description": "How many are left (r) for how many seconds (t)."},
}

WORKSPACE: Json = {
    "name": "X-Workspace",
    "in": "header",
    "required": False,
    "description": "The id of a workspace, for members of several; otherwise the oldest membership counts.",
    "schema": {"type": "string", "format": "uuid"},
}
IDEMPOTENCY_KEY: Json = {
    "name": HEADER,
    "in": "header",
    "required": False,
    "description": "A word of the caller's for this request. Sent again, it gets the first answer again for 24 hours.",
    "schema": {"type": "string", "minLength": 1, "maxLength": LONGEST_KEY, "pattern": "^[ -~]+$"},
}

SCHEMAS: Json = {
    "Problem": {
        "type": "object",
        "title": "Problem",
        "description": "An error (RFC 9457). `code` never changes for the same kind of error.",
        "required": ["type", "title", "status", "detail", "code"],
        "properties": {
            "type": {"type": "string", "format": "uri"},
            "title": {"type": "string"},
            "status": {"type": "integer"},
            "detail": {"type": "string"},
            "code": {"type": "string"},
            "messageId": {"type": "string", "format": "uuid"},
            "fields": {
                "type": "array",
                "items": {
                    "type": "object",
                    "required": ["field", "message"],
                    "properties": {"field": {"type": "string"}, "message": {"type": "string"}},
                },
            },
        },
    },
    "GatewayRefusal": {
        "type": "object",
        "title": "GatewayRefusal",
        "description": "What the gateway itself answers, before any code of ours runs.",
        "properties": {"message": {"type": ["string", "null"]}},
    },
}
