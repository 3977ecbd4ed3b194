"""Tickets of events in SQS."""

from collections.abc import Callable

from huntaze.runtime.queues import Letter, Queues
from huntaze.webhooks.model import Ticket


class SqsEvents:
    """Puts tickets into the queue, served fairly by connection."""

    def __init__(self, queues: Queues, queue_url: Callable[[], str]) -> None:
        self._queues = queues
        self._queue_url = queue_url

    def put(self, ticket: Ticket) -> None:
        """Tell a worker; Unavailable when the queue is away."""
        self._queues.send(self._queue_url(), Letter(ticket.body(), {}, group=str(ticket.connection_id)))
