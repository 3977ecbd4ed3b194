"""What people do with messages on their way: send them, try them again, withdraw them, decide what became of them."""

import logging
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Protocol
from uuid import UUID

from huntaze.audit.model import Action
from huntaze.audit.service import AuditTrail
from huntaze.clock import Clock
from huntaze.delivery.model import Waiting
from huntaze.delivery.waking import Permits
from huntaze.errors import Conflict, HuntazeError, Invalid, NotFound, NotQueued
from huntaze.fans.model import Platform
from huntaze.members.model import Permission, Principal
from huntaze.messages.model import UNWANTED, Account, Address, Message, Queued, Status, ToFan, Written
from huntaze.messages.sending import SpokenConversations, SpokenFans, in_use
from huntaze.outgoing.model import Decision, Refused, Send, Sent, Standing, in_their_words
from huntaze.presence.service import Answering, nobody_else_answers

AT_ONCE = 10  # as many as the queue takes in one call

_log = logging.getLogger(__name__)


class OutgoingStore(Protocol):
    """The messages on their way of one workspace, inside one transaction."""

    def fan_called(self, platform: Platform, word: str, fan_id: UUID | None) -> UUID | None:
        """Whom our id, or else the platform's word, names."""
        ...

    def account_of(self, message_id: UUID) -> tuple[Platform, Account] | None:
        """The account that a message was approved to leave through."""
        ...

    def put_back(self, message_id: UUID, expected: Status, at: datetime) -> bool:
        """Let a message wait again; whether it was still in this state. Conflict when its fan is to be left alone."""
        ...

    def withdraw(self, message_id: UUID) -> bool:
        """Take back what still waits; whether it did."""
        ...

    def note_arrived(self, message_id: UUID, at: datetime) -> bool:
        """Believe a person who has seen it there; whether it was still unknown."""
        ...

    def ask_again(self, message_id: UUID) -> bool:
        """Have the platform asked whether it has a message; whether that is unknown and it can tell."""
        ...


class KnownMessages(Protocol):
    """What these use cases need of messages."""

    def get(self, message_id: UUID) -> Message:
        """One message; NotFound when there is none."""
        ...


class SpokenIn(SpokenConversations, Protocol):
    """What these use cases need of conversations."""

    def lock(self, conversation_id: UUID) -> UUID:
        """Whom it is with, and nothing new is said until this transaction ends; NotFound when there is none."""
        ...

    def unsaid(self, conversation_id: UUID) -> None:
        """Something that was said to the fan was taken back before it left."""
        ...


class Stores(Protocol):
    """What a transaction gives to these use cases."""

    @property
    def outgoing(self) -> OutgoingStore:
        """The messages on their way."""
        ...

    @property
    def messages(self) -> KnownMessages:
        """All messages."""
        ...

    @property
    def conversations(self) -> SpokenIn:
        """Where they are said."""
        ...

    @property
    def fans(self) -> SpokenFans:
        """Whom they are to."""
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


Transactions = Callable[[Principal], AbstractContextManager[Stores]]


class WayOut(Protocol):
    """The one way in which a message is let out."""

    def send(self, who: Principal, to: Address, written: Written) -> Queued:
        """Let out what the caller writes, exactly as they write it."""
        ...


