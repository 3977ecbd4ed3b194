"""Looking at how much there is of what nobody should wait for: by a schedule, across workspaces."""

import logging
from typing import Protocol

from huntaze.delivery.model import QueueFigures
from huntaze.errors import Unavailable
from huntaze.measures import Gauge, Measures
from huntaze.outgoing.model import Activity

_log = logging.getLogger(__name__)


class Rows(Protocol):
    """What the database knows of all workspaces together."""

    def outbox_age_seconds(self) -> float:
        """How long ago the permit should have fired that should have done so first of those on their way."""
        ...

    def unknown_messages(self) -> int:
        """Messages of which nobody knows whether they arrived."""
        ...

    def activity(self) -> Activity:
        """How much there is to send, and how many may."""
        ...


class Queue(Protocol):
    """The queue of permits."""

    def figures(self) -> QueueFigures:
        """What it says of itself; Unavailable when it cannot be asked."""
        ...


class Gauging:
    """The one use case."""

    def __init__(self, rows: Rows, queue: Queue, measures: Measures) -> None:
        self._rows = rows
        self._queue = queue
        self._measures = measures

    def round(self) -> int:
        """Take everything down that can be looked at now; how much that was."""
        self._measures.gauge(Gauge.OUTBOX_AGE, self._rows.outbox_age_seconds())
        self._measures.gauge(Gauge.UNKNOWN, self._rows.unknown_messages())
        taken = 2 + self._activity()
        try:
            waiting = self._queue.figures().waiting
        except Unavailable:
            _log.warning("the queue of permits cannot be measured: it is away")
            return taken
        self._measures.gauge(Gauge.QUEUE_DEPTH, waiting)
        return taken + 1

    def _activity(self) -> int:
        """An idle stage pays for none of these: what nobody writes is no metric."""
        now = self._rows.activity()
        figures: dict[Gauge, float] = {}
        if now.waiting:
            figures |= {Gauge.ACCOUNTS: now.accounts, Gauge.ACCOUNTS_AWAY: now.away}
            figures |= {Gauge.TOKENS_LEFT: now.tokens_left}
        if now.campaigns:
            figures |= {Gauge.CAMPAIGNS: now.campaigns}
        for what, value in figures.items():
            self._measures.gauge(what, value)
        return len(figures)
