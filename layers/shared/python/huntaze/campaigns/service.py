"""What people can do with campaigns before they are launched, and what they can see of them afterwards."""

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import datetime
from typing import Protocol
from uuid import UUID

from huntaze.audit.model import Action
from huntaze.audit.service import AuditTrail
from huntaze.campaigns import outlook
from huntaze.campaigns.drafting import Drafting
from huntaze.campaigns.drafting import Stores as DraftingStores
from huntaze.campaigns.figures import Recipient, Standing
from huntaze.campaigns.kept import Kept
from huntaze.campaigns.model import BULK_MESSAGE, CAMPAIGN, Campaign, Changes, Outcome, Plan, Schedule, Status, Variant
from huntaze.clock import Clock
from huntaze.cursors import Position
from huntaze.errors import Conflict
from huntaze.members.model import Permission, Principal
from huntaze.paging import Page
from huntaze.versions import must_be_current

COPY_OF = "{name} (copy)"
LONGEST_NAME = 200


class CampaignStore(Protocol):
    """The campaigns of one workspace, inside one transaction. Drafts that were discarded are hidden."""

    def newest(self, status: Status | None, after: Position | None, limit: int) -> Sequence[Campaign]:
        """The newest first, or from a place on."""
        ...

    def get(self, campaign_id: UUID) -> Campaign:
        """One; NotFound when there is none."""
        ...

    def get_to_change(self, campaign_id: UUID) -> Campaign:
        """The same, and nobody else changes it before this transaction ends."""
        ...

    def add(self, campaign_id: UUID, kind: str, kept: Kept, at: datetime) -> Campaign:
        """Keep a draft."""
        ...

    def change(self, campaign_id: UUID, kept: Kept) -> Campaign:
        """Put other words, another audience or other times into a draft."""
        ...

    def discard(self, campaign_id: UUID) -> None:
        """Hide a draft for good."""
        ...


class RecipientStore(outlook.Lanes, Protocol):
    """Who gets campaigns, and what became of it."""

    def page(
        self, campaign_id: UUID, outcome: Outcome | None, after: Position | None, limit: int
    ) -> Sequence[Recipient]:
        """The recipients of a campaign in the order of their ids, from the first on or from a place on."""
        ...


class Stores(DraftingStores, Protocol):
    """What a transaction gives to these use cases."""

    @property
    def campaigns(self) -> CampaignStore:
        """The campaigns of the workspace."""
        ...

    @property
    def recipients(self) -> RecipientStore:
        """Who gets them."""
        ...

    @property
    def audit(self) -> AuditTrail:
        """What people do."""
        ...


Transactions = Callable[[Principal], AbstractContextManager[Stores]]


