"""How each act is done, and how it ends."""

import heapq
import signal
import time
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import count
from random import Random

from redis import Redis

from chaos.carriers import Carrier
from chaos.plan import Act, Dose, strike_of
from chaos.world import TIMES, World
from huntaze.clock import SystemClock
from huntaze.delivery.permits import Permit, Planned
from local.processes import Server, StartFailed
from local.simulator.client import Refused
from tests.support.post_office import Creator
from tests.support.troubled_office import WorkerProcess

FROZEN_FOR = TIMES.lease + 2  # seconds
MOST_STARTS = 5
PERMITS = """
SELECT workspace_id, account_id, message_id FROM outbox WHERE kind = 'permit' ORDER BY id LIMIT 200
"""
SIGNED_IN = """
UPDATE platform_connections SET
    status = 'active', paused_at = NULL, pause_reason = NULL, signed_in_at = clock_timestamp()
WHERE id = %(account)s -- in use too: news of the login before, told late, ends nothing then
"""
STORMS: dict[str, tuple[str, dict[str, object]]] = {
    "429": ("429", {"probability": 0.5, "retryAfter": 1}),
    "5xx": ("5xx", {"probability": 0.5}),
    "5xx accepts": ("5xx", {"probability": 0.5, "accepts": True}),
    "drop-reply": ("drop-reply", {"probability": 0.5}),
    "drop-request": ("drop-request", {"probability": 0.5}),
    "slow": ("slow", {"delay": 0.5}),
    "refuse": ("refuse", {"probability": 0.2, "forGood": False}),
    "expire-login": ("expire-login", {}),
    "forbid": ("forbid", {"times": 1}),
}
TO_MEND = frozenset({"expire-login", "forbid"})  # by a person


