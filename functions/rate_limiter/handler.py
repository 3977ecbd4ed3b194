"""Serves the queue of permits."""

from typing import Any

from huntaze import wiring
from huntaze.edge.batch import Message, each_message


def receive(message: Message) -> None:
    wiring.current().delivery.receive(message.body, message.attributes, message.queue)


def handler(event: dict[str, Any], _context: Any) -> dict[str, Any]:
    return each_message(event, receive)
