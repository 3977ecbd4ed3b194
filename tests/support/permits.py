"""Permits as they lie in the queue."""

import json
from typing import Any

IDS = [f"01900000-0000-7000-8000-00000000000{number}" for number in range(3)]
BODY = {
    "v": 1,
    "workspaceId": IDS[0],
    "accountId": IDS[1],
    "messageId": IDS[2],
    "slotAt": "2026-05-01T12:00:00.250000+02:00",
}
ATTRIBUTES = {"userId": "member-1", "messageType": "onlyfans", "priority": "5", "timestamp": "2026-05-01T10:00:00Z"}


def body(**changes: Any) -> str:
    """The text of a permit."""
    return json.dumps({**BODY, **changes})
