"""Launching: one person approves these words for this audience, and everything that follows is done by machine."""

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Protocol
from uuid import UUID

from huntaze.audit.model import Action
from huntaze.campaigns import outlook, service
from huntaze.campaigns.drafting import Drafting, NamedFans, refuse, sending_platforms
from huntaze.campaigns.figures import Reach, Standing
from huntaze.campaigns.filling import CHUNK, ChunkStore
from huntaze.campaigns.letting_out import AtOnce, FlowStores
from huntaze.campaigns.model import BULK_MESSAGE, Audience, Bulk, Campaign, Status
from huntaze.campaigns.rules import broken_words
from huntaze.clock import Clock
from huntaze.errors import Conflict, Stale
from huntaze.fans.model import Platform
from huntaze.members.model import Permission, Principal
from huntaze.messages.sending import in_use
from huntaze.versions import must_be_current

BULK_NAME = "Bulk message"


class LaunchedStore(service.CampaignStore, Protocol):
    """The campaigns of one workspace, inside one transaction."""

    def launch(self, campaign_id: UUID, approved_by: UUID, status: Status, at: datetime) -> Campaign:
        """Approve a draft as it stands, which this transaction holds, and let it go."""
        ...


class Audiences(NamedFans, ChunkStore, Protocol):
    """Whom campaigns are for."""

    def take_turns(self, audience: Audience) -> None:
        """Where a rule counts campaigns: no other with such a rule makes rows before this transaction ends."""
        ...

    def reaches_anybody(self, audience: Audience, at: datetime) -> bool:
        """Whether anybody would get it."""
        ...

    def reach(self, audience: Audience, at: datetime) -> Reach:
        """Whom it reaches."""
        ...


class Stores(service.Stores, FlowStores, Protocol):
    """What a transaction gives to launching."""

    @property
    def campaigns(self) -> LaunchedStore:
        """The campaigns of the workspace."""
        ...

    @property
    def audiences(self) -> Audiences:
        """Whom they are for."""
        ...


class Launching:
    """The use cases that let campaigns go."""

    def __init__(
        self,
        transactions: Callable[[Principal], AbstractContextManager[Stores]],
        drafting: Drafting,
        must_be_open: Callable[[], None],
        at_once: AtOnce,
        *,
        clock: Clock,
        new_id: Callable[[], UUID],
    ) -> None:
        self._transactions = transactions
        self._drafting = drafting
        self._must_be_open = must_be_open
        self._at_once = at_once
        self._clock = clock
        self._new_id = new_id

    def launch(self, who: Principal, campaign_id: UUID, seen: bytes, if_match: str | None = None) -> Standing:
        """Approve a campaign by the hash of what the person saw, and let it go, at once or when it is to begin.

        Stale when it is not what they saw any more, Conflict when nobody would get it. Launched again it gives the
        same answer; of two at once, one launches.
        """
        who.must(Permission.RUN_CAMPAIGNS)
        self._must_be_open()
        with self._transactions(who) as stores:
            campaign = stores.campaigns.get_to_change(campaign_id)
            if campaign.content_hash != seen:
                raise Stale
            if campaign.status is Status.DRAFT:
                must_be_current(campaign, if_match)
                campaign = self._let_go(stores, who, campaign)
            elif campaign.status is Status.CANCELLED:
                raise Conflict("This campaign was cancelled. Duplicate it, then launch the copy.")
            return outlook.standing(stores.recipients, campaign, self._clock.now())

    def bulk(self, who: Principal, new: Bulk) -> Standing:
        """Write one message to a few, approve it and let it go, all in one act."""
        who.must(Permission.RUN_CAMPAIGNS)
        self._must_be_open()
        with self._transactions(who) as stores:
            kept = self._drafting.literal(stores, who, new, new.name or BULK_NAME)
            campaign = stores.campaigns.add(self._new_id(), BULK_MESSAGE, kept, self._clock.now())
            stores.audit.record(Action.CAMPAIGN_CREATED, campaign.id)
            campaign = self._let_go(stores, who, campaign)
            return outlook.standing(stores.recipients, campaign, self._clock.now())

    def _let_go(self, stores: Stores, who: Principal, campaign: Campaign) -> Campaign:
        now = self._clock.now()
        stores.audiences.take_turns(campaign.audience)
        _must_be_possible(stores, campaign, now)
        starts_at = campaign.schedule.starts_at
        status = Status.SCHEDULED if starts_at and starts_at > now else Status.ACTIVE
        launched = stores.campaigns.launch(campaign.id, who.member_id, status, now)
        stores.audiences.fill(launched, CHUNK)
        if status is Status.ACTIVE:
            self._at_once.flow(stores, who, campaign.id)
        stores.audit.record(Action.CAMPAIGN_LAUNCHED, campaign.id, hash=campaign.content_hash.hex())
        return stores.campaigns.get(campaign.id)


def _must_be_possible(stores: Stores, campaign: Campaign, now: datetime) -> None:
    """Go on only if somebody gets it, in time, through an account that is signed in."""
    if campaign.schedule.ends_at and campaign.schedule.ends_at <= now:
        raise Conflict("The time in which this may be sent is over. Choose a later end, then launch it.")
    platforms = sending_platforms(stores.messages, campaign.audience.include.platforms)
    refuse([fault for variant in campaign.variants for fault in broken_words(variant, platforms, "")])
    _must_have_an_account(stores, platforms)
    if not stores.audiences.reaches_anybody(campaign.audience, now):
        found = {**stores.audiences.reach(campaign.audience, now).excluded, **campaign.left_out}
        reasons = ", ".join(f"{count} {reason}" for reason, count in sorted(found.items())) or "there is nobody"
        raise Conflict(f"Nobody would get this: {reasons}.")


def _must_have_an_account(stores: Stores, platforms: Sequence[Platform]) -> None:
    """Somebody must be signed in on one of them; Conflict, saying what to do, otherwise."""
    accounts = [(platform, stores.messages.account(platform)) for platform in platforms]
    if any(account and account.is_active for _, account in accounts):
        return
    for platform, account in accounts:
        if account:
            in_use(account, platform)
    raise Conflict(f"No account on {' or '.join(platforms)} is connected. Connect one, then launch again.")
