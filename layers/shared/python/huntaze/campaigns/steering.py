"""What people do with campaigns that were launched: rest, go on, stop, try again."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Protocol
from uuid import UUID

from huntaze.audit.model import Action
from huntaze.audit.service import AuditTrail
from huntaze.campaigns import outlook
from huntaze.campaigns.figures import Standing
from huntaze.campaigns.letting_out import AtOnce, FlowStores
from huntaze.campaigns.model import Campaign, PauseReason, Status
from huntaze.clock import Clock
from huntaze.errors import Conflict
from huntaze.members.model import Permission, Principal

UNDER_WAY = frozenset({Status.SCHEDULED, Status.ACTIVE})


class SteeredStore(Protocol):
    """The campaigns of one workspace, inside one transaction."""

    def get(self, campaign_id: UUID) -> Campaign:
        """One; NotFound when there is none."""
        ...

    def get_to_change(self, campaign_id: UUID) -> Campaign:
        """The same, and nobody else changes it before this transaction ends."""
        ...

    def pause(self, campaign_id: UUID, reason: PauseReason) -> None:
        """Let it rest: what it has let out waits again."""
        ...

    def go_on(self, campaign_id: UUID, at: datetime) -> None:
        """Let it go on, or begin when it was to begin; errors are counted anew from here."""
        ...

    def cancel(self, campaign_id: UUID, at: datetime) -> None:
        """Stop it for good: nothing that waits leaves any more."""
        ...

    def retry_failed(self, campaign_id: UUID) -> int:
        """Let what failed wait once more; how many that were."""
        ...


class Stores(FlowStores, Protocol):
    """What a transaction gives to these use cases."""

    @property
    def campaigns(self) -> SteeredStore:
        """The campaigns of the workspace."""
        ...

    @property
    def recipients(self) -> outlook.Lanes:
        """Who gets them."""
        ...

    @property
    def audit(self) -> AuditTrail:
        """What people do."""
        ...


class Steering:
    """The use cases that steer campaigns. Each may be asked twice: what is so already stays so."""

    def __init__(
        self,
        transactions: Callable[[Principal], AbstractContextManager[Stores]],
        must_be_open: Callable[[], None],
        at_once: AtOnce,
        *,
        clock: Clock,
    ) -> None:
        self._transactions = transactions
        self._must_be_open = must_be_open
        self._at_once = at_once
        self._clock = clock

    def pause(self, who: Principal, campaign_id: UUID) -> Standing:
        """Let it rest; what is on its way to the platform at this moment still arrives."""
        who.must(Permission.RUN_CAMPAIGNS)
        with self._transactions(who) as stores:
            campaign = stores.campaigns.get_to_change(campaign_id)
            if campaign.status in UNDER_WAY:
                stores.campaigns.pause(campaign_id, PauseReason.PERSON)
                stores.audit.record(Action.CAMPAIGN_PAUSED, campaign_id)
            elif campaign.status is not Status.PAUSED:
                raise _not_now(campaign, "paused")
            return self._standing(stores, campaign_id)

    def resume(self, who: Principal, campaign_id: UUID) -> Standing:
        """Let it go on; Unavailable while all sending is held."""
        who.must(Permission.RUN_CAMPAIGNS)
        self._must_be_open()
        with self._transactions(who) as stores:
            campaign = stores.campaigns.get_to_change(campaign_id)
            if campaign.status is Status.PAUSED:
                stores.campaigns.go_on(campaign_id, self._clock.now())
                self._at_once.flow(stores, who, campaign_id)
                stores.audit.record(Action.CAMPAIGN_RESUMED, campaign_id)
            elif campaign.status not in UNDER_WAY:
                raise _not_now(campaign, "resumed")
            return self._standing(stores, campaign_id)

    def cancel(self, who: Principal, campaign_id: UUID) -> Standing:
        """Stop it for good. Who has got it has got it; everybody else is told as cancelled."""
        who.must(Permission.RUN_CAMPAIGNS)
        with self._transactions(who) as stores:
            campaign = stores.campaigns.get_to_change(campaign_id)
            if campaign.status in UNDER_WAY | {Status.PAUSED}:
                stores.campaigns.cancel(campaign_id, self._clock.now())
                stores.audit.record(Action.CAMPAIGN_CANCELLED, campaign_id)
            elif campaign.status is not Status.CANCELLED:
                raise _not_now(campaign, "cancelled")
            return self._standing(stores, campaign_id)

    def retry_failed(self, who: Principal, campaign_id: UUID) -> Standing:
        """Send again what failed, and nothing else; a completed campaign is active again."""
        who.must(Permission.RUN_CAMPAIGNS)
        self._must_be_open()
        with self._transactions(who) as stores:
            campaign = stores.campaigns.get_to_change(campaign_id)
            if campaign.status not in {Status.ACTIVE, Status.PAUSED, Status.COMPLETED}:
                raise _not_now(campaign, "tried again")
            retried = stores.campaigns.retry_failed(campaign_id)
            if retried:
                self._at_once.flow(stores, who, campaign_id)
                stores.audit.record(Action.CAMPAIGN_RETRIED, campaign_id, recipients=retried)
            return self._standing(stores, campaign_id)

    def _standing(self, stores: Stores, campaign_id: UUID) -> Standing:
        return outlook.standing(stores.recipients, stores.campaigns.get(campaign_id), self._clock.now())


def _not_now(campaign: Campaign, what: str) -> Conflict:
    return Conflict(f"This campaign is {campaign.status} now, and cannot be {what}.")
