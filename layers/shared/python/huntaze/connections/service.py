"""What can be done with connected accounts: seeing how they are, testing them, their pace, pausing and resuming."""

import logging
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Protocol
from uuid import UUID

from huntaze.audit.model import Action
from huntaze.audit.service import AuditTrail
from huntaze.clock import Clock
from huntaze.connections.model import (
    FASTEST,
    Connection,
    ConnectionRefused,
    Consent,
    Finding,
    Health,
    Opening,
    Outlook,
    Refusal,
    SealedDoor,
    Status,
    Tested,
    fitted,
    within,
)
from huntaze.delivery.model import Out, Pace
from huntaze.errors import Invalid, NotFound, Unavailable
from huntaze.fans.model import Platform
from huntaze.members.model import Permission, Principal
from huntaze.platforms.model import AccessRefused, AccountFacts, Away, Door
from huntaze.versions import must_be_current

_log = logging.getLogger(__name__)

MOST = 50  # those in use are one for each platform; what was disconnected long ago ends the list

_REFUSED = {
    Away.LOGIN_EXPIRED: Finding.NOT_SIGNED_IN,
    Away.FORBIDDEN: Finding.FORBIDDEN,
    Away.THROTTLED: Finding.BUSY,
}
_NEEDS_LOGIN = {Finding.NOT_SIGNED_IN, Finding.ANOTHER_ACCOUNT}


class ConnectionStore(Protocol):
    """The connections of one workspace, inside one transaction."""

    def newest(self, limit: int) -> Sequence[Connection]:
        """Those in use, then those that were disconnected, the newest first."""
        ...

    def get(self, connection_id: UUID) -> Connection:
        """One; NotFound when there is none."""
        ...

    def get_to_change(self, connection_id: UUID) -> Connection:
        """The same, and nobody else changes it before this transaction ends."""
        ...

    def in_use(self, platform: Platform) -> Connection:
        """The one on a platform that is not disconnected; NotFound when there is none."""
        ...

    def of_account(self, platform: Platform, user_id: str) -> Connection | None:
        """The row of an account, in use or not, which nobody else changes before this transaction ends."""
        ...

    def door(self, connection_id: UUID) -> SealedDoor:
        """How it is reached; NotFound when it was disconnected or has no credentials."""
        ...

    def add(self, connection_id: UUID, platform: Platform, opening: Opening, consent: Consent) -> Connection:
        """Keep a new one; Conflict when the account, or the platform's place, is taken."""
        ...

    def reopen(self, connection_id: UUID, opening: Opening, consent: Consent) -> Connection:
        """Use the row of an account again, under a new consent; Conflict as above."""
        ...

    def open(self, connection_id: UUID, opening: Opening, at: datetime) -> Connection:
        """Keep how an account is reached from now on; Conflict when it is in use elsewhere."""
        ...

    def note_answer(self, connection_id: UUID, facts: AccountFacts, pace: Pace, at: datetime) -> Connection:
        """Keep what its bridge said when it was tested."""
        ...

    def note_test(
        self, connection_id: UUID, at: datetime, *, answered: bool, expired: bool, signed_in_at: datetime | None = None
    ) -> Connection:
        """Keep that a test failed, and whether it shows that the login of then has ended, if it is still in force."""
        ...

    def pace(self, connection_id: UUID, pace: Pace) -> Connection:
        """Let it send at this pace."""
        ...

    def pause(self, connection_id: UUID, reason: str, at: datetime) -> Connection:
        """Let nothing leave until a person resumes it."""
        ...

    def resume(self, connection_id: UUID) -> Connection:
        """End a pause."""
        ...

    def disconnect(self, connection_id: UUID, by: UUID, at: datetime) -> Connection:
        """Destroy what opens it, and keep who took the consent back."""
        ...


class WaitingMessages(Protocol):
    """What is to leave through an account."""

    def count_waiting(self, account_id: UUID) -> int:
        """How many messages wait for it."""
        ...


class SpentTokens(Protocol):
    """The claims of one workspace, inside one transaction."""

    def tokens_out(self, account_id: UUID) -> Sequence[Out]:
        """Which tokens of an account are out."""
        ...


class Stores(Protocol):
    """What a transaction gives to these use cases."""

    @property
    def connections(self) -> ConnectionStore:
        """The connections of the workspace."""
        ...

    @property
    def messages(self) -> WaitingMessages:
        """What waits for them."""
        ...

    @property
    def claims(self) -> SpentTokens:
        """What they have sent lately."""
        ...

    @property
    def audit(self) -> AuditTrail:
        """What people do."""
        ...


