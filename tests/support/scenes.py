"""Short scenes of trouble, each of which brings out what some bugs do, and which a sound product comes through."""

import signal
import time
from collections.abc import Callable
from contextlib import ExitStack, suppress
from datetime import timedelta

from chaos.planted import planted
from chaos.proxy import Proxy, Strike
from huntaze.clock import SystemClock
from huntaze.delivery.permits import Permit, Planned
from tests.support.judgements import complaints
from tests.support.post_office import Creator
from tests.support.simulator import wait_for
from tests.support.troubled_office import TroubledOffice

LONGEST = 12.0  # seconds: what is sound ends long before, on a slow machine too
LONGEST_WITH_A_BUG = 4.0  # which may never come to an end

Scene = Callable[[TroubledOffice, str | None], None]


def played(scene: Scene, office: TroubledOffice, bug: str | None = None) -> list[str]:
    """What the judgements say of a scene, in which everybody has a bug or nobody."""
    with ExitStack() as stack:
        if bug:
            stack.enter_context(planted(bug))
        scene(office, bug)
        live(office, lambda: office.ended, seconds=_longest(bug))
    return complaints(office.seen())


def live(office: TroubledOffice, done: Callable[[], bool], *, seconds: float = LONGEST) -> None:
    """Serve and mend until this is so, or for so long."""
    with suppress(AssertionError):
        office.go_on(done, seconds=seconds)


def all_is_well(office: TroubledOffice, _: str | None) -> None:
    """Two lines to one fan."""
    office.send_many(office.creator(messages=4, seconds=1), 2)


def a_worker_dies_after_the_answer(office: TroubledOffice, bug: str | None) -> None:
    """The platform has the message, and nobody has written that down."""
    office.send_many(office.creator(messages=4, seconds=1), 1)
    worker = office.start_worker(dies="after_answer", planted=bug)
    wait_for(lambda: not worker.alive)
    office.told.kills += 1


def an_answer_is_lost(office: TroubledOffice, _: str | None) -> None:
    """The platform has the message and says so to nobody."""
    creator = office.creator(messages=4, seconds=1)
    office.platform.break_down("drop-reply", creator.user_id, times=1)
    office.send_many(creator, 1)


def a_whole_burst_is_lost(office: TroubledOffice, _: str | None) -> None:
    """As many as the pace allows are not answered, and as many wait."""
    creator = office.creator(messages=4, seconds=2, fans=8)
    office.platform.break_down("drop-reply", creator.user_id, times=4)
    office.send_many(creator, 8)


def a_request_is_lost(office: TroubledOffice, _: str | None) -> None:
    """The first of three lines to one fan does not arrive, and nobody knows it."""
    creator = office.creator(messages=4, seconds=1)
    office.platform.break_down("drop-request", creator.user_id, times=1)
    office.send_many(creator, 3)


def the_way_is_long(office: TroubledOffice, bug: str | None) -> None:
    """Four requests travel for most of a second, and the next four do not."""
    with Proxy("bridge", office.simulator.port) as proxy:
        office.bridge_address = f"http://127.0.0.1:{proxy.port}"
        creator = office.creator(messages=4, seconds=2, fans=8)
        proxy.strike(Strike.DELAY, b"POST /v1/messages", times=4, seconds=0.6)
        office.told.held_up += 4
        office.send_many(creator, 8)
        live(office, lambda: office.ended, seconds=_longest(bug) + 3)


def redis_is_emptied(office: TroubledOffice, _: str | None) -> None:
    """When a whole burst has left, and as many wait."""
    creator = office.creator(messages=4, seconds=2, fans=8)
    office.send_many(creator, 8)
    live(office, lambda: office.statuses(creator).get("sent", 0) == 4)
    with office.valkey.client() as client:
        client.flushall()


def a_worker_is_frozen(office: TroubledOffice, bug: str | None) -> None:
    """It wakes up when another has sent its message."""
    creator = office.creator(messages=4, seconds=1)
    office.send_many(creator, 1)
    frozen = office.start_worker(dies="before_first_byte", by=signal.SIGSTOP, planted=bug)
    wait_for(lambda: frozen.frozen)
    office.told.kills += 1
    live(office, lambda: office.ended, seconds=5)
    frozen.signal(signal.SIGCONT)
    time.sleep(0.4)
    frozen.stop()


def permits_are_lost(office: TroubledOffice, _: str | None) -> None:
    """The queue has forgotten them."""
    office.send_many(office.creator(messages=4, seconds=1), 2)
    office.sqs.purge_queue(QueueUrl=office.queue_url)


def permits_come_twice(office: TroubledOffice, _: str | None) -> None:
    """One of two finds nothing to send."""
    creator = office.creator(messages=4, seconds=1)
    [message_id] = office.send_many(creator, 1)
    office.parts.publishing.publish([Planned(_permit(creator, message_id), timedelta(0))])
    live(office, lambda: office.depth() == (0, 0, 0), seconds=2)


def one_is_refused(office: TroubledOffice, _: str | None) -> None:
    """The platform does not take a message, and then does."""
    creator = office.creator(messages=4, seconds=1)
    office.platform.break_down("refuse", creator.user_id, times=1, forGood=False)
    office.send_many(creator, 1)


def a_table_forgets(office: TroubledOffice, bug: str | None) -> None:
    """Somebody has switched a trigger off."""
    if bug:
        office.run(f"ALTER TABLE messages DISABLE TRIGGER {bug}")
    office.send_many(office.creator(messages=4, seconds=1), 1)


def _longest(bug: str | None) -> float:
    return LONGEST_WITH_A_BUG if bug else LONGEST


def _permit(creator: Creator, message_id: object) -> Permit:
    now = SystemClock().now()
    return Permit(
        workspace_id=creator.workspace_id,
        account_id=creator.account_id,
        message_id=message_id,  # type: ignore[arg-type]  # an id
        slot_at=now,
        user_id=str(creator.owner.member_id),
        message_type="onlyfans",
        priority=5,
        timestamp=now.isoformat(),
    )
