"""Exports that nobody heard of: the process died after the row was written and before the message was."""

import logging
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Protocol

from huntaze.clock import Clock
from huntaze.errors import Unavailable
from huntaze.exports.model import BEGUN_WITHIN, Ticket
from huntaze.exports.service import ExportQueue

WORTH_STARTING = timedelta(hours=1)  # after that nobody waits any more, and who does was offered to try again
AT_MOST = 100

_log = logging.getLogger(__name__)


class Forgotten(Protocol):
    """Exports of all workspaces that were asked for and not begun."""

    def between(self, asked_after: datetime, asked_before: datetime, at_most: int) -> Sequence[Ticket]:
        """Those asked for in this time, the oldest first."""
        ...


class Reminding:
    """Tells the workers again. One who hears twice of an export begins it once."""

    def __init__(self, forgotten: Forgotten, queue: ExportQueue, clock: Clock) -> None:
        self._forgotten = forgotten
        self._queue = queue
        self._clock = clock

    def round(self) -> int:
        """Tell of every export that should have begun by now; how many there were."""
        now = self._clock.now()
        tickets = self._forgotten.between(now - WORTH_STARTING, now - BEGUN_WITHIN, AT_MOST)
        for ticket in tickets:
            ids = {"workspaceId": str(ticket.workspace_id), "exportId": str(ticket.export_id)}
            try:
                self._queue.put(ticket)
            except Unavailable:
                _log.warning("the queue of exports is away: the next round tells them", extra=ids)
                break
            _log.info("told of an export again", extra=ids)
        return len(tickets)
