"""How everything is that sending needs: the parts are asked side by side, and no dead one keeps the answer back."""

import logging
import time
from collections.abc import Callable
from typing import Protocol
from uuid import UUID

from huntaze.clock import Clock
from huntaze.connections.model import SealedDoor
from huntaze.delivery.model import QueueDepth
from huntaze.errors import HuntazeError, Unavailable
from huntaze.fans.model import Platform
from huntaze.members.model import Claimant, Permission, Principal
from huntaze.monitoring.asking import Answered, Question
from huntaze.monitoring.looking import Seen
from huntaze.monitoring.model import (
    MOST_PERMITS_DUE,
    OLDEST_OVERDUE_SECONDS,
    SENDING_STALLED,
    CountedPart,
    Health,
    OutboxPart,
    Part,
    PlatformPart,
    QueuePart,
    Trouble,
    circuit_of,
    graver,
    trouble_of,
)
from huntaze.outgoing.model import AccountRow
from huntaze.platforms.model import AccessRefused, AccountFacts, Away

# Seconds that each part has. The bridges are asked once the database has said where they are, so the whole answer takes
# at most the first and the last of them; the request limit before it waits for a dead Redis for 0.65.
DATABASE_SECONDS = 1.2
REDIS_SECONDS = 1.0
QUEUE_SECONDS = 1.2
WHOLE_SECONDS = 2.2

_log = logging.getLogger(__name__)


class Database(Protocol):
    """The database, by a connection of its own: one that hangs keeps nothing else of this process waiting."""

    def look(self, whose: Claimant | Principal) -> Seen:
        """What it says to this person; Forbidden or NotFound when that is nothing."""
        ...

    def abandon(self) -> None:
        """Cut off a look that nobody waits for any more."""
        ...


class Cache(Protocol):
    """Redis."""

    def probe(self) -> None:
        """Have it keep something; Unavailable when it does not."""
        ...


class Queue(Protocol):
    """The queue of permits and its dead letters."""

    def depth(self) -> QueueDepth:
        """What it says of itself; Unavailable when it cannot be asked."""
        ...

    def dead_letters(self) -> int:
        """How many there are; Unavailable when it cannot be asked."""
        ...


class Bridges(Protocol):
    """What accounts are reached through."""

    def ask(self, workspace_id: UUID, door: SealedDoor) -> AccountFacts:
        """What a bridge says of its account at this moment; Unavailable, or AccessRefused, when it says nothing."""
        ...


class Monitoring:
    """The one use case. `database` makes the way to it anew for each look."""

    def __init__(
        self,
        database: Callable[[], Database],
        cache: Cache,
        queue: Queue,
        bridges: Bridges,
        *,
        held: str | None,
        clock: Clock,
    ) -> None:
        self._database = database
        self._cache = cache
        self._queue = queue
        self._bridges = bridges
        self._held = held
        self._clock = clock

    def health(self, whose: Claimant | Principal) -> Health:
        """How everything is, to managers and owners; Forbidden to others.

        While the database is away nobody knows who may see what. A token of ours is then enough to learn which of the
        parts that all share is away, and nothing more: no figure, and nothing of any workspace.
        """
        if isinstance(whose, Principal):
            whose.must(Permission.OPERATE)
        until, database = time.monotonic() + WHOLE_SECONDS, self._database()
        look = Question("database", lambda: database.look(whose), DATABASE_SECONDS, database.abandon)
        probe = Question("redis", self._probed, REDIS_SECONDS)
        depth = Question("queue", self._queue.depth, QUEUE_SECONDS)
        dead = Question("dead letters", self._queue.dead_letters, QUEUE_SECONDS)
        looked = look.answer()
        _must_be_let_in(looked.error)
        seen = looked.value
        live = self._at_the_bridges(seen, until) if seen else {}
        health = Health(
            checked_at=self._clock.now(),
            held=self._held,
            database=_part(looked),
            redis=_part(probe.answer()),
            queue=_queue(depth.answer(), told=seen is not None),
            dead_letters=_dead_letters(dead.answer(), told=seen is not None),
            outbox=_outbox(seen),
            unknown_messages=_unknown(seen),
            platforms=_platforms(seen, live),
        )
        if health.away:
            _log.warning("something is away", extra={"parts": list(health.away)})
        return health

    def _probed(self) -> bool:
        self._cache.probe()
        return True

    def _at_the_bridges(self, seen: Seen, until: float) -> dict[UUID, Answered[AccountFacts]]:
        """What each bridge says, all asked at once."""
        workspace_id, seconds = seen.who.workspace_id, until - time.monotonic()

        def question(door: SealedDoor) -> Question[AccountFacts]:
            return Question(f"bridge of {door.platform}", lambda: self._bridges.ask(workspace_id, door), seconds)

        asked = {door.connection_id: question(door) for door in seen.doors}
        return {connection_id: one.answer() for connection_id, one in asked.items()}


