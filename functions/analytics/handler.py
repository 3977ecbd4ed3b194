"""Makes numbers true again: every minute it tells where something is stale, and by the queue it counts there."""

import time
from typing import Any
from uuid import UUID

from huntaze import wiring
from huntaze.edge.batch import Message, each_message

SPARE_SECONDS = 30  # what the days at hand may still take


def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    until = time.monotonic() + context.get_remaining_time_in_millis() / 1000 - SPARE_SECONDS

    def receive(message: Message) -> None:
        wiring.current().counting.receive(message.body, until)

    if "Records" in event:
        return each_message(event, receive)
    if "rebuild" in event:  # an operator has everything of a workspace counted anew
        wiring.current().counting.rebuild(UUID(event["rebuild"]))
    return {"told": wiring.current().count_reminding.round()}
