"""The pace of accounts in Redis: the fast say on who may send now. The last word is PostgreSQL's, in the claim."""

from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any, Protocol
from uuid import UUID

from huntaze.delivery.model import HORIZON, LEASE, Asked, Glance, Granted, Out, Pace, Refused, Unheard, Verdict
from huntaze.errors import Unavailable
from huntaze.runtime.redis import Call

SCRIPTS = Path(__file__).parent / "scripts"
TAKE, SETTLE, RELEASE, TELL, PLAN, LOOK = (
    SCRIPTS / f"{name}.lua" for name in ("take", "settle", "release", "tell", "plan", "look")
)
MOST_UNANSWERED = 100
_UNHEARD, _REFUSED = -1, 0


class Server(Protocol):
    """A server that runs scripts."""

    def run_all(self, calls: Sequence[Call]) -> list[Any]:
        """What each of these scripts answers, in one round trip; Unavailable when one cannot be run."""
        ...


class RedisPace:
    """Tokens and plans of accounts. Everything of one account lies in one slot of a cluster."""

    def __init__(self, server: Server, lease: timedelta = LEASE) -> None:
        self._server = server
        self._lease = lease
        self._unanswered: list[Asked] = []

    def take(self, asked: Sequence[Asked]) -> list[Verdict]:
        """May each of these send now? All in one round trip.

        A server that hung does late what it was asked and nobody waits for any more. Before anything else is asked the
        tokens of such attempts are given back, or a whole account would rest until they come back by themselves.
        """
        try:
            if self._unanswered:
                self.release(self._unanswered)
                self._unanswered = []
            return [_verdict(answer) for answer in self._server.run_all([self._take(one) for one in asked])]
        except Unavailable:
            self._unanswered = [*self._unanswered, *asked][-MOST_UNANSWERED:]
            raise

    def settle(self, answered: Sequence[Asked]) -> None:
        """The platform has answered these: each token comes back one window from now."""
        self._server.run_all(
            [
                Call(SETTLE, _bucket(one.account_id), [str(one.attempt_id), _microseconds(one.pace.window)])
                for one in answered
            ]
        )

    def release(self, unused: Sequence[Asked]) -> None:
        """Nothing was claimed under these attempts: their tokens are free at once."""
        self._server.run_all([_release(one) for one in unused])

    def tell(self, account_id: UUID, pace: Pace, out: Sequence[Out]) -> None:
        """Tell which tokens of an account are out; nothing happens where it is known already."""
        pairs = [word for one in out for word in (str(one.attempt_id), _microseconds(one.back_in))]
        kept = _microseconds(self._lease + 2 * pace.window)
        self._server.run_all([Call(TELL, _bucket(account_id), [kept, *pairs])])

    def plan_flow(self, account_id: UUID, pace: Pace, not_before: timedelta = timedelta(0)) -> timedelta:
        """When the next permit of a campaign should fire, or one that was refused: behind all others."""
        return self._plan(account_id, pace, "flow", not_before)

    def plan_burst(self, account_id: UUID, pace: Pace) -> timedelta:
        """When the next permit of a person should fire: at once, as long as a burst allows."""
        return self._plan(account_id, pace, "burst", timedelta(0))

    def look(self, accounts: Sequence[tuple[UUID, Pace]]) -> list[Glance]:
        """How these accounts stand: nothing is taken, planned or written."""
        return [_glance(*answer) for answer in self._server.run_all([_look(*account) for account in accounts])]

    def _take(self, one: Asked) -> Call:
        pace = one.pace
        times = (pace.window, self._lease, timedelta(seconds=pace.gap_seconds))
        words: list[int | str] = [str(one.attempt_id), pace.messages, *map(_microseconds, times)]
        return Call(TAKE, _bucket(one.account_id), words)

    def _plan(self, account_id: UUID, pace: Pace, kind: str, not_before: timedelta) -> timedelta:
        keys = [_bucket(account_id)[0], f"{{{account_id}}}:plan"]
        times = map(_microseconds, (pace.spacing, not_before, HORIZON))
        words: list[int | str] = [kind, pace.messages, *times]
        [wait] = self._server.run_all([Call(PLAN, keys, words)])
        return timedelta(microseconds=int(wait))


def _look(account_id: UUID, pace: Pace) -> Call:
    keys = [*_bucket(account_id), f"{{{account_id}}}:plan"]
    return Call(LOOK, keys, [pace.messages, _microseconds(pace.spacing)])


def _glance(left: int, wait: int) -> Glance:
    return Glance(None if left == _UNHEARD else left, timedelta(microseconds=wait))


def _bucket(account_id: UUID) -> list[str]:
    return [f"{{{account_id}}}:tokens", f"{{{account_id}}}:known"]


def _release(one: Asked) -> Call:
    return Call(RELEASE, _bucket(one.account_id)[:1], [str(one.attempt_id)])


def _verdict(answer: Sequence[int]) -> Verdict:
    if answer[0] == _UNHEARD:
        return Unheard()
    if answer[0] == _REFUSED:
        return Refused(timedelta(microseconds=int(answer[1])))
    return Granted(int(answer[1]))


def _microseconds(duration: timedelta) -> int:
    return duration // timedelta(microseconds=1)
