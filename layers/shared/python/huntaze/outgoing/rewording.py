"""Saying it otherwise: what waits, or was not sent, gets other words by a new approval and stays one message."""

import logging
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import datetime
from typing import Protocol
from uuid import UUID

from huntaze.audit.model import Action
from huntaze.clock import Clock
from huntaze.conversations.model import Conversation
from huntaze.delivery.model import Waiting
from huntaze.delivery.waking import Permits
from huntaze.errors import Conflict, Invalid
from huntaze.members.model import Permission, Principal
from huntaze.messages import sending
from huntaze.messages.model import UNWANTED, Content, Message, Status, Words
from huntaze.messages.prices import settled
from huntaze.messages.sending import active_account
from huntaze.outgoing.model import LeftAlready, Rewording, Standing, in_their_words
from huntaze.presence.service import nobody_else_answers
from huntaze.versions import must_be_current

_log = logging.getLogger(__name__)


class RewordedMessages(sending.QueuedMessages, Protocol):
    """The messages of one workspace, inside one transaction."""

    def get(self, message_id: UUID) -> Message:
        """One message; NotFound when there is none."""
        ...


class ReworkedOutgoing(Protocol):
    """The messages on their way of one workspace, inside one transaction."""

    def put_back(self, message_id: UUID, expected: Status, at: datetime) -> bool:
        """Let a message wait again; whether it was still in this state. Conflict when its fan is to be left alone."""
        ...

    def reword(self, message_id: UUID, new: Rewording, approved_by: UUID, at: datetime) -> bool:
        """Give what still waits other words, which this person approves; whether it waits and none of it arrived."""
        ...


class Stores(sending.Stores, Protocol):
    """What a transaction gives to this use case: all that sending needs, for what was not sent is let out."""

    @property
    def messages(self) -> RewordedMessages:
        """All messages."""
        ...

    @property
    def outgoing(self) -> ReworkedOutgoing:
        """Those on their way."""
        ...


Transactions = Callable[[Principal], AbstractContextManager[Stores]]


class Reworder:
    """The use case of those who change their mind in time."""

    def __init__(
        self,
        transactions: Transactions,
        wake: Callable[[Permits, Waiting], datetime | None],
        must_be_open: Callable[[], None],
        *,
        clock: Clock,
    ) -> None:
        self._transactions = transactions
        self._wake = wake
        self._must_be_open = must_be_open
        self._clock = clock

    def reword(self, who: Principal, message_id: UUID, words: Words, if_match: str | None = None) -> Standing:
        """Approve other words for a message: one that waits keeps its place, one that was not sent waits again.

        LeftAlready when a claim was first, or the platform may have what was handed over before: it stays as it was.
        Stale unless it is still the version that `if_match` names.
        """
        who.must(Permission.APPROVE_REPLIES)
        with self._transactions(who) as stores:
            # Other people wait behind the conversation; a claim does not, so words change only while they wait.
            conversation = stores.conversations.get_to_change(stores.messages.get(message_id).conversation_id)
            message = stores.messages.get(message_id)
            _must_be_changeable(message)
            must_be_current(message, if_match)
            if conversation.do_not_contact:
                raise Conflict(UNWANTED)
            nobody_else_answers(stores.presence, who, conversation.id, self._clock.now())
            new = Rewording(_settled(words, conversation))
            if message.status is Status.FAILED:
                estimated_send_time = self._once_more(stores, who, message, conversation, new)
            else:
                estimated_send_time = self._in_its_place(stores, who, message, new)
            stores.audit.record(Action.MESSAGE_REWORDED, message_id, was=str(message.status))
            ids = {"messageId": str(message_id), "userId": str(who.member_id), "workspaceId": str(who.workspace_id)}
            _log.info("reworded by a person", extra={**ids, "was": str(message.status)})
            return Standing(stores.messages.get(message_id), estimated_send_time)

    def _in_its_place(self, stores: Stores, who: Principal, message: Message, new: Rewording) -> datetime | None:
        """What waits goes on waiting, with the permit that it has; no new one is let out, so a hold does not matter."""
        at = self._clock.now()
        _approve(stores, who, message.id, new, at)
        leaves_in = stores.outbox.road(message.id).leaves_in
        return None if leaves_in is None else at + leaves_in

    def _once_more(
        self, stores: Stores, who: Principal, message: Message, conversation: Conversation, new: Rewording
    ) -> datetime | None:
        """What was not sent is said now: it waits again, then it gets its words, and nobody sees it in between."""
        self._must_be_open()
        at, account = self._clock.now(), active_account(stores.messages, conversation.platform)
        if not stores.outgoing.put_back(message.id, Status.FAILED, at):
            raise LeftAlready(stores.messages.get(message.id).status)
        _approve(stores, who, message.id, replace(new, account_id=account.id), at)
        waiting = Waiting(message.id, who.member_id, message.priority, at, is_campaign=False)
        estimated_send_time = self._wake(stores.outbox, waiting)
        stores.conversations.said(conversation.id, at)
        stores.fans.note_message(conversation.fan_id, at)
        return estimated_send_time


def _settled(words: Words, conversation: Conversation) -> Content:
    try:
        return settled(words, conversation.platform)
    except Invalid as refusal:
        raise in_their_words(refusal) from None


def _approve(stores: Stores, who: Principal, message_id: UUID, new: Rewording, at: datetime) -> None:
    if not stores.outgoing.reword(message_id, new, who.member_id, at):
        raise LeftAlready(stores.messages.get(message_id).status)


def _must_be_changeable(message: Message) -> None:
    if message.campaign_id is not None:
        raise Conflict("A message of a campaign says what the campaign says. Change that.")
    if message.status not in {Status.QUEUED, Status.FAILED}:
        raise LeftAlready(message.status)
