"""When campaigns will be through: what waits for their accounts, at the accounts' pace, outside quiet hours."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Protocol
from uuid import UUID

from huntaze.campaigns.figures import Progress, Standing
from huntaze.campaigns.model import AccountState, Campaign, Schedule, Status
from huntaze.campaigns.quiet import after_so_much
from huntaze.campaigns.steps import Lane

UNDER_WAY = frozenset({Status.SCHEDULED, Status.ACTIVE})


class Lanes(Protocol):
    """What an outlook needs to know of the workspace's campaigns."""

    def progress(self, campaigns: Sequence[Campaign]) -> Mapping[UUID, Progress]:
        """The numbers of each."""
        ...

    def lanes(self) -> Sequence[Lane]:
        """Every account that is or was connected."""
        ...


def standings(store: Lanes, campaigns: Sequence[Campaign], now: datetime) -> list[Standing]:
    """Campaigns with their numbers, and when they will be through."""
    progress = store.progress(campaigns)
    lanes = store.lanes() if any(campaign.status in UNDER_WAY for campaign in campaigns) else ()
    return [
        Standing(
            campaign,
            progress[campaign.id],
            finishes_at(campaign, progress[campaign.id], lanes, now),
            tuple(waits_for(campaign, lanes)),
        )
        for campaign in campaigns
    ]


def standing(store: Lanes, campaign: Campaign, now: datetime) -> Standing:
    """The same of one."""
    return standings(store, [campaign], now)[0]


def waits_for(campaign: Campaign, lanes: Iterable[Lane]) -> Iterator[Lane]:
    """The accounts that send nothing now, though somebody of a campaign under way waits for them."""
    if campaign.status in UNDER_WAY:
        yield from (lane for lane in lanes if lane.state is not AccountState.ACTIVE and campaign.id in lane.campaigns)


def finishes_at(campaign: Campaign, progress: Progress, lanes: Iterable[Lane], now: datetime) -> datetime | None:
    """When the last message of a campaign under way leaves; nothing where that cannot be said."""
    if campaign.status not in UNDER_WAY or not campaign.is_filled or not progress.waiting:
        return None
    loads = [(lane, lane.campaigns.get(campaign.id, 0)) for lane in lanes]
    return forecast([load for load in loads if load[1]], campaign.id, campaign.schedule, now)


def forecast(
    loads: Sequence[tuple[Lane, int]], campaign_id: UUID, schedule: Schedule, now: datetime
) -> datetime | None:
    """When so many messages through these accounts will have left, in the schedule's zone."""
    ends = [_end_of(lane, count, campaign_id, schedule, now) for lane, count in loads]
    known = [end for end in ends if end is not None]
    return max(known) if known and len(known) == len(ends) else None


def _end_of(lane: Lane, count: int, campaign_id: UUID, schedule: Schedule, now: datetime) -> datetime | None:
    """Campaigns of an account take turns: each of the others gets at most as many in before us as we have ourselves."""
    if not lane.is_open:
        return None
    others = sum(min(waiting, count) for whose, waiting in lane.campaigns.items() if whose != campaign_id)
    begin = max(now, schedule.starts_at or now, lane.held_until or now)
    work: timedelta = (lane.people + others + count - 1) * lane.pace.spacing
    return after_so_much(begin, work, schedule.quiet, schedule.zone)
