"""Permits onto the queue: a few attempts, and a rest for a queue that takes none."""

import logging
import random
import time
from collections.abc import Callable, Iterable, Sequence
from datetime import timedelta
from typing import Protocol

from huntaze.delivery.permits import Permit, Planned
from huntaze.errors import Denied, Unavailable

WAITS = (0.0, 1.0, 2.0)  # before each of the attempts
MOST_FAILURES = 5  # in a row: then the queue is left alone for a while
REST_SECONDS = 60
AT_ONCE = 10

_log = logging.getLogger(__name__)


def delayed(permits: Iterable[Permit], seconds: Callable[[], int], said: str, **why: str) -> list[Planned]:
    """The same permits again, each after so many seconds: jitter keeps those put back together from coming together."""
    planned = []
    for permit in permits:
        wait = seconds()
        planned.append(Planned(permit, timedelta(seconds=wait)))
        ids = {"messageId": str(permit.message_id), "workspaceId": str(permit.workspace_id), "userId": permit.user_id}
        _log.info(said, extra={**ids, "delaySeconds": wait, **why})
    return planned


class PermitQueue(Protocol):
    """Where permits wait."""

    def put(self, planned: Sequence[Planned]) -> Sequence[Planned]:
        """Queue permits, at most ten; those that the queue did not take. Unavailable when it is away."""
        ...


class Publishing:
    """Puts permits into the queue, ten at a time."""

    def __init__(
        self,
        queue: PermitQueue,
        sleep: Callable[[float], None] = time.sleep,
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        self._queue = queue
        self._sleep = sleep
        self._now = now
        self._failures = 0
        self._rests_until = 0.0

    def publish(self, planned: Sequence[Planned]) -> list[Permit]:
        """Queue permits; those that the queue did not take, however often it was asked."""
        if not planned:
            return []
        if self._now() < self._rests_until:
            return [one.permit for one in planned]
        left = self._tried(list(planned))
        self._note(failed=bool(left))
        return [one.permit for one in left]

    def _tried(self, left: list[Planned]) -> list[Planned]:
        for wait in WAITS:
            self._sleep(wait * (1 + random.random() / 4))  # noqa: S311 - spreads load, guards nothing
            again: list[Planned] = []
            for start in range(0, len(left), AT_ONCE):
                try:
                    again += self._queue.put(left[start : start + AT_ONCE])
                except Denied:
                    _log.exception("the queue of permits refuses us")
                    return again + left[start:]
                except Unavailable:  # a queue that does not answer takes seconds to say so: asked for each ten, minutes
                    again += left[start:]
                    break
            left = again
            if not left:
                break
        return left

    def _note(self, *, failed: bool) -> None:
        self._failures = self._failures + 1 if failed else 0
        if self._failures >= MOST_FAILURES:
            self._rests_until = self._now() + REST_SECONDS
            _log.error("the queue of permits takes none: it is left alone for a minute")
