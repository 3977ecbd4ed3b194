"""Serves the queue of imports: files that have arrived, and work that somebody asked for or has not finished."""

from typing import Any

from huntaze import wiring
from huntaze.edge.batch import Message, each_message


def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    def receive(message: Message) -> None:
        wiring.current().import_worker.receive(message.body, lambda: context.get_remaining_time_in_millis() / 1000)

    return each_message(event, receive)