class Campaigns:
    """The use cases of those who write campaigns, and of those who read their results."""

    def __init__(
        self,
        transactions: Transactions,
        drafting: Drafting,
        *,
        clock: Clock,
        new_id: Callable[[], UUID],
    ) -> None:
        self._transactions = transactions
        self._drafting = drafting
        self._clock = clock
        self._new_id = new_id

    def create(self, who: Principal, plan: Plan) -> Campaign:
        """Keep a draft; Invalid, naming every field, when its words, prices, audience or times break a rule."""
        who.must(Permission.RUN_CAMPAIGNS)
        with self._transactions(who) as stores:
            return self._add(stores, who, plan, {})

    def change(self, who: Principal, campaign_id: UUID, changes: Changes, if_match: str | None = None) -> Campaign:
        """Change a draft; Stale unless it is still the version that `if_match` names, Conflict once it is launched."""
        who.must(Permission.RUN_CAMPAIGNS)
        with self._transactions(who) as stores:
            campaign = _draft(stores, campaign_id, if_match)
            if changes:
                kept = self._drafting.checked(stores, who, _changed(campaign, changes))
                campaign = stores.campaigns.change(campaign_id, kept)
                stores.audit.record(Action.CAMPAIGN_CHANGED, campaign_id, fields=sorted(changes))
            return campaign

    def get(self, who: Principal, campaign_id: UUID) -> Standing:
        """One with its numbers; NotFound when it is another workspace's, discarded or never there."""
        who.must(Permission.READ_ANALYTICS)
        with self._transactions(who) as stores:
            campaign = stores.campaigns.get(campaign_id)
            return outlook.standing(stores.recipients, campaign, self._clock.now())

    def page(
        self, who: Principal, limit: int, after: Position | None = None, status: Status | None = None
    ) -> Page[Standing]:
        """Campaigns with their numbers, the newest first."""
        who.must(Permission.READ_ANALYTICS)
        with self._transactions(who) as stores:
            found = stores.campaigns.newest(status, after, limit + 1)
            return Page.of(outlook.standings(stores.recipients, found, self._clock.now()), limit)

    def recipients(
        self,
        who: Principal,
        campaign_id: UUID,
        limit: int,
        after: Position | None = None,
        outcome: Outcome | None = None,
    ) -> Page[Recipient]:
        """What became of each recipient, and why."""
        who.must(Permission.READ_ANALYTICS)
        with self._transactions(who) as stores:
            stores.campaigns.get(campaign_id)
            found = stores.recipients.page(campaign_id, outcome, after, limit + 1)
        if not who.may(Permission.READ_FANS):
            found = [one.unnamed() for one in found]
        return Page.of(found, limit)

    def discard(self, who: Principal, campaign_id: UUID, if_match: str | None = None) -> None:
        """Throw a draft away; what was launched is cancelled instead."""
        who.must(Permission.RUN_CAMPAIGNS)
        with self._transactions(who) as stores:
            _draft(stores, campaign_id, if_match)
            stores.campaigns.discard(campaign_id)
            stores.audit.record(Action.CAMPAIGN_DISCARDED, campaign_id)

    def duplicate(self, who: Principal, campaign_id: UUID) -> Campaign:
        """A new draft with the same words for the same audience, without its times."""
        who.must(Permission.RUN_CAMPAIGNS)
        with self._transactions(who) as stores:
            return self._add(stores, who, _copied(stores.campaigns.get(campaign_id)), {"from": str(campaign_id)})

    def _add(self, stores: Stores, who: Principal, plan: Plan, details: dict[str, str]) -> Campaign:
        kept = self._drafting.checked(stores, who, plan)
        campaign = stores.campaigns.add(self._new_id(), CAMPAIGN, kept, self._clock.now())
        stores.audit.record(Action.CAMPAIGN_CREATED, campaign.id, **details)
        return campaign


def _draft(stores: Stores, campaign_id: UUID, if_match: str | None) -> Campaign:
    """The draft, which nobody else changes meanwhile: what was launched stays as it was approved."""
    campaign = stores.campaigns.get_to_change(campaign_id)
    must_be_current(campaign, if_match)
    if campaign.status is not Status.DRAFT:
        raise Conflict(f"This campaign is {campaign.status} now, and only a draft can be changed. Duplicate it.")
    return campaign


def _changed(campaign: Campaign, changes: Changes) -> Plan:
    return Plan(
        name=changes.get("name", campaign.name),
        variants=changes.get("variants", campaign.variants),
        audience=changes.get("audience", campaign.audience),
        schedule=changes.get("schedule", campaign.schedule),
    )


def _copied(campaign: Campaign) -> Plan:
    """What was meant literally stays so: braces as such are written twice where there may be variables."""
    variants = tuple(map(_literal, campaign.variants)) if campaign.type == BULK_MESSAGE else campaign.variants
    schedule = Schedule(quiet=campaign.schedule.quiet)
    name = COPY_OF.format(name=campaign.name)[:LONGEST_NAME]
    return Plan(name=name, variants=variants, audience=campaign.audience, schedule=schedule)


def _literal(variant: Variant) -> Variant:
    return replace(variant, content=variant.content.replace("{", "{{").replace("}", "}}"))
