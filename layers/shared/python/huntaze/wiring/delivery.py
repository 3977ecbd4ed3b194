"""The parts that let messages leave."""
# ruff: noqa: PLC0415  (imports stand inside the parts: a cold start pays only for the drivers and features it uses)

from functools import cached_property
from typing import TYPE_CHECKING

from huntaze.wiring.connections import ConnectionParts
from huntaze.wiring.permits import PermitParts

if TYPE_CHECKING:
    from huntaze.connections.service import Pacing, Sender
    from huntaze.delivery.accounts import EveryAccount
    from huntaze.delivery.consuming import Consumer
    from huntaze.delivery.dispatch import Dispatch
    from huntaze.delivery.hold import HeldDelivery
    from huntaze.delivery.reconciling import Reconciling
    from huntaze.delivery.relay import Relay


class DeliveryParts(PermitParts, ConnectionParts):
    """How messages leave."""

    @cached_property
    def every_account(self) -> "EveryAccount":
        """What is asked across workspaces."""
        from huntaze.delivery.accounts import EveryAccount

        return EveryAccount(self.postgres.look_up)

    @cached_property
    def relay(self) -> "Relay":
        """Makes permits that are missing."""
        from huntaze.delivery.relay import Relay

        return Relay(self.every_account, self.in_workspace_as_machine, self.planner, self.publishing.publish)

    @cached_property
    def sender(self) -> "Sender":
        """Who is told that an account may send again; nobody while delivery is held, for then nothing is woken."""
        return self.relay if self.gate.held is None else super().sender

    @cached_property
    def pacing(self) -> "Pacing":
        """Who knows what the pace has left: Redis, where there is one."""
        from huntaze.connections.outlook import KnownPace

        return KnownPace(self.pace, self.clock) if self.settings.cache else super().pacing

    @cached_property
    def reconciling(self) -> "Reconciling":
        """Finds out what became of attempts that nobody saw the end of."""
        from huntaze.delivery.reconciling import Reconciling

        return Reconciling(
            accounts=self.every_account,
            transactions=self.in_workspace_as_machine,
            doors=self.doors,
            platform=self.platform,
            wake=self.relay.wake,
        )

    def consumer(self, queue_arn: str) -> "Consumer":
        """Serves the queue of permits that calls. While delivery is held that works without any setting."""
        if self._consumer is None:
            from huntaze.delivery.consuming import Consumer

            held = self.gate.held
            sender = self.dispatch if held is None else self._held(held, queue_arn)
            self._consumer = Consumer(sender, self.in_workspace_as_machine)
        return self._consumer

    _consumer: "Consumer | None" = None

    @cached_property
    def dispatch(self) -> "Dispatch":
        """Sends what permits allow."""
        from huntaze.delivery.dispatch import Dispatch
        from huntaze.delivery.handing_over import HandingOver
        from huntaze.delivery.postponing import Postponing
        from huntaze.delivery.settling import Settling
        from huntaze.ids import new_id

        machine, planner, publish = self.in_workspace_as_machine, self.planner, self.publishing.publish
        postponing = Postponing(machine, planner, publish, self.measures)
        handing_over = HandingOver(
            tokens=self.pace,
            platform=self.platform,
            transactions=machine,
            settling=Settling(machine, planner, publish, self.measures),
            postponing=postponing,
            measures=self.measures,
            clock=self.clock,
        )
        return Dispatch(
            tokens=self.pace,
            accounts=self.every_account,
            doors=self.doors,
            transactions=machine,
            handing_over=handing_over,
            postponing=postponing,
            clock=self.clock,
            new_id=new_id,
        )

    def _held(self, reason: str, queue_arn: str) -> "HeldDelivery":
        from huntaze.delivery.hold import HeldDelivery
        from huntaze.delivery.publishing import Publishing
        from huntaze.delivery.queue import SqsPermits

        queue = SqsPermits(self.permit_queues, lambda: self.permit_queues.address_of(queue_arn))
        return HeldDelivery(Publishing(queue).publish, reason)
