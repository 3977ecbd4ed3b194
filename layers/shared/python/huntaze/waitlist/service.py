"""Waiting for a platform: anybody may, and nobody learns who else does."""

from collections.abc import Callable
from datetime import datetime
from typing import Protocol
from uuid import UUID

from huntaze.clock import Clock
from huntaze.errors import TooMany
from huntaze.sessions.service import Attempts
from huntaze.waitlist.model import Awaited

MOST_A_MINUTE = 5
_MINUTE = 60


class WaitlistStore(Protocol):
    """Everybody who waits."""

    def add(self, entry_id: UUID, email: str, platform: Awaited, at: datetime) -> None:
        """Keep that this address waits for this platform; nothing happens when it does already."""
        ...


class Waitlist:
    """The one use case."""

    def __init__(self, store: WaitlistStore, attempts: Attempts, clock: Clock, new_id: Callable[[], UUID]) -> None:
        self._store = store
        self._attempts = attempts
        self._clock = clock
        self._new_id = new_id

    def join(self, email: str, platform: Awaited, address: str) -> None:
        """Wait for a platform. `address` is where the request came from; so many a minute are taken from one."""
        if not self._attempts.may_try(f"waitlist:from:{address}", MOST_A_MINUTE, _MINUTE):
            raise TooMany(retry_after=_MINUTE)
        self._store.add(self._new_id(), email, platform, self._clock.now())
