"""The rest of what the API shows of numbers: hours, prices, who answers, campaigns, cohorts."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from pydantic import Field

from huntaze.analytics.answers import MoneyBody, NumbersBody, SpeedBody
from huntaze.schema import Outgoing


class HourBody(Outgoing):
    """An hour of the week."""

    weekday: Annotated[int, Field(description="1 is Monday.")]
    hour: int
    incoming: Annotated[int, Field(serialization_alias="messagesIn")]
    outgoing: Annotated[int, Field(serialization_alias="messagesOut")]
    payments: int


class HeatmapBody(NumbersBody):
    """All 168 hours of the week."""

    hours: list[HourBody]


class BandBody(Outgoing):
    """Priced messages of one range of prices."""

    least: Annotated[MoneyBody, Field(serialization_alias="from")]
    below: Annotated[MoneyBody | None, Field(description="Nothing for the dearest.")]
    sent: int
    bought: int
    asked: Annotated[MoneyBody, Field(description="Their prices.")]
    revenue: Annotated[MoneyBody, Field(description="The prices of those that were bought.")]


class PpvBody(NumbersBody):
    """Priced messages that were sent in the period."""

    bands: list[BandBody]


class ChatterBody(Outgoing):
    """One of those who answer."""

    member_id: Annotated[UUID | None, Field(description="Nothing for what was written in the platform's own app.")]
    name: str | None
    sent: Annotated[int, Field(description="Without campaigns.")]
    speed: Annotated[SpeedBody, Field(serialization_alias="responseTime")]
    earned: Annotated[list[MoneyBody], Field(description="The prices of their messages that were bought.")]


class ChattersBody(NumbersBody):
    """Who answers, the busiest first, and all together."""

    chatters: list[ChatterBody]
    all: ChatterBody


class CampaignResultBody(Outgoing):
    """What came of a campaign."""

    id: UUID
    name: str
    status: str
    launched_at: datetime
    recipients: int
    sent: int
    replies: int
    buyers: int
    revenue: MoneyBody


class CampaignResultsBody(NumbersBody):
    """Campaigns that were launched in the period, the newest first."""

    reply_hours: Annotated[int, Field(description="Who writes within so many hours has replied.")]
    tip_hours: Annotated[int, Field(description="Tips within so many hours are a campaign's.")]
    campaigns: list[CampaignResultBody]


class ReturnBody(Outgoing):
    """A cohort in one month."""

    month: Annotated[date, Field(description="Its first day.")]
    later: Annotated[int, Field(serialization_alias="monthsLater")]
    payers: int
    paid: Annotated[list[MoneyBody], Field(description="By currency.")]


class CohortBody(Outgoing):
    """The fans whose first payment was in one month."""

    month: Annotated[date, Field(description="Its first day.")]
    fans: int
    returns: Annotated[list[ReturnBody], Field(description="Each month in which any of them paid.")]


class CohortsBody(NumbersBody):
    """Cohorts whose month touches the period, until now."""

    cohorts: list[CohortBody]
