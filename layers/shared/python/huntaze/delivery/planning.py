"""Permits: made for what waits, or made again when they fired in vain, each with the moment at which it fires."""

from collections.abc import Callable
from datetime import timedelta
from typing import Protocol
from uuid import UUID

from huntaze.clock import Clock
from huntaze.delivery.model import HORIZON, Pace, Sender, Waiting
from huntaze.delivery.permits import Permit, Planned
from huntaze.errors import Unavailable


class Plans(Protocol):
    """When permits should fire."""

    def plan_flow(self, account_id: UUID, pace: Pace, not_before: timedelta = ...) -> timedelta:
        """Behind all others."""
        ...

    def plan_burst(self, account_id: UUID, pace: Pace) -> timedelta:
        """At once, as long as a burst allows."""
        ...


class PutPermits(Protocol):
    """The permits of one workspace, inside one transaction."""

    def put_permit(self, permit_id: UUID, account_id: UUID, message_id: UUID, wait: timedelta, tries: int = 0) -> None:
        """A permit for this account is on its way, because of this message."""
        ...

    def is_a_copy(self, account_id: UUID, message_id: UUID) -> bool:
        """Whether a permit that fires now is one too many."""
        ...

    def put_back(self, permit_id: UUID, account_id: UUID, message_id: UUID, wait: timedelta) -> None:
        """A permit that has fired in vain is on its way again."""
        ...

    def drop_permit(self, message_id: UUID) -> None:
        """A permit has done its work, or is not wanted any more."""
        ...


class Planner:
    """Writes permits into the transaction it is handed; whoever opened that queues them once it is committed."""

    def __init__(self, plans: Plans, clock: Clock, new_id: Callable[[], UUID]) -> None:
        self._plans = plans
        self._clock = clock
        self._new_id = new_id

    def plan(
        self,
        outbox: PutPermits,
        sender: Sender,
        waiting: Waiting,
        *,
        not_before: timedelta = timedelta(0),
        tries: int = 0,
        must_know: bool = False,
    ) -> list[Planned]:
        """The permit of a message that waits; none beyond the horizon, where the relay makes it when its time comes."""
        behind_all = waiting.is_campaign or bool(not_before)
        wait = self._wait(sender, not_before, behind_all=behind_all, must_know=must_know)
        if wait >= HORIZON:
            return []
        outbox.put_permit(self._new_id(), sender.id, waiting.message_id, wait, tries)
        permit = Permit(
            workspace_id=sender.workspace_id,
            account_id=sender.id,
            message_id=waiting.message_id,
            slot_at=self._clock.now() + wait,
            user_id=str(waiting.approved_by),
            message_type=sender.platform,
            priority=waiting.priority,
            timestamp=waiting.queued_at.isoformat(),
        )
        return [Planned(permit, wait)]

    def plan_again(self, outbox: PutPermits, sender: Sender, permit: Permit, not_before: timedelta) -> list[Planned]:
        """The same permit behind all others: at the next token all that were refused would meet again."""
        if outbox.is_a_copy(sender.id, permit.message_id):
            return []
        wait = self._wait(sender, not_before, behind_all=True)
        if wait >= HORIZON:
            outbox.drop_permit(permit.message_id)
            return []
        outbox.put_back(self._new_id(), sender.id, permit.message_id, wait)
        return [Planned(permit.at(self._clock.now() + wait), wait)]

    def _wait(self, sender: Sender, not_before: timedelta, *, behind_all: bool, must_know: bool = False) -> timedelta:
        """A plan only wakes, so it is done without while Redis is away, unless the caller must know it."""
        try:
            if behind_all:
                return self._plans.plan_flow(sender.id, sender.pace, not_before)
            return self._plans.plan_burst(sender.id, sender.pace)
        except Unavailable:
            if must_know:
                raise
            return not_before
