"""A batch of permits: ask the pace, claim, send side by side, settle. What cannot be done now waits as a new permit."""

import logging
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Protocol
from uuid import UUID

from huntaze.clock import Clock
from huntaze.delivery.model import (
    DEADLINE,
    Asked,
    Busy,
    Claim,
    Claimed,
    Granted,
    NotYet,
    Out,
    Pace,
    Refused,
    Sender,
    Unheard,
    Verdict,
)
from huntaze.delivery.permits import Permit
from huntaze.delivery.postponing import Postponing
from huntaze.delivery.settling import Settling
from huntaze.errors import NotFound, Unavailable
from huntaze.measures import Count, Measures, Time
from huntaze.platforms.model import Answer, Door, Letter, NotAccepted, Unknown
from huntaze.platforms.service import Platform

LONGEST_WAIT_IN_PLACE = 1.0  # a permit's delay is rounded down to whole seconds
LEAST_TIME = 5.0  # to send in; with less of it left nothing more is claimed
BUSY_FOR = timedelta(seconds=2)
AT_ONCE = 10

_log = logging.getLogger(__name__)


class Tokens(Protocol):
    """The pace of accounts."""

    def take(self, asked: Sequence[Asked]) -> Sequence[Verdict]:
        """May each of these send now?"""
        ...

    def tell(self, account_id: UUID, pace: Pace, out: Sequence[Out]) -> None:
        """Tell which tokens of an account are out."""
        ...

    def settle(self, answered: Sequence[Asked]) -> None:
        """The platform has answered these."""
        ...

    def release(self, unused: Sequence[Asked]) -> None:
        """Nothing was sent under these attempts."""
        ...


class Accounts(Protocol):
    """What is asked across workspaces."""

    def to_send(self, account_ids: Sequence[UUID]) -> dict[UUID, Sender]:
        """The accounts that a batch of permits names."""
        ...


class Doors(Protocol):
    """Where accounts are reached."""

    def open(self, workspace_id: UUID, connection_id: UUID) -> Door:
        """What opens an account; NotFound when nobody is connected any more."""
        ...


class Claims(Protocol):
    """The claims of one workspace, inside one transaction."""

    def claim(self, account_id: UUID, attempt_id: UUID) -> Claim:
        """Take the message that should leave next."""
        ...

    def tokens_out(self, account_id: UUID) -> Sequence[Out]:
        """Which tokens of an account are out."""
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


@dataclass(frozen=True, slots=True)
class Ticket:
    """A permit that fired, with all that it needs to send."""

    permit: Permit
    sender: Sender
    door: Door
    asked: Asked


@dataclass(frozen=True, slots=True, kw_only=True)
class Tools:
    """What sending is done with."""

    tokens: Tokens
    accounts: Accounts
    doors: Doors
    platform: Callable[[str], Platform]
    transactions: Callable[[UUID], AbstractContextManager[Stores]]
    settling: Settling
    postponing: Postponing
    measures: Measures
    clock: Clock
    new_id: Callable[[], UUID]
    sleep: Callable[[float], None] = field(default=time.sleep)


