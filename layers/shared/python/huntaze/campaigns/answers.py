"""Campaigns as the API shows them: how they stand, what came of them, and what they would do."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any, Literal, Self
from uuid import UUID

from pydantic import Field

from huntaze.campaigns.figures import Progress, Standing
from huntaze.campaigns.model import REPLY_HOURS, TIP_HOURS, AccountState, Campaign, Outcome, PauseReason
from huntaze.campaigns.schema import CampaignStatus
from huntaze.campaigns.told import AudienceTold, ScheduleTold, VariantTold
from huntaze.cursors import Bookmarks
from huntaze.fans.model import Platform
from huntaze.paging import Page
from huntaze.schema import Outgoing
from huntaze.versions import etag

Finish = Annotated[
    datetime | None,
    Field(description="When the last one leaves at the accounts' pace; nothing where that cannot be said."),
]
Delivered = Annotated[int | None, Field(description="Nothing: no bridge reports it.")]
Replies = Annotated[
    int,
    Field(
        description=f"How many fans wrote within {REPLY_HOURS} hours of it, and got no later campaign in between: "
        "a reply belongs to the last campaign message before it."
    ),
]
Purchases = Annotated[int, Field(description="How many fans paid something that counts as its revenue.")]
Revenue = Annotated[
    int,
    Field(
        description="What was paid to unlock its own messages, whenever that was, and what was tipped within "
        f"{TIP_HOURS} hours of it, unless a later campaign message came in between. Each payment counts once. "
        "What was paid in another currency than `currency` is not added."
    ),
]
Currency = Annotated[str, Field(description="The workspace's own at the launch.")]


class ExcludedBody(Outgoing):
    """How many are left out for one reason."""

    reason: Annotated[
        str,
        Field(
            description="do_not_contact, duplicate, recently_messaged, active_chat, frequency_cap, tombstone, unknown, "
            "unreachable, no_account or too_late."
        ),
    ]
    count: int


def excluded(counted: Mapping[str, int]) -> list[ExcludedBody]:
    """Reasons as the API shows them."""
    return [ExcludedBody(reason=reason, count=count) for reason, count in sorted(counted.items())]


class ProgressBody(Outgoing):
    """How many of its recipients stand in which way, without those who are left out."""

    recipients: Annotated[int, Field(description="Everybody it is really for; it grows until `filled`.")]
    filled: Annotated[bool, Field(description="Whether everybody it is for is known.")]
    pending: Annotated[int, Field(description="Their turn has not come.")]
    queued: Annotated[int, Field(description="Among the next to leave.")]
    sent: int
    delivered: Delivered
    failed: int
    unknown: Annotated[int, Field(description="It may have arrived, and nobody can say.")]
    cancelled: int
    skipped: Annotated[int, Field(description="Left out, by `excluded`.")]
    replies: Replies
    purchases: Purchases
    revenue_cents: Revenue
    currency: Currency

    @classmethod
    def of(cls, campaign: Campaign, progress: Progress) -> Self:
        """Numbers as the API shows them."""
        return cls(
            recipients=progress.recipients,
            filled=campaign.is_filled,
            **{outcome.value: progress.of(outcome) for outcome in Outcome if outcome is not Outcome.SKIPPED},
            delivered=None,
            skipped=sum(progress.excluded.values()),
            replies=progress.replies,
            purchases=progress.buyers,
            revenue_cents=progress.revenue.cents,
            currency=progress.revenue.currency,
        )


class VariantResultBody(Outgoing):
    """What came of one wording."""

    variant: str
    recipients: int
    sent: int
    delivered: Delivered
    failed: int
    unknown: int
    skipped: Annotated[
        int, Field(description="Left out; of several wordings, after the launch had given them this one.")
    ]
    replies: Replies
    purchases: Purchases
    revenue_cents: Revenue
    currency: Currency

    @classmethod
    def of(cls, name: str, numbers: Progress) -> Self:
        """The sums of one wording as the API shows them."""
        return cls(
            variant=name,
            recipients=numbers.recipients,
            sent=numbers.of(Outcome.SENT),
            delivered=None,
            failed=numbers.of(Outcome.FAILED),
            unknown=numbers.of(Outcome.UNKNOWN),
            skipped=numbers.of(Outcome.SKIPPED),
            replies=numbers.replies,
            purchases=numbers.buyers,
            revenue_cents=numbers.revenue.cents,
            currency=numbers.revenue.currency,
        )


class StandingStillBody(Outgoing):
    """An account that sends nothing now, though some of a campaign's recipients wait for it."""

    account_id: UUID
    platform: Platform
    state: Annotated[
        AccountState,
        Field(
            description="expired: renew its login; paused: resume it; held: it goes on by itself; revoked: connect it "
            "again. Nobody is lost, and nobody gets it twice."
        ),
    ]
    held_until: Annotated[datetime | None, Field(description="Until when a machine keeps it from sending.")]


