"""What else the API is asked about campaigns: one message to a few, a launch, and which stretch of which list."""

from typing import Annotated
from uuid import UUID

from pydantic import Field

from huntaze.campaigns.model import MOST_BULK_RECIPIENTS, Bulk, Outcome
from huntaze.campaigns.schema import LONGEST_TEXT, CampaignStatus, MediaUrls, Name, PlannedMoment, Recipient
from huntaze.cursors import Bookmarks, Cursors
from huntaze.schema import Cents, Id, Incoming, text

ContentHash = Annotated[str, Field(strict=True, pattern=r"^[0-9a-f]{64}$")]


class LaunchBody(Incoming):
    """What the caller has seen and lets go: the `contentHash` of the campaign."""

    content_hash: ContentHash

    @property
    def seen(self) -> bytes:
        """The same as it is kept."""
        return bytes.fromhex(self.content_hash)


class BulkBody(Incoming):
    """One message to a few that the caller approves by sending this. It is meant literally: braces in it are braces."""

    recipient_ids: Annotated[
        list[Recipient],
        Field(
            strict=True,
            min_length=1,
            max_length=MOST_BULK_RECIPIENTS,
            description="Fans by their ids here, or by their ids on their platform.",
        ),
    ]
    content: Annotated[str, text(shortest=1, longest=LONGEST_TEXT)]
    media_urls: MediaUrls = Field(default_factory=list)
    price_cents: Annotated[Cents | None, Field(description="What it costs to unlock, in US dollars.")] = None
    campaign_name: Name | None = None
    send_at: Annotated[PlannedMoment | None, Field(description="At once when left out.")] = None
    do_not_send_after: Annotated[
        PlannedMoment | None, Field(description="Whom it has not reached by then gets nothing.")
    ] = None

    def bulk(self) -> Bulk:
        """The same in the language of the use case."""
        return Bulk(
            recipient_ids=tuple(self.recipient_ids),
            content=self.content,
            media=tuple(self.media_urls),
            price_cents=self.price_cents,
            name=self.campaign_name,
            starts_at=self.send_at,
            ends_at=self.do_not_send_after,
        )


class CampaignsQuery(Incoming):
    """Which stretch of which list is wanted."""

    status: Annotated[CampaignStatus | None, Field(description="Only campaigns that are so far.")] = None
    limit: Annotated[int, Field(ge=1, le=100, description="How many at most.")] = 50
    cursor: Annotated[str | None, Field(description="`nextCursor` of the page before, with the same filter.")] = None

    def bookmarks(self, cursors: Cursors, workspace_id: UUID) -> Bookmarks:
        """The cursors of this list."""
        return cursors.of(workspace_id, "campaigns", self.status)


class RecipientsQuery(Incoming):
    """Which recipients are wanted."""

    status: Annotated[Outcome | None, Field(description="Only those of whom this became.")] = None
    limit: Annotated[int, Field(ge=1, le=100, description="How many at most.")] = 50
    cursor: Annotated[str | None, Field(description="`nextCursor` of the page before, with the same filter.")] = None

    def bookmarks(self, cursors: Cursors, workspace_id: UUID, campaign_id: UUID) -> Bookmarks:
        """The cursors of this list."""
        return cursors.of(workspace_id, "recipients", campaign_id, self.status)


class SheetQuery(Incoming):
    """Where the file goes on."""

    cursor: Annotated[str | None, Field(description="From the `Link` of the part before.")] = None

    def bookmarks(self, cursors: Cursors, workspace_id: UUID, campaign_id: UUID) -> Bookmarks:
        """The cursors of this file."""
        return cursors.of(workspace_id, "sheet", campaign_id)


class PreviewQuery(Incoming):
    """Whose text is wanted beside the numbers."""

    fan_id: Annotated[Id | None, Field(description="The text as this fan would get it.")] = None
