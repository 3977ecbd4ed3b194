"""The parts that let messages leave."""
# ruff: noqa: PLC0415  (imports stand inside the parts: a cold start pays only for the drivers and features it uses)

import logging
from functools import cached_property
from typing import TYPE_CHECKING

from huntaze.runtime.settings import Held
from huntaze.wiring.machinery import Machinery

if TYPE_CHECKING:
    from huntaze.delivery.hold import HeldDelivery

_log = logging.getLogger(__name__)


class DeliveryParts(Machinery):
    """How messages leave."""

    @cached_property
    def delivery(self) -> "HeldDelivery":
        """What becomes of permits. Nothing sends yet, so they wait also when nothing else holds them."""
        from huntaze.delivery.hold import HeldDelivery
        from huntaze.delivery.queue import SqsPermits

        wanted = self.settings.delivery
        reason = wanted.reason if isinstance(wanted, Held) else "This version does not send."
        for name in wanted.missing if isinstance(wanted, Held) else ():
            _log.warning("The setting %s is missing: nothing is sent.", name)
        return HeldDelivery(SqsPermits(self.queues), reason)