class Outgoing:
    """The use cases of those who send, and of those who look after what was sent."""

    def __init__(
        self,
        transactions: Transactions,
        whole: Transactions,
        way_out: WayOut,
        wake: Callable[[Permits, Waiting], datetime | None],
        must_be_open: Callable[[], None],
        *,
        clock: Clock,
    ) -> None:
        self._transactions = transactions
        self._whole = whole
        self._way_out = way_out
        self._wake = wake
        self._must_be_open = must_be_open
        self._clock = clock

    def send(self, who: Principal, new: Send) -> Queued:
        """Let out what the caller writes to a fan, who is named by our id or by the platform's."""
        who.must(Permission.APPROVE_REPLIES)
        with self._transactions(who) as stores:
            fan_id = stores.outgoing.fan_called(Platform.ONLYFANS, new.recipient, _as_id(new.recipient))
        if fan_id is None:
            raise NotFound
        try:
            return self._way_out.send(who, ToFan(fan_id), new.written)
        except Invalid as refusal:
            raise in_their_words(refusal) from None

    def send_all(self, who: Principal, news: Sequence[Send]) -> tuple[Sent, ...]:
        """Let out many, each by itself: what is refused keeps none of the others, and is told in its place."""
        who.must(Permission.APPROVE_REPLIES)
        tens = [news[start : start + AT_ONCE] for start in range(0, len(news), AT_ONCE)]
        return tuple(sent for ten in tens for sent in self._ten(who, ten))

    def retry(self, who: Principal, message_id: UUID) -> Standing:
        """Send again what failed. The words are the same, so their approval stands."""
        return self._put_back(who, message_id, Status.FAILED, Action.MESSAGE_RETRIED)

    def revive(self, who: Principal, message_id: UUID) -> None:
        """Send again what has failed, if it still has: somebody else may have seen to it."""
        with self._transactions(who) as stores:
            has_failed = stores.messages.get(message_id).status is Status.FAILED
        if has_failed:
            self.retry(who, message_id)

    def cancel(self, who: Principal, message_id: UUID) -> Standing:
        """Withdraw what waits."""
        with self._transactions(who) as stores:
            conversation_id = _decided_by(who, stores.messages.get(message_id)).conversation_id
            stores.conversations.lock(conversation_id)
            if not stores.outgoing.withdraw(message_id):
                raise _not_now(stores.messages.get(message_id), Status.QUEUED)
            stores.conversations.unsaid(conversation_id)
            stores.audit.record(Action.MESSAGE_CANCELLED, message_id)
            return self._standing(who, stores, message_id)

    def resolve(self, who: Principal, message_id: UUID, decision: Decision) -> Standing:
        """Say what became of a message of which nobody knows whether it arrived."""
        if decision is Decision.SEND_AGAIN:
            return self._put_back(who, message_id, Status.UNKNOWN, Action.MESSAGE_RESOLVED, decision=str(decision))
        with self._transactions(who) as stores:
            _decided_by(who, stores.messages.get(message_id))
            if not stores.outgoing.note_arrived(message_id, self._clock.now()):
                raise _not_now(stores.messages.get(message_id), Status.UNKNOWN)
            stores.audit.record(Action.MESSAGE_RESOLVED, message_id, decision=str(decision))
            return self._standing(who, stores, message_id)

    def check(self, who: Principal, message_id: UUID) -> Standing:
        """Have the platform asked anew what became of a message: there it counts as sent, not there it waits again.

        Whoever reconciles asks, within a minute; nothing is asked while all sending is held.
        """
        self._must_be_open()
        with self._transactions(who) as stores:
            message = _decided_by(who, stores.messages.get(message_id))
            if message.status is not Status.UNKNOWN:
                raise _not_now(message, Status.UNKNOWN)
            if not stores.outgoing.ask_again(message_id):
                raise Conflict("The platform cannot be asked about this message: look there, then decide.")
            stores.audit.record(Action.MESSAGE_CHECKED, message_id)
            return self._standing(who, stores, message_id)

    def _put_back(self, who: Principal, message_id: UUID, expected: Status, action: Action, **details: str) -> Standing:
        """Let a message wait once more, with everything that saying something needs."""
        self._must_be_open()
        with self._transactions(who) as stores:
            message = _decided_by(who, stores.messages.get(message_id))
            if message.status is not expected:
                raise _not_now(message, expected)
            self._must_be_ready_to_speak(who, stores, message)
            at = self._clock.now()
            if not stores.outgoing.put_back(message_id, expected, at):
                raise _not_now(stores.messages.get(message_id), expected)
            estimated_send_time = self._wake(stores.outbox, _waiting(message, at))
            stores.conversations.said(message.conversation_id, at)
            stores.fans.note_message(message.fan_id, at)
            stores.audit.record(action, message_id, **details)
            return self._standing(who, stores, message_id, estimated_send_time)

    def _must_be_ready_to_speak(self, who: Principal, stores: Stores, message: Message) -> None:
        """Go on only if nothing speaks against saying this now, through the account that it was approved for."""
        conversation = stores.conversations.get_to_change(message.conversation_id)
        if conversation.do_not_contact:
            raise Conflict(UNWANTED)
        nobody_else_answers(stores.presence, who, conversation.id, self._clock.now())
        found = stores.outgoing.account_of(message.id)
        if found is None:
            raise NotFound
        platform, account = found
        in_use(account, platform)

    def _standing(
        self, who: Principal, stores: Stores, message_id: UUID, estimated_send_time: datetime | None = None
    ) -> Standing:
        message = stores.messages.get(message_id)
        ids = {"messageId": str(message_id), "userId": str(who.member_id), "workspaceId": str(who.workspace_id)}
        _log.info("decided by a person", extra={**ids, "status": str(message.status)})
        return Standing(message, estimated_send_time)

    def _ten(self, who: Principal, news: Sequence[Send]) -> list[Sent]:
        """Each is a part of one transaction, so that their permits go to the queue together once it is committed."""
        sent: list[Sent] = []
        try:
            with self._whole(who):
                sent += [self._one_of_many(who, new) for new in news]
        except NotQueued as away:
            failed = set(away.message_ids)
            return [Refused(away) if isinstance(one, Queued) and one.message.id in failed else one for one in sent]
        return sent

    def _one_of_many(self, who: Principal, new: Send) -> Sent:
        try:
            return self.send(who, new)
        except HuntazeError as reason:
            return Refused(reason)


def _decided_by(who: Principal, message: Message) -> Message:
    """The message, if this is somebody who may decide about it: campaigns are approved by those who run them."""
    who.must(Permission.APPROVE_ANYTHING if message.campaign_id else Permission.APPROVE_REPLIES)
    return message


def _waiting(message: Message, at: datetime) -> Waiting:
    if message.approved_by is None:
        raise NotFound  # what a fan wrote, or what was typed elsewhere: it never waits
    return Waiting(message.id, message.approved_by, message.priority, at, is_campaign=message.campaign_id is not None)


def _not_now(message: Message, expected: Status) -> Conflict:
    return Conflict(f"This message is {message.status} now, and that can only be done to one that is {expected}.")


def _as_id(word: str) -> UUID | None:
    try:
        return UUID(word)
    except ValueError:
        return None
