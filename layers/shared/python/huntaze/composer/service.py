"""Keeping what people are writing, until they send it or drop it."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Protocol
from uuid import UUID

from huntaze.composer.model import Content, Unsent
from huntaze.members.model import Permission, Principal


class ComposerStore(Protocol):
    """What members of one workspace are writing, inside one transaction."""

    def get(self, conversation_id: UUID, member_id: UUID) -> Unsent:
        """What a member is writing; an empty one when nothing, NotFound when there is no such conversation."""
        ...

    def keep(self, conversation_id: UUID, member_id: UUID, content: Content) -> Unsent:
        """Keep it in place of what was there; NotFound when there is no such conversation."""
        ...

    def drop(self, conversation_id: UUID, member_id: UUID) -> None:
        """Forget it."""
        ...


class Stores(Protocol):
    """What a transaction gives to these use cases."""

    @property
    def composer(self) -> ComposerStore:
        """What is being written."""
        ...


Transactions = Callable[[Principal], AbstractContextManager[Stores]]


class Composer:
    """The use cases around what is being written. It is private, so nobody reads another's, and no log tells of it.

    Who may approve a reply may write one here: people of the inbox, and no machine.
    """

    def __init__(self, transactions: Transactions) -> None:
        self._transactions = transactions

    def of(self, who: Principal, conversation_id: UUID) -> Unsent:
        """What the caller is writing in a conversation."""
        who.must(Permission.APPROVE_REPLIES)
        with self._transactions(who) as stores:
            return stores.composer.get(conversation_id, who.member_id)

    def keep(self, who: Principal, conversation_id: UUID, content: Content) -> Unsent:
        """Keep what the caller is writing; the last one counts, in however many windows."""
        who.must(Permission.APPROVE_REPLIES)
        with self._transactions(who) as stores:
            return stores.composer.keep(conversation_id, who.member_id, content)

    def drop(self, who: Principal, conversation_id: UUID) -> None:
        """Forget it; nothing happens when there is nothing."""
        who.must(Permission.APPROVE_REPLIES)
        with self._transactions(who) as stores:
            stores.composer.get(conversation_id, who.member_id)  # NotFound when there is no such conversation
            stores.composer.drop(conversation_id, who.member_id)
