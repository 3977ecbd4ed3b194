"""Reading a conversation, and telling cheaply whether there is anything new to read."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Protocol
from uuid import UUID

from huntaze.clock import Clock
from huntaze.conversations.model import Conversation
from huntaze.cursors import Position
from huntaze.delivery.model import Road
from huntaze.members.model import Permission, Principal
from huntaze.messages.model import Filters, Message, Status
from huntaze.presence.model import LEASE
from huntaze.threads.model import Aside, Leaving, Line, Onlooker, Pulse, Thread, Window

_NOTHING = Aside()
_MOST_FORESEEN = 10  # of more that wait in one thread, the last are not told their place


class ThreadStore(Protocol):
    """What reading a conversation asks, inside one transaction of a workspace."""

    def asides(self, message_ids: Sequence[UUID]) -> Mapping[UUID, Aside]:
        """What these messages do not tell of themselves."""
        ...

    def pulse(self, window: Window, onlooker: Onlooker, at: datetime) -> Pulse:
        """Whether anything has changed; that the onlooker is there is noted along with it, now and then."""
        ...


class ReadMessages(Protocol):
    """What reading needs of messages."""

    def matching(self, filters: Filters, after: Position | None, limit: int, offset: int = 0) -> Sequence[Message]:
        """Messages from the newest on, or from a place on, or after so many."""
        ...


class ReadConversations(Protocol):
    """What reading needs of conversations."""

    def get(self, conversation_id: UUID) -> Conversation:
        """One conversation; NotFound when there is none."""
        ...


class Roads(Protocol):
    """What reading needs of messages on their way."""

    def road(self, message_id: UUID) -> Road:
        """How the account of a message stands that waits."""
        ...


class Stores(Protocol):
    """What a transaction gives to these use cases."""

    @property
    def threads(self) -> ThreadStore:
        """What is shown beside messages."""
        ...

    @property
    def messages(self) -> ReadMessages:
        """What is said."""
        ...

    @property
    def conversations(self) -> ReadConversations:
        """Where it is said."""
        ...

    @property
    def outbox(self) -> Roads:
        """What is on its way."""
        ...


Transactions = Callable[[Principal], AbstractContextManager[Stores]]


class Threads:
    """The use cases of those who read."""

    def __init__(self, transactions: Transactions, clock: Clock) -> None:
        self._transactions = transactions
        self._clock = clock

    def read(self, who: Principal, conversation_id: UUID, lines: int, before: Position | None = None) -> Thread:
        """The last lines of a conversation, or the last before a place; NotFound when there is no such conversation."""
        who.must(Permission.READ_INBOX)
        with self._transactions(who) as stores:
            conversation = stores.conversations.get(conversation_id)
            found = stores.messages.matching(Filters(conversation_id), before, lines + 1)
            shown = found[:lines]
            asides = stores.threads.asides([message.id for message in shown])
            leaving = self._leaving(stores, [message for message in shown if message.status is Status.QUEUED])
        told = [Line(each, asides.get(each.id, _NOTHING), leaving.get(each.id)) for each in reversed(shown)]
        return Thread(conversation, tuple(told), len(found) > lines)

    def pulse(self, who: Principal, window: Window, *, seen: bool = False) -> Pulse:
        """Whether anything in a window has changed since somebody heard its last word.

        To ask with the window in sight says that one is there: others who have the same conversation open are told.
        """
        who.must(Permission.APPROVE_REPLIES if seen else Permission.READ_INBOX)
        now = self._clock.now()
        with self._transactions(who) as stores:
            return stores.threads.pulse(window, Onlooker(who.member_id, now + LEASE if seen else None), now)

    def _leaving(self, stores: Stores, waiting: Sequence[Message]) -> dict[UUID, Leaving]:
        """When what waits will leave, as far as can be said; those that leave first are the oldest, at the end."""
        now = self._clock.now()
        roads = {message.id: stores.outbox.road(message.id) for message in waiting[-_MOST_FORESEEN:]}
        return {
            message_id: Leaving(road.ahead + 1, None if road.leaves_in is None else now + road.leaves_in)
            for message_id, road in roads.items()
        }