@dataclass
class Hands:
    """Does acts, one after the other, and ends them when their time is over."""

    world: World
    dose: Dose
    creators: list[Creator]
    carriers: dict[str, Carrier]
    slots: list[WorkerProcess] = field(default_factory=list)
    done: Counter[str] = field(default_factory=Counter)
    frozen: int = 0
    died_at_moments: int = 0
    poisoned: int = 0
    last: float = 0  # when the last act was done, or ended
    _fates: dict[int, str] = field(default_factory=dict)
    _ends: list[tuple[float, int, Callable[[], None]]] = field(default_factory=list)
    _numbers: "count[int]" = field(default_factory=count)

    def do(self, act: Act) -> None:
        """Now."""
        getattr(self, f"_{act.kind.name.lower()}")(act)
        self.done[act.kind] += 1
        self.last = time.monotonic()

    def end_what_is_over(self, *, all_: bool = False) -> None:
        """What lasts for a while ends by this."""
        while self._ends and (all_ or self._ends[0][0] <= time.monotonic()):
            heapq.heappop(self._ends)[2]()
            self.last = time.monotonic()

    def keep_alive(self) -> None:
        """Whoever has died of himself is born again."""
        for place, worker in enumerate(self.slots):
            if not worker.alive:
                self.died_at_moments += worker.pid in self._fates
                self._replace(place)
        for carrier in self.carriers.values():
            carrier.live()

    def begin(self) -> None:
        """The first of all."""
        self.slots = [self.world.town.start_worker() for _ in range(self.dose.workers)]
        self.keep_alive()

    def heal(self) -> None:
        """Nothing goes wrong any more."""
        self.end_what_is_over(all_=True)
        for proxy in self.world.proxies:
            proxy.relent()
        self.world.town.platform.end_faults()
        for creator in self.creators:
            self._sign_in(creator)
        self.last = time.monotonic()

    def _kill_worker(self, act: Act) -> None:
        place = act.victim % len(self.slots)
        if self.slots[place].pid in self._fates:  # it is to die of itself, if there is another to be killed
            place = (place + 1) % len(self.slots)
        self.slots[place].kill()
        self.world.town.told.kills += 1
        self._replace(place, dies=act.detail)

    def _replace(self, place: int, *, dies: str = "", clock: float = 0) -> None:
        town = self.world.town
        dead = self.slots[place]
        if dead in town.workers:
            self._fates.pop(dead.pid, None)
            town.bury(dead)
        self.slots[place] = town.start_worker(dies=dies or None, clock=clock)
        if dies:
            self._fates[self.slots[place].pid] = dies

    def _kill_carrier(self, act: Act) -> None:
        self.carriers[act.detail].kill()

    def _kill_postgres(self, _: Act) -> None:
        self.world.postgres.kill()
        _again(self.world.postgres)

    def _kill_redis(self, _: Act) -> None:
        self.world.valkey.kill()
        _again(self.world.valkey)

    def _hang_redis(self, act: Act) -> None:
        self.world.valkey.signal(signal.SIGSTOP)
        self._later(act.seconds, lambda: self.world.valkey.signal(signal.SIGCONT))

    def _empty_redis(self, _: Act) -> None:
        with self._redis() as client:
            client.flushall()

    def _forget_scripts(self, _: Act) -> None:
        with self._redis() as client:
            client.script_flush()

    def _old_redis(self, _: Act) -> None:
        self.world.valkey.signal(signal.SIGCONT)
        self.world.valkey.set_back()

    def _redis(self) -> Redis:
        self.world.valkey.signal(signal.SIGCONT)  # it may hang, and would not hear
        return self.world.valkey.client()

    def _strike(self, act: Act) -> None:
        place, _, holding = act.detail.partition(" ")
        self.world.proxies[place].strike(strike_of(act.kind), holding.encode(), seconds=act.seconds)

    _cut_after = _cut_before = _delay = _strike

    def _freeze(self, act: Act) -> None:
        """The victim stands still until its leases are long over; another takes its place meanwhile."""
        place = act.victim % len(self.slots)
        frozen = self.slots[place]
        frozen.signal(signal.SIGSTOP)
        self.frozen += 1
        self.slots[place] = self.world.town.start_worker()
        self._later(FROZEN_FOR, lambda: frozen.signal(signal.SIGCONT))
        self._later(FROZEN_FOR + TIMES.lease, lambda: self._end(frozen))

    def _end(self, worker: WorkerProcess) -> None:
        worker.stop()
        self.world.town.bury(worker)

    def _clock(self, act: Act) -> None:
        place = act.victim % len(self.slots)
        self.slots[place].stop()
        self._replace(place, clock=float(act.detail))

    def _duplicate(self, act: Act) -> None:
        """Somebody's permit comes four times more, all at once."""
        found = self.world.town.run(PERMITS)
        if found:
            workspace_id, account_id, message_id = found[act.victim % len(found)]
            permit = Permit(
                workspace_id=workspace_id,
                account_id=account_id,
                message_id=message_id,
                slot_at=SystemClock().now(),
                user_id=str(workspace_id),
                message_type="onlyfans",
                priority=5,
                timestamp=SystemClock().now().isoformat(),
            )
            self.world.town.parts.publishing.publish([Planned(permit, timedelta(0))] * 4)

    def _reorder(self, act: Act) -> None:
        """A batch is taken and put back the other way round, each at another time; some of it comes twice."""
        town, dice = self.world.town, Random(act.victim)  # noqa: S311  (to be repeated, not to be secret)
        batch = town.sqs.receive_message(
            QueueUrl=town.queue_url,
            MaxNumberOfMessages=10,
            VisibilityTimeout=1,
            AttributeNames=["All"],
            MessageAttributeNames=["All"],
        ).get("Messages", [])
        for message in reversed(batch):
            town.sqs.send_message(
                QueueUrl=town.queue_url,
                MessageBody=message["Body"],
                MessageAttributes=message.get("MessageAttributes", {}),
                DelaySeconds=dice.randrange(3),
            )
            if dice.random() < 0.7:  # noqa: PLR2004
                with suppress(town.sqs.exceptions.ReceiptHandleIsInvalid):
                    town.sqs.delete_message(QueueUrl=town.queue_url, ReceiptHandle=message["ReceiptHandle"])

    def _poison(self, act: Act) -> None:
        bodies = ('{"v": 9}', "[" * 5000, "no permit at all")
        town = self.world.town
        town.sqs.send_message(QueueUrl=town.queue_url, MessageBody=bodies[act.victim % len(bodies)])
        self.poisoned += 1

    def _storm(self, act: Act) -> None:
        creator = self.creators[act.victim % len(self.creators)]
        kind, words = STORMS[act.detail]
        self.world.town.platform.break_down(kind, creator.user_id, seconds=act.seconds, seed=act.victim, **words)
        if act.detail in TO_MEND:
            self._later(act.seconds, lambda: self._sign_in(creator))

    def _sign_in(self, creator: Creator) -> None:
        """As a person does, who signs an account in again or resumes it."""
        with suppress(Refused):
            self.world.town.platform.renew_login(creator.user_id)
        self.world.town.run(SIGNED_IN, account=creator.account_id)

    def _later(self, seconds: float, act: Callable[[], None]) -> None:
        heapq.heappush(self._ends, (time.monotonic() + seconds, next(self._numbers), act))


def _again(server: Server) -> None:
    """Start it, however long a busy machine takes to do so."""
    for _ in range(MOST_STARTS - 1):
        try:
            server.start()
        except StartFailed:
            server.kill()
        else:
            return
    server.start()
