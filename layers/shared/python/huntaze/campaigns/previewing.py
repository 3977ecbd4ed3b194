"""What would happen: whom a campaign reaches, what each of them gets, and when it would be through."""

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import datetime
from typing import Protocol
from uuid import UUID

from huntaze.campaigns import outlook
from huntaze.campaigns.drafting import Drafting
from huntaze.campaigns.drafting import Stores as DraftingStores
from huntaze.campaigns.figures import Overlap, Preview, Reach, Rendering
from huntaze.campaigns.model import AccountState, Audience, Campaign
from huntaze.campaigns.steps import Lane
from huntaze.clock import Clock
from huntaze.members.model import Permission, Principal


class PreviewedStore(Protocol):
    """The campaigns of one workspace, inside one transaction."""

    def get(self, campaign_id: UUID) -> Campaign:
        """One; NotFound when there is none."""
        ...

    def overlapping(self, campaign_id: UUID, account_ids: Sequence[UUID]) -> Sequence[Overlap]:
        """Others under way, or to begin later, that leave through these accounts."""
        ...


class Audiences(Protocol):
    """Whom campaigns are for."""

    def called(self, words: Sequence[str]) -> dict[str, UUID]:
        """Whom these words mean."""
        ...

    def reach(self, audience: Audience, at: datetime) -> Reach:
        """Whom an audience reaches now."""
        ...

    def rendering(self, campaign: Campaign, fan_id: UUID, at: datetime) -> Rendering:
        """What a fan would get; NotFound when there is no such fan."""
        ...


class Stores(DraftingStores, Protocol):
    """What a transaction gives to these use cases."""

    @property
    def campaigns(self) -> PreviewedStore:
        """The campaigns of the workspace."""
        ...

    @property
    def audiences(self) -> Audiences:
        """Whom they are for."""
        ...

    @property
    def recipients(self) -> outlook.Lanes:
        """Who gets them."""
        ...


class Previewing:
    """The use cases of those who look before they launch."""

    def __init__(
        self,
        transactions: Callable[[Principal], AbstractContextManager[Stores]],
        drafting: Drafting,
        *,
        clock: Clock,
    ) -> None:
        self._transactions = transactions
        self._drafting = drafting
        self._clock = clock

    def preview(self, who: Principal, campaign_id: UUID) -> Preview:
        """How many get it, who is left out and why, when it would be through, and which campaigns it would meet."""
        who.must(Permission.RUN_CAMPAIGNS)
        with self._transactions(who) as stores:
            campaign, now = stores.campaigns.get(campaign_id), self._clock.now()
            zone = stores.workspace.get().timezone
            reach = stores.audiences.reach(campaign.audience, now).beside(campaign.left_out)
            loads = _loads(stores.recipients.lanes(), reach)
            schedule = replace(campaign.schedule, zone=zone)
            return Preview(
                campaign=campaign,
                reach=reach,
                finishes_at=outlook.forecast(loads, campaign.id, schedule, now),
                zone=zone,
                overlaps=tuple(stores.campaigns.overlapping(campaign.id, [lane.account_id for lane, _ in loads])),
            )

    def reach(self, who: Principal, audience: Audience) -> Reach:
        """Whom an audience reaches that nobody has saved yet."""
        who.must(Permission.RUN_CAMPAIGNS)
        with self._transactions(who) as stores:
            named, meant = self._drafting.named(stores, who, audience.recipient_ids or ()), audience
            if audience.recipient_ids is not None:
                meant = replace(audience, recipient_ids=tuple(map(str, named.fan_ids)))
            return stores.audiences.reach(meant, self._clock.now()).beside(named.left_out)

    def text_for(self, who: Principal, campaign_id: UUID, fan_id: UUID) -> Rendering:
        """The words as this fan would get them, made by the database as it will make them at the launch."""
        who.must(Permission.RUN_CAMPAIGNS)
        with self._transactions(who) as stores:
            return stores.audiences.rendering(stores.campaigns.get(campaign_id), fan_id, self._clock.now())


def _loads(lanes: Sequence[Lane], reach: Reach) -> list[tuple[Lane, int]]:
    """What each account that is connected would have to send."""
    connected = (lane for lane in lanes if lane.state is not AccountState.REVOKED)
    found = [(lane, reach.platforms.get(lane.platform, 0)) for lane in connected]
    return [(lane, count) for lane, count in found if count]
