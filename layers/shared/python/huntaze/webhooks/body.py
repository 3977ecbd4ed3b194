"""The body of an event: JSON that PostgreSQL can keep, whatever a bridge has made of the words in it."""

import json
from typing import Any, NoReturn

from huntaze.errors import Invalid
from huntaze.webhooks.model import Told

_DEEPEST = 20
_LONGEST_KIND = 100
_LARGEST_NUMBER = 2**63
_LARGEST_PLAIN_FLOAT = 1e16
_SMALLEST_PLAIN_FLOAT = 1e-4


def told(body: bytes) -> Told:
    """The event that a body holds; Invalid when it is none."""
    try:
        value = json.loads(body.decode(), parse_constant=_no_such_number)
        payload = _storable(value, 0)
    except (ValueError, RecursionError):  # also whole numbers of thousands of digits
        raise Invalid.field("body", "Is not JSON in UTF-8 that can be kept") from None
    if not isinstance(payload, dict):
        raise Invalid.field("body", "Must be a JSON object")
    kind = payload.get("type")
    if not isinstance(kind, str) or not 1 <= len(kind) <= _LONGEST_KIND:
        raise Invalid.field("type", f"Must be a text of 1 to {_LONGEST_KIND} characters")
    return Told(kind, payload)


def _storable(value: Any, depth: int) -> Any:
    """The same, without what PostgreSQL cannot store; a ValueError where nothing could stand for it."""
    if depth > _DEEPEST:
        raise ValueError("too deep")
    match value:
        case dict():
            return {_text(name): _storable(inner, depth + 1) for name, inner in value.items()}
        case list():
            return [_storable(inner, depth + 1) for inner in value]
        case str():
            return _text(value)
        case bool() | None:
            return value
        case int() if abs(value) < _LARGEST_NUMBER:
            return value
        case float() if value == 0 or _SMALLEST_PLAIN_FLOAT <= abs(value) < _LARGEST_PLAIN_FLOAT:
            return value
    raise ValueError("not a plain number")


def _text(value: str) -> str:
    """No NUL, and no half of a character, as is left where somebody cut a text in the middle of one."""
    return value.replace("\x00", "").encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _no_such_number(name: str) -> NoReturn:
    raise ValueError(name)
