"""Numbers as the API shows them. Each answer says of which days it is, and until when everything is counted."""

from dataclasses import fields
from datetime import date, datetime
from typing import Annotated, Any, Protocol, Self
from uuid import UUID

from pydantic import Field

from huntaze.analytics.figures import Charted, Head, RankedBy, Source
from huntaze.analytics.model import Step
from huntaze.fans.model import Platform
from huntaze.schema import Outgoing


class Found(Protocol):
    """What a use case has found."""

    @property
    def head(self) -> Head:
        """What it says of itself."""
        ...


class MoneyBody(Outgoing):
    """An amount; two currencies are never added."""

    cents: int
    currency: str


class PeriodBody(Outgoing):
    """Days of the workspace's calendar, both included."""

    first: Annotated[date, Field(serialization_alias="from")]
    last: Annotated[date, Field(serialization_alias="to")]


class NumbersBody(Outgoing):
    """What every answer says of itself."""

    as_of: Annotated[datetime, Field(description="Until then everything is counted.")]
    zone: Annotated[str, Field(serialization_alias="timezone", description="Whose days these are.")]
    currency: Annotated[str, Field(description="The workspace's own; it stands first wherever there are several.")]
    period: PeriodBody
    before: Annotated[PeriodBody, Field(description="The period that it is compared with.")]
    source: Annotated[
        Source,
        Field(description="`rollUps` are kept day by day; `taggedFans` were counted just now, from the tag's fans."),
    ]

    @classmethod
    def of(cls, found: Found) -> Self:
        """What was found, below what it says of itself."""
        told: dict[str, Any] = {each.name: getattr(found, each.name) for each in fields(found)}  # type: ignore[arg-type]
        head = found.head
        return cls.model_validate({**told, **{each.name: getattr(head, each.name) for each in fields(head)}})


class ComparedCounts(Outgoing):
    """A number, and that of the period before."""

    now: int
    before: int


class ComparedMoney(Outgoing):
    """An amount, and that of the period before."""

    now: MoneyBody
    before: MoneyBody


class SpeedBody(Outgoing):
    """How fast fans were answered."""

    answers: int
    mean: Annotated[float | None, Field(serialization_alias="meanSeconds")]
    median: Annotated[float | None, Field(serialization_alias="medianSeconds", description="Right to a tenth.")]


class ComparedSpeed(Outgoing):
    """How fast, and how fast in the period before."""

    now: SpeedBody
    before: SpeedBody


class WorthBody(Outgoing):
    """What fans are worth, of those whose value is in one currency."""

    fans: int
    paying: Annotated[int, Field(description="Whose value is not nothing.")]
    total: MoneyBody
    average: Annotated[MoneyBody, Field(description="Of all.")]
    median: Annotated[MoneyBody, Field(description="Of all.")]
    average_paying: MoneyBody
    median_paying: MoneyBody


class OverviewBody(NumbersBody):
    """The key figures."""

    fans: int
    active: Annotated[int, Field(description="Seen within the last 30 days; of the period before nobody can say.")]
    new: Annotated[ComparedCounts, Field(description="Added in the period.")]
    lost: Annotated[ComparedCounts, Field(description="Not seen for 30 days, which ran out in the period.")]
    worth: Annotated[list[WorthBody], Field(description="By currency.")]
    revenue: Annotated[list[ComparedMoney], Field(description="By currency.")]
    payments: ComparedCounts
    incoming: Annotated[ComparedCounts, Field(serialization_alias="messagesIn")]
    outgoing: Annotated[ComparedCounts, Field(serialization_alias="messagesOut")]
    offers_sent: Annotated[ComparedCounts, Field(serialization_alias="ppvSent")]
    offers_bought: Annotated[ComparedCounts, Field(serialization_alias="ppvBought")]
    speed: Annotated[ComparedSpeed, Field(serialization_alias="responseTime")]


class BarBody(Outgoing):
    """One step."""

    days: PeriodBody
    subscription: Annotated[int, Field(serialization_alias="subscriptionCents")]
    ppv: Annotated[int, Field(serialization_alias="ppvCents")]
    tip: Annotated[int, Field(serialization_alias="tipCents")]
    total: Annotated[int, Field(serialization_alias="totalCents")]
    before: Annotated[
        int | None,
        Field(serialization_alias="beforeCents", description="All of this step of the period before, if it had one."),
    ]


class LineBody(Outgoing):
    """The steps of one currency."""

    currency: str
    total: ComparedMoney
    bars: list[BarBody]


class SeriesBody(NumbersBody):
    """Revenue over time."""

    step: Step
    charted: Annotated[
        Charted, Field(description="`offers` are the prices of messages that were sent: no payment is known at all.")
    ]
    lines: Annotated[list[LineBody], Field(description="By currency.")]


class BestFanBody(Outgoing):
    """A fan."""

    fan_id: UUID
    name: Annotated[str | None, Field(description="Nothing for who may not see fans.")]
    handle: str | None
    platform: Platform
    paid: Annotated[MoneyBody, Field(description="In the period.")]
    payments: int
    value: Annotated[MoneyBody, Field(description="Ever.")]


class RankingBody(Outgoing):
    """The best fans of one currency."""

    currency: str
    fans: list[BestFanBody]


class BestFansBody(NumbersBody):
    """The best fans, the best first."""

    by: Annotated[RankedBy, Field(description="`value` where nobody is known to have paid in the period.")]
    rankings: Annotated[list[RankingBody], Field(description="By currency.")]
