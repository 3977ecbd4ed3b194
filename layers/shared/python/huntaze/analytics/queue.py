"""Tickets of workspaces to count in SQS."""

from collections.abc import Callable

from huntaze.analytics.tickets import Ticket
from huntaze.runtime.queues import Letter, Queues


class SqsCounts:
    """Puts tickets into the queue, served fairly by workspace."""

    def __init__(self, queues: Queues, queue_url: Callable[[], str]) -> None:
        self._queues = queues
        self._queue_url = queue_url

    def put(self, ticket: Ticket) -> None:
        """Tell a worker; Unavailable when the queue is away."""
        self._queues.send(self._queue_url(), Letter(ticket.body(), {}, group=str(ticket.workspace_id)))
