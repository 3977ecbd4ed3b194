"""Waking the sender for what a person lets out: a permit beside the message, queued once both are committed."""

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Protocol
from uuid import UUID

from huntaze.clock import Clock
from huntaze.delivery.model import Road, Waiting
from huntaze.delivery.permits import Permit, Planned
from huntaze.delivery.planning import Planner, PutPermits
from huntaze.errors import NotQueued

RETRY_AFTER = 30


class Permits(PutPermits, Protocol):
    """The permits of one workspace, inside one transaction."""

    def road(self, message_id: UUID) -> Road:
        """How the account of a message stands that waits in this transaction."""
        ...


class Unsent(Protocol):
    """The attempts of one workspace, inside one transaction."""

    def not_queued(self, message_id: UUID) -> bool:
        """The queue could not be told of the message; whether it was still waiting."""
        ...


class Stores(Protocol):
    """What a transaction gives to this."""

    @property
    def outbox(self) -> PutPermits:
        """The permits."""
        ...

    @property
    def attempts(self) -> Unsent:
        """What becomes of messages."""
        ...


class Waking:
    """Sees to it that what is let out is woken, and that nobody is told so when it is not."""

    def __init__(
        self,
        planner: Planner,
        publish: Callable[[Sequence[Planned]], Sequence[Permit]],
        afterwards: Callable[[Callable[[list[Planned]], None], Planned], None],
        transactions: Callable[[UUID], AbstractContextManager[Stores]],
        clock: Clock,
    ) -> None:
        self._planner = planner
        self._publish = publish
        self._afterwards = afterwards
        self._transactions = transactions
        self._clock = clock

    def wake(self, outbox: Permits, waiting: Waiting) -> datetime | None:
        """Write the permit of a message that was queued in this transaction; when it will leave, if that can be said.

        After the commit the permit is queued. When that cannot be done, NotQueued is raised and the message has failed.
        """
        road = outbox.road(waiting.message_id)
        if not road.is_open:
            return None
        for planned in self._planner.plan(outbox, road.sender, waiting):
            self._afterwards(self._publish_or_fail, planned)
        return None if road.leaves_in is None else self._clock.now() + road.leaves_in

    def _publish_or_fail(self, planned: list[Planned]) -> None:
        failed = [permit.message_id for permit in self._publish(planned) if self._has_failed(permit)]
        if failed:
            raise NotQueued(failed, retry_after=RETRY_AFTER)

    def _has_failed(self, permit: Permit) -> bool:
        """Say so on the message, unless another permit has taken it along meanwhile."""
        with self._transactions(permit.workspace_id) as stores:
            failed = stores.attempts.not_queued(permit.message_id)
            stores.outbox.drop_permit(permit.message_id)
        return failed
