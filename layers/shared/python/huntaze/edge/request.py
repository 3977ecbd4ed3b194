"""What a request must be before any route looks at it: not too big, of a type we read, and really text."""

import base64
import binascii
import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NoReturn
from uuid import UUID

from huntaze.errors import FieldError, Invalid, TooLarge

LARGEST_BODY = 2 * 1024 * 1024
JSON = "application/json"
_LONGEST_STEP = 100  # unknown fields are named by the caller, at any length


def admitted(event: Mapping[str, Any], accepts: Sequence[str], largest: int = LARGEST_BODY) -> dict[str, Any]:
    """The event with its JSON body as plain text; Invalid or TooLarge when it may not come in."""
    body = event.get("body")
    if not body:
        return dict(event)
    encoded = bool(event.get("isBase64Encoded"))
    if _size(body, encoded=encoded) > largest:
        raise TooLarge("The request is too large. Files go to /api/onlyfans/imports.")
    content_type = _content_type(event)
    if content_type not in accepts:
        raise Invalid.field("Content-Type", f"Must be {' or '.join(accepts)}")
    if not encoded or content_type != JSON:
        return dict(event)
    return {**event, "body": _text(body), "isBase64Encoded": False}


def parsed_json(text: str) -> dict[str, Any]:
    """A JSON object; Invalid for everything else that the standard parser would let pass or stumble over."""
    try:
        value = json.loads(text, parse_constant=_no_such_number)
    except (ValueError, RecursionError):  # also whole numbers of thousands of digits, and depth beyond the stack
        raise Invalid.field("body", "Is not valid JSON") from None
    if not isinstance(value, dict):
        # A list would be taken for its first element further on.
        raise Invalid.field("body", "Must be a JSON object")
    return value


def header(event: Mapping[str, Any], name: str) -> str | None:
    """A header of a request, however its name is written."""
    headers: Mapping[str, str] = event.get("headers") or {}
    return next((value for known, value in headers.items() if known.lower() == name.lower()), None)


def wanted_workspace(header: str | None) -> UUID | None:
    """Which workspace the X-Workspace header chooses, if there is one."""
    if header is None:
        return None
    try:
        return UUID(header)
    except ValueError:
        raise Invalid.field("X-Workspace", "Must be the id of a workspace") from None


def failing_fields(errors: Iterable[Mapping[str, Any]]) -> list[FieldError]:
    """What the validation found, by the name the caller knows each field by."""
    return [FieldError(_name(error["loc"]), _message(error)) for error in errors]


def _name(location: Sequence[str | int]) -> str:
    """`("body", "tags", 3)` is the caller's `tags.3`; a fault of the whole body is told as `body`."""
    place, *path = location
    if len(path) > 1 and path[0] == place == "query":  # the parameter that holds the model of the whole query
        del path[0]
    return ".".join(str(step)[:_LONGEST_STEP] for step in path) or str(place)


def _message(error: Mapping[str, Any]) -> str:
    if error["type"] == "string_pattern_mismatch":
        return "Is not in the form this field must have"  # a regular expression tells people nothing
    message: str = error["msg"].removeprefix("Value error, ")
    return message[:1].upper() + message[1:]


def _size(body: str, *, encoded: bool) -> int:
    return len(body) * 3 // 4 if encoded else len(body.encode(errors="surrogatepass"))


def _content_type(event: Mapping[str, Any]) -> str:
    header: str = (event.get("headers") or {}).get("content-type", JSON)
    return header.partition(";")[0].strip().lower()


def _text(body: str) -> str:
    try:
        return base64.b64decode(body, validate=True).decode()
    except (binascii.Error, ValueError):
        raise Invalid.field("body", "Is not text in UTF-8") from None


def _no_such_number(name: str) -> NoReturn:
    raise ValueError(name)
