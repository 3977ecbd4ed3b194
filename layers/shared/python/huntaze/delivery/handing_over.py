"""Handing over: claim, send side by side, settle; whoever gets no message gives the token back."""

import logging
import time
from collections.abc import Callable, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum
from typing import Protocol
from uuid import UUID

from huntaze.clock import Clock
from huntaze.delivery.model import DEADLINE, Asked, Busy, Claim, Claimed, Contended, NotYet, Sender
from huntaze.delivery.permits import Permit
from huntaze.delivery.postponing import Postponing
from huntaze.delivery.settling import Settling
from huntaze.errors import Unavailable
from huntaze.measures import Measures, Time
from huntaze.platforms.model import Answer, Door, Letter, NotAccepted, Unknown
from huntaze.platforms.service import Platform

LEAST_TIME = 5.0  # to send in; with less of it left nothing more is claimed
BUSY_FOR = timedelta(seconds=2)
AT_ONCE = 10

_log = logging.getLogger(__name__)


class Tokens(Protocol):
    """The tokens of accounts."""

    def settle(self, answered: Sequence[Asked]) -> None:
        """The platform has answered these."""
        ...

    def release(self, unused: Sequence[Asked]) -> None:
        """Nothing reached the platform under these."""
        ...


class Claims(Protocol):
    """The claims of one workspace, inside one transaction."""

    def claim(self, account_id: UUID, attempt_id: UUID, signed_in_at: datetime | None = None) -> Claim:
        """Take the message that should leave next, by a door that is open since then."""
        ...


class Permits(Protocol):
    """The permits of one workspace, inside one transaction."""

    def drop_permit(self, message_id: UUID) -> None:
        """A permit has done its work."""
        ...


class Stores(Protocol):
    """What a transaction gives to this."""

    @property
    def claims(self) -> Claims:
        """Who sends what."""
        ...

    @property
    def outbox(self) -> Permits:
        """The permits."""
        ...


class NoClaim(Enum):
    """Why the database has not said anything."""

    OUT_OF_TIME = "too little is left to send in, so it was not asked"
    AWAY = "it cannot be reached, or was not when it should have committed"
    BROKEN = "something failed that should not"


@dataclass(frozen=True, slots=True)
class Ticket:
    """A permit that fired, with all that it needs to send."""

    permit: Permit
    sender: Sender
    door: Door
    asked: Asked


@dataclass(frozen=True, slots=True)
class Flight:
    """A message on its way, since a moment of `time.monotonic`."""

    ticket: Ticket
    claimed: Claimed
    begun: float


