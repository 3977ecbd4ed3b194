"""What the pace has left for an account, as far as the fast side of it knows."""

from collections.abc import Sequence
from typing import Protocol
from uuid import UUID

from huntaze.clock import Clock
from huntaze.connections.model import Outlook
from huntaze.delivery.model import Glance, Pace
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

    def outlook(self, account_id: UUID, pace: Pace) -> Outlook:
        """Tokens and the next slot; nothing of an account that has not sent lately, or while nobody answers."""
        try:
            [glance] = self._paces.look([(account_id, pace)])
        except Unavailable:
            return Outlook()
        return Outlook() if glance.left is None else Outlook(glance.left, self._clock.now() + glance.wait)
