"""Letting out: the next quarter of an hour of an account, in turn between its campaigns, outside of quiet hours."""

import hashlib
import heapq
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import count
from typing import Protocol
from uuid import UUID

from huntaze.campaigns.quiet import is_quiet, known_zone, quiet_from
from huntaze.campaigns.steps import Chosen, Letter, Ready
from huntaze.clock import Clock
from huntaze.delivery.model import HORIZON, Sender
from huntaze.ids import id_at
from huntaze.members.model import Principal

_BESIDE = timedelta(microseconds=1)
_BEHIND = timedelta(milliseconds=1)
AT_ONCE = 500  # messages in one transaction: an account that is faster gets more of it in the next round


class LockedAccounts(Protocol):
    """Accounts, of which only one at a time is worked on."""

    def lock_account(self, account_id: UUID) -> Sender | None:
        """Be the only one at an account that may send; None when it may not, or somebody else is at it."""
        ...


class Flow(Protocol):
    """What campaigns let out, inside one transaction of a workspace."""

    def accounts_waiting(self, campaign_ids: Sequence[UUID]) -> Sequence[UUID]:
        """The accounts through which somebody still waits for one of these."""
        ...

    def take_back(self, account_id: UUID) -> int:
        """What may not leave any more at this moment waits again; how many messages that were."""
        ...

    def ready(self, account_id: UUID) -> Sequence[Ready]:
        """The account's campaigns that may go on, which nobody steers before this transaction ends."""
        ...

    def zones(self, campaign_id: UUID, account_id: UUID) -> Sequence[str | None]:
        """The zones of those who wait; None stands for those who have the creator's."""
        ...

    def choose(self, campaign_id: UUID, account_id: UUID, zone: str | None, at_most: int) -> Sequence[Chosen]:
        """The next who wait in a zone, kept from others; those whom somebody changes at this moment are passed by."""
        ...

    def leave_out(self, campaign_id: UUID, chosen: Sequence[Chosen]) -> None:
        """These get nothing, for their reasons."""
        ...

    def put(self, account_id: UUID, letters: Sequence[Letter], at: datetime) -> None:
        """Queue these."""
        ...


class FlowStores(Protocol):
    """What a transaction gives to letting out."""

    @property
    def outbox(self) -> LockedAccounts:
        """The accounts."""
        ...

    @property
    def flow(self) -> Flow:
        """What campaigns let out."""
        ...


def let_out(stores: FlowStores, account_id: UUID, at: datetime, new_id: Callable[[], UUID]) -> int:
    """Fill up the next 15 minutes of an account; how many messages that took."""
    sender = stores.outbox.lock_account(account_id)
    if sender is None:
        return 0
    stores.flow.take_back(account_id)
    ready = stores.flow.ready(account_id)
    room = min(HORIZON // sender.pace.spacing - sum(len(campaign.queued) for campaign in ready), AT_ONCE)
    if room <= 0:
        return 0
    chosen = {campaign.id: _chosen(stores.flow, campaign, account_id, room, at) for campaign in ready}
    order = turns(room, {one.id: len(one.queued) for one in ready}, {key: len(who) for key, who in chosen.items()})
    letters = list(_letters(order, chosen, ready, at, new_id))
    stores.flow.put(account_id, letters, at)
    return len(letters)


@dataclass(frozen=True, slots=True)
class AtOnce:
    """Does in the transaction of whoever lets a campaign go what the schedule would do within a minute."""

    wake_afterwards: Callable[[UUID, UUID], None]
    clock: Clock
    new_id: Callable[[], UUID]

    def flow(self, stores: FlowStores, who: Principal, campaign_id: UUID) -> None:
        """Fill up the accounts through which somebody waits for this campaign, and wake them afterwards."""
        for account_id in stores.flow.accounts_waiting([campaign_id]):
            let_out(stores, account_id, self.clock.now(), self.new_id)
            self.wake_afterwards(who.workspace_id, account_id)


def turns(room: int, waiting: Mapping[UUID, int], left: Mapping[UUID, int]) -> list[UUID]:
    """Who of an account's campaigns comes next, while there is room: whoever has fewest waiting, then the first."""
    line = [(waiting[key], place, key, left[key]) for place, key in enumerate(waiting) if left[key]]
    heapq.heapify(line)
    order: list[UUID] = []
    while line and len(order) < room:
        out, place, key, more = heapq.heappop(line)
        order.append(key)
        if more > 1:
            heapq.heappush(line, (out + 1, place, key, more - 1))
    return order


def message_id(campaign: Ready, fan_id: UUID) -> UUID:
    """The id of this fan's message, the same for ever: a bridge takes it once, whatever database asks."""
    return id_at(campaign.launched_at, hashlib.sha256(campaign.id.bytes + fan_id.bytes).digest())


def _chosen(flow: Flow, campaign: Ready, account_id: UUID, room: int, at: datetime) -> list[Chosen]:
    """Who could come next, where it is not quiet; first those for whom it becomes so soonest."""
    found: list[Chosen] = []
    for until, zone in _open_zones(flow, campaign, account_id, at):
        next_ones = flow.choose(campaign.id, account_id, zone, room - len(found))
        if left_out := [one for one in next_ones if one.reason]:
            flow.leave_out(campaign.id, left_out)
        found += [replace(one, leave_before=until) for one in next_ones if not one.reason]
        if len(found) >= room:
            break
    return found


def _open_zones(
    flow: Flow, campaign: Ready, account_id: UUID, at: datetime
) -> list[tuple[datetime | None, str | None]]:
    schedule, quiet = campaign.schedule, campaign.schedule.quiet
    zones = flow.zones(campaign.id, account_id) if quiet and quiet.in_fans_zone else (None,)
    places = ((zone, known_zone(zone, schedule.zone)) for zone in zones)
    ends = (
        (_soonest(quiet_from(at, quiet, where), schedule.ends_at), zone)
        for zone, where in places
        if not is_quiet(at, quiet, where)
    )
    return sorted(ends, key=lambda end: (end[0] is None, end[0] or at, end[1] or ""))


def _soonest(*moments: datetime | None) -> datetime | None:
    return min((moment for moment in moments if moment), default=None)


def places(ready: Sequence[Ready], at: datetime) -> dict[UUID, Iterator[datetime]]:
    """For each campaign the moments to queue its next messages at, in their order.

    Who comes later is not put behind all that waits, but beside it: a campaign's third message beside the third of
    whoever has the most. So of two campaigns every other message is each one's, whenever they began.
    """
    line = max((campaign.queued for campaign in ready), key=len, default=())
    return {campaign.id: _beside(line, len(campaign.queued), at) for campaign in ready}


def _beside(line: Sequence[datetime], place: int, at: datetime) -> Iterator[datetime]:
    yield from (moment + _BESIDE for moment in line[place:])
    yield from (at + behind * _BEHIND for behind in count())


def _letters(
    order: Iterable[UUID],
    chosen: Mapping[UUID, Sequence[Chosen]],
    ready: Sequence[Ready],
    at: datetime,
    new_id: Callable[[], UUID],
) -> Iterator[Letter]:
    campaigns = {campaign.id: campaign for campaign in ready}
    people = {key: iter(who) for key, who in chosen.items()}
    moments = places(ready, at)
    for key in order:
        one = next(people[key])
        yield Letter(
            campaign_id=key,
            fan_id=one.fan_id,
            message_id=one.message_id or message_id(campaigns[key], one.fan_id),
            conversation_id=new_id(),
            is_new=one.message_id is None,
            leave_before=one.leave_before,
            queued_at=next(moments[key]),
        )
