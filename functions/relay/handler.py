"""Every minute: wakes what waits without a permit, and asks platforms about messages in doubt."""

import time
from typing import Any

from huntaze import wiring

SPARE_SECONDS = 10  # what the last question may take


def handler(_event: dict[str, Any], context: Any) -> dict[str, int]:
    parts = wiring.current()
    if parts.gate.held is not None:
        return {"permits": 0, "cleared_up": 0}
    until = time.monotonic() + context.get_remaining_time_in_millis() / 1000 - SPARE_SECONDS
    return {"permits": parts.relay.round(), "cleared_up": parts.reconciling.round(until)}
