"""Messages as the API takes and gives them."""

from datetime import datetime
from operator import attrgetter
from typing import Annotated, Any, Self
from uuid import UUID

from pydantic import Field

from huntaze.attachments.schema import Attachments, AttachmentTold, media, told
from huntaze.cursors import Bookmarks, Cursors
from huntaze.errors import FieldError, Invalid
from huntaze.messages.model import (
    USUAL_PRIORITY,
    Address,
    Direction,
    Filters,
    InConversation,
    Listing,
    Message,
    Queued,
    Status,
    ToFan,
    Words,
    Written,
)
from huntaze.paging import Page
from huntaze.schema import Cents, Currency, Id, Incoming, Outgoing, text
from huntaze.versions import etag

MessageText = Annotated[str, text(longest=5_000)]


class ThreadQuery(Incoming):
    """Which stretch of a conversation is wanted."""

    limit: Annotated[int, Field(ge=1, le=100, description="How many at most.")] = 100
    cursor: Annotated[str | None, Field(description="`nextCursor` of the page before, which was newer.")] = None
    offset: Annotated[int, Field(ge=0, le=10_000, description="How many to skip, instead of a cursor.")] = 0

    def filters(self, conversation_id: UUID | None = None) -> Filters:
        """The same in the language of the use case."""
        return Filters(conversation_id)

    def wanted(self, filters: Filters, bookmarks: Bookmarks) -> Listing:
        """The stretch in the language of the use case."""
        if self.cursor is not None and self.offset:
            raise Invalid(
                [FieldError(name, "Either cursor or offset says where to begin") for name in ("cursor", "offset")]
            )
        return Listing(self.limit, filters, bookmarks.position(self.cursor), self.offset)


class MessagesQuery(ThreadQuery):
    """Which stretch of all messages is wanted."""

    conversation_id: Annotated[Id | None, Field(description="Only those of this conversation.")] = None
    fan_id: Annotated[Id | None, Field(description="Only those from and to this fan.")] = None
    status: Annotated[Status | None, Field(description="Only those with this status.")] = None
    approved_by: Annotated[Id | None, Field(description="Only those that this member approved.")] = None

    def filters(self, conversation_id: UUID | None = None) -> Filters:
        """The same in the language of the use case."""
        conversation_id = conversation_id or self.conversation_id
        return Filters(conversation_id, self.fan_id, self.status, approved_by=self.approved_by)


def list_of(cursors: Cursors, workspace_id: UUID, filters: Filters) -> Bookmarks:
    """The cursors of a list of messages; the API and the pages understand each other's."""
    asked = filters.conversation_id, filters.fan_id, filters.status, filters.approved_by
    return cursors.of(workspace_id, "messages", *asked)


class WordsBody(Incoming):
    """What is to be said: something in words, attachments, or both."""

    text: MessageText = ""
    price_cents: Annotated[Cents, Field(description="What it costs to unlock; 0 is free.")] = 0
    currency: Annotated[Currency | None, Field(description="The platform's own, which it is when left out.")] = None
    attachments: Attachments = Field(default_factory=list)

    def words(self) -> Words:
        """The same in the language of the use case."""
        return Words(
            text=self.text, price_cents=self.price_cents, currency=self.currency, media=media(self.attachments)
        )


class NewMessageBody(WordsBody):
    """A message that the caller approves by sending this."""

    priority: Annotated[int, Field(strict=True, ge=1, le=10, description="10 is soonest.")] = USUAL_PRIORITY
    draft_id: Annotated[Id | None, Field(description="The draft that it was made from, which is used up.")] = None

    def into(self, conversation_id: UUID) -> Address:
        """Where it goes when the address of the request says so."""
        return InConversation(conversation_id)

    def written(self) -> Written:
        """The same in the language of the use case."""
        return Written(self.words(), self.priority, self.draft_id)


class AddressedMessageBody(NewMessageBody):
    """The same, and where it goes: `conversationId` or `fanId` says so."""

    conversation_id: Id | None = None
    fan_id: Id | None = None

    def address(self) -> Address:
        """Where it goes; Invalid unless exactly one of both says so."""
        match self.conversation_id, self.fan_id:
            case UUID() as conversation_id, None:
                return InConversation(conversation_id)
            case None, UUID() as fan_id:
                return ToFan(fan_id)
        names = ("conversationId", "fanId")
        raise Invalid([FieldError(name, "Either conversationId or fanId is needed, not both") for name in names])


class MessageBody(Outgoing):
    """A message."""

    id: UUID
    conversation_id: UUID
    fan_id: UUID
    account_id: UUID | None
    campaign_id: UUID | None
    direction: Direction
    status: Status
    sent_elsewhere: Annotated[bool, Field(description="Written in the platform's own app.")]
    text: str
    price_cents: int
    currency: str
    attachments: list[AttachmentTold]
    read: bool
    priority: int
    approved_by: UUID | None
    approved_at: datetime | None
    sent_by_ai: Annotated[bool, Field(description="A machine's words, approved as they were.")]
    attempts: int
    last_error: str | None
    occurred_at: datetime
    queued_at: datetime | None
    sent_at: datetime | None
    created_at: datetime
    updated_at: datetime

    @property
    def etag(self) -> str:
        """Names this version of the message; it goes out as the ETag."""
        return etag(self)

    @classmethod
    def of(cls, message: Message) -> Self:
        """A message as the API shows it."""
        return cls(**_told(message))


_OF_CONTENT = {"text", "price_cents", "currency", "attachments"}
_TOLD_AS_IT_IS = tuple(name for name in MessageBody.model_fields if name not in _OF_CONTENT)
_as_it_is = attrgetter(*_TOLD_AS_IT_IS)  # once for all: a page has a hundred


def _told(message: Message) -> dict[str, Any]:
    content = message.content
    return {
        **dict(zip(_TOLD_AS_IT_IS, _as_it_is(message), strict=True)),
        "text": content.text,
        "price_cents": content.price.cents,
        "currency": content.price.currency,
        "attachments": told(content.media) if content.media else [],
    }


class QueuedMessageBody(MessageBody):
    """A message that was let out."""

    estimated_send_time: Annotated[datetime | None, Field(description="Nothing while nobody can say.")]

    @classmethod
    def queued(cls, queued: Queued) -> Self:
        """A message as the API shows it to who sent it."""
        return cls(**_told(queued.message), estimated_send_time=queued.estimated_send_time)


class MessagesBody(Outgoing):
    """A page of messages, newest first."""

    messages: list[MessageBody]
    next_cursor: str | None

    @classmethod
    def of(cls, page: Page[Message], bookmarks: Bookmarks) -> Self:
        """A page as the API shows it."""
        # All in one go: checking a page of a hundred one by one takes twice as long.
        told = {"messages": [_told(each) for each in page.items], "next_cursor": bookmarks.cursor(page.next)}
        return cls.model_validate(told, by_name=True)
