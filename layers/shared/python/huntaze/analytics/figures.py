"""What analytics answers. Money of several currencies stands side by side, the workspace's own first."""

from dataclasses import dataclass, field, replace
from datetime import date, datetime
from enum import StrEnum
from typing import Generic, TypeVar
from uuid import UUID

from huntaze.analytics.model import Period, Step
from huntaze.fans.model import Platform
from huntaze.money import Money

Number = TypeVar("Number")


class Source(StrEnum):
    """What was counted."""

    ROLL_UPS = "rollUps"  # sums of days, true until `as_of`
    TAGGED_FANS = "taggedFans"  # the raw rows of the fans who have the tag now


class Charted(StrEnum):
    """What a chart of revenue is of."""

    PAYMENTS = "payments"
    OFFERS = "offers"  # prices of messages that were sent: nothing is known of payments


class RankedBy(StrEnum):
    """What the best fans are best by."""

    PAID = "paid"  # in the period
    VALUE = "value"  # ever: nobody is known to have paid in the period


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """What every answer says of itself."""

    as_of: datetime  # until when everything is counted
    zone: str
    currency: str  # the workspace's own
    period: Period
    before: Period
    source: Source


@dataclass(frozen=True, slots=True)
class Compared(Generic[Number]):
    """A number of the period, and that of the period before."""

    now: Number
    before: Number


@dataclass(frozen=True, slots=True, kw_only=True)
class Worth:
    """What fans are worth, of those whose value is in one currency."""

    fans: int
    paying: int  # whose value is not nothing
    total: Money
    average: Money  # of all
    median: Money  # of all
    average_paying: Money
    median_paying: Money


@dataclass(frozen=True, slots=True)
class Speed:
    """How fast fans were answered, in seconds; nothing where nobody was. The median is right to a tenth."""

    answers: int
    mean: float | None
    median: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Overview:
    """The figures of the cards."""

    head: Head
    fans: int
    active: int
    new: Compared[int]
    lost: Compared[int]
    worth: tuple[Worth, ...]
    revenue: tuple[Compared[Money], ...]
    payments: Compared[int]
    incoming: Compared[int]
    outgoing: Compared[int]
    offers_sent: Compared[int]
    offers_bought: Compared[int]
    speed: Compared[Speed]


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """One step of a chart, in cents. `before` is the total of the same step of the period before, where it had one."""

    days: Period
    subscription: int
    ppv: int
    tip: int
    before: int | None

    @property
    def total(self) -> int:
        """All kinds."""
        return self.subscription + self.ppv + self.tip


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A chart of one currency."""

    currency: str
    total: Compared[Money]
    bars: tuple[Bar, ...]  # every step of the period


@dataclass(frozen=True, slots=True, kw_only=True)
class Series:
    """Revenue over time. At least the workspace's own currency has a line."""

    head: Head
    step: Step
    charted: Charted
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class TopFan:
    """A fan with what they paid in the period and what they are worth; unnamed for who may not see fans."""

    fan_id: UUID
    name: str | None = field(repr=False)
    handle: str | None = field(repr=False)
    platform: Platform
    paid: Money
    payments: int
    value: Money

    def unnamed(self) -> "TopFan":
        """The same for somebody who may not see fans."""
        return replace(self, name=None, handle=None)


@dataclass(frozen=True, slots=True)
class Ranking:
    """The best fans of one currency, the best first."""

    currency: str
    fans: tuple[TopFan, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class TopFans:
    """The best fans."""

    head: Head
    by: RankedBy
    rankings: tuple[Ranking, ...]


@dataclass(frozen=True, slots=True)
class Hour:
    """An hour of the week: what came in, went out and was paid in it."""

    weekday: int  # 1 is Monday
    hour: int
    incoming: int
    outgoing: int
    payments: int


@dataclass(frozen=True, slots=True)
class Heatmap:
    """All 168 hours of the week, from Monday 0 o'clock on."""

    head: Head
    hours: tuple[Hour, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Band:
    """Messages of one range of prices that were sent in the period. Of the dearest `below` is nothing."""

    least: Money
    below: Money | None
    sent: int
    bought: int
    asked: Money  # their prices
    revenue: Money  # the prices of those that were bought


@dataclass(frozen=True, slots=True)
class Ppv:
    """Messages with a price, the cheapest first, currency by currency."""

    head: Head
    bands: tuple[Band, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Chatter:
    """What one member approved, or with neither `member_id` nor `name` what was written in the platform's own app."""

    member_id: UUID | None
    name: str | None
    sent: int  # without campaigns
    speed: Speed
    earned: tuple[Money, ...]  # prices of those messages that were bought


@dataclass(frozen=True, slots=True, kw_only=True)
class Chatters:
    """Who answers, the busiest first, and all together."""

    head: Head
    chatters: tuple[Chatter, ...]
    all: Chatter


@dataclass(frozen=True, slots=True, kw_only=True)
class CampaignResult:
    """What came of a campaign that was launched in the period, by the rules of campaigns."""

    id: UUID
    name: str
    status: str
    launched_at: datetime
    recipients: int
    sent: int
    replies: int
    buyers: int
    revenue: Money


@dataclass(frozen=True, slots=True)
class CampaignResults:
    """Campaigns, the newest first. Replies count for so many hours, and tips."""

    head: Head
    reply_hours: int
    tip_hours: int
    campaigns: tuple[CampaignResult, ...]


@dataclass(frozen=True, slots=True)
class Return:
    """Of a cohort in one month: how many paid, and what."""

    month: date
    later: int  # months after the first
    payers: int
    paid: tuple[Money, ...]


@dataclass(frozen=True, slots=True)
class Cohort:
    """The fans whose first payment was in one month, and each month since that any of them paid in."""

    month: date
    fans: int
    returns: tuple[Return, ...]


@dataclass(frozen=True, slots=True)
class Cohorts:
    """Cohorts whose month touches the period, the oldest first, until now."""

    head: Head
    cohorts: tuple[Cohort, ...]
