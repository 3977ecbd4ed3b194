"""What nobody saw the end of: the platform is asked whether it has the message, twice, before it is sent again."""

import logging
import time
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol
from uuid import UUID

from huntaze.delivery.model import Doubt, Outcome
from huntaze.errors import NotFound, Unavailable
from huntaze.platforms.model import Door, Found, NotOffered
from huntaze.platforms.service import Platform

AT_MOST = 200  # of each kind in one pass
PROOF = 2  # so often the platform must not have it
ASK_AGAIN = timedelta(seconds=30)
# What was passed over comes before what was asked about in vain: a platform may fail at that one message alone.
ASK_PASSED_OVER = timedelta(seconds=25)
BETWEEN_PASSES = 1.0

_log = logging.getLogger(__name__)


class Accounts(Protocol):
    """What is asked across workspaces."""

    def in_doubt(self, at_most: int) -> Sequence[Doubt]:
        """Attempts of which nobody knows what became, and about which it is time to ask."""
        ...


class Doors(Protocol):
    """Where accounts are reached."""

    def open(self, workspace_id: UUID, connection_id: UUID) -> Door:
        """What opens an account; NotFound when nobody is connected any more."""
        ...


class Attempts(Protocol):
    """The ends of attempts in one workspace, inside one transaction."""

    def accepted(
        self, attempt_id: UUID, message_id: UUID, platform_message_id: str, at: datetime | None = None
    ) -> bool:
        """The platform has the message; whether that was news."""
        ...

    def unknown(self, attempt_id: UUID, message_id: UUID, reason: str, outcome: Outcome) -> bool:
        """Nobody can say whether it arrived; whether that was news."""
        ...

    def absent(self, attempt_id: UUID) -> int:
        """The platform was asked and does not have it; how often that was."""
        ...

    def proven_absent(self, attempt_id: UUID, message_id: UUID, reason: str) -> bool:
        """It never arrived, so it waits again; whether it does."""
        ...

    def look_again(self, attempt_id: UUID, wait: timedelta) -> None:
        """The platform could not be asked: another time."""
        ...

    def look_no_more(self, attempt_id: UUID) -> None:
        """The platform cannot tell: a person decides."""
        ...


class Stores(Protocol):
    """What a transaction gives to this."""

    @property
    def attempts(self) -> Attempts:
        """The ends of attempts."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Reconciling:
    """Finds out what became of attempts."""

    accounts: Accounts
    transactions: Callable[[UUID], AbstractContextManager[Stores]]
    doors: Doors
    platform: Callable[[str], Platform]
    wake: Callable[[UUID, UUID], object]
    sleep: Callable[[float], None] = field(default=time.sleep)

    def round(self, until: float) -> int:
        """Go on until nothing is in doubt that could be cleared up now, or until this moment of `time.monotonic`.

        The answer tells how many steps were done.
        """
        cleared = 0
        while doubts := self.accounts.in_doubt(AT_MOST):
            silent: set[UUID] = set()
            for doubt in doubts:
                cleared += self._is_cleared_up(doubt, silent)
                if time.monotonic() > until:
                    return cleared
            self.sleep(BETWEEN_PASSES)
        return cleared

    def _is_cleared_up(self, doubt: Doubt, silent: set[UUID]) -> bool:
        try:
            self._clear_up(doubt, silent)
        except Exception:  # noqa: BLE001 - one that fails each time must not keep the others in doubt
            _log.exception("a doubt could not be cleared up", extra=_ids(doubt))
            return False
        return True

    def _clear_up(self, doubt: Doubt, silent: set[UUID]) -> None:
        """Whoever has just not answered is asked nothing more in this pass: all others would wait for that as well."""
        if doubt.has_lapsed:
            self._lapsed(doubt)
        elif doubt.account_id in silent:
            self._later(doubt, ASK_PASSED_OVER)
        elif not self._has_answered(doubt):
            silent.add(doubt.account_id)

    def _lapsed(self, doubt: Doubt) -> None:
        """Its worker died, or was away for so long that it counts as dead."""
        with self.transactions(doubt.workspace_id) as stores:
            stores.attempts.unknown(doubt.attempt_id, doubt.message_id, "sender_ended", Outcome.LAPSED)
        _log.warning("a lease ran out", extra=_ids(doubt))

    def _later(self, doubt: Doubt, wait: timedelta) -> None:
        with self.transactions(doubt.workspace_id) as stores:
            stores.attempts.look_again(doubt.attempt_id, wait)

    def _has_answered(self, doubt: Doubt) -> bool:
        """Ask about a message; whether the platform could be reached."""
        try:
            door = self.doors.open(doubt.workspace_id, doubt.account_id)
            found = self.platform(door.platform).find(door, doubt.message_id)
        except (NotFound, NotOffered):
            with self.transactions(doubt.workspace_id) as stores:
                stores.attempts.look_no_more(doubt.attempt_id)
            return True
        except Exception as error:  # noqa: BLE001 - whatever it is, it must not be asked again at once
            self._later(doubt, ASK_AGAIN)
            if not isinstance(error, Unavailable):
                _log.exception("a platform could not be asked", extra=_ids(doubt))
            return not isinstance(error, Unavailable)
        if found is None:
            self._not_there(doubt)
        else:
            self._there(doubt, found)
        return True

    def _there(self, doubt: Doubt, found: Found) -> None:
        ids = doubt.attempt_id, doubt.message_id
        with self.transactions(doubt.workspace_id) as stores:
            stores.attempts.accepted(*ids, found.platform_message_id, found.accepted_at)
        _log.info("a message in doubt has arrived", extra=_ids(doubt))

    def _not_there(self, doubt: Doubt) -> None:
        with self.transactions(doubt.workspace_id) as stores:
            if stores.attempts.absent(doubt.attempt_id) < PROOF:
                return
            waits_again = stores.attempts.proven_absent(doubt.attempt_id, doubt.message_id, "did_not_arrive")
        _log.info("a message in doubt never arrived", extra={**_ids(doubt), "waitsAgain": waits_again})
        if waits_again:
            try:
                self.wake(doubt.workspace_id, doubt.account_id)
            except Unavailable:
                _log.warning("an account wakes by schedule", extra=_ids(doubt))


def _ids(doubt: Doubt) -> dict[str, str]:
    return {
        "messageId": str(doubt.message_id),
        "workspaceId": str(doubt.workspace_id),
        "accountId": str(doubt.account_id),
    }
