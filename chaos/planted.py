"""Bugs, planted one at a time to show that each is caught: small changes to the product, by name.

A worker process plants the one that its orders name; `planted` plants one here, for as long as a block lasts. Each is a
mistake that somebody has made somewhere; tests/integration/delivery/test_planted.py says what catches it.
"""

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import timedelta
from typing import Any

from chaos import planted_elsewhere
from chaos.planting import Change, in_place, instead, put_in_place, without
from huntaze.delivery import attempts, claims, handing_over, pace
from huntaze.delivery.handing_over import Flight, HandingOver, Ticket
from huntaze.delivery.model import DEADLINE, Claimed, NothingDue, Outcome
from huntaze.delivery.planning import Planner
from huntaze.delivery.reconciling import Reconciling
from huntaze.delivery.relay import Relay
from huntaze.delivery.settling import Settling
from huntaze.delivery.store import PostgresOutbox
from huntaze.platforms.bridge import Bridge
from huntaze.platforms.model import NotAccepted, Unknown

GUARD = "AND attempt_id = %(attempt_id)s"
NEVER = "SELECT interval '0' AS wait WHERE false"
# For long enough that another claims meanwhile on a machine that has much else to do.
UNLOCK_EARLY = "SELECT pg_advisory_unlock(hashtextextended(%s, 0)), pg_sleep(0.2)"


def record_after_send() -> Iterator[Change]:
    """The claim is committed when the answer is there, so that nothing is written about a message that was not sent."""

    def serve(self: HandingOver, tickets: Sequence[Ticket], until: float) -> list[object]:
        for ticket in tickets:
            begun = time.monotonic()
            with self.transactions(ticket.sender.workspace_id) as stores:
                claim = stores.claims.claim(ticket.sender.id, ticket.asked.attempt_id)
                stores.outbox.drop_permit(ticket.permit.message_id)
                if not isinstance(claim, Claimed):
                    continue
                answer = self._ask(ticket, claim, min(begun + DEADLINE.total_seconds(), until))
            self._settle(Flight(ticket, claim, begun), answer)
        return []

    yield Change(HandingOver, "serve", serve)


def lapsed_goes_back() -> Iterator[Change]:
    """A message whose worker died is sent again at once: probably it had not left."""

    def lapsed(self: Reconciling, doubt: Any) -> None:
        with self.transactions(doubt.workspace_id) as stores:
            stores.attempts.unknown(doubt.attempt_id, doubt.message_id, "sender_ended", Outcome.LAPSED)
            stores.attempts.proven_absent(doubt.attempt_id, doubt.message_id, "sender_ended")
        self.wake(doubt.workspace_id, doubt.account_id)

    yield Change(Reconciling, "_lapsed", lapsed)


def resend_on_timeout() -> Iterator[Change]:
    """No answer counts as a no."""
    written = Settling._written  # noqa: SLF001

    def resend(self: Settling, stores: Any, sender: Any, claimed: Claimed, answer: Any) -> Any:
        said = NotAccepted(answer.reason, asked=True) if isinstance(answer, Unknown) else answer
        return written(self, stores, sender, claimed, said)

    yield Change(Settling, "_written", resend)


def reference_by_attempt() -> Iterator[Change]:
    """Each attempt tells the platform another reference, as HTTP clients make request ids."""
    ask = HandingOver._ask  # noqa: SLF001

    def ask_anew(self: HandingOver, ticket: Ticket, claimed: Claimed, give_up_at: float) -> Any:
        return ask(self, ticket, replace(claimed, message_id=claimed.attempt_id), give_up_at)

    yield Change(HandingOver, "_ask", ask_anew)


def doubt_forgotten() -> Iterator[Change]:
    """What became of a message is left open, and nobody is asked."""
    yield Change(attempts, "IN_DOUBT", instead(attempts.IN_DOUBT, "claimed_at + %(doubt)s", "NULL"))


def token_back_without_an_answer() -> Iterator[Change]:
    """An attempt that was not answered is taken for one that spent nothing."""
    back = "settled_at = clock_timestamp(), token_returns_at = clock_timestamp()"
    yield Change(attempts, "IN_DOUBT", instead(attempts.IN_DOUBT, "settled_at = clock_timestamp()", back))
    has_reached = handing_over._has_reached  # noqa: SLF001
    yield Change(handing_over, "_has_reached", lambda answer: has_reached(answer) or False)


def window_by_dispatch() -> Iterator[Change]:
    """A token comes back a window after it was taken, however long the way to the platform was."""
    by_claim = instead(attempts.SETTLE, "= clock_timestamp()\n        + CASE", "= d.claimed_at\n        + CASE")
    yield Change(attempts, "SETTLE", by_claim)
    yield Change(claims, "ATTEMPT", instead(claims.ATTEMPT, "at + %(lease)s + %(window)s", "at + %(window)s"))
    yield Change(pace.RedisPace, "settle", lambda _, __: None)
    yield Change(pace.RedisPace.__init__, "__defaults__", (timedelta(0),))


def bucket_born_full() -> Iterator[Change]:
    """A Redis that knows nothing grants a whole burst, and nobody else counts: as every limiter that was measured."""
    tell = pace.RedisPace.tell
    yield Change(pace.RedisPace, "tell", lambda self, account_id, of, _: tell(self, account_id, of, []))
    yield Change(claims, "FULL_FOR", NEVER)


