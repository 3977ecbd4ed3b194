"""Filling: everybody a campaign is for gets a row, in chunks that each commit with the place that they came to."""

import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Protocol
from uuid import UUID

from huntaze.campaigns.model import Campaign

CHUNK = 2_000  # rows in one transaction: about half a second


class ChunkStore(Protocol):
    """The audiences of one workspace, inside one transaction."""

    def fill(self, campaign: Campaign, at_most: int) -> bool:
        """Make the next rows of a campaign that this transaction holds; whether there are more to make."""
        ...


class HeldStore(Protocol):
    """Campaigns, of which only one at a time is worked on."""

    def held_to_fill(self, campaign_id: UUID) -> bool:
        """Be the only one who fills a campaign; whether it is to be filled, and nobody else is at it."""
        ...


class KnownStore(Protocol):
    """The campaigns of one workspace, inside one transaction."""

    def get(self, campaign_id: UUID) -> Campaign:
        """One; NotFound when there is none."""
        ...


class Stores(Protocol):
    """What a transaction gives to filling."""

    @property
    def campaigns(self) -> KnownStore:
        """The campaigns."""
        ...

    @property
    def audiences(self) -> ChunkStore:
        """Whom they are for."""
        ...

    @property
    def tending(self) -> HeldStore:
        """Which of them are worked on."""
        ...


class Filling:
    """Makes the rows of campaigns that were launched."""

    def __init__(self, transactions: Callable[[UUID], AbstractContextManager[Stores]], chunk: int = CHUNK) -> None:
        self._transactions = transactions
        self._chunk = chunk

    def fill(self, workspace_id: UUID, campaign_id: UUID, until: float) -> None:
        """Go on where whoever came before stopped, until this moment of `time.monotonic`."""
        while self._has_more(workspace_id, campaign_id) and time.monotonic() < until:
            pass

    def _has_more(self, workspace_id: UUID, campaign_id: UUID) -> bool:
        with self._transactions(workspace_id) as stores:
            if not stores.tending.held_to_fill(campaign_id):
                return False
            return stores.audiences.fill(stores.campaigns.get(campaign_id), self._chunk)
