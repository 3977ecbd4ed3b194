"""Every minute: wakes what waits without a permit, and asks platforms about messages in doubt."""

import time
from typing import Any

from huntaze import wiring

SPARE_SECONDS = 10  # what the last question may take
WAKING_SHARE = 0.5  # of the time: however many are to be woken, what is in doubt is asked about in each round


def handler(_event: dict[str, Any], context: Any) -> dict[str, int]:
    parts = wiring.current()
    if parts.gate.held is not None:
        return {"permits": 0, "cleared_up": 0}
    left = context.get_remaining_time_in_millis() / 1000 - SPARE_SECONDS
    now = time.monotonic()
    return {
        "permits": parts.relay.round(now + left * WAKING_SHARE),
        "cleared_up": parts.reconciling.round(now + left),
    }
