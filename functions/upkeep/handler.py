"""Every few minutes: finishes what a process that died has left, and measures what waits."""

from typing import Any

from huntaze import wiring


def handler(_event: dict[str, Any], _context: Any) -> dict[str, int]:
    parts = wiring.current()
    return {
        "measured": parts.gauging.round(),
        "erasures": parts.sweeping.round(),
        "exports": parts.reminding.round(),
        "imports": parts.import_tending.round(),
        "events": parts.event_reminding.round(),
    }
