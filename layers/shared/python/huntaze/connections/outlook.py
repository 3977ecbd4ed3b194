"""What the pace has left for an account, as far as the fast side of it knows."""

from collections.abc import Sequence
from typing import Protocol
from uuid import UUID

from huntaze.clock import Clock
from huntaze.connections.model import Outlook
from huntaze.delivery.model import Glance, Out, Pace
from huntaze.errors import Unavailable


class Paces(Protocol):
    """Who keeps the pace of accounts."""

    def look(self, accounts: Sequence[tuple[UUID, Pace]]) -> Sequence[Glance]:
        """How these accounts stand: nothing is taken, planned or written."""
        ...


class KnownPace:
    """Asks whoever keeps it, and makes do without an answer."""

    def __init__(self, paces: Paces, clock: Clock) -> None:
        self._paces = paces
        self._clock = clock

    def outlook(self, account_id: UUID, pace: Pace, out: Sequence[Out]) -> Outlook:
        """Tokens and the next slot, of what Redis and the database know the less; nothing while nobody answers."""
        try:
            [glance] = self._paces.look([(account_id, pace)])
        except Unavailable:
            return Outlook()
        left, back_in = max(pace.messages - len(out), 0), min((one.back_in for one in out), default=None)
        seen = glance.beside(left, back_in)
        return Outlook(seen.left, self._clock.now() + seen.wait)
