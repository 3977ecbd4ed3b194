"""The parts around campaigns, and around numbers."""
# ruff: noqa: PLC0415  (imports stand inside the parts: a cold start pays only for the drivers and features it uses)

import logging
from functools import cached_property
from typing import TYPE_CHECKING
from uuid import UUID

from huntaze.errors import Unavailable
from huntaze.wiring.delivery import DeliveryParts
from huntaze.wiring.fans import FanParts

if TYPE_CHECKING:
    from huntaze.analytics.counting import Counting, CountReminding
    from huntaze.analytics.service import Analytics
    from huntaze.campaigns.drafting import Drafting
    from huntaze.campaigns.flowing import Flowing
    from huntaze.campaigns.launching import Launching
    from huntaze.campaigns.letting_out import AtOnce
    from huntaze.campaigns.previewing import Previewing
    from huntaze.campaigns.service import Campaigns
    from huntaze.campaigns.sheet import CampaignSheets
    from huntaze.campaigns.steering import Steering
    from huntaze.runtime.tickets import TicketQueue

_log = logging.getLogger(__name__)


class CampaignParts(FanParts, DeliveryParts):
    """The use cases around campaigns and numbers, and what keeps both going."""

    @cached_property
    def analytics(self) -> "Analytics":
        """The use cases of those who look at numbers."""
        from huntaze.analytics.service import Analytics

        return Analytics(self.in_workspace, self.clock)

    @cached_property
    def counting(self) -> "Counting":
        """Who makes them true again."""
        from huntaze.analytics.counting import Counting

        return Counting(transactions=self.in_workspace_as_machine, clock=self.clock)

    @cached_property
    def count_reminding(self) -> "CountReminding":
        """Who tells where something is to be counted."""
        from huntaze.analytics.counting import CountReminding
        from huntaze.analytics.recounts import StaleWorkspaces

        return CountReminding(StaleWorkspaces(self.postgres.look_up), self.count_queue)

    @cached_property
    def count_queue(self) -> "TicketQueue":
        """Where workspaces wait for a worker."""
        from huntaze.runtime.tickets import TicketQueue

        return TicketQueue(self.queues, lambda: self.settings.analytics_queue_url)

    @cached_property
    def campaigns(self) -> "Campaigns":
        """Writing campaigns, and reading their results."""
        from huntaze.campaigns.service import Campaigns
        from huntaze.ids import new_id

        return Campaigns(self.in_workspace, self.drafting, clock=self.clock, new_id=new_id)

    @cached_property
    def campaign_sheets(self) -> "CampaignSheets":
        """Taking their results along."""
        from huntaze.campaigns.sheet import CampaignSheets

        return CampaignSheets(self.in_workspace)

    @cached_property
    def previewing(self) -> "Previewing":
        """Looking before a launch."""
        from huntaze.campaigns.previewing import Previewing

        return Previewing(self.in_workspace, self.drafting, clock=self.clock)

    @cached_property
    def launching(self) -> "Launching":
        """Letting them go."""
        from huntaze.campaigns.launching import Launching
        from huntaze.ids import new_id

        return Launching(
            self.in_workspace,
            self.drafting,
            self.gate.must_be_open,
            self._at_once,
            clock=self.clock,
            new_id=new_id,
        )

    @cached_property
    def steering(self) -> "Steering":
        """Pausing, resuming, cancelling, trying again."""
        from huntaze.campaigns.steering import Steering

        return Steering(self.in_workspace, self.gate.must_be_open, self._at_once, clock=self.clock)

    @cached_property
    def _at_once(self) -> "AtOnce":
        """What a launch and whoever steers need not wait for the schedule for."""
        from huntaze.campaigns.letting_out import AtOnce
        from huntaze.ids import new_id

        return AtOnce(self._wake_afterwards, self.clock, new_id)

    @cached_property
    def flowing(self) -> "Flowing":
        """What goes on with them every minute."""
        from huntaze.campaigns.filling import Filling
        from huntaze.campaigns.flowing import Flowing
        from huntaze.campaigns.tending import EveryCampaign
        from huntaze.ids import new_id

        machine = self.in_workspace_as_machine
        return Flowing(
            campaigns=EveryCampaign(self.postgres.look_up),
            transactions=machine,
            filling=Filling(machine),
            wake=self.relay.wake,
            clock=self.clock,
            new_id=new_id,
        )

    @cached_property
    def drafting(self) -> "Drafting":
        """The rules that they keep."""
        from huntaze.campaigns.drafting import Drafting

        return Drafting(self.tombstones)

    def _wake_afterwards(self, workspace_id: UUID, account_id: UUID) -> None:
        self.afterwards(self._wake_accounts, (workspace_id, account_id))

    def _wake_accounts(self, accounts: list[tuple[UUID, UUID]]) -> None:
        """At once, if that can be: all of it is committed, and the relay wakes it within a minute at the latest."""
        for workspace_id, account_id in dict.fromkeys(accounts):
            try:
                self.relay.wake(workspace_id, account_id)
            except Unavailable:
                _log.warning("an account wakes by schedule", extra={"accountId": str(account_id)}, exc_info=True)
