"""Doing each keyed request once.

The answer is kept in the transaction of what it answers: both are there or neither is, whatever crashes. The handler
knows nothing of it, for the transactions that it opens become parts of this one.
"""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import datetime, timedelta
from typing import Protocol
from uuid import UUID

from huntaze.clock import Clock
from huntaze.errors import KeyReused, NotQueued
from huntaze.idempotency.model import Answer, Kept, Keyed
from huntaze.members.model import Principal

KEPT_FOR = timedelta(hours=24)
_OUR_FAULT = 500


class AnswerStore(Protocol):
    """The kept answers of one workspace, inside one transaction."""

    def wait_for(self, subject: str, key: str) -> None:
        """Be the only one with this key until the transaction ends; Conflict when somebody else is for too long."""
        ...

    def kept(self, subject: str, key: str, at: datetime) -> Kept | None:
        """The answer that was given, if it is still kept at this time."""
        ...

    def keep(self, subject: str, keyed: Keyed, answer: Answer, at: datetime, until: datetime) -> None:
        """Remember an answer, and forget what is kept too long."""
        ...

    def undo(self, subject: str, key: str, message_id: UUID | None) -> None:
        """Note that the message an answer told of has failed since, or that it is on its way after all."""
        ...


class Stores(Protocol):
    """What a transaction gives to this use case."""

    @property
    def answers(self) -> AnswerStore:
        """The kept answers."""
        ...


Transactions = Callable[[Principal], AbstractContextManager[Stores]]


class Idempotency:
    """The one use case. `whole` opens a transaction that others opened meanwhile become parts of."""

    def __init__(self, whole: Transactions, clock: Clock, send_after_all: Callable[[Principal, UUID], object]) -> None:
        self._whole = whole
        self._clock = clock
        self._send_after_all = send_after_all

    def once(self, who: Principal, keyed: Keyed, act: Callable[[], Answer]) -> Answer:
        """The first answer to this request: by doing it, or as it was kept. What failed on our side is not kept.

        A message whose permit could not be queued after the commit has failed: the same request sends that very one.
        """
        try:
            with self._whole(who) as stores:
                return self._first(stores.answers, who, keyed, act)
        except _Failed as failed:
            return failed.answer
        except NotQueued as undone:
            with self._whole(who) as stores:
                stores.answers.undo(who.subject, keyed.key, undone.message_ids[0])
            raise

    def _first(self, answers: AnswerStore, who: Principal, keyed: Keyed, act: Callable[[], Answer]) -> Answer:
        answers.wait_for(who.subject, keyed.key)
        kept = answers.kept(who.subject, keyed.key, self._clock.now())
        if kept is not None:
            return self._again(answers, who, keyed, kept)
        answer = act()
        if answer.status >= _OUR_FAULT:
            raise _Failed(answer)
        now = self._clock.now()
        answers.keep(who.subject, keyed, answer, now, now + KEPT_FOR)
        return answer

    def _again(self, answers: AnswerStore, who: Principal, keyed: Keyed, kept: Kept) -> Answer:
        if kept.fingerprint != keyed.fingerprint:
            raise KeyReused
        if kept.undone_message_id is not None:
            self._send_after_all(who, kept.undone_message_id)
            answers.undo(who.subject, keyed.key, None)
        return kept.answer


class _Failed(Exception):
    """Takes an answer past the transaction, which is rolled back by it."""

    def __init__(self, answer: Answer) -> None:
        super().__init__()
        self.answer = answer
