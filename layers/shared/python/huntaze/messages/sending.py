"""Letting a message out: what every way of sending goes through, inside the transaction of whoever lets it out."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from uuid import UUID

from huntaze.audit.model import Action
from huntaze.audit.service import AuditTrail
from huntaze.clock import Clock
from huntaze.conversations.model import Conversation
from huntaze.delivery.model import Waiting
from huntaze.delivery.waking import Permits
from huntaze.errors import Conflict
from huntaze.fans.model import Platform
from huntaze.measures import Count, Measures
from huntaze.members.model import Principal
from huntaze.messages.model import UNWANTED, USUAL_PRIORITY, Account, Content, Message, Outgoing, Queued
from huntaze.presence.service import Answering, nobody_else_answers


class QueuedMessages(Protocol):
    """The messages of one workspace, inside one transaction."""

    def account(self, platform: Platform) -> Account | None:
        """The creator's account on a platform."""
        ...

    def queue(self, message_id: UUID, new: Outgoing, approved_by: UUID, at: datetime) -> Message:
        """Keep a message that this person approves."""
        ...


class SpokenConversations(Protocol):
    """What sending needs of conversations."""

    def get_to_change(self, conversation_id: UUID) -> Conversation:
        """One conversation, in which nobody else says anything before this transaction ends; NotFound when none."""
        ...

    def said(self, conversation_id: UUID, at: datetime) -> None:
        """Something was said to the fan."""
        ...


class SpokenFans(Protocol):
    """What sending needs of fans."""

    def note_message(self, fan_id: UUID, at: datetime) -> None:
        """Something was said to or by a fan."""
        ...


class Stores(Protocol):
    """What sending needs of a transaction."""

    @property
    def conversations(self) -> SpokenConversations:
        """The conversations of the workspace."""
        ...

    @property
    def messages(self) -> QueuedMessages:
        """What is said in them."""
        ...

    @property
    def fans(self) -> SpokenFans:
        """Whom they are with."""
        ...

    @property
    def presence(self) -> Answering:
        """Who answers them."""
        ...

    @property
    def outbox(self) -> Permits:
        """What wakes the sender."""
        ...

    @property
    def audit(self) -> AuditTrail:
        """What people do."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Approval:
    """What a person lets out, and where it comes from."""

    content: Content
    priority: int = USUAL_PRIORITY
    approved_hash: bytes | None = None
    account_id: UUID | None = None  # through which what they saw was to leave
    draft_id: UUID | None = None
    ai_suggestion: str | None = None


class Sending:
    """Queues what a person approves, with everything that has to be true together."""

    def __init__(
        self,
        clock: Clock,
        new_id: Callable[[], UUID],
        wake: Callable[[Permits, Waiting], datetime | None],
        must_be_open: Callable[[], None],
        measures: Measures,
    ) -> None:
        self._clock = clock
        self._new_id = new_id
        self._wake = wake
        self._must_be_open = must_be_open
        self._measures = measures

    def let_out(self, stores: Stores, who: Principal, conversation: Conversation, approved: Approval) -> Queued:
        """Queue a message in a conversation that this transaction holds; Unavailable while all sending is held."""
        self._must_be_open()
        if conversation.do_not_contact:
            raise Conflict(UNWANTED)
        account = active_account(stores.messages, conversation.platform)
        if approved.approved_hash is not None and approved.account_id != account.id:
            raise Conflict("The account has changed since this was written. Save the draft again and approve it then.")
        message_id, at = self._new_id(), self._clock.now()
        nobody_else_answers(stores.presence, who, conversation.id, at)
        new = Outgoing(
            conversation_id=conversation.id,
            fan_id=conversation.fan_id,
            account_id=account.id,
            content=approved.content,
            priority=approved.priority,
            approved_hash=approved.approved_hash,
            ai_suggestion=approved.ai_suggestion,
        )
        message = stores.messages.queue(message_id, new, who.member_id, at)
        waiting = Waiting(message_id, who.member_id, approved.priority, at, is_campaign=False)
        estimated_send_time = self._wake(stores.outbox, waiting)
        stores.conversations.said(conversation.id, at)
        stores.fans.note_message(conversation.fan_id, at)
        details = {"draft": str(approved.draft_id)} if approved.draft_id else {}
        stores.audit.record(Action.MESSAGE_APPROVED, message_id, conversation=str(conversation.id), **details)
        self._measures.count(Count.QUEUED, 1, conversation.platform)
        return Queued(message, estimated_send_time)


def active_account(messages: QueuedMessages, platform: Platform) -> Account:
    """The account that messages on a platform leave through; Conflict, saying what to do, when there is none."""
    account = messages.account(platform)
    if account is None:
        raise Conflict(f"No {platform} account is connected. Connect one, then send again.")
    return in_use(account, platform)


def in_use(account: Account, platform: Platform) -> Account:
    """The account, if messages leave through it; Conflict, saying what to do, when they do not."""
    if not account.is_active:
        raise Conflict(f"The {platform} account has been signed out. Connect it again, then send again.")
    return account
