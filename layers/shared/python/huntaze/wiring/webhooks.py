"""The parts that hear what platforms tell."""
# ruff: noqa: PLC0415  (imports stand inside the parts: a cold start pays only for the drivers and features it uses)

from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING
from uuid import UUID

from huntaze.wiring.connections import ConnectionParts
from huntaze.wiring.fans import FanParts

if TYPE_CHECKING:
    from huntaze.webhooks.acting import Stores
    from huntaze.webhooks.doing import EventWorker
    from huntaze.webhooks.queue import SqsEvents
    from huntaze.webhooks.reminding import EventReminding
    from huntaze.webhooks.service import Webhooks


class WebhookParts(FanParts, ConnectionParts):
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
        acting = Acting(meeting, self.spent_elsewhere, new_id)
        return EventWorker(self.in_workspace_as_machine, read, acting, self.clock)

    def spent_elsewhere(self, stores: "Stores", account_id: UUID, message_id: UUID, at: datetime) -> None:
        """Count what was sent in the platform's own app as one of the account's sends."""

    @cached_property
    def event_reminding(self) -> "EventReminding":
        """Who tells of events that nobody has done."""
        from huntaze.webhooks.reminding import EventReminding
        from huntaze.webhooks.store import ForgottenEvents

        forgotten = ForgottenEvents(self.postgres.look_up)
        return EventReminding(self.in_workspace_as_machine, forgotten, self.event_queue, self.clock)

    @cached_property
    def event_queue(self) -> "SqsEvents":
        """Where events wait for a worker."""
        from huntaze.webhooks.queue import SqsEvents

        return SqsEvents(self.queues, lambda: self.settings.webhooks_queue_url)
