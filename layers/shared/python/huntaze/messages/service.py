"""What people can do with messages."""

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Protocol
from uuid import UUID

from huntaze.clock import Clock
from huntaze.conversations.model import Conversation
from huntaze.cursors import Position
from huntaze.drafts.model import Draft
from huntaze.errors import NotFound
from huntaze.fans.model import Fan, Platform
from huntaze.members.model import Permission, Principal
from huntaze.messages import sending
from huntaze.messages.model import (
    Address,
    Filters,
    InConversation,
    Listing,
    Message,
    Queued,
    Written,
)
from huntaze.messages.prices import bounds_of, settled
from huntaze.messages.sending import Approval, Sending
from huntaze.paging import Page


class MessageStore(sending.QueuedMessages, Protocol):
    """The messages of one workspace, inside one transaction. Those of deleted fans are hidden."""

    def matching(self, filters: Filters, after: Position | None, limit: int, offset: int = 0) -> Sequence[Message]:
        """Messages from the newest on, or from a place on, or after so many."""
        ...

    def get(self, message_id: UUID) -> Message:
        """One message; NotFound when there is none."""
        ...

    def mark_read(self, message_id: UUID) -> int:
        """The message has been read; whether, as a number, it had not been."""
        ...


class TalkedIn(sending.SpokenConversations, Protocol):
    """What messages need of conversations."""

    def get(self, conversation_id: UUID) -> Conversation:
        """One conversation; NotFound when there is none."""
        ...

    def open(self, conversation_id: UUID, fan_id: UUID, platform: Platform, at: datetime) -> bool:
        """Open a conversation with a fan on a platform unless there is one; whether there was none."""
        ...

    def of_fan(self, fan_id: UUID, platform: Platform) -> Conversation:
        """The conversation with a fan on a platform; NotFound when there is none."""
        ...

    def read(self, conversation_id: UUID, messages: int) -> None:
        """So many of its messages are not unread any more."""
        ...


class TalkedTo(sending.SpokenFans, Protocol):
    """What messages need of fans."""

    def get(self, fan_id: UUID) -> Fan:
        """One fan; NotFound when there is none."""
        ...


class UsedDrafts(Protocol):
    """What messages need of drafts."""

    def get_to_change(self, draft_id: UUID) -> Draft:
        """One draft, which nobody else changes meanwhile; NotFound when there is none."""
        ...

    def delete(self, draft_id: UUID) -> None:
        """Drop a draft."""
        ...


class Stores(sending.Stores, Protocol):
    """What a transaction gives to these use cases: all that sending needs, and more of it."""

    @property
    def messages(self) -> MessageStore:
        """The messages of the workspace."""
        ...

    @property
    def conversations(self) -> TalkedIn:
        """Where they are said."""
        ...

    @property
    def fans(self) -> TalkedTo:
        """Whom they are to."""
        ...

    @property
    def drafts(self) -> UsedDrafts:
        """What they may have been before."""
        ...


Transactions = Callable[[Principal], AbstractContextManager[Stores]]


class Messages:
    """The use cases around messages."""

    def __init__(
        self, transactions: Transactions, sending: Sending, *, clock: Clock, new_id: Callable[[], UUID]
    ) -> None:
        self._transactions = transactions
        self._sending = sending
        self._clock = clock
        self._new_id = new_id

    def page(self, who: Principal, wanted: Listing) -> Page[Message]:
        """A page of the messages of all conversations, newest first."""
        who.must(Permission.READ_INBOX)
        with self._transactions(who) as stores:
            return _page(stores, wanted)

    def thread(self, who: Principal, conversation_id: UUID, wanted: Listing) -> Page[Message]:
        """A page of one conversation, newest first; NotFound when there is no such conversation."""
        who.must(Permission.READ_INBOX)
        with self._transactions(who) as stores:
            page = _page(stores, wanted)
            if not page.items:
                stores.conversations.get(conversation_id)  # there is one, or what is asked for is not there
            return page

    def get(self, who: Principal, message_id: UUID) -> Message:
        """One message; NotFound when its fan is deleted, another workspace's or never there."""
        who.must(Permission.READ_INBOX)
        with self._transactions(who) as stores:
            return stores.messages.get(message_id)

    def send(self, who: Principal, to: Address, written: Written) -> Queued:
        """Let out what the caller writes, exactly as they write it; the draft that it was made from is used up."""
        who.must(Permission.APPROVE_REPLIES)
        with self._transactions(who) as stores:
            conversation_id = to.id if isinstance(to, InConversation) else self._with(stores, to.id)
            conversation = stores.conversations.get_to_change(conversation_id)
            approved = Approval(
                content=settled(written.words, conversation.platform),
                priority=written.priority,
                draft_id=written.draft_id,
                ai_suggestion=_use_up(stores, conversation, written.draft_id),
            )
            return self._sending.let_out(stores, who, conversation, approved)

    def mark_read(self, who: Principal, message_id: UUID) -> Message:
        """Note that somebody has read what a fan wrote."""
        who.must(Permission.APPROVE_REPLIES)
        with self._transactions(who) as stores:
            conversation_id = stores.messages.get(message_id).conversation_id
            # First the conversation, like everybody who counts: what is counted does not change meanwhile.
            stores.conversations.get_to_change(conversation_id)
            stores.conversations.read(conversation_id, stores.messages.mark_read(message_id))
            return stores.messages.get(message_id)

    def _with(self, stores: Stores, fan_id: UUID) -> UUID:
        """The conversation with a fan, opened now if there is none."""
        fan = stores.fans.get(fan_id)
        bounds_of(fan.platform)
        stores.conversations.open(self._new_id(), fan.id, fan.platform, self._clock.now())
        return stores.conversations.of_fan(fan.id, fan.platform).id


def _page(stores: Stores, wanted: Listing) -> Page[Message]:
    found = stores.messages.matching(wanted.filters, wanted.after, wanted.limit + 1, wanted.offset)
    return Page.of(found, wanted.limit)


def _use_up(stores: Stores, conversation: Conversation, draft_id: UUID | None) -> str | None:
    """What a machine had suggested in this draft, which is gone now."""
    if draft_id is None:
        return None
    draft = stores.drafts.get_to_change(draft_id)
    if draft.conversation_id != conversation.id:
        raise NotFound
    stores.drafts.delete(draft_id)
    return draft.ai_suggestion
