"""What somebody planned, as the API shows it again."""

from datetime import datetime
from typing import Annotated, Self
from uuid import UUID

from pydantic import Field

from huntaze.campaigns.model import Audience, Filter, QuietHours, Schedule, Variant
from huntaze.fans.model import Platform, SubscriptionStatus
from huntaze.schema import Outgoing


class VariantTold(Outgoing):
    """One wording as it was written."""

    name: str
    share: int
    content: str
    media_urls: list[str]
    price_cents: int

    @classmethod
    def of(cls, variant: Variant) -> Self:
        """The same as the API shows it."""
        return cls(
            name=variant.name,
            share=variant.share,
            content=variant.content,
            media_urls=list(variant.media),
            price_cents=variant.price_cents,
        )


class FilterTold(Outgoing):
    """Fans with all of these qualities."""

    tags: list[str]
    min_value_cents: int | None
    max_value_cents: int | None
    seen_after: datetime | None
    seen_before: datetime | None
    platforms: list[Platform]
    subscriptions: list[SubscriptionStatus]
    bought: bool | None
    replied: bool | None

    @classmethod
    def of(cls, told: Filter) -> Self:
        """The same as the API shows it."""
        return cls.model_validate(told)


class RulesTold(Outgoing):
    """Who is left out although they are meant."""

    not_within_hours: int
    active_chat_minutes: int
    at_most: int
    in_days: int


class AudienceTold(Outgoing):
    """Whom it is for: those named, or those who match."""

    recipient_ids: Annotated[list[UUID] | None, Field(description="Nothing where it is for those who match.")]
    include: FilterTold | None
    exclude: list[FilterTold]
    rules: RulesTold

    @classmethod
    def of(cls, audience: Audience) -> Self:
        """The same as the API shows it."""
        named = audience.recipient_ids
        return cls(
            recipient_ids=None if named is None else [UUID(word) for word in named],
            include=FilterTold.of(audience.include) if named is None else None,
            exclude=[FilterTold.of(each) for each in audience.exclude],
            rules=RulesTold.model_validate(audience.rules),
        )


class QuietTold(Outgoing):
    """Local times of day between which nothing leaves."""

    begin: str
    end: str
    in_fans_zone: bool

    @classmethod
    def of(cls, hours: QuietHours) -> Self:
        """The same as the API shows it."""
        begin, end = (edge.isoformat("minutes") for edge in (hours.begin, hours.end))
        return cls(begin=begin, end=end, in_fans_zone=hours.in_fans_zone)


class ScheduleTold(Outgoing):
    """When it begins and ends, and when it rests."""

    starts_at: datetime | None
    ends_at: datetime | None
    quiet: QuietTold | None
    zone: Annotated[str, Field(description="The creator's, as it was at the launch.")]

    @classmethod
    def of(cls, schedule: Schedule) -> Self:
        """The same as the API shows it."""
        quiet = QuietTold.of(schedule.quiet) if schedule.quiet else None
        return cls(starts_at=schedule.starts_at, ends_at=schedule.ends_at, quiet=quiet, zone=schedule.zone)
