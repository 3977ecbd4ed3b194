"""Permits in SQS."""

from huntaze.delivery.permits import Permit
from huntaze.runtime.queues import Letter, Number, Queues, Text


class SqsPermits:
    """Puts permits into the queue, served fairly by account."""

    def __init__(self, queues: Queues) -> None:
        self._queues = queues

    def put_back(self, permit: Permit, queue: str, delay_seconds: int) -> None:
        """Make a new, delayed message of this permit in the queue (an ARN) it came from."""
        letter = Letter(
            body=permit.body(),
            attributes={
                "userId": Text(permit.user_id),
                "messageType": Text(permit.message_type),
                "priority": Number(permit.priority),
                "timestamp": Text(permit.timestamp),
            },
            group=str(permit.account_id),
            delay_seconds=delay_seconds,
        )
        self._queues.send(self._queues.address_of(queue), letter)
