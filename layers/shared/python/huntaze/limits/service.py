"""Counting a person's requests: where all processes see them, or in this one while that place is away."""

import logging
import time
from collections.abc import Callable
from typing import Protocol

from huntaze.errors import Unavailable
from huntaze.limits.model import WINDOW_SECONDS, Allowance, Counted

_SECONDS_WITHOUT = 5.0  # how long a counter that failed is left alone: each failure costs the caller time
_MOST_REMEMBERED = 10_000

_log = logging.getLogger(__name__)


class Counter(Protocol):
    """Counts what happens in a window that begins with the first of it."""

    def count(self, name: str, window_ms: int) -> Counted:
        """One more; Unavailable when nobody can say which."""
        ...


class OwnCounter:
    """Counts in the memory of this process."""

    def __init__(self, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._monotonic = monotonic
        self._windows: dict[str, tuple[float, int]] = {}

    def count(self, name: str, window_ms: int) -> Counted:
        """One more."""
        now = self._monotonic()
        if len(self._windows) >= _MOST_REMEMBERED:
            self._windows = {known: window for known, window in self._windows.items() if window[0] > now}
        end, requests = self._windows.get(name, (0.0, 0))
        if end <= now:
            end, requests = now + window_ms / 1000, 0
        self._windows[name] = (end, requests + 1)
        return Counted(requests + 1, int((end - now) * 1000))


class RequestLimit:
    """Counts requests per person and group of routes."""

    def __init__(
        self,
        per_minute: int,
        shared: Counter | None,
        own: Counter,
        monotonic: Callable[[], float] = time.monotonic,
        *,
        spare_the_first: bool = False,
    ) -> None:
        self._per_minute = per_minute
        self._shared = shared
        self._own = own
        self._monotonic = monotonic
        self._without_until = 0.0
        self._spare = spare_the_first  # a cold start waits for no driver more than its answer needs

    def count(self, group: str, subject: str) -> Allowance:
        """One more request of this person to this group; what is left then."""
        return Allowance.of(self._per_minute, self._counted(f"requests:{group}:{subject}"))

    def _counted(self, name: str) -> Counted:
        window_ms = WINDOW_SECONDS * 1000
        spared, self._spare = self._spare, False
        if self._shared is not None and not spared and self._monotonic() >= self._without_until:
            try:
                return self._shared.count(name, window_ms)
            except Unavailable:
                _log.warning("Requests are counted in memory: Redis is away.")
                self._without_until = self._monotonic() + _SECONDS_WITHOUT
        return self._own.count(name, window_ms)
