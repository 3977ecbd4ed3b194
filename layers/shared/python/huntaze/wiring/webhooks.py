"""The parts that hear what platforms tell."""
# ruff: noqa: PLC0415  (imports stand inside the parts: a cold start pays only for the drivers and features it uses)

from functools import cached_property
from typing import TYPE_CHECKING
from uuid import UUID

from huntaze.errors import NotFound
from huntaze.wiring.machinery import Machinery

if TYPE_CHECKING:
    from huntaze.platforms.model import Door
    from huntaze.webhooks.queue import SqsEvents
    from huntaze.webhooks.reminding import EventReminding
    from huntaze.webhooks.service import Doors, Webhooks


class NoDoors:
    """Until accounts can be connected, none has credentials."""

    def open(self, workspace_id: UUID, connection_id: UUID) -> "Door":
        """What opens an account: nothing does yet."""
        del workspace_id, connection_id
        raise NotFound


class WebhookParts(Machinery):
    """How events come in and are done."""

    @cached_property
    def doors(self) -> "Doors":
        """What opens accounts."""
        return NoDoors()

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
