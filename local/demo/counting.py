"""Counts the demo's numbers, so that whoever opens them right away finds some; what changes later the worker counts."""

import time
from uuid import UUID

from huntaze.wiring import Wiring
from local.demo.workspaces import DEMO
from local.stack import Servers

SECONDS = 120


def count_numbers(servers: Servers) -> None:
    """Count what is not counted yet; safe to repeat."""
    wiring = Wiring({"STAGE": "local", "DATABASE_URL": servers.database()})
    try:
        for workspace in DEMO:
            wiring.counting.count(UUID(workspace.creator.workspace_id), time.monotonic() + SECONDS, rest=False)
    finally:
        wiring.postgres.close()
