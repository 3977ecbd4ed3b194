"""Every minute: campaigns under way go a step on, and their accounts get messages for the next 15 minutes."""

import time
from typing import Any

from huntaze import wiring

SPARE_SECONDS = 15  # what the last transaction and waking an account may take


def handler(_event: dict[str, Any], context: Any) -> dict[str, int]:
    parts = wiring.current()
    if parts.gate.held is not None:
        return {"let_out": 0}
    left = context.get_remaining_time_in_millis() / 1000 - SPARE_SECONDS
    return {"let_out": parts.flowing.round(time.monotonic() + left)}
