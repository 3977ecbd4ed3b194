"""The parts that let messages leave."""
# ruff: noqa: PLC0415  (imports stand inside the parts: a cold start pays only for the drivers and features it uses)

from functools import cached_property
from typing import TYPE_CHECKING

from huntaze.wiring.machinery import Machinery

if TYPE_CHECKING:
    from huntaze.delivery.hold import HeldDelivery


class DeliveryParts(Machinery):
    """How messages leave."""

    @cached_property
    def delivery(self) -> "HeldDelivery":
        """What becomes of permits. Nothing sends yet, so they wait also when nothing else holds them."""
        from huntaze.delivery.hold import HeldDelivery
        from huntaze.delivery.queue import SqsPermits

        return HeldDelivery(SqsPermits(self.queues), self.gate.held or "This version does not send.")