class Dispatch:
    """Serves batches of permits."""

    def __init__(self, tools: Tools) -> None:
        self._tools = tools

    def serve(self, permits: Sequence[Permit], until: float) -> list[Permit]:
        """Do what these permits allow before this moment of `time.monotonic`; those that must come again as they are."""
        self._wait_for_slots(permits)
        try:
            tickets = list(self._tickets(permits))
            granted, back = self._granted(tickets)
        except Unavailable:
            return list(self._tools.postponing.for_a_moment(permits))
        return back + self._sent(granted, until)

    def _wait_for_slots(self, permits: Sequence[Permit]) -> None:
        """Delays are whole seconds. Only that much: a worker whose clock is wrong must not wait for an hour."""
        now = self._tools.clock.now()
        early = max(((permit.slot_at - now).total_seconds() for permit in permits), default=0)
        self._tools.sleep(min(max(early, 0), LONGEST_WAIT_IN_PLACE))

    def _tickets(self, permits: Sequence[Permit]) -> Iterator[Ticket]:
        """A ticket for each permit of an account that is there; the others have nothing to serve."""
        senders = self._tools.accounts.to_send([permit.account_id for permit in permits])
        for permit in permits:
            sender = senders.get(permit.account_id)
            if sender is None or sender.workspace_id != permit.workspace_id:
                _log.warning("a permit of no account", extra={"accountId": str(permit.account_id)})
                continue
            try:
                door = self._tools.doors.open(sender.workspace_id, sender.id)
            except NotFound:
                self._drop(permit)
                continue
            yield Ticket(permit, sender, door, Asked(sender.id, self._tools.new_id(), sender.pace))

    def _granted(self, tickets: Sequence[Ticket]) -> tuple[list[Ticket], list[Permit]]:
        """Who got a token; what was refused waits behind all others."""
        granted, back = [], []
        for ticket, verdict in zip(tickets, self._verdicts(tickets), strict=True):
            match verdict:
                case Granted():
                    granted.append(ticket)
                case Refused(wait_):
                    back += self._postponed(ticket, wait_)
                case Unheard():
                    back += self._tools.postponing.for_a_moment([ticket.permit])
        return granted, back

    def _verdicts(self, tickets: Sequence[Ticket]) -> list[Verdict]:
        """In one round trip; those that Redis knows nothing of are asked again when it has been told."""
        verdicts = list(self._tools.tokens.take([ticket.asked for ticket in tickets])) if tickets else []
        unheard = [place for place, verdict in enumerate(verdicts) if isinstance(verdict, Unheard)]
        for sender in {tickets[place].sender for place in unheard}:
            with self._tools.transactions(sender.workspace_id) as stores:
                out = stores.claims.tokens_out(sender.id)
            self._tools.tokens.tell(sender.id, sender.pace, out)
        if unheard:
            again = self._tools.tokens.take([tickets[place].asked for place in unheard])
            for place, verdict in zip(unheard, again, strict=True):
                verdicts[place] = verdict
        return verdicts

    def _sent(self, tickets: Sequence[Ticket], until: float) -> list[Permit]:
        """Claim and send side by side; who waits behind another to the same fan is asked again when that is done."""
        back: list[Permit] = []
        waiting, flying = list(tickets), dict[Future[Answer], tuple[Ticket, Claimed]]()
        with ThreadPoolExecutor(AT_ONCE) as threads:
            while waiting or flying:
                busy: list[Ticket] = []
                for ticket in waiting:
                    give_up_at = min(time.monotonic() + DEADLINE.total_seconds(), until)
                    claim = self._claim(ticket, until)
                    if isinstance(claim, Claimed):
                        flying[threads.submit(self._ask, ticket, claim, give_up_at)] = ticket, claim
                    elif isinstance(claim, Busy) and flying:
                        busy.append(ticket)
                    else:
                        back += self._unused(ticket, claim)
                self._settle_some(flying)
                waiting = busy
        return back

    def _claim(self, ticket: Ticket, until: float) -> Claim | None:
        """What the database has to say; None when nobody can say, or no time is left."""
        if time.monotonic() + LEAST_TIME > until:
            return None
        try:
            with self._tools.transactions(ticket.sender.workspace_id) as stores:
                claim = stores.claims.claim(ticket.sender.id, ticket.asked.attempt_id)
                if not isinstance(claim, Busy | NotYet):
                    stores.outbox.drop_permit(ticket.permit.message_id)
        except Unavailable:
            return None
        return claim

    def _unused(self, ticket: Ticket, claim: Claim | None) -> list[Permit]:
        """Nothing is sent under this ticket. Its token is free again unless the claim may have been made after all."""
        if claim is None:
            return list(self._tools.postponing.for_a_moment([ticket.permit]))
        self._in_redis(self._tools.tokens.release, [ticket.asked])
        match claim:
            case NotYet(wait_):
                return self._postponed(ticket, wait_)
            case Busy():
                return self._postponed(ticket, BUSY_FOR)
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
            return self._tools.platform(ticket.sender.platform).send(ticket.door, letter, give_up_at)
        except Exception:
            _log.exception("a sender failed", extra={"messageId": str(claimed.message_id)})
            return Unknown("sender_failed")

    def _settle_some(self, flying: dict[Future[Answer], tuple[Ticket, Claimed]]) -> None:
        if not flying:
            return
        done, _ = wait(flying, return_when=FIRST_COMPLETED)
        settled = [(*flying.pop(future), future.result()) for future in done]
        for ticket, claimed, answer in settled:
            self._settle(ticket, claimed, answer)
        for reached, act in ((True, self._tools.tokens.settle), (False, self._tools.tokens.release)):
            self._in_redis(act, [ticket.asked for ticket, _, answer in settled if _has_reached(answer) is reached])

    def _settle(self, ticket: Ticket, claimed: Claimed, answer: Answer) -> None:
        late = self._tools.clock.now() - ticket.permit.slot_at
        self._tools.measures.time(Time.SLOT_DELAY, max(late.total_seconds(), 0), ticket.sender.platform)
        try:
            self._tools.settling.settle(ticket.sender, claimed, answer)
        except Unavailable:  # its lease will run out, and the platform be asked
            _log.exception("an answer could not be written down", extra={"messageId": str(claimed.message_id)})

    def _postponed(self, ticket: Ticket, wait_: timedelta) -> list[Permit]:
        self._tools.measures.count(Count.DEFERRED, 1, ticket.sender.platform)
        return list(self._tools.postponing.until(ticket.sender, ticket.permit, wait_))

    def _in_redis(self, act: Callable[[Sequence[Asked]], None], asked: Sequence[Asked]) -> None:
        """What Redis is told after the fact: when it does not hear it, a token comes back later than it could."""
        if not asked:
            return
        try:
            act(asked)
        except Unavailable:
            _log.warning("Redis could not be told", extra={"attempts": len(asked)})

    def _drop(self, permit: Permit) -> None:
        with self._tools.transactions(permit.workspace_id) as stores:
            stores.outbox.drop_permit(permit.message_id)


def _has_reached(answer: Answer) -> bool | None:
    """Whether the platform had a request of ours, so that it counts; None when nobody can say, and the token stays out."""
    if isinstance(answer, Unknown):
        return None
    return answer.asked if isinstance(answer, NotAccepted) else True
