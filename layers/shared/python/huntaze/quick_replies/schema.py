"""Quick replies as the API takes and gives them."""

from datetime import datetime
from typing import Annotated, Self, cast
from uuid import UUID

from pydantic import Field

from huntaze.cursors import Bookmarks, Cursors
from huntaze.paging import Page
from huntaze.quick_replies.model import Changes, Filters, NewQuickReply, QuickReply
from huntaze.schema import Incoming, Outgoing, Partial, text
from huntaze.versions import etag
from huntaze.wording.model import Filled, Wording
from huntaze.wording.schema import Category, FilledBody, WellWorded

Template = Annotated[WellWorded, Field(min_length=1)]


class QuickRepliesQuery(Incoming):
    """Which stretch of which list is wanted."""

    q: Annotated[str, text(longest=200), Field(description="Part of the text or the category, in any case.")] = ""
    category: Annotated[Category | None, Field(description="Only those in this category.")] = None
    limit: Annotated[int, Field(ge=1, le=100, description="How many at most.")] = 50
    cursor: Annotated[str | None, Field(description="`nextCursor` of the page before, with the same filters.")] = None

    def filters(self) -> Filters:
        """The same in the language of the use case."""
        return Filters(self.q or None, self.category)

    def bookmarks(self, cursors: Cursors, workspace_id: UUID) -> Bookmarks:
        """The cursors of this list."""
        return cursors.of(workspace_id, "quick replies", self.q or None, self.category)


class NewQuickReplyBody(Incoming):
    """A quick reply about to be added."""

    template: Template
    category: Category | None = None

    def reply(self) -> NewQuickReply:
        """The same in the language of the use case."""
        return NewQuickReply(template=Wording(self.template), category=self.category)


class QuickReplyChangesBody(Partial):
    """What is to be different; what is left out stays as it is."""

    template: Template = ""
    category: Category | None = None

    def changes(self) -> Changes:
        """Only what was given, in the language of the use case."""
        given = self.given()
        if "template" in given:
            given["template"] = Wording(self.template)
        return cast(Changes, given)


class QuickReplyBody(Outgoing):
    """A quick reply."""

    id: UUID
    template: str
    category: str | None
    usage_count: int
    created_at: datetime
    updated_at: datetime

    @property
    def etag(self) -> str:
        """Names this version of the text; being used does not change it."""
        return etag(self)

    @classmethod
    def of(cls, reply: QuickReply) -> Self:
        """A quick reply as the API shows it."""
        return cls(**{name: getattr(reply, name) for name in cls.model_fields})


class QuickRepliesBody(Outgoing):
    """A page of quick replies, the most used first."""

    quick_replies: list[QuickReplyBody]
    next_cursor: str | None

    @classmethod
    def of(cls, page: Page[QuickReply], bookmarks: Bookmarks) -> Self:
        """A page as the API shows it."""
        return cls(
            quick_replies=[QuickReplyBody.of(reply) for reply in page.items], next_cursor=bookmarks.cursor(page.next)
        )


class FilledReplyBody(FilledBody):
    """A quick reply filled in for one fan."""

    @classmethod
    def of(cls, told: tuple[QuickReply, Filled]) -> Self:
        """The filled text as the API shows it."""
        reply, filled = told
        return cls(text=filled.text, missing=filled.missing, usage_count=reply.usage_count)
