"""What cannot be done now waits as a new permit, never by visibility: one that is seen too often counts as poison."""

import secrets
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from datetime import timedelta
from typing import Protocol
from uuid import UUID

from huntaze.delivery.model import Sender
from huntaze.delivery.permits import Permit, Planned
from huntaze.delivery.planning import Planner, PutPermits
from huntaze.delivery.publishing import delayed
from huntaze.errors import Unavailable
from huntaze.measures import Count, Measures

# While something that we need is away.
SHORTEST_SECONDS, JITTER_SECONDS = 5, 16


class Stores(Protocol):
    """What a transaction gives to this."""

    @property
    def outbox(self) -> PutPermits:
        """The permits."""
        ...


class Postponing:
    """Puts permits back. Each answers with those that even the queue did not take: these come again by themselves."""

    def __init__(
        self,
        transactions: Callable[[UUID], AbstractContextManager[Stores]],
        planner: Planner,
        publish: Callable[[Sequence[Planned]], Sequence[Permit]],
        measures: Measures,
    ) -> None:
        self._transactions = transactions
        self._planner = planner
        self._publish = publish
        self._measures = measures

    def until(self, sender: Sender, permit: Permit, wait: timedelta) -> Sequence[Permit]:
        """Behind all others, and not before this has passed."""
        try:
            with self._transactions(sender.workspace_id) as stores:
                planned = self._planner.plan_again(stores.outbox, sender, permit, wait)
        except Unavailable:
            return self.for_a_moment([permit])
        return [permit] if self._publish(planned) else []  # as it came: its queue knows it by that

    def shortly(self, permits: Sequence[Permit]) -> Sequence[Permit]:
        """For somebody who has more time."""
        return self._publish(delayed(permits, _a_moment, "permit put back"))

    def for_a_moment(self, permits: Sequence[Permit]) -> Sequence[Permit]:
        """Until what is away may be there again; nothing is asked but the queue."""
        for platform, times in Counter(permit.message_type for permit in permits).items():
            self._measures.count(Count.STALLED, times, platform)
        return self.shortly(permits)


def _a_moment() -> int:
    return SHORTEST_SECONDS + secrets.randbelow(JITTER_SECONDS)
