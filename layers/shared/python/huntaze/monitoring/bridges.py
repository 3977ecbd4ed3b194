"""A live look at the bridges of accounts: nothing is sent, so one that nothing is sent through is looked at too."""

from collections.abc import Callable
from typing import Protocol
from uuid import UUID

from huntaze.connections.model import SealedDoor
from huntaze.platforms.model import AccountFacts, Door
from huntaze.platforms.service import Platform


class Doors(Protocol):
    """What opens accounts."""

    def opened(self, workspace_id: UUID, sealed: SealedDoor) -> Door:
        """A door whose row has been read."""
        ...


class LiveLook:
    """Asks a bridge how its account is. `platform` has the patience of somebody who only looks."""

    def __init__(self, doors: Doors, platform: Callable[[str], Platform]) -> None:
        self._doors = doors
        self._platform = platform

    def ask(self, workspace_id: UUID, sealed: SealedDoor) -> AccountFacts:
        """What it says at this moment; Unavailable, or AccessRefused, when it says nothing."""
        return self._platform(sealed.platform).account(self._doors.opened(workspace_id, sealed))
