"""A batch of permits: who fires in time, who gets a token. What cannot be done now waits as a new permit."""

import logging
import time
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol
from uuid import UUID

from huntaze.clock import Clock
from huntaze.delivery.handing_over import HandingOver, Ticket
from huntaze.delivery.model import Asked, Granted, Out, Pace, Refused, Sender, Unheard, Verdict
from huntaze.delivery.permits import Permit
from huntaze.delivery.postponing import Postponing
from huntaze.errors import NotFound, Unavailable
from huntaze.platforms.model import Door

LONGEST_WAIT_IN_PLACE = timedelta(seconds=1)  # a permit's delay is rounded down to whole seconds

_log = logging.getLogger(__name__)


class Tokens(Protocol):
    """The tokens of accounts."""

    def take(self, asked: Sequence[Asked]) -> Sequence[Verdict]:
        """Whether each of these may send now."""
        ...

    def tell(self, account_id: UUID, pace: Pace, out: Sequence[Out]) -> None:
        """Tell which tokens of an account are out."""
        ...


class Accounts(Protocol):
    """What is asked across workspaces."""

    def to_send(self, account_ids: Sequence[UUID]) -> dict[tuple[UUID, UUID], Sender]:
        """The accounts that a batch of permits names, by workspace and id."""
        ...


class Doors(Protocol):
    """Where accounts are reached."""

    def open(self, workspace_id: UUID, connection_id: UUID) -> Door:
        """What opens an account; NotFound when nobody is connected any more."""
        ...


class Claims(Protocol):
    """The claims of one workspace, inside one transaction."""

    def tokens_out(self, account_id: UUID) -> Sequence[Out]:
        """Which tokens of an account are out."""
        ...


class Permits(Protocol):
    """The permits of one workspace, inside one transaction."""

    def drop_permit(self, message_id: UUID) -> None:
        """A permit is not wanted any more."""
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


@dataclass(slots=True)
class Sorted:
    """What became of tickets that asked for a token."""

    granted: list[Ticket] = field(default_factory=list)
    soon: list[Ticket] = field(default_factory=list)
    longest: timedelta = timedelta(0)  # that one of these has to wait
    back: list[Permit] = field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True)
class Dispatch:
    """Serves batches of permits."""

    tokens: Tokens
    accounts: Accounts
    doors: Doors
    transactions: Callable[[UUID], AbstractContextManager[Stores]]
    handing_over: HandingOver
    postponing: Postponing
    clock: Clock
    new_id: Callable[[], UUID]
    sleep: Callable[[float], None] = field(default=time.sleep)

    def serve(self, permits: Sequence[Permit], until: float) -> list[Permit]:
        """Do what these permits allow before this moment of `time.monotonic`; those that must come again."""
        self._wait_for_slots(permits)
        try:
            tickets, broken = self._tickets(permits)
            sorted_ = self._sorted(tickets)
        except Unavailable:
            return list(self.postponing.for_a_moment(permits))
        soon_at = self.clock.now() + sorted_.longest
        back = broken + sorted_.back + self.handing_over.serve(sorted_.granted, until)
        return back + self._asked_again(sorted_.soon, soon_at, until)

    def _asked_again(self, tickets: Sequence[Ticket], at: datetime, until: float) -> list[Permit]:
        """Those whose token comes back within the second, after the others have left: nobody waits for these.

        Behind all others they would lose their slot because the message before them was a little late.
        """
        if not tickets:
            return []
        self._wait_for(at)
        try:
            sorted_ = self._sorted(tickets, patience=timedelta(0))
        except Unavailable:
            return list(self.postponing.for_a_moment([ticket.permit for ticket in tickets]))
        return sorted_.back + self.handing_over.serve(sorted_.granted, until)

    def _wait_for_slots(self, permits: Sequence[Permit]) -> None:
        """Delays are whole seconds, rounded down."""
        if permits:
            self._wait_for(max(permit.slot_at for permit in permits))

    def _wait_for(self, moment: datetime) -> None:
        """A second at most: a worker whose clock is wrong must not wait for an hour."""
        early = moment - self.clock.now()
        self.sleep(min(max(early, timedelta(0)), LONGEST_WAIT_IN_PLACE).total_seconds())

    def _tickets(self, permits: Sequence[Permit]) -> tuple[list[Ticket], list[Permit]]:
        """A ticket for each permit of an account that is there, and the permits of those whose door cannot be opened.

        The others have nothing to serve.
        """
        tickets: list[Ticket] = []
        broken: list[Permit] = []
        senders = self.accounts.to_send([permit.account_id for permit in permits])
        for permit in permits:
            sender = senders.get((permit.workspace_id, permit.account_id))
            if sender is None:
                _log.warning("a permit of no account", extra={"accountId": str(permit.account_id)})
                continue
            try:
                door = self.doors.open(sender.workspace_id, sender.id)
            except NotFound:
                self._drop(permit)
                continue
            except Unavailable:
                raise
            except Exception:  # noqa: BLE001 - one account that is broken must not take the others along
                _log.exception("a door cannot be opened", extra={"accountId": str(sender.id)})
                broken.append(permit)
                continue
            tickets.append(Ticket(permit, sender, door, Asked(sender.id, self.new_id(), sender.pace)))
        return tickets, broken

    def _sorted(self, tickets: Sequence[Ticket], patience: timedelta = LONGEST_WAIT_IN_PLACE) -> Sorted:
        """Who got a token, and who gets one soon; what is refused for longer waits behind all others."""
        found = Sorted()
        for ticket, verdict in zip(tickets, self._verdicts(tickets), strict=True):
            match verdict:
                case Granted():
                    found.granted.append(ticket)
                case Refused(wait) if wait <= patience:
                    found.soon.append(ticket)
                    found.longest = max(found.longest, wait)
                case Refused(wait):
                    found.back += self.postponing.until(ticket.sender, ticket.permit, wait)
                case Unheard():
                    found.back += self.postponing.for_a_moment([ticket.permit])
        return found

    def _verdicts(self, tickets: Sequence[Ticket]) -> list[Verdict]:
        """In one round trip; those that Redis knows nothing of are asked again when it has been told."""
        verdicts = list(self.tokens.take([ticket.asked for ticket in tickets])) if tickets else []
        unheard = [place for place, verdict in enumerate(verdicts) if isinstance(verdict, Unheard)]
        for sender in dict.fromkeys(tickets[place].sender for place in unheard):
            with self.transactions(sender.workspace_id) as stores:
                out = stores.claims.tokens_out(sender.id)
            self.tokens.tell(sender.id, sender.pace, out)
        if unheard:
            again = self.tokens.take([tickets[place].asked for place in unheard])
            for place, verdict in zip(unheard, again, strict=True):
                verdicts[place] = verdict
        return verdicts

    def _drop(self, permit: Permit) -> None:
        with self.transactions(permit.workspace_id) as stores:
            stores.outbox.drop_permit(permit.message_id)