class CampaignSummaryBody(Outgoing):
    """A campaign in a list."""

    id: UUID
    name: str
    type: Annotated[Literal["campaign", "bulk_message"], Field(description="Which of the two ways it was made.")]
    status: CampaignStatus
    pause_reason: PauseReason | None
    schedule: ScheduleTold
    progress: ProgressBody
    estimated_completion_time: Finish
    waits_for: Annotated[list[StandingStillBody], Field(description="The accounts that keep it waiting.")]
    launched_at: datetime | None
    started_at: datetime | None
    completed_at: datetime | None
    created_at: datetime
    updated_at: datetime

    @classmethod
    def of(cls, standing: Standing) -> Self:
        """A campaign as lists show it."""
        return cls(**_summary(standing))


class CampaignBody(CampaignSummaryBody):
    """A campaign with everything about it."""

    variants: list[VariantTold]
    audience: AudienceTold
    content_hash: Annotated[str, Field(description="Of these words for this audience: launch this.")]
    approved_by: UUID | None
    results: Annotated[list[VariantResultBody], Field(description="By wording, in their order.")]
    excluded: list[ExcludedBody]

    @property
    def etag(self) -> str:
        """Names this version of it; that its numbers grow does not change it."""
        return etag(self)

    @classmethod
    def of(cls, standing: Standing) -> Self:
        """A campaign as the API shows it."""
        campaign, progress = standing.campaign, standing.progress
        return cls(
            **_summary(standing),
            variants=[VariantTold.of(each) for each in campaign.variants],
            audience=AudienceTold.of(campaign.audience),
            content_hash=campaign.content_hash.hex(),
            approved_by=campaign.approved_by,
            results=_results(campaign, progress),
            excluded=excluded(progress.excluded),
        )

    @classmethod
    def drafted(cls, campaign: Campaign) -> Self:
        """A draft as the API shows it: nothing has come of it yet."""
        return cls.of(Standing(campaign, Progress((), campaign.left_out)))


class CampaignsBody(Outgoing):
    """A page of campaigns, the newest first."""

    campaigns: list[CampaignSummaryBody]
    next_cursor: str | None

    @classmethod
    def of(cls, page: Page[Standing], bookmarks: Bookmarks) -> Self:
        """A page as the API shows it."""
        told = [CampaignSummaryBody.of(one) for one in page.items]
        return cls(campaigns=told, next_cursor=bookmarks.cursor(page.next))


class BulkAnswerBody(Outgoing):
    """What becomes of one message to a few."""

    campaign_id: UUID
    total_recipients: Annotated[int, Field(description="How many get it.")]
    excluded: list[ExcludedBody]
    estimated_completion_time: Finish
    status: Literal["queued"] = "queued"

    @classmethod
    def of(cls, standing: Standing) -> Self:
        """A launched bulk message as the API shows it."""
        return cls(
            campaign_id=standing.campaign.id,
            total_recipients=standing.progress.recipients,
            excluded=excluded(standing.progress.excluded),
            estimated_completion_time=standing.finishes_at,
        )


def _summary(standing: Standing) -> dict[str, Any]:
    campaign = standing.campaign
    plain = ("id", "name", "type", "status", "pause_reason", "launched_at", "started_at", "completed_at")
    return {
        **{name: getattr(campaign, name) for name in (*plain, "created_at", "updated_at")},
        "schedule": ScheduleTold.of(campaign.schedule),
        "progress": ProgressBody.of(campaign, standing.progress),
        "estimated_completion_time": standing.finishes_at,
        "waits_for": [StandingStillBody.model_validate(lane) for lane in standing.waits_for],
    }


def _results(campaign: Campaign, progress: Progress) -> list[VariantResultBody]:
    """Where there is one wording, rows do not name it."""
    if len(campaign.variants) == 1:
        return [VariantResultBody.of(campaign.variants[0].name, progress)]
    return [VariantResultBody.of(each.name, progress.of_variant(each.name)) for each in campaign.variants]
