"""Campaigns as the API takes them: what somebody wants to send, to whom and when."""

from collections.abc import Callable
from datetime import UTC, datetime, time
from typing import Annotated, Self, cast

from pydantic import AfterValidator, ConfigDict, Field, WithJsonSchema, model_validator

from huntaze.addresses import LONGEST_ADDRESS
from huntaze.attachments.model import MOST_ATTACHMENTS, checked
from huntaze.campaigns.model import (
    MOST_NAMED_RECIPIENTS,
    MOST_VARIANTS,
    Audience,
    Changes,
    Filter,
    Plan,
    QuietHours,
    Rules,
    Schedule,
    Status,
    Variant,
)
from huntaze.fans.model import Platform, SubscriptionStatus
from huntaze.schema import Cents, Flag, Incoming, Moment, Partial, Tags, text

_LAST_YEAR = datetime(2100, 1, 1, tzinfo=UTC)  # a plan for later than that is a slip of the keyboard
_MOST_EXCLUSIONS = 10
LONGEST_TEXT = 5_000


def _within_reach(at: datetime) -> datetime:
    if at >= _LAST_YEAR:
        raise ValueError("must be before the year 2100")
    return at


def _all_different(words: list[str]) -> list[str]:
    if len(set(words)) < len(words):
        raise ValueError("must not repeat one")
    return words


