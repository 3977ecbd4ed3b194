"""Telling people who share a conversation of each other, and letting one of them answer at a time."""

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Protocol
from uuid import UUID

from huntaze.clock import Clock
from huntaze.errors import Conflict, Invalid
from huntaze.members.model import Permission, Principal
from huntaze.presence.model import LEASE, Company, Somebody


class Answering(Protocol):
    """What sending needs to know: who answers a conversation."""

    def answering(self, conversation_id: UUID, at: datetime) -> Somebody | None:
        """Who answers it at this moment."""
        ...


class PresenceStore(Answering, Protocol):
    """Who is at the conversations of one workspace, inside one transaction."""

    def arrive(self, conversation_id: UUID, member_id: UUID, until: datetime) -> None:
        """Note that somebody is there until then; NotFound when there is no such conversation."""
        ...

    def take(self, conversation_id: UUID, member_id: UUID, at: datetime, until: datetime, *, over: bool) -> None:
        """Let somebody answer until then, or go on; not while another does, unless they take it over."""
        ...

    def release(self, conversation_id: UUID, member_id: UUID) -> None:
        """Stop answering; nothing happens when they are not."""
        ...

    def leave(self, conversation_id: UUID, member_id: UUID) -> None:
        """Note that somebody is there no more; NotFound when there is no such conversation."""
        ...

    def others(self, conversation_id: UUID, member_id: UUID, at: datetime) -> Sequence[Somebody]:
        """Who else is there at this moment."""
        ...

    def forget(self, at: datetime) -> None:
        """Drop some of what has ended."""
        ...


class Stores(Protocol):
    """What a transaction gives to these use cases."""

    @property
    def presence(self) -> PresenceStore:
        """Who is where."""
        ...


Transactions = Callable[[Principal], AbstractContextManager[Stores]]


class Presence:
    """The use cases around who is at a conversation. Who may approve a reply may be there: no machine, no analyst."""

    def __init__(self, transactions: Transactions, clock: Clock) -> None:
        self._transactions = transactions
        self._clock = clock

    def be_there(
        self, who: Principal, conversation_id: UUID, *, answering: bool = False, take_over: bool = False
    ) -> Company:
        """Say that the caller is there for another minute, and whether they answer; who else is, and who does."""
        who.must(Permission.APPROVE_REPLIES)
        if take_over and not answering:
            raise Invalid.field("takeOver", "Goes with answering only")
        now = self._clock.now()
        with self._transactions(who) as stores:
            stores.presence.arrive(conversation_id, who.member_id, now + LEASE)
            if answering:
                stores.presence.take(conversation_id, who.member_id, now, now + LEASE, over=take_over)
            else:
                stores.presence.release(conversation_id, who.member_id)
            others = stores.presence.others(conversation_id, who.member_id, now)
            company = Company(tuple(others), stores.presence.answering(conversation_id, now))
            stores.presence.forget(now)
        return company

    def leave(self, who: Principal, conversation_id: UUID, *, for_now: bool = False) -> None:
        """Say that the caller is gone, and answers no more; who looks away for now still does."""
        who.must(Permission.APPROVE_REPLIES)
        with self._transactions(who) as stores:
            stores.presence.leave(conversation_id, who.member_id)
            if not for_now:
                stores.presence.release(conversation_id, who.member_id)

    def let_go(self, who: Principal, conversation_id: UUID) -> None:
        """Answer no more, and be there still."""
        who.must(Permission.APPROVE_REPLIES)
        with self._transactions(who) as stores:
            stores.presence.release(conversation_id, who.member_id)

    def company(self, who: Principal, conversation_id: UUID) -> Company:
        """Who else has a conversation open, and who answers it, for somebody who only asks."""
        who.must(Permission.READ_INBOX)
        now = self._clock.now()
        with self._transactions(who) as stores:
            others = stores.presence.others(conversation_id, who.member_id, now)
            return Company(tuple(others), stores.presence.answering(conversation_id, now))

    def holder(self, who: Principal, conversation_id: UUID) -> Somebody | None:
        """Who answers a conversation now."""
        who.must(Permission.READ_INBOX)
        with self._transactions(who) as stores:
            return stores.presence.answering(conversation_id, self._clock.now())


def nobody_else_answers(presence: Answering, who: Principal, conversation_id: UUID, at: datetime) -> None:
    """Go on only if no other member is answering; for whoever is about to send, inside their own transaction."""
    somebody = presence.answering(conversation_id, at)
    if somebody is not None and somebody.member_id != who.member_id:
        raise Conflict(f"{somebody.name} is answering this conversation. Take over, or wait until they are done.")
