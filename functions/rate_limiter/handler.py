"""Serves the queue of permits."""

import time
from typing import Any

from huntaze import wiring
from huntaze.edge.batch import all_messages

SETTLE_SECONDS = 3.0  # what is left of the function's time, to write down what came of it


def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    until = time.monotonic() + context.get_remaining_time_in_millis() / 1000 - SETTLE_SECONDS
    consumer = wiring.current().consumer(event["Records"][0]["eventSourceARN"])
    return all_messages(event, lambda messages: consumer.receive(messages, until))
