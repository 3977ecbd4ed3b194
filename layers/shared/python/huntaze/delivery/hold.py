"""While delivery is held nothing may leave: every permit goes back into the queue and waits."""

import secrets
from collections.abc import Callable, Sequence

from huntaze.delivery.permits import Permit, Planned
from huntaze.delivery.publishing import delayed

# A hold ends with a deployment, so a permit looks again only about once a minute.
_SHORTEST_WAIT_SECONDS = 60
_JITTER_SECONDS = 60


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
        return self._publish(
            delayed(permits, self._a_minute_or_two, "permit put back: delivery is held", reason=self._reason)
        )

    def _a_minute_or_two(self) -> int:
        return _SHORTEST_WAIT_SECONDS + self._random_below(_JITTER_SECONDS)
