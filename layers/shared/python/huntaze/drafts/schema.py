"""Drafts as the API takes and gives them."""

from datetime import datetime
from operator import attrgetter
from typing import Annotated, Self, cast
from uuid import UUID

from pydantic import Field

from huntaze.attachments.schema import Attachments, AttachmentTold, media, told
from huntaze.cursors import Bookmarks
from huntaze.drafts.model import Author, Changes, Draft
from huntaze.messages.model import USUAL_PRIORITY
from huntaze.messages.schema import MessageText, WordsBody
from huntaze.paging import Page
from huntaze.schema import Cents, Currency, Id, Incoming, Outgoing, Partial
from huntaze.versions import etag

ContentHash = Annotated[str, Field(strict=True, pattern=r"^[0-9a-f]{64}$")]


class DraftsQuery(Incoming):
    """Which stretch of the drafts is wanted."""

    conversation_id: Annotated[Id | None, Field(description="Only those for this conversation.")] = None
    limit: Annotated[int, Field(ge=1, le=100, description="How many at most.")] = 50
    cursor: Annotated[str | None, Field(description="`nextCursor` of the page before, with the same filter.")] = None


class NewDraftBody(WordsBody):
    """Words to wait for a person's approval."""

    conversation_id: Id


class DraftChangesBody(Partial):
    """What is to be different about a draft; what is left out stays as it is."""

    text: MessageText = ""
    price_cents: Cents = 0
    currency: Currency = ""
    attachments: Attachments = Field(default_factory=list)

    def changes(self) -> Changes:
        """Only what was given, in the language of the use case."""
        given = self.given()
        if "attachments" in given:
            given["media"] = media(given.pop("attachments"))
        return cast(Changes, given)


class ApprovalBody(Incoming):
    """What the caller has seen and lets out: the draft's `contentHash`, unless If-Match names the version."""

    content_hash: ContentHash | None = None
    priority: Annotated[int, Field(strict=True, ge=1, le=10, description="10 is soonest.")] = USUAL_PRIORITY

    def approved_hash(self) -> bytes | None:
        """The hash in the language of the use case."""
        return bytes.fromhex(self.content_hash) if self.content_hash else None


class DraftBody(Outgoing):
    """A draft."""

    id: UUID
    conversation_id: UUID
    fan_id: UUID
    account_id: UUID | None
    author: Author
    author_id: UUID | None
    text: str
    price_cents: int
    currency: str
    attachments: list[AttachmentTold]
    content_hash: Annotated[str, Field(description="Of recipient, account, text, price and media: approve this.")]
    created_at: datetime
    updated_at: datetime

    @property
    def etag(self) -> str:
        """Names this version of the draft; it goes out as the ETag."""
        return etag(self)

    @classmethod
    def of(cls, draft: Draft) -> Self:
        """A draft as the API shows it."""
        content = draft.content
        return cls(
            **dict(zip(_TOLD_AS_IT_IS, _as_it_is(draft), strict=True)),
            text=content.text,
            price_cents=content.price.cents,
            currency=content.price.currency,
            attachments=told(content.media),
            content_hash=draft.content_hash.hex(),
        )


_WRITTEN_OUT = {"text", "price_cents", "currency", "attachments", "content_hash"}
_TOLD_AS_IT_IS = tuple(name for name in DraftBody.model_fields if name not in _WRITTEN_OUT)
_as_it_is = attrgetter(*_TOLD_AS_IT_IS)


class DraftsBody(Outgoing):
    """A page of drafts, newest first."""

    drafts: list[DraftBody]
    next_cursor: str | None

    @classmethod
    def of(cls, page: Page[Draft], bookmarks: Bookmarks) -> Self:
        """A page as the API shows it."""
        return cls(drafts=[DraftBody.of(each) for each in page.items], next_cursor=bookmarks.cursor(page.next))
