"""Conversations as the API takes and gives them."""

from dataclasses import astuple
from datetime import datetime
from operator import attrgetter
from typing import Annotated, Any, ClassVar, Literal, Self, cast
from uuid import UUID

from pydantic import Field

from huntaze.conversations.model import Changes, Conversation, Filters, Opened, Unread
from huntaze.cursors import Bookmarks, Cursors
from huntaze.fans.model import Platform
from huntaze.messages.model import Direction, Status
from huntaze.paging import Page
from huntaze.schema import CentsInAddress, Flag, FlagInAddress, Id, Incoming, Moment, Outgoing, Partial, Tag, text
from huntaze.versions import etag


class ConversationsQuery(Incoming):
    """Which stretch of the inbox is wanted."""

    q: Annotated[str, text(longest=200), Field(description="Part of the fan's name, handle or email, in any case.")] = (
        ""
    )
    platform: Annotated[Platform | None, Field(description="Only conversations on this platform.")] = None
    unread: Annotated[FlagInAddress, Field(description="Only those with something unread.")] = False
    archived: Annotated[FlagInAddress, Field(description="The archived ones instead of the others.")] = False
    newest_from: Annotated[
        Moment | None,
        Field(
            alias="from",
            description="Only those with a last message at or after this moment. "
            "One without messages counts from when it was opened.",
        ),
    ] = None
    newest_to: Annotated[
        Moment | None, Field(alias="to", description="Only those with a last message at or before this moment.")
    ] = None
    tag: Annotated[Tag | None, Field(description="Only with fans who have this tag, exactly as it is written.")] = None
    min_value_cents: Annotated[CentsInAddress | None, Field(description="Only with fans worth at least this.")] = None
    unanswered: Annotated[FlagInAddress, Field(description="Only those where the fan has the last word.")] = False
    limit: Annotated[int, Field(ge=1, le=100, description="How many at most.")] = 50
    cursor: Annotated[str | None, Field(description="`nextCursor` of the page before, with the same filters.")] = None

    def filters(self) -> Filters:
        """The same in the language of the use case."""
        return Filters(
            q=self.q or None,
            platform=self.platform,
            unread=self.unread,
            archived=self.archived,
            newest_from=self.newest_from,
            newest_to=self.newest_to,
            tag=self.tag,
            min_value_cents=self.min_value_cents,
            unanswered=self.unanswered,
        )

    def bookmarks(self, cursors: Cursors, workspace_id: UUID) -> Bookmarks:
        """The cursors of this list: these filters."""
        return list_of(cursors, workspace_id, self.filters())


def list_of(cursors: Cursors, workspace_id: UUID, filters: Filters) -> Bookmarks:
    """The cursors of a list of conversations; the API and the pages understand each other's."""
    return cursors.of(workspace_id, "conversations", *astuple(filters))


class NewConversationBody(Incoming):
    """A fan to talk to."""

    fan_id: Id
    platform: Annotated[Platform | None, Field(description="The fan's own when left out, and no other.")] = None


class ConversationChangesBody(Partial):
    """What is to be different about a conversation; what is left out stays as it is."""

    archived: Flag = False
    read: Annotated[Literal[True], Field(description="Everything in it has been read.")] = True

    def changes(self) -> Changes:
        """Only what was given, in the language of the use case."""
        return cast(Changes, self.given())


class LastMessageBody(Outgoing):
    """What was said last."""

    id: UUID
    direction: Direction
    text: Annotated[str, Field(description="At most its first 200 characters.")]
    status: Status
    occurred_at: datetime


class ConversationBody(Outgoing):
    """A conversation with a fan."""

    id: UUID
    fan_id: UUID
    fan_name: str
    fan_handle: str | None
    fan_avatar: str | None
    do_not_contact: bool
    platform: Platform
    last_message: LastMessageBody | None
    last_message_at: datetime | None
    unread_count: int
    archived: bool
    created_at: datetime
    updated_at: datetime

    @property
    def etag(self) -> str:
        """Names this version of the conversation; it goes out as the ETag."""
        return etag(self)

    @classmethod
    def of(cls, conversation: Conversation) -> Self:
        """A conversation as the API shows it."""
        return cls(**_told(conversation))


_TOLD_AS_IT_IS = tuple(name for name in ConversationBody.model_fields if name != "last_message")
_as_it_is = attrgetter(*_TOLD_AS_IT_IS)  # once for all: a page has a hundred
_of_last_message = attrgetter(*LastMessageBody.model_fields)


def _told(conversation: Conversation) -> dict[str, Any]:
    plain = dict(zip(_TOLD_AS_IT_IS, _as_it_is(conversation), strict=True))
    last = conversation.last_message
    if last is None:
        return {**plain, "last_message": None}
    return {**plain, "last_message": dict(zip(LastMessageBody.model_fields, _of_last_message(last), strict=True))}


class OpenedConversationBody(ConversationBody):
    """A conversation that was asked for, and had to be made."""

    @classmethod
    def opened(cls, opened: Opened) -> "OpenedConversationBody":
        """A conversation as the API shows it to who opened it."""
        return (cls if opened.is_new else FoundConversationBody).of(opened.conversation)


class FoundConversationBody(OpenedConversationBody):
    """A conversation that was asked for, and was there."""

    was_there: ClassVar[bool] = True


class ConversationsBody(Outgoing):
    """A page of the inbox."""

    conversations: list[ConversationBody]
    next_cursor: str | None

    @classmethod
    def of(cls, page: Page[Conversation], bookmarks: Bookmarks) -> Self:
        """A page as the API shows it."""
        # All in one go, which is quicker than one by one.
        told = {"conversations": [_told(each) for each in page.items], "next_cursor": bookmarks.cursor(page.next)}
        return cls.model_validate(told, by_name=True)


class UnreadBody(Outgoing):
    """How much in the inbox nobody has read yet."""

    unread_count: Annotated[int, Field(description="Messages, in conversations that are not archived.")]
    conversation_count: Annotated[int, Field(description="Conversations that hold them.")]

    @classmethod
    def of(cls, unread: Unread) -> Self:
        """The counts as the API shows them."""
        return cls(unread_count=unread.messages, conversation_count=unread.conversations)
