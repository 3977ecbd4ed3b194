"""Tickets in SQS: one short message that tells a worker what to do."""

from collections.abc import Callable
from typing import Protocol

from huntaze.runtime.queues import Letter, Queues


class Ticket(Protocol):
    """What a worker is told."""

    @property
    def group(self) -> str:
        """Among whom the queue is fair."""
        ...

    def body(self) -> str:
        """The text of the queue message."""
        ...


class TicketQueue:
    """Puts tickets into one queue."""

    def __init__(self, queues: Queues, queue_url: Callable[[], str]) -> None:
        self._queues = queues
        self._queue_url = queue_url

    def put(self, ticket: Ticket) -> None:
        """Tell a worker; Unavailable when the queue is away."""
        self._queues.send(self._queue_url(), Letter(ticket.body(), {}, group=ticket.group))
