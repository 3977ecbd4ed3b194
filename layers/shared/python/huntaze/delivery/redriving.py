"""Putting dead letters back into the queue. A permit only wakes, so one too many does no harm."""

import logging
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any, Protocol

from huntaze.audit.model import Action
from huntaze.audit.service import AuditTrail
from huntaze.delivery.model import Redriven
from huntaze.delivery.permits import parse
from huntaze.errors import Invalid
from huntaze.members.model import Permission, Principal

# Of one call: somebody waits for its answer, and can call again.
AT_MOST = 500
SECONDS = 10.0

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """A message that failed ten times."""

    body: str
    attributes: Mapping[str, str]
    receipt: Any  # by which the queue knows it again


class DeadLetters(Protocol):
    """The queue of dead letters, and the one that they came from."""

    def take(self) -> Sequence[DeadLetter]:
        """Up to ten, which nobody else is given for a minute; none when there are no more. Unavailable when away."""
        ...

    def put_back(self, letters: Sequence[DeadLetter]) -> int:
        """Put these into the queue, then take them from the dead letters; how many arrived there."""
        ...


class Stores(Protocol):
    """What a transaction gives to this use case."""

    @property
    def audit(self) -> AuditTrail:
        """What people do."""
        ...


Transactions = Callable[[Principal], AbstractContextManager[Stores]]


class Redriving:
    """The one use case. `elapsed` tells seconds that only ever grow."""

    def __init__(
        self,
        transactions: Transactions,
        letters: DeadLetters,
        must_be_open: Callable[[], None],
        elapsed: Callable[[], float],
    ) -> None:
        self._transactions = transactions
        self._letters = letters
        self._must_be_open = must_be_open
        self._elapsed = elapsed

    def redrive(self, who: Principal) -> Redriven:
        """Put what is a permit back; what is none would only come here again, and stays for somebody to look at."""
        who.must(Permission.OPERATE)
        self._must_be_open()
        done = self._all_of_them()
        ids = {"userId": str(who.member_id), "workspaceId": str(who.workspace_id)}
        _log.info("dead letters put back", extra={**ids, "moved": done.moved, "left": done.left})
        # Last and alone: while the letters are moved nobody waits for the end of the audit log.
        with self._transactions(who) as stores:
            stores.audit.record(Action.DELIVERY_REDRIVEN, moved=done.moved, left=done.left)
        return done

    def _all_of_them(self) -> Redriven:
        seen = moved = 0
        ends = self._elapsed() + SECONDS
        while seen < AT_MOST and self._elapsed() < ends and (taken := self._letters.take()):
            seen += len(taken)
            moved += self._letters.put_back([letter for letter in taken if _is_permit(letter)])
        return Redriven(moved, seen - moved)


def _is_permit(letter: DeadLetter) -> bool:
    try:
        parse(letter.body, letter.attributes)
    except Invalid:
        return False
    return True
