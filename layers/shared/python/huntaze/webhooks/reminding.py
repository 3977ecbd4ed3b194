"""Events that nobody has done: the queue was away when they came, or whoever should have told it died."""

import logging
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from datetime import datetime, timedelta
from typing import Protocol
from uuid import UUID

from huntaze.clock import Clock
from huntaze.errors import Unavailable
from huntaze.webhooks.model import WORDS_KEPT_FOR, Ticket
from huntaze.webhooks.service import EventQueue

DONE_WITHIN = timedelta(minutes=1)
MOST_TRIES = 10  # after which it waits for somebody who mends what keeps it from being done
AT_MOST = 1_000

_log = logging.getLogger(__name__)


class Forgotten(Protocol):
    """Events of all workspaces."""

    def waiting(self, received_before: datetime, most_tries: int, at_most: int) -> Sequence[Ticket]:
        """Those that came before this moment and are not done, the oldest first."""
        ...

    def with_old_words(self, received_before: datetime, at_most: int) -> Sequence[UUID]:
        """The workspaces that still keep the words of such."""
        ...


class WordStore(Protocol):
    """The events of one workspace, inside one transaction."""

    def empty(self, received_before: datetime, at: datetime) -> int:
        """Forget what those that came before this moment said, done or not; how many there were."""
        ...


class Stores(Protocol):
    """What a transaction gives to these use cases."""

    @property
    def webhooks(self) -> WordStore:
        """What platforms told."""
        ...


Transactions = Callable[[UUID], AbstractContextManager[Stores]]


class EventReminding:
    """Tells the workers again: who hears twice of an event does it once. And forgets words that were kept for long."""

    def __init__(self, transactions: Transactions, forgotten: Forgotten, queue: EventQueue, clock: Clock) -> None:
        self._transactions = transactions
        self._forgotten = forgotten
        self._queue = queue
        self._clock = clock

    def round(self) -> int:
        """Tell of every event that should be done by now, and empty what is old; how many were told of."""
        self._forget()
        told = 0
        for ticket in self._forgotten.waiting(self._clock.now() - DONE_WITHIN, MOST_TRIES, AT_MOST):
            try:
                self._queue.put(ticket)
            except Unavailable:
                _log.warning("the queue of events is away: the next round tells them")
                break
            told += 1
        if told:
            _log.info("told of events again", extra={"events": told})
        return told

    def _forget(self) -> None:
        now = self._clock.now()
        for workspace_id in self._forgotten.with_old_words(now - WORDS_KEPT_FOR, AT_MOST):
            with self._transactions(workspace_id) as stores:
                emptied = stores.webhooks.empty(now - WORDS_KEPT_FOR, now)
            _log.info("forgot what old events said", extra={"workspaceId": str(workspace_id), "events": emptied})
