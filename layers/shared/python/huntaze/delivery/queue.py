"""Permits in SQS."""

from collections.abc import Callable, Sequence

from huntaze.delivery.permits import Planned
from huntaze.runtime.queues import Letter, Number, Queues, Text

LONGEST_DELAY = 900  # seconds, SQS's own


class SqsPermits:
    """Puts permits into the queue, served fairly by account."""

    def __init__(self, queues: Queues, queue_url: Callable[[], str]) -> None:
        self._queues = queues
        self._queue_url = queue_url

    def put(self, planned: Sequence[Planned]) -> list[Planned]:
        """Queue permits, at most ten; those that the queue did not take. Unavailable when it is away."""
        failed = self._queues.send_all(self._queue_url(), [_letter(one) for one in planned])
        return [planned[place] for place in failed]


def _letter(planned: Planned) -> Letter:
    permit = planned.permit
    return Letter(
        body=permit.body(),
        attributes={
            "userId": Text(permit.user_id),
            "messageType": Text(permit.message_type),
            "priority": Number(permit.priority),
            "timestamp": Text(permit.timestamp),
        },
        group=str(permit.account_id),
        delay_seconds=min(int(planned.wait.total_seconds()), LONGEST_DELAY),
    )