@dataclass(frozen=True, slots=True, kw_only=True)
class HandingOver:
    """Sends what tickets with a token allow."""

    tokens: Tokens
    platform: Callable[[str], Platform]
    transactions: Callable[[UUID], AbstractContextManager[Stores]]
    settling: Settling
    postponing: Postponing
    measures: Measures
    clock: Clock

    def serve(self, tickets: Sequence[Ticket], until: float) -> list[Permit]:
        """Before this moment of `time.monotonic`; the permits that must come again as they are.

        Who waits behind another to the same fan is asked again when that one has been settled.
        """
        back: list[Permit] = []
        waiting, flying = list(tickets), dict[Future[Answer], Flight]()
        with ThreadPoolExecutor(AT_ONCE) as threads:
            while waiting or flying:
                busy: list[Ticket] = []
                for ticket in waiting:
                    give_up_at = min(time.monotonic() + DEADLINE.total_seconds(), until)
                    claim = self._claim(ticket, until)
                    if isinstance(claim, Claimed):
                        self._measure_slot(ticket)
                        flight = Flight(ticket, claim, begun=time.monotonic())
                        flying[threads.submit(self._ask, ticket, claim, give_up_at)] = flight
                    elif isinstance(claim, Busy) and flying:
                        busy.append(ticket)
                    else:
                        back += self._unused(ticket, claim)
                self._settle_some(flying)
                waiting = busy
        return back

    def _claim(self, ticket: Ticket, until: float) -> Claim | NoClaim:
        if time.monotonic() + LEAST_TIME > until:
            return NoClaim.OUT_OF_TIME
        try:
            with self.transactions(ticket.sender.workspace_id) as stores:
                claim = stores.claims.claim(ticket.sender.id, ticket.asked.attempt_id, ticket.door.signed_in_at)
                if not isinstance(claim, Busy | NotYet):
                    stores.outbox.drop_permit(ticket.permit.message_id)
        except Contended:
            return Busy()
        except Unavailable:
            return NoClaim.AWAY
        except Exception:  # noqa: BLE001 - one account that fails must not take along what is under way for others
            _log.exception("a claim failed", extra={"accountId": str(ticket.sender.id)})
            return NoClaim.BROKEN
        return claim

    def _unused(self, ticket: Ticket, claim: Claim | NoClaim) -> list[Permit]:
        """Nothing is sent under this ticket. Its token is free again unless the claim may have been made after all."""
        if claim is NoClaim.AWAY:
            return list(self.postponing.for_a_moment([ticket.permit]))
        if claim is NoClaim.BROKEN:
            return [ticket.permit]
        self._in_redis(self.tokens.release, [ticket.asked])
        match claim:
            case NoClaim.OUT_OF_TIME:
                return list(self.postponing.shortly([ticket.permit]))
            case NotYet(wait_):
                return list(self.postponing.until(ticket.sender, ticket.permit, wait_))
            case Busy():
                return list(self.postponing.until(ticket.sender, ticket.permit, BUSY_FOR))
            case _:
                return []

    def _ask(self, ticket: Ticket, claimed: Claimed, give_up_at: float) -> Answer:
        """In a thread of its own: everything that it needs has been read before."""
        letter = Letter(
            reference=claimed.message_id,
            recipient=claimed.recipient,
            text=claimed.text,
            price_cents=claimed.price_cents,
            currency=claimed.currency,
            media=claimed.media,
        )
        try:
            return self.platform(ticket.sender.platform).send(ticket.door, letter, give_up_at)
        except Exception:  # noqa: BLE001 - one sender that fails must not take the others along
            _log.exception("a sender failed", extra={"messageId": str(claimed.message_id)})
            return Unknown("sender_failed")

    def _measure_slot(self, ticket: Ticket) -> None:
        late = self.clock.now() - ticket.permit.slot_at
        self.measures.time(Time.SLOT_DELAY, max(late.total_seconds(), 0), ticket.sender.platform)

    def _settle_some(self, flying: dict[Future[Answer], Flight]) -> None:
        if not flying:
            return
        done, _ = wait(flying, return_when=FIRST_COMPLETED)
        settled = [(flying.pop(future), future.result()) for future in done]
        for flight, answer in settled:
            self._settle(flight, answer)
        for reached, act in ((True, self.tokens.settle), (False, self.tokens.release)):
            self._in_redis(act, [flight.ticket.asked for flight, answer in settled if _has_reached(answer) is reached])

    def _settle(self, flight: Flight, answer: Answer) -> None:
        ticket, claimed = flight.ticket, flight.claimed
        self.measures.time(Time.PROCESSING, time.monotonic() - flight.begun, ticket.sender.platform)
        try:
            self.settling.settle(ticket.sender, claimed, answer)
        except Exception:  # noqa: BLE001 - its lease will run out, and the platform be asked; the others are written down
            _log.exception("an answer could not be written down", extra={"messageId": str(claimed.message_id)})

    def _in_redis(self, act: Callable[[Sequence[Asked]], None], asked: Sequence[Asked]) -> None:
        """What Redis is told after the fact: when it does not hear it, a token comes back later than it could."""
        if not asked:
            return
        try:
            act(asked)
        except Unavailable:
            _log.warning("Redis could not be told", extra={"attempts": len(asked)})


def _has_reached(answer: Answer) -> bool | None:
    """Whether the platform had a request of ours, so that it counts; None, and its token stays out, if unknown."""
    if isinstance(answer, Unknown):
        return None
    return answer.asked if isinstance(answer, NotAccepted) else True
