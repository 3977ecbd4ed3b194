"""More about one campaign, as the API shows it: its recipients, and what it would do."""

from datetime import datetime
from typing import Annotated, Self
from uuid import UUID

from pydantic import Field

from huntaze.campaigns.answers import Currency, ExcludedBody, Finish, Revenue, excluded
from huntaze.campaigns.figures import Overlap, Preview, Recipient, Rendering
from huntaze.campaigns.model import Outcome
from huntaze.campaigns.schema import CampaignStatus
from huntaze.cursors import Bookmarks
from huntaze.fans.model import Platform
from huntaze.paging import Page
from huntaze.schema import Outgoing


class RecipientBody(Outgoing):
    """What became of one recipient, and why. Who may not see fans is told neither name nor handle."""

    fan_id: UUID
    name: str | None
    handle: str | None
    status: Outcome
    reason: Annotated[str | None, Field(description="Why they were left out, or why it failed.")]
    variant: str | None
    message_id: UUID | None
    sent_at: datetime | None
    replied_at: datetime | None
    revenue_cents: Revenue
    currency: Currency

    @classmethod
    def of(cls, recipient: Recipient) -> Self:
        """A recipient as the API shows them."""
        plain = {name: getattr(recipient, name) for name in cls.model_fields if name != "status"}
        return cls(**plain, status=recipient.outcome)


class RecipientsBody(Outgoing):
    """A page of recipients, in the order of their ids."""

    recipients: list[RecipientBody]
    next_cursor: str | None

    @classmethod
    def of(cls, page: Page[Recipient], bookmarks: Bookmarks) -> Self:
        """A page as the API shows it."""
        told = [RecipientBody.of(one) for one in page.items]
        return cls(recipients=told, next_cursor=bookmarks.cursor(page.next))


class OverlapBody(Outgoing):
    """Another campaign that leaves through the same account at the same time."""

    id: UUID
    name: str
    status: CampaignStatus
    waiting: int

    @classmethod
    def of(cls, overlap: Overlap) -> Self:
        """The same as the API shows it."""
        return cls.model_validate(overlap)


class ReachedBody(Outgoing):
    """How many it reaches on one platform."""

    platform: Platform
    recipients: int


class RenderedBody(Outgoing):
    """Its words as one fan gets them."""

    fan_id: UUID
    variant: str
    content: str
    media_urls: list[str]
    price_cents: int
    excluded: Annotated[str | None, Field(description="Why this fan would get nothing.")]

    @classmethod
    def of(cls, fan_id: UUID, rendering: Rendering) -> Self:
        """The same as the API shows it."""
        variant = rendering.variant
        return cls(
            fan_id=fan_id,
            variant=variant.name,
            content=rendering.text,
            media_urls=list(variant.media),
            price_cents=variant.price_cents,
            excluded=rendering.reason,
        )


class PreviewBody(Outgoing):
    """What would happen if it were launched now."""

    content_hash: Annotated[str, Field(description="Of what is shown here: launch this.")]
    recipients: int
    platforms: list[ReachedBody]
    excluded: list[ExcludedBody]
    sample: Annotated[list[UUID], Field(description="A few who would get it, to look at their texts.")]
    estimated_completion_time: Finish
    zone: Annotated[str, Field(description="The creator's.")]
    overlaps: Annotated[list[OverlapBody], Field(description="Other campaigns that it would share accounts with.")]
    text: Annotated[RenderedBody | None, Field(description="For the fan who was asked for.")]

    @classmethod
    def of(cls, preview: Preview, text: RenderedBody | None = None) -> Self:
        """The same as the API shows it."""
        reach = preview.reach
        return cls(
            content_hash=preview.campaign.content_hash.hex(),
            recipients=reach.recipients,
            platforms=[ReachedBody(platform=one, recipients=count) for one, count in sorted(reach.platforms.items())],
            excluded=excluded(reach.excluded),
            sample=list(reach.sample),
            estimated_completion_time=preview.finishes_at,
            zone=preview.zone,
            overlaps=[OverlapBody.of(each) for each in preview.overlaps],
            text=text,
        )
