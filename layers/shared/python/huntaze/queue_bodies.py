"""Bodies of queue messages: a few fields as JSON, read strictly. The unexpected is poison, told without its value."""

import json
from collections.abc import Mapping
from uuid import UUID

from huntaze.errors import Invalid


def written(version: int, **fields: str) -> str:
    """The text of a queue message."""
    return json.dumps({"v": version, **fields}, separators=(",", ":"))


def read(body: str, version: int, fields: frozenset[str], *, what: str) -> Mapping[str, object]:
    """Exactly these fields in exactly this version."""
    try:
        found = json.loads(body)
    except (ValueError, RecursionError):
        raise Invalid.field("body", "is not JSON") from None
    if not isinstance(found, dict) or found.keys() != fields | {"v"}:
        raise Invalid.field("body", f"does not have exactly the fields of {what}")
    if found["v"] != version or isinstance(found["v"], bool | float):
        raise Invalid.field("v", "is not a version this code knows")
    return found


def id_in(fields: Mapping[str, object], name: str) -> UUID:
    """An id, in the one spelling that ids have."""
    value = fields[name]
    try:
        if isinstance(value, str) and str(UUID(value)) == value:
            return UUID(value)
    except ValueError:
        pass
    raise Invalid.field(name, "is not an id")
