"""While delivery is held nothing may leave: every permit goes back into the queue and waits."""

import logging
import secrets
from collections.abc import Callable, Sequence
from datetime import timedelta

from huntaze.delivery.permits import Permit, Planned

# A hold ends with a deployment, so a permit looks again only about once a minute. The jitter keeps permits that were
# put back together from coming back together.
_SHORTEST_WAIT_SECONDS = 60
_JITTER_SECONDS = 60

_log = logging.getLogger(__name__)


class HeldDelivery:
    """What happens to permits as long as nothing may leave."""

    def __init__(
        self,
        publish: Callable[[Sequence[Planned]], Sequence[Permit]],
        reason: str,
        random_below: Callable[[int], int] = secrets.randbelow,
    ) -> None:
        self._publish = publish
        self._reason = reason
        self._random_below = random_below

    def serve(self, permits: Sequence[Permit], until: float) -> Sequence[Permit]:  # noqa: ARG002 - it takes no time
        """Put permits back as new messages: seen again through visibility alone, they would end as dead letters."""
        planned = []
        for permit in permits:
            seconds = _SHORTEST_WAIT_SECONDS + self._random_below(_JITTER_SECONDS)
            planned.append(Planned(permit, timedelta(seconds=seconds)))
            ids = {"messageId": str(permit.message_id), "workspaceId": str(permit.workspace_id)}
            why = {"userId": permit.user_id, "delaySeconds": seconds, "reason": self._reason}
            _log.info("permit put back: delivery is held", extra={**ids, **why})
        return self._publish(planned)
