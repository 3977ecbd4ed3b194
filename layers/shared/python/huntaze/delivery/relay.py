"""Nothing waits for ever: where more messages wait than permits are on their way, permits are made anew."""

import logging
import time
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from typing import Protocol
from uuid import UUID

from huntaze.delivery.model import HORIZON, Sender, Waiting
from huntaze.delivery.permits import Planned
from huntaze.delivery.planning import Planner, PutPermits
from huntaze.errors import Unavailable

AT_MOST = 500  # accounts in one round; the next round takes the others
MOST_TRIES = 6

_log = logging.getLogger(__name__)


class Accounts(Protocol):
    """What is asked across workspaces."""

    def to_wake(self, at_most: int) -> Sequence[tuple[UUID, UUID]]:
        """Workspaces and accounts in which more waits than permits are on their way, or whose permits were lost."""
        ...


class Permits(PutPermits, Protocol):
    """The permits of one workspace, inside one transaction."""

    def lock_account(self, account_id: UUID) -> Sender | None:
        """Be the only one who wakes an account that may send; None when it is not to be woken."""
        ...

    def drop_lost(self, account_id: UUID) -> int:
        """Forget permits that never fired; how often, at most, one of them had been made."""
        ...

    def lacking(self, account_id: UUID, at_most: int) -> Sequence[Waiting]:
        """The messages that permits are to be made for."""
        ...


class Stores(Protocol):
    """What a transaction gives to this."""

    @property
    def outbox(self) -> Permits:
        """The permits."""
        ...


class Relay:
    """Compares what waits with what is on its way."""

    def __init__(
        self,
        accounts: Accounts,
        transactions: Callable[[UUID], AbstractContextManager[Stores]],
        planner: Planner,
        publish: Callable[[Sequence[Planned]], object],
    ) -> None:
        self._accounts = accounts
        self._transactions = transactions
        self._planner = planner
        self._publish = publish

    def round(self, until: float) -> int:
        """Wake every account that lacks permits, up to this moment of `time.monotonic`; how many permits were made.

        While Redis is away nothing can leave: permits made then would only come on top of those that wait already.
        """
        made = 0
        for workspace_id, account_id in self._accounts.to_wake(AT_MOST):
            if time.monotonic() >= until:
                _log.warning("there was no time to wake every account: the next round goes on")
                break
            try:
                made += self.wake(workspace_id, account_id)
            except Unavailable:
                _log.warning("an account could not be woken: the next round tries again", exc_info=True)
                break
            except Exception:  # noqa: BLE001 - one account that fails each time must not keep all others asleep
                _log.exception("an account cannot be woken", extra={"accountId": str(account_id)})
        return made

    def wake(self, workspace_id: UUID, account_id: UUID) -> int:
        """Make the permits that an account lacks, as far ahead as permits are made; how many that were.

        Numbers are compared, not names: a permit whose message went out under another one serves the next.
        """
        with self._transactions(workspace_id) as stores:
            sender = stores.outbox.lock_account(account_id)
            planned = self._lacking(stores.outbox, sender) if sender else []
        if planned:
            _log.info("permits made anew", extra={"accountId": str(account_id), "permits": len(planned)})
            self._publish(planned)
        return len(planned)

    def _lacking(self, outbox: Permits, sender: Sender) -> list[Planned]:
        tries = min(outbox.drop_lost(sender.id), MOST_TRIES)
        waiting = outbox.lacking(sender.id, HORIZON // sender.pace.spacing)
        planned: list[Planned] = []
        for one in waiting:
            made = self._planner.plan(outbox, sender, one, tries=tries, must_know=True)
            if not made:  # nothing behind it is nearer
                break
            planned += made
        return planned