class Bridge(Protocol):
    """One kind of platform; each raises Unavailable when nobody answers, AccessRefused when we are not let in."""

    def account(self, door: Door) -> AccountFacts:
        """Who the token belongs to, what can be done there and how fast."""
        ...

    def set_webhook(self, door: Door, url: str) -> None:
        """Have events told to this address from now on, signed with the door's secret."""
        ...

    def clear_webhook(self, door: Door) -> None:
        """Have events told nowhere any more."""
        ...


class Opener(Protocol):
    """Who opens what is sealed."""

    def opened(self, workspace_id: UUID, sealed: SealedDoor) -> Door:
        """The door with its credentials."""
        ...


class Pacing(Protocol):
    """Who knows what the pace has left."""

    def outlook(self, account_id: UUID, pace: Pace, out: Sequence[Out]) -> Outlook:
        """Tokens and the next slot, as far as anybody knows at the moment: it never raises."""
        ...


class Sender(Protocol):
    """Who sends what waits."""

    def wake(self, workspace_id: UUID, account_id: UUID) -> object:
        """An account may send again. Whoever is not woken now, because something is away, wakes by schedule."""
        ...


class NobodyKnows:
    """In the place of a pace that nobody keeps."""

    def outlook(self, _account_id: UUID, _pace: Pace, _out: Sequence[Out]) -> Outlook:
        """Nothing is known."""
        return Outlook()


class NobodySends:
    """In the place of a sender, where there is none."""

    def wake(self, _workspace_id: UUID, _account_id: UUID) -> None:
        """Nobody is there to be woken."""