Name = Annotated[str, text(shortest=1, longest=200)]
Recipient = Annotated[str, text(shortest=1, longest=200)]
MediaUrl = Annotated[str, Field(strict=True, max_length=LONGEST_ADDRESS), AfterValidator(checked)]
MediaUrls = Annotated[list[MediaUrl], Field(strict=True, max_length=MOST_ATTACHMENTS)]
PlannedMoment = Annotated[Moment, AfterValidator(_within_reach)]
# Written out: messages have a Status too, and the description of the API has one schema of a name.
CampaignStatus = Annotated[Status, WithJsonSchema({"type": "string", "enum": [each.value for each in Status]})]
TimeOfDay = Annotated[str, Field(strict=True, pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$")]


class VariantBody(Incoming):
    """One wording, and which part of the audience gets it."""

    name: Annotated[str, text(shortest=1, longest=50)] = "A"
    share: Annotated[int, Field(strict=True, ge=1, le=100, description="In percent; all together are 100.")] = 100
    content: Annotated[
        str,
        text(longest=LONGEST_TEXT),
        Field(description="With variables such as `{name|there}`; braces as such are written twice."),
    ] = ""
    media_urls: MediaUrls = Field(default_factory=list)
    price_cents: Annotated[Cents, Field(description="What it costs to unlock, in US dollars; 0 is free.")] = 0

    def variant(self) -> Variant:
        """The same in the language of the use case."""
        return Variant(
            name=self.name,
            share=self.share,
            content=self.content,
            media=tuple(self.media_urls),
            price_cents=self.price_cents,
        )


class FilterBody(Incoming):
    """Fans with all of these qualities; `{}` means everybody."""

    tags: Annotated[Tags, Field(description="Any of them.")] = Field(default_factory=list)
    min_value_cents: Cents | None = None
    max_value_cents: Cents | None = None
    seen_after: Moment | None = None
    seen_before: Moment | None = None
    platforms: Annotated[list[Platform], Field(max_length=len(Platform)), AfterValidator(_all_different)] = Field(
        default_factory=list
    )
    subscriptions: Annotated[
        list[SubscriptionStatus], Field(max_length=len(SubscriptionStatus)), AfterValidator(_all_different)
    ] = Field(default_factory=list)
    bought: Annotated[Flag | None, Field(description="Whether they ever paid for anything.")] = None
    replied: Annotated[Flag | None, Field(description="Whether they ever wrote.")] = None

    def filter(self) -> Filter:
        """The same in the language of the use case."""
        lists = {name: tuple(getattr(self, name)) for name in ("tags", "platforms", "subscriptions")}
        return Filter(**{**dict(self), **lists})


class RulesBody(Incoming):
    """Who is left out although they are meant; 0 switches a rule off."""

    not_within_hours: Annotated[
        int, Field(strict=True, ge=0, le=720, description="Whom a message was sent to so recently.")
    ] = 0
    active_chat_minutes: Annotated[int, Field(strict=True, ge=0, le=1440, description="Who wrote so recently.")] = 30
    at_most: Annotated[
        int, Field(strict=True, ge=0, le=100, description="Who got so many campaigns within `inDays`.")
    ] = 0
    in_days: Annotated[int, Field(strict=True, ge=1, le=365)] = 7

    def rules(self) -> Rules:
        """The same in the language of the use case."""
        return Rules(**dict(self))


class AudienceBody(Incoming):
    """Whom it is for: the fans named, or those who match `include` and none of `exclude`. Everybody is said aloud."""

    model_config = ConfigDict(json_schema_extra={"oneOf": [{"required": ["recipientIds"]}, {"required": ["include"]}]})

    recipient_ids: Annotated[
        list[Recipient] | None,
        Field(
            min_length=1,
            max_length=MOST_NAMED_RECIPIENTS,
            description="Fans by their ids here, or by their ids on their platform.",
        ),
    ] = None
    include: FilterBody | None = None
    exclude: Annotated[list[FilterBody], Field(max_length=_MOST_EXCLUSIONS)] = Field(default_factory=list)
    rules: RulesBody = RulesBody()

    @model_validator(mode="after")
    def _one_of_both(self) -> Self:
        if (self.recipient_ids is None) == (self.include is None):
            raise ValueError("must have either recipientIds or include")
        if self.recipient_ids is not None and self.exclude:
            raise ValueError("must not have exclude beside recipientIds")
        return self

    def audience(self) -> Audience:
        """The same in the language of the use case."""
        return Audience(
            recipient_ids=None if self.recipient_ids is None else tuple(self.recipient_ids),
            include=(self.include or FilterBody()).filter(),
            exclude=tuple(each.filter() for each in self.exclude),
            rules=self.rules.rules(),
        )


class QuietBody(Incoming):
    """Local times of day between which nothing leaves; the end may be on the next day."""

    begin: TimeOfDay
    end: TimeOfDay
    in_fans_zone: Annotated[Flag, Field(description="In the fan's own zone where it is known, else the creator's.")] = (
        False
    )

    @model_validator(mode="after")
    def _two_times(self) -> Self:
        if self.begin == self.end:
            raise ValueError("must begin and end at different times")
        return self

    def hours(self) -> QuietHours:
        """The same in the language of the use case."""
        begin, end = time.fromisoformat(self.begin), time.fromisoformat(self.end)
        return QuietHours(begin=begin, end=end, in_fans_zone=self.in_fans_zone)


class ScheduleBody(Incoming):
    """When it begins and ends, and when it rests; without a beginning it begins when it is launched."""

    starts_at: PlannedMoment | None = None
    ends_at: Annotated[PlannedMoment | None, Field(description="Nothing of it leaves from then on.")] = None
    quiet: QuietBody | None = None

    def schedule(self) -> Schedule:
        """The same in the language of the use case."""
        quiet = self.quiet.hours() if self.quiet else None
        return Schedule(starts_at=self.starts_at, ends_at=self.ends_at, quiet=quiet)


Variants = Annotated[list[VariantBody], Field(strict=True, min_length=1, max_length=MOST_VARIANTS)]


class NewCampaignBody(Incoming):
    """A campaign about to be drafted; nothing of it leaves before it is launched."""

    name: Name
    variants: Variants
    audience: AudienceBody
    schedule: ScheduleBody = ScheduleBody()

    def plan(self) -> Plan:
        """The same in the language of the use case."""
        variants = tuple(each.variant() for each in self.variants)
        audience, schedule = self.audience.audience(), self.schedule.schedule()
        return Plan(name=self.name, variants=variants, audience=audience, schedule=schedule)


class CampaignChangesBody(Partial):
    """What is to be different about a draft; what is left out stays as it is, and what is given replaces the whole."""

    name: Name = ""
    variants: Variants = Field(default_factory=list)
    audience: AudienceBody = AudienceBody(include=FilterBody())
    schedule: ScheduleBody = ScheduleBody()

    def changes(self) -> Changes:
        """Only what was given, in the language of the use case."""
        read: dict[str, Callable[[], object]] = {
            "name": lambda: self.name,
            "variants": lambda: tuple(each.variant() for each in self.variants),
            "audience": self.audience.audience,
            "schedule": self.schedule.schedule,
        }
        return cast(Changes, {name: read[name]() for name in self.given()})
