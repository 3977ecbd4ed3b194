"""Serves the queue of what platforms told."""

from typing import Any

from huntaze import wiring
from huntaze.edge.batch import Message, each_message


def receive(message: Message) -> None:
    wiring.current().event_worker.receive(message.body)


def handler(event: dict[str, Any], _context: Any) -> dict[str, Any]:
    return each_message(event, receive)