def _must_be_let_in(error: HuntazeError | None) -> None:
    """Go on unless the database has said that this person may not; that it is away says nothing of them."""
    if error is not None and not isinstance(error, Unavailable):
        raise error


def _part(answered: Answered[Seen] | Answered[bool]) -> Part:
    if answered.value is None:
        return Part(trouble=Trouble.NO_ANSWER, absence=SENDING_STALLED)
    return Part(milliseconds=answered.milliseconds)


def _queue(answered: Answered[QueueDepth], *, told: bool) -> QueuePart:
    depth = answered.value
    if depth is None:
        return QueuePart(trouble=Trouble.NO_ANSWER)
    if not told:
        return QueuePart(milliseconds=answered.milliseconds)
    return QueuePart(
        trouble=Trouble.PERMITS_WAITING if depth.due > MOST_PERMITS_DUE else None,
        milliseconds=answered.milliseconds,
        due=depth.due,
        delayed=depth.delayed,
        in_flight=depth.in_flight,
    )


def _dead_letters(answered: Answered[int], *, told: bool) -> CountedPart:
    if answered.value is None:
        return CountedPart(trouble=Trouble.NO_ANSWER)
    if not told:
        return CountedPart(milliseconds=answered.milliseconds)
    trouble = Trouble.DEAD_LETTERS if answered.value else None
    return CountedPart(trouble=trouble, milliseconds=answered.milliseconds, count=answered.value)


def _outbox(seen: Seen | None) -> OutboxPart:
    if seen is None:
        return OutboxPart(trouble=Trouble.NOT_TOLD)
    age = round(seen.outbox_age_seconds, 1)
    return OutboxPart(trouble=Trouble.OUTBOX_OLD if age > OLDEST_OVERDUE_SECONDS else None, age_seconds=age)


def _unknown(seen: Seen | None) -> CountedPart:
    if seen is None:
        return CountedPart(trouble=Trouble.NOT_TOLD)
    return CountedPart(trouble=Trouble.MESSAGES_UNKNOWN if seen.unknown else None, count=seen.unknown)


def _platforms(seen: Seen | None, live: dict[UUID, Answered[AccountFacts]]) -> tuple[PlatformPart, ...]:
    return tuple(_platform(row, live.get(row.id)) for row in seen.accounts) if seen else ()


def _platform(row: AccountRow, answered: Answered[AccountFacts] | None) -> PlatformPart:
    at_the_bridge, state = _said(answered) if answered is not None else None, circuit_of(row)
    return PlatformPart(
        account_id=row.id,
        platform=Platform(row.platform),
        state=state,
        held_until=row.held_until,
        trouble=graver(at_the_bridge, trouble_of(state)),
        milliseconds=answered.milliseconds if answered is not None else None,
    )


def _said(answered: Answered[AccountFacts]) -> Trouble | None:
    """What an answer of a bridge, or that there is none, means."""
    if answered.value is not None:
        return None if answered.value.signed_in else Trouble.LOGIN_ENDED
    if not isinstance(answered.error, AccessRefused):
        return Trouble.BRIDGE_AWAY
    match answered.error.why:
        case Away.LOGIN_EXPIRED:
            return Trouble.LOGIN_ENDED
        case Away.FORBIDDEN:
            return Trouble.FORBIDDEN
        case _:
            return Trouble.BRIDGE_BUSY
