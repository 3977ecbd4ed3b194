"""What can be done with conversations."""

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Protocol
from uuid import UUID

from huntaze.audit.model import Action
from huntaze.audit.service import AuditTrail
from huntaze.clock import Clock
from huntaze.conversations.model import Changes, Conversation, Filters, Opened, Unread
from huntaze.cursors import Position
from huntaze.errors import Invalid
from huntaze.fans.model import Fan, Platform
from huntaze.members.model import Permission, Principal
from huntaze.paging import Page
from huntaze.versions import must_be_current


class ConversationStore(Protocol):
    """The conversations of one workspace, inside one transaction. Those of deleted fans are hidden."""

    def matching(self, filters: Filters, after: Position | None, limit: int) -> Sequence[Conversation]:
        """Conversations, those with the newest messages first, from the first on or from a place on."""
        ...

    def get(self, conversation_id: UUID) -> Conversation:
        """One conversation; NotFound when there is none."""
        ...

    def get_to_change(self, conversation_id: UUID) -> Conversation:
        """The same, and until this transaction ends nobody else changes it, and nothing new is said in it."""
        ...

    def open(self, conversation_id: UUID, fan_id: UUID, platform: Platform, at: datetime) -> bool:
        """Open a conversation with a fan on a platform unless there is one; whether there was none."""
        ...

    def of_fan(self, fan_id: UUID, platform: Platform) -> Conversation:
        """The conversation with a fan on a platform; NotFound when there is none."""
        ...

    def archive(self, conversation_id: UUID, *, archived: bool) -> None:
        """Take it out of the inbox, or put it back."""
        ...

    def read(self, conversation_id: UUID, messages: int) -> None:
        """So many of its messages are not unread any more."""
        ...

    def unread(self) -> Unread:
        """How much in the inbox is unread; what is archived does not count."""
        ...


class ReadMessages(Protocol):
    """What conversations need to know of messages."""

    def mark_all_read(self, conversation_id: UUID) -> int:
        """Every message of the fan in this conversation has been read; how many had not been."""
        ...


class InboxFans(Protocol):
    """What conversations need to know of the fans."""

    def get(self, fan_id: UUID) -> Fan:
        """One fan; NotFound when there is none."""
        ...


class Stores(Protocol):
    """What a transaction gives to these use cases."""

    @property
    def conversations(self) -> ConversationStore:
        """The conversations of the workspace."""
        ...

    @property
    def messages(self) -> ReadMessages:
        """What is said in them."""
        ...

    @property
    def fans(self) -> InboxFans:
        """Whom they are with."""
        ...

    @property
    def audit(self) -> AuditTrail:
        """What people do."""
        ...


Transactions = Callable[[Principal], AbstractContextManager[Stores]]


class Conversations:
    """The use cases around conversations."""

    def __init__(self, transactions: Transactions, clock: Clock, new_id: Callable[[], UUID]) -> None:
        self._transactions = transactions
        self._clock = clock
        self._new_id = new_id

    def page(self, who: Principal, filters: Filters, limit: int, after: Position | None = None) -> Page[Conversation]:
        """A page of the inbox."""
        who.must(Permission.READ_INBOX)
        if filters.tag or filters.min_value_cents is not None:
            who.must(Permission.READ_FANS)  # else the answers would tell what their fans are tagged with and worth
        with self._transactions(who) as stores:
            return Page.of(stores.conversations.matching(filters, after, limit + 1), limit)

    def get(self, who: Principal, conversation_id: UUID) -> Conversation:
        """One conversation; NotFound when its fan is deleted, another workspace's or never there."""
        who.must(Permission.READ_INBOX)
        with self._transactions(who) as stores:
            return stores.conversations.get(conversation_id)

    def open(self, who: Principal, fan_id: UUID, platform: Platform | None = None) -> Opened:
        """The conversation with a fan where they are; opened now if there is none."""
        who.must(Permission.APPROVE_REPLIES)
        with self._transactions(who) as stores:
            fan = stores.fans.get(fan_id)
            # A fan is known by the id of one platform. On another that id would be a stranger's.
            if platform not in {None, fan.platform}:
                raise Invalid.field("platform", f"This fan is on {fan.platform}")
            is_new = stores.conversations.open(self._new_id(), fan_id, fan.platform, self._clock.now())
            conversation = stores.conversations.of_fan(fan_id, fan.platform)
            if is_new:
                stores.audit.record(Action.CONVERSATION_OPENED, conversation.id, fan=str(fan_id))
            return Opened(conversation, is_new)

    def change(
        self, who: Principal, conversation_id: UUID, changes: Changes, if_match: str | None = None
    ) -> Conversation:
        """Archive it, put it back, or mark it as read; Stale unless it is still the version that `if_match` names."""
        who.must(Permission.APPROVE_REPLIES)
        with self._transactions(who) as stores:
            before = stores.conversations.get_to_change(conversation_id)
            must_be_current(before, if_match)
            if changes.get("read") and before.unread_count:
                stores.conversations.read(conversation_id, stores.messages.mark_all_read(conversation_id))
            archived = changes.get("archived", before.archived)
            if archived != before.archived:
                stores.conversations.archive(conversation_id, archived=archived)
            after = stores.conversations.get(conversation_id)
            if archived != before.archived:
                done = Action.CONVERSATION_ARCHIVED if archived else Action.CONVERSATION_REOPENED
                stores.audit.record(done, conversation_id)
            return after

    def unread(self, who: Principal) -> Unread:
        """How much in the inbox nobody has read yet."""
        who.must(Permission.READ_INBOX)
        with self._transactions(who) as stores:
            return stores.conversations.unread()