Transactions = Callable[[Principal], AbstractContextManager[Stores]]


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What these use cases need beside the database."""

    bridge: Callable[[str], Bridge]
    doors: Opener
    pacing: Pacing
    sender: Sender
    afterwards: Callable[[Callable[[list[Any]], None], object], None]  # once everything is committed
    clock: Clock
    pace_is_free: bool = False  # on the local stage alone: tests do not wait for minutes
    monotonic: Callable[[], float] = time.monotonic

    def fitting(self, pace: Pace, facts: AccountFacts) -> Pace:
        """The pace, or a slower one if the platform does not take it."""
        return pace if self.pace_is_free else fitted(pace, FASTEST, facts.limits)

    def health(self, stores: Stores, connection: Connection) -> Health:
        """How a connection is doing."""
        return Health(
            connection,
            waiting=stores.messages.count_waiting(connection.id),
            outlook=self._outlook(stores, connection),
            state=connection.state(self.clock.now()),
        )

    def _outlook(self, stores: Stores, connection: Connection) -> Outlook:
        """What the pace has left; when the next message may leave, only of an account through which any may."""
        if connection.status is Status.REVOKED:
            return Outlook()
        known = self.pacing.outlook(connection.id, connection.pace, stores.claims.tokens_out(connection.id))
        if connection.status is not Status.ACTIVE or connection.pause is not None:
            return replace(known, next_slot_at=None)
        if connection.hold is None or known.next_slot_at is None:
            return known
        return replace(known, next_slot_at=max(known.next_slot_at, connection.hold.until))

    def wake(self, who: Principal, connection_id: UUID) -> None:
        """Have what waits sent, once it is committed that it may be."""
        self.afterwards(self._wake, (who.workspace_id, connection_id))

    def _wake(self, accounts: list[tuple[UUID, UUID]]) -> None:
        for workspace_id, connection_id in accounts:
            try:
                self.sender.wake(workspace_id, connection_id)
            except Unavailable:
                _log.warning("an account that may send again wakes by schedule", exc_info=True)


class Connections:
    """The use cases around accounts that are connected."""

    def __init__(self, transactions: Transactions, around: Surroundings) -> None:
        self._transactions = transactions
        self._around = around

    def all(self, who: Principal) -> tuple[Health, ...]:
        """Every account, those in use first, and how each is doing."""
        who.must(Permission.READ_INBOX)
        with self._transactions(who) as stores:
            return tuple(self._around.health(stores, one) for one in stores.connections.newest(MOST))

    def get(self, who: Principal, connection_id: UUID) -> Health:
        """One account, and how it is doing."""
        who.must(Permission.READ_INBOX)
        with self._transactions(who) as stores:
            return self._around.health(stores, stores.connections.get(connection_id))

    def set_pace(self, who: Principal, connection_id: UUID, pace: Pace, if_match: str | None = None) -> Health:
        """Let it send at another pace, up to what the platform takes."""
        with changing(self._transactions, who, connection_id) as (stores, connection):
            must_be_current(connection, if_match)
            self._must_be_taken(pace, connection)
            if pace == connection.pace:
                return self._around.health(stores, connection)
            health = self._around.health(stores, stores.connections.pace(connection_id, pace))
            numbers = {"messages": pace.messages, "seconds": pace.seconds, "gapSeconds": pace.gap_seconds}
            stores.audit.record(Action.CONNECTION_PACE_CHANGED, connection_id, **numbers)
        self._around.wake(who, connection_id)
        return health

    def pause(self, who: Principal, connection_id: UUID, reason: str) -> Health:
        """Let nothing leave until somebody resumes it. What is on its way to the platform goes on."""
        with changing(self._transactions, who, connection_id) as (stores, _):
            paused = stores.connections.pause(connection_id, reason, self._around.clock.now())
            health = self._around.health(stores, paused)
            stores.audit.record(Action.CONNECTION_PAUSED, connection_id, waiting=health.waiting)
            return health

    def resume(self, who: Principal, connection_id: UUID) -> Health:
        """End a pause: what waits leaves at the account's pace."""
        with changing(self._transactions, who, connection_id) as (stores, connection):
            if connection.pause is None:
                return self._around.health(stores, connection)
            health = self._around.health(stores, stores.connections.resume(connection_id))
            stores.audit.record(Action.CONNECTION_RESUMED, connection_id, waiting=health.waiting)
        self._around.wake(who, connection_id)
        return health

    def test(self, who: Principal, connection_id: UUID) -> Tested:
        """Ask the bridge now. What shows that nothing can be sent in the account's name holds it from then on."""
        who.must(Permission.MANAGE_CONNECTIONS)
        with self._transactions(who) as stores:
            door = opened(self._around, stores, who, stores.connections.get(connection_id))
        began = self._around.monotonic()
        finding, facts = self._ask(door)
        milliseconds = round((self._around.monotonic() - began) * 1000)
        with changing(self._transactions, who, connection_id) as (stores, connection):
            if facts is not None and not is_same_account(facts, connection):
                finding, facts = Finding.ANOTHER_ACCOUNT, None
            tested = self._noted(stores, connection, finding, facts, door)
            health = self._around.health(stores, tested)
            stores.audit.record(Action.CONNECTION_TESTED, connection_id, found=finding)
            return Tested(health, finding, milliseconds)

    def _ask(self, door: Door) -> tuple[Finding, AccountFacts | None]:
        try:
            facts = self._around.bridge(door.platform).account(door)
        except AccessRefused as refused:
            return _REFUSED[refused.why], None
        except Unavailable:
            return Finding.NO_ANSWER, None
        return (Finding.WELL, facts) if facts.signed_in else (Finding.NOT_SIGNED_IN, None)

    def _noted(
        self, stores: Stores, connection: Connection, finding: Finding, facts: AccountFacts | None, door: Door
    ) -> Connection:
        now = self._around.clock.now()
        if facts is not None:
            pace = self._around.fitting(connection.pace, facts)
            return stores.connections.note_answer(connection.id, facts, pace, now)
        answered, expired = finding is not Finding.NO_ANSWER, finding in _NEEDS_LOGIN
        return stores.connections.note_test(
            connection.id, now, answered=answered, expired=expired, signed_in_at=door.signed_in_at
        )

    def _must_be_taken(self, pace: Pace, connection: Connection) -> None:
        if self._around.pace_is_free:
            return
        if not within(pace, FASTEST):
            limit = f"{FASTEST.messages} messages in any {FASTEST.seconds} seconds"
            raise Invalid.field("messages", f"Must not be more than {limit}")
        if connection.limits is not None and not within(pace, connection.limits):
            limit = f"{connection.limits.messages} messages in any {connection.limits.seconds} seconds"
            raise Invalid.field("messages", f"Must not be more than the platform takes: {limit}")


@contextmanager
def changing(transactions: Transactions, who: Principal, connection_id: UUID) -> Iterator[tuple[Stores, Connection]]:
    """A transaction that has a connection in use to itself."""
    who.must(Permission.MANAGE_CONNECTIONS)
    with transactions(who) as stores:
        connection = stores.connections.get_to_change(connection_id)
        must_be_in_use(connection)
        yield stores, connection


def is_same_account(facts: AccountFacts, connection: Connection) -> bool:
    """Whether a bridge speaks of the very account that is connected."""
    return (facts.platform, facts.user_id) == (connection.platform, connection.user_id)


def must_be_in_use(connection: Connection) -> None:
    """Conflict when it was disconnected."""
    if connection.status is Status.REVOKED:
        raise ConnectionRefused(Refusal.DISCONNECTED)


def opened(around: Surroundings, stores: Stores, who: Principal, connection: Connection) -> Door:
    """The door of a connection; Conflict when nothing opens it."""
    must_be_in_use(connection)
    try:
        sealed = stores.connections.door(connection.id)
    except NotFound:
        raise ConnectionRefused(Refusal.NO_LOGIN) from None
    return around.doors.opened(who.workspace_id, sealed)
