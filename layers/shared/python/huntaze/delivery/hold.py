"""While delivery is held nothing may leave: every permit goes back into the queue and waits."""

import logging
import secrets
from collections.abc import Callable, Mapping
from typing import Protocol

from huntaze.delivery.permits import Permit, parse

# A hold ends with a deployment, so a permit looks again only about once a minute. The jitter keeps permits that were
# put back together from coming back together.
_SHORTEST_WAIT_SECONDS = 60
_JITTER_SECONDS = 60

_log = logging.getLogger(__name__)


class PermitQueue(Protocol):
    """Where permits wait."""

    def put_back(self, permit: Permit, queue: str, delay_seconds: int) -> None:
        """Make a new, delayed message of this permit in the queue it came from."""
        ...


class HeldDelivery:
    """What happens to permits as long as nothing may leave."""

    def __init__(self, queue: PermitQueue, reason: str, random_below: Callable[[int], int] = secrets.randbelow) -> None:
        self._queue = queue
        self._reason = reason
        self._random_below = random_below

    def receive(self, body: str, attributes: Mapping[str, str], queue: str) -> None:
        """Put a permit back as a new message: seen again through visibility alone, it would end as a dead letter."""
        permit = parse(body, attributes)
        delay = _SHORTEST_WAIT_SECONDS + self._random_below(_JITTER_SECONDS)
        self._queue.put_back(permit, queue, delay)
        _log.info(
            "permit put back: delivery is held",
            extra={
                "messageId": str(permit.message_id),
                "userId": permit.user_id,
                "workspaceId": str(permit.workspace_id),
                "delaySeconds": delay,
                "reason": self._reason,
            },
        )
