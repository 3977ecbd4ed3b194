"""The parts that hear what platforms tell."""
# ruff: noqa: PLC0415  (imports stand inside the parts: a cold start pays only for the drivers and features it uses)

from functools import cached_property
from typing import TYPE_CHECKING

from huntaze.wiring.connections import ConnectionParts
from huntaze.wiring.fans import FanParts
from huntaze.wiring.permits import PermitParts

if TYPE_CHECKING:
    from huntaze.delivery.elsewhere import Elsewhere
    from huntaze.runtime.tickets import TicketQueue
    from huntaze.webhooks.doing import EventWorker
    from huntaze.webhooks.reminding import EventReminding
    from huntaze.webhooks.service import Webhooks


class WebhookParts(FanParts, PermitParts, ConnectionParts):
    """How events come in and are done."""

    @cached_property
    def webhooks(self) -> "Webhooks":
        """Who takes in what platforms tell."""
        from huntaze.ids import new_id
        from huntaze.webhooks.service import Webhooks
        from huntaze.webhooks.store import ConnectionsOfAll

        return Webhooks(
            ConnectionsOfAll(self.postgres.look_up),
            self.doors,
            self.in_workspace_as_machine,
            self.event_queue,
            clock=self.clock,
            new_id=new_id,
        )

    @cached_property
    def event_worker(self) -> "EventWorker":
        """Who does what platforms told."""
        from huntaze.ids import new_id
        from huntaze.webhooks.acting import Acting
        from huntaze.webhooks.doing import EventWorker
        from huntaze.webhooks.meeting import Meeting
        from huntaze.webhooks.schema import read

        meeting = Meeting(self.tombstones, self.clock, new_id)
        acting = Acting(meeting, self.elsewhere.spent, new_id)
        return EventWorker(self.in_workspace_as_machine, read, acting, self.clock)

    @cached_property
    def elsewhere(self) -> "Elsewhere":
        """Who counts what is sent in the platform's own app."""
        from huntaze.delivery.elsewhere import Elsewhere
        from huntaze.ids import new_id

        return Elsewhere(self.pace if self.settings.cache else None, new_id)

    @cached_property
    def event_reminding(self) -> "EventReminding":
        """Who tells of events that nobody has done."""
        from huntaze.webhooks.reminding import EventReminding
        from huntaze.webhooks.store import ForgottenEvents

        forgotten = ForgottenEvents(self.postgres.look_up)
        return EventReminding(self.in_workspace_as_machine, forgotten, self.event_queue, self.clock)

    @cached_property
    def event_queue(self) -> "TicketQueue":
        """Where events wait for a worker."""
        from huntaze.runtime.tickets import TicketQueue

        return TicketQueue(self.queues, lambda: self.settings.webhooks_queue_url)
