"""The parts that wake the sender."""
# ruff: noqa: PLC0415  (imports stand inside the parts: a cold start pays only for the drivers and features it uses)

from functools import cached_property
from typing import TYPE_CHECKING

from huntaze.runtime.settings import Delivery
from huntaze.wiring.machinery import Machinery

if TYPE_CHECKING:
    from huntaze.delivery.pace import RedisPace
    from huntaze.delivery.planning import Planner
    from huntaze.delivery.publishing import Publishing
    from huntaze.delivery.waking import Waking
    from huntaze.runtime.queues import Queues


class PermitParts(Machinery):
    """Permits: planned, written, queued."""

    @cached_property
    def pace(self) -> "RedisPace":
        """The tokens and plans of accounts."""
        from huntaze.delivery.pace import RedisPace

        return RedisPace(self.redis)

    @cached_property
    def planner(self) -> "Planner":
        """When permits fire."""
        from huntaze.delivery.planning import Planner
        from huntaze.ids import new_id

        return Planner(self.pace, self.clock, new_id)

    @cached_property
    def publishing(self) -> "Publishing":
        """How permits come into their queue."""
        from huntaze.delivery.publishing import Publishing
        from huntaze.delivery.queue import SqsPermits

        return Publishing(SqsPermits(self.permit_queues, self._permit_queue))

    @cached_property
    def permit_queues(self) -> "Queues":
        """SQS, asked once: whoever publishes permits tries again by the rules of the contract."""
        from huntaze.runtime.queues import Queues

        return Queues(attempts=1)

    @cached_property
    def waking(self) -> "Waking":
        """Wakes the sender for what is let out."""
        from huntaze.delivery.waking import Waking

        publish, machine = self.publishing.publish, self.in_workspace_as_machine
        return Waking(self.planner, publish, self.afterwards, machine, self.clock)

    def _permit_queue(self) -> str:
        wanted = self.settings.delivery
        return wanted.queue_url if isinstance(wanted, Delivery) else ""
