"""What platforms tell us: written once, however often they tell it, with counts that stay exact."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Protocol
from uuid import UUID

from huntaze.messages.model import Told


class ToldMessages(Protocol):
    """The messages of one workspace, inside one transaction."""

    def receive(self, message_id: UUID, fan_id: UUID, told: Told) -> bool:
        """Keep what a fan wrote; whether it was not known before."""
        ...

    def note_sent_elsewhere(self, message_id: UUID, fan_id: UUID, told: Told) -> bool:
        """Keep what was written in the platform's own app; whether it was not known before."""
        ...


class CountedConversations(Protocol):
    """The conversations of one workspace, inside one transaction."""

    def lock(self, conversation_id: UUID) -> UUID:
        """Whom it is with, deleted or not, and nothing new is said until this transaction ends; NotFound if none."""
        ...

    def heard(self, conversation_id: UUID, at: datetime) -> None:
        """The fan has said one more thing."""
        ...

    def said(self, conversation_id: UUID, at: datetime) -> None:
        """Something was said to the fan."""
        ...


class SpokenFans(Protocol):
    """What receiving needs of fans."""

    def note_message(self, fan_id: UUID, at: datetime) -> None:
        """Something was said to or by a fan."""
        ...


class Stores(Protocol):
    """What a transaction gives to these use cases."""

    @property
    def messages(self) -> ToldMessages:
        """The messages of the workspace."""
        ...

    @property
    def conversations(self) -> CountedConversations:
        """Where they are said."""
        ...

    @property
    def fans(self) -> SpokenFans:
        """Whom they are with."""
        ...


Transactions = Callable[[UUID], AbstractContextManager[Stores]]


def keep_received(stores: Stores, message_id: UUID, told: Told) -> bool:
    """Keep what a fan wrote, unread; whether it is news. An archived conversation comes back."""
    fan_id = stores.conversations.lock(told.conversation_id)
    is_news = stores.messages.receive(message_id, fan_id, told)
    if is_news:
        stores.conversations.heard(told.conversation_id, told.occurred_at)
        stores.fans.note_message(fan_id, told.occurred_at)
    return is_news


def keep_sent_elsewhere(stores: Stores, message_id: UUID, told: Told) -> bool:
    """Keep what the creator wrote in the platform's own app; whether it is news."""
    fan_id = stores.conversations.lock(told.conversation_id)
    is_news = stores.messages.note_sent_elsewhere(message_id, fan_id, told)
    if is_news:
        stores.conversations.said(told.conversation_id, told.occurred_at)
        stores.fans.note_message(fan_id, told.occurred_at)
    return is_news


class Receiving:
    """The use cases of what arrives. No person acts in them; a deleted fan's words are kept, should the fan return."""

    def __init__(self, transactions: Transactions, new_id: Callable[[], UUID]) -> None:
        self._transactions = transactions
        self._new_id = new_id

    def receive(self, workspace_id: UUID, told: Told) -> bool:
        """Keep what a fan wrote, unread; whether it is news."""
        with self._transactions(workspace_id) as stores:
            return keep_received(stores, self._new_id(), told)

    def note_sent_elsewhere(self, workspace_id: UUID, told: Told) -> bool:
        """Keep what the creator wrote in the platform's own app; whether it is news."""
        with self._transactions(workspace_id) as stores:
            return keep_sent_elsewhere(stores, self._new_id(), told)