def claim_without_account_lock() -> Iterator[Change]:
    """Two who claim at once each count the tokens before the other has taken one."""
    yield Change(claims, "LOCK_ACCOUNT", without(claims.LOCK_ACCOUNT, "FOR NO KEY UPDATE"))


def lock_released_before_commit() -> Iterator[Change]:
    """The account is held while a claim is made, and let go a moment before that is there for others to see."""
    claim = claims.PostgresClaims.claim

    def claim_and_let_go(self: Any, account_id: Any, *more: Any) -> Any:
        connection = self._connection
        connection.execute("SELECT pg_advisory_lock(hashtextextended(%s, 0))", [str(account_id)])
        try:
            return claim(self, account_id, *more)
        finally:
            connection.execute(UNLOCK_EARLY, [str(account_id)])

    yield Change(claims, "LOCK_ACCOUNT", without(claims.LOCK_ACCOUNT, "FOR NO KEY UPDATE"))
    yield Change(claims.PostgresClaims, "claim", claim_and_let_go)


def settle_without_guard() -> Iterator[Change]:
    """An answer changes its message, whoever else has claimed that since."""
    for name in ("SENT", "BACK", "FAILED", "UNKNOWN"):
        yield Change(attempts, name, without(getattr(attempts, name), GUARD))


def sends_past_its_deadline() -> Iterator[Change]:
    """A worker that was frozen takes its time from when it wakes up."""
    send = Bridge.send

    def send_late(self: Bridge, door: Any, letter: Any, give_up_at: float) -> Any:
        return send(self, door, letter, max(give_up_at, time.monotonic() + 1))

    yield Change(Bridge, "send", send_late)


def relay_off() -> Iterator[Change]:
    """A queue loses nothing, so nobody looks whether it did."""
    yield Change(Relay, "round", lambda _, __: 0)


def overtakes_in_doubt() -> Iterator[Change]:
    """The next line leaves although nobody knows whether the one before it has arrived."""
    yield Change(claims, "NEXT", instead(claims.NEXT, "other.status = 'unknown'", "false"))


def overtakes_on_its_way() -> Iterator[Change]:
    """The next line leaves while the one before it is on its way."""
    yield Change(claims, "NEXT", instead(claims.NEXT, "other.status = 'sending'", "false"))


def claims_not_counted() -> Iterator[Change]:
    """A counter that is kept beside its rows, and forgotten once."""
    yield Change(claims, "SENDING", without(claims.SENDING, ", claims = claims + 1"))


def refusals_not_counted() -> Iterator[Change]:
    """A refusal costs a message nothing, so that it is tried for ever."""
    yield Change(attempts, "BACK", without(attempts.BACK, ", attempts = attempts + %(counted)s"))


def duplicates_breed() -> Iterator[Change]:
    """A permit that finds nothing to send is put back, in case something comes, and copies are as good as any."""
    unused = HandingOver._unused  # noqa: SLF001

    def put_back(self: HandingOver, ticket: Ticket, claim: Any) -> Any:
        if isinstance(claim, NothingDue):
            self._in_redis(self.tokens.release, [ticket.asked])
            return list(self.postponing.until(ticket.sender, ticket.permit, timedelta(seconds=1)))
        return unused(self, ticket, claim)

    yield Change(HandingOver, "_unused", put_back)
    yield Change(PostgresOutbox, "is_a_copy", lambda *_: False)


def refused_to_the_next_token() -> Iterator[Change]:
    """What was refused comes again with the next token: all of it."""
    yield Change(Planner, "_wait", lambda _, __, not_before, **___: not_before)


def text_in_the_log() -> Iterator[Change]:
    """Somebody wanted to see what is sent."""
    ask = HandingOver._ask  # noqa: SLF001

    def tell_and_ask(self: HandingOver, ticket: Ticket, claimed: Claimed, give_up_at: float) -> Any:
        handing_over._log.info("sending %s", claimed.text)  # noqa: SLF001
        return ask(self, ticket, claimed, give_up_at)

    yield Change(HandingOver, "_ask", tell_and_ask)


OF_THE_SEND_PATH: tuple[Callable[[], Iterator[Change]], ...] = (
    record_after_send,
    lapsed_goes_back,
    resend_on_timeout,
    reference_by_attempt,
    doubt_forgotten,
    token_back_without_an_answer,
    window_by_dispatch,
    bucket_born_full,
    claim_without_account_lock,
    lock_released_before_commit,
    settle_without_guard,
    sends_past_its_deadline,
    relay_off,
    overtakes_in_doubt,
    overtakes_on_its_way,
    claims_not_counted,
    refusals_not_counted,
    duplicates_breed,
    refused_to_the_next_token,
    text_in_the_log,
)
BUGS = {bug.__name__: bug for bug in (*OF_THE_SEND_PATH, *planted_elsewhere.BUGS)}


def plant(name: str) -> None:
    """Have this bug from now on."""
    put_in_place(BUGS[name]())


def planted(name: str) -> AbstractContextManager[None]:
    """Have this bug, to the end of the block."""
    return in_place(BUGS[name]())
