"""What a platform's answer means for the message, and for the account that it was sent through."""

import logging
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from datetime import datetime, timedelta
from typing import Protocol
from uuid import UUID

from huntaze.delivery.model import MOST_FAILURES, Claimed, Outcome, Sender
from huntaze.delivery.permits import Planned
from huntaze.delivery.planning import Planner, PutPermits
from huntaze.measures import Count, Measures
from huntaze.platforms.model import Accepted, AccountAway, Answer, Away, NotAccepted, Reason, Refused, Unknown

THROTTLED_FOR = timedelta(seconds=30)  # where the platform does not say how long
LONGEST_HOLD = timedelta(minutes=15)
FIRST_REST = timedelta(seconds=60)
MOST_DOUBLINGS = 3

_log = logging.getLogger(__name__)


class Attempts(Protocol):
    """The ends of attempts in one workspace, inside one transaction."""

    def accepted(
        self, attempt_id: UUID, message_id: UUID, platform_message_id: str, at: datetime | None = None
    ) -> bool:
        """The platform has the message; whether that was news."""
        ...

    def refused(self, attempt_id: UUID, message_id: UUID, reason: str, *, for_good: bool) -> bool:
        """The platform does not take the message; whether it waits to be tried again."""
        ...

    def not_accepted(self, attempt_id: UUID, message_id: UUID, reason: str, *, reached: bool) -> bool:
        """The message certainly did not arrive, and it is not to blame; whether it waits again."""
        ...

    def unknown(self, attempt_id: UUID, message_id: UUID, reason: str, outcome: Outcome) -> bool:
        """Nobody can say whether it arrived; whether that was news."""
        ...


class Accounts(Protocol):
    """The accounts of one workspace, inside one transaction."""

    def hold(self, account_id: UUID, wait: timedelta, reason: str) -> None:
        """Let the account send nothing for so long."""
        ...

    def expire(self, account_id: UUID, attempt_id: UUID) -> None:
        """The login that this attempt went by has ended: somebody must sign in again, unless they have since."""
        ...

    def pause(self, account_id: UUID, reason: str) -> None:
        """Let it send nothing until a person resumes it."""
        ...

    def failed(self, account_id: UUID) -> int:
        """Its platform did not answer well; how often in a row by now."""
        ...

    def works(self, account_id: UUID) -> None:
        """It answered well."""
        ...


class Stores(Protocol):
    """What a transaction gives to this."""

    @property
    def attempts(self) -> Attempts:
        """The ends of attempts."""
        ...

    @property
    def accounts(self) -> Accounts:
        """How accounts stand."""
        ...

    @property
    def outbox(self) -> PutPermits:
        """The permits."""
        ...


class Settling:
    """Writes down what became of a claim, all of it in one transaction."""

    def __init__(
        self,
        transactions: Callable[[UUID], AbstractContextManager[Stores]],
        planner: Planner,
        publish: Callable[[Sequence[Planned]], object],
        measures: Measures,
    ) -> None:
        self._transactions = transactions
        self._planner = planner
        self._publish = publish
        self._measures = measures

    def settle(self, sender: Sender, claimed: Claimed, answer: Answer) -> None:
        """The platform has answered, or will not."""
        with self._transactions(sender.workspace_id) as stores:
            waits_again, not_before = self._written(stores, sender, claimed, answer)
            planned = []
            if waits_again:
                planned = self._planner.plan(stores.outbox, sender, claimed.waiting, not_before=not_before)
        self._publish(planned)
        self._tell(sender, claimed, answer, waits_again=waits_again)

    def _written(self, stores: Stores, sender: Sender, claimed: Claimed, answer: Answer) -> tuple[bool, timedelta]:
        """Whether the message waits again, and how long its account cannot send."""
        ids, attempts = (claimed.attempt_id, claimed.message_id), stores.attempts
        match answer:
            case Accepted(platform_message_id):
                attempts.accepted(*ids, platform_message_id)
                stores.accounts.works(sender.id)
                return False, timedelta(0)
            case Refused(reason, for_good):
                stores.accounts.works(sender.id)
                return attempts.refused(*ids, reason, for_good=for_good), timedelta(0)
            case AccountAway():
                waits_again = attempts.not_accepted(*ids, answer.reason, reached=True)
                return waits_again and answer.why is Away.THROTTLED, self._away(
                    stores.accounts, sender, claimed, answer
                )
            case NotAccepted(reason, asked):
                waits_again = attempts.not_accepted(*ids, reason, reached=asked)
                is_ours = reason == Reason.TOO_LATE  # we stood still, or had no time left
                return waits_again, timedelta(0) if is_ours else self._failed(stores.accounts, sender, reason)
            case Unknown(reason):
                attempts.unknown(*ids, reason, Outcome.UNKNOWN)
                return False, self._failed(stores.accounts, sender, reason)

    def _away(self, accounts: Accounts, sender: Sender, claimed: Claimed, away: AccountAway) -> timedelta:
        """A platform that is asked too fast says for how long; what a person must mend waits for them."""
        wait = min(away.retry_after or THROTTLED_FOR, LONGEST_HOLD)
        match away.why:
            case Away.THROTTLED:
                accounts.hold(sender.id, wait, away.reason)
            case Away.LOGIN_EXPIRED:
                accounts.expire(sender.id, claimed.attempt_id)
            case Away.FORBIDDEN:
                accounts.pause(sender.id, away.reason)
        return wait

    def _failed(self, accounts: Accounts, sender: Sender, reason: str) -> timedelta:
        too_many = accounts.failed(sender.id) - MOST_FAILURES
        if too_many < 0:
            return timedelta(0)
        rest = FIRST_REST * (1 << min(too_many, MOST_DOUBLINGS))
        accounts.hold(sender.id, rest, reason)
        return rest

    def _tell(self, sender: Sender, claimed: Claimed, answer: Answer, *, waits_again: bool) -> None:
        ids = {
            "messageId": str(claimed.message_id),
            "workspaceId": str(sender.workspace_id),
            "userId": str(claimed.waiting.approved_by),
            "accountId": str(sender.id),
        }
        why = {"answer": type(answer).__name__, "reason": getattr(answer, "reason", None), "waitsAgain": waits_again}
        _log.info("message settled", extra={**ids, **why})
        if waits_again or isinstance(answer, AccountAway):
            self._measures.count(Count.DEFERRED, 1, sender.platform)
            return
        self._measures.count(Count.PROCESSED, 1, sender.platform)
        if not isinstance(answer, Accepted | Unknown):
            self._measures.count(Count.FAILED, 1, sender.platform)
