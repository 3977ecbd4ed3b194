"""Everything that the send path stands in: people, campaigns, the queue, workers, the schedule and the platform."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from itertools import count
from random import Random
from typing import Any
from uuid import UUID

from bench.virtual.queue import VirtualQueue
from bench.virtual.redis import VirtualRedis
from bench.virtual.stores import QuickGround
from bench.virtual.time import VirtualTime, passing
from huntaze.delivery.consuming import Consumer
from huntaze.delivery.dispatch import Dispatch
from huntaze.delivery.handing_over import HandingOver
from huntaze.delivery.model import HORIZON, Pace, Waiting
from huntaze.delivery.pace import RedisPace
from huntaze.delivery.permits import Planned
from huntaze.delivery.planning import Planner
from huntaze.delivery.postponing import Postponing
from huntaze.delivery.publishing import Publishing
from huntaze.delivery.queue import SqsPermits
from huntaze.delivery.relay import Relay
from huntaze.delivery.settling import Settling
from huntaze.delivery.waking import Waking
from huntaze.measures import Count, Gauge, Time
from huntaze.platforms.model import Accepted, Answer, Credentials, Door, Letter
from huntaze.runtime.queues import Queues
from infra.functions import FUNCTIONS
from tests.support.send_path import PLATFORM

SPECS = {spec.folder: spec for spec in FUNCTIONS}
AT_ONCE = SPECS["rate_limiter"].at_once or 1
MINUTE = 60.0
INVOCATION_SECONDS = 0.02  # from the batch that was received to the first line of the function
LAUNCH_SECONDS = 0.05  # what a launch takes beside waking the account
CAMPAIGN_SECONDS = 0.05  # what the flow does with a campaign beside letting it out: some seven transactions
AT_MOST_CAMPAIGNS = 200  # as campaigns/flowing.py
FLOW_SPARE_SECONDS = 15.0  # as functions/flow
RELAY_SPARE_SECONDS, RELAY_SHARE = 10.0, 0.5  # as functions/relay
SETTLE_SECONDS = 3.0  # as functions/rate_limiter
BEHIND = timedelta(milliseconds=1)


@dataclass(frozen=True, kw_only=True)
class Load:
    """What is asked of the send path."""

    accounts: int
    campaign: int = 100  # messages, of each account
    again: bool = True  # whether the next campaign begins when one is through
    launched_within: float = MINUTE  # the first ones
    replies_a_minute: float = 0.2  # of each account
    minutes: float = 15
    at_once: int = AT_ONCE
    answers: tuple[float, float] = (0.2, 1.0)  # seconds
    seed: int = 1
    pace: Pace = field(default_factory=Pace)
    # To meet a limit of the schedule with fewer accounts: this part of what one round of the flow and the relay can do.
    flow_share: float = 1.0
    lose_permits_at: float | None = None  # the minute at which the queue loses all that it holds
    redis_away: tuple[float, float] | None = None  # from this minute to that it answers nobody


@dataclass
class Record:
    """What the platform saw, and when people asked for it. Seconds since the start."""

    arrivals: dict[UUID, list[float]] = field(default_factory=dict)
    sent: int = 0
    replies: dict[UUID, float] = field(default_factory=dict)  # approved, and not there yet
    answered: list[tuple[float, float]] = field(default_factory=list)  # when a reply was approved, and its latency
    backlog: dict[UUID, list[tuple[float, float]]] = field(default_factory=dict)  # from when to when campaigns waited
    slot_delays: list[tuple[float, float]] = field(default_factory=list)
    rounds: list[tuple[str, float, int]] = field(default_factory=list)  # what, how long it took, how many it saw to


class VirtualIds:
    """Ids that only grow, the same in each run of a seed."""

    def __init__(self) -> None:
        self._numbers = count(1)

    def __call__(self) -> UUID:
        return UUID(int=(0x0197 << 112) | (7 << 76) | (0b10 << 62) | next(self._numbers))


class VirtualPlatform:
    """Takes what arrives, notes when that was, and answers after a while."""

    def __init__(self, world: "World") -> None:
        self._world, self._time, self._dice = world, world.time, world.dice

    def __call__(self, _name: str) -> "VirtualPlatform":
        return self

    def send(self, _door: Door, letter: Letter, give_up_at: float) -> Answer:  # noqa: ARG002 - it answers sooner
        """Arrive, and be answered."""
        travels = self._dice.uniform(*self._world.load.answers)
        there = travels * self._dice.random()
        self._time.sleep(there)
        self._world.arrived(letter.reference)
        self._time.sleep(travels - there)
        return Accepted(str(letter.reference))


@dataclass
class VirtualMeasures:
    """Keeps how late slots were."""

    time_: VirtualTime
    record: Record

    def count(self, what: Count, times: int, platform: str) -> None:
        """Rows are the truth."""

    def time(self, what: Time, seconds: float, platform: str) -> None:  # noqa: ARG002
        """Only slots."""
        if what is Time.SLOT_DELAY:
            self.record.slot_delays.append((self.time_.monotonic(), seconds))

    def gauge(self, what: Gauge, value: float) -> None:
        """Nobody looks here."""


class OneDoor:
    """Opens all accounts alike."""

    def __init__(self) -> None:
        self._door = Door(PLATFORM, "https://bridge.example.com", Credentials("token", "whsec"))

    def open(self, _workspace_id: UUID, _connection_id: UUID) -> Door:
        """It is read with the account."""
        return self._door


class World:
    """One run. What is planted wrong is handed in as parts of ours to put in place of the send path's own."""

    def __init__(self, load: Load, planner: type[Planner] = Planner) -> None:
        self.load, self.dice = load, Random(load.seed)  # noqa: S311 - dice, and they must fall the same each time
        self.time, self.record, self.new_id = VirtualTime(), Record(), VirtualIds()
        self.ground = QuickGround(self.time, self.dice)
        self.redis = VirtualRedis(self.time, self.ground.pay)
        self.queue = VirtualQueue(self.time, self.dice)
        self.measures = VirtualMeasures(self.time, self.record)
        self.platform = VirtualPlatform(self)
        self._planner_class = planner
        # Of each account's campaign: those who have no row yet, and those whom it has not reached.
        self.left: dict[UUID, int] = {}
        self.to_go: dict[UUID, int] = {}
        self.accounts = [self._new_account() for _ in range(load.accounts)]

    def run(self) -> "World":
        """Let the time of the load pass."""
        with passing(self.time):
            self._begin()
            self.time.run(self.load.minutes * MINUTE)
        return self

    def arrived(self, message_id: UUID) -> None:
        """A message is at the platform."""
        record, now = self.record, self.time.monotonic()
        message = self.ground.state.messages[message_id]
        record.arrivals[message.account_id].append(now)
        record.sent += 1
        if not message.is_campaign:
            approved = record.replies.pop(message_id)
            record.answered.append((approved, now - approved))
            return
        self.to_go[message.account_id] -= 1
        if not self.to_go[message.account_id]:
            self._is_through(message.account_id)

    def consumer(self) -> Consumer:
        """One function that serves permits, as huntaze.wiring makes it."""
        tokens, ground, clock = RedisPace(self.redis), self.ground, self.time
        planner, publish = self.planner(tokens), self.publisher()
        postponing = Postponing(ground.transaction, planner, publish, self.measures)
        handing_over = HandingOver(
            tokens=tokens,
            platform=self.platform,  # type: ignore[arg-type]  # as far as sending asks of it
            transactions=ground.transaction,
            settling=Settling(ground.transaction, planner, publish, self.measures),
            postponing=postponing,
            measures=self.measures,
            clock=clock,
        )
        dispatch = Dispatch(
            tokens=tokens,
            accounts=ground,
            doors=OneDoor(),
            transactions=ground.transaction,
            handing_over=handing_over,
            postponing=postponing,
            clock=clock,
            new_id=self.new_id,
            sleep=clock.sleep,
        )
        return Consumer(dispatch, ground.transaction)

    def planner(self, tokens: RedisPace) -> Planner:
        """Who plans permits."""
        return self._planner_class(tokens, self.time, self.new_id)

    def publisher(self) -> Callable[[Sequence[Any]], list[Any]]:
        """Who queues them."""
        queues = Queues(lambda: self.queue)  # type: ignore[arg-type,return-value]  # the one call that is asked of it
        return Publishing(SqsPermits(queues, lambda: "queue"), self.time.sleep, self.time.monotonic).publish

    def relay(self) -> Relay:
        """Who wakes accounts."""
        return Relay(self.ground, self.ground.transaction, self.planner(RedisPace(self.redis)), self.publisher())

    # Who is at work.

    def _begin(self) -> None:
        for _ in range(self.load.at_once):
            self.time.begin(self._work, self.consumer())
        for account_id in self.accounts if self.load.campaign else ():
            self.time.after(self.dice.random() * self.load.launched_within, self._launching(account_id))
        self._schedule("relay", self._relay_round, self.relay())
        self._schedule("flow", self._flow_round, self.relay())
        self.time.after(self._next_reply(), self._reply_comes)
        self.time.after(MINUTE, self._tidy)
        if self.load.lose_permits_at is not None:
            self.time.after(self.load.lose_permits_at * MINUTE, self.queue.lose)
        for minute, is_away in zip(self.load.redis_away or (), (True, False), strict=False):
            self.time.after(minute * MINUTE, partial(setattr, self.redis, "is_away", is_away))

    def _work(self, consumer: Consumer) -> None:
        timeout = SPECS["rate_limiter"].timeout_s - SETTLE_SECONDS
        while True:
            messages = self.queue.receive()
            if messages:
                self.time.sleep(INVOCATION_SECONDS)
                again = set(consumer.receive(messages, self.time.monotonic() + timeout))
                self.queue.delete([each.id for each in messages if each.id not in again])

    def _schedule(self, name: str, work: Callable[[Relay], int], relay: Relay) -> None:
        """Every minute; a round that is still on its way is not joined by a second one."""

        def rounds() -> None:
            self.time.sleep(self.dice.random() * MINUTE)
            while True:
                begun = self.time.monotonic()
                done = work(relay)
                took = self.time.monotonic() - begun
                self.record.rounds.append((name, took, done))
                self.time.sleep(MINUTE - took % MINUTE)

        self.time.begin(rounds)

    def _relay_round(self, relay: Relay) -> int:
        left = (SPECS["relay"].timeout_s - RELAY_SPARE_SECONDS) * self.load.flow_share
        return relay.round(self.time.monotonic() + left * RELAY_SHARE)

    # Campaigns: what huntaze.campaigns does is said in rows and minutes alone; it wakes through the real relay.

    def _launching(self, account_id: UUID) -> Callable[[], None]:
        return lambda: self.time.begin(self._launch, account_id)

    def _launch(self, account_id: UUID) -> None:
        self.left[account_id] = self.to_go[account_id] = self.load.campaign
        self.record.backlog[account_id].append((self.time.monotonic(), self.load.minutes * MINUTE))
        self.time.sleep(LAUNCH_SECONDS)
        self._let_out(account_id)
        self.relay().wake(self.ground.workspace_id, account_id)

    def _flow_round(self, relay: Relay) -> int:
        until = self.time.monotonic() + (SPECS["flow"].timeout_s - FLOW_SPARE_SECONDS) * self.load.flow_share
        open_ = [account_id for account_id, left in self.left.items() if left]
        self.dice.shuffle(open_)
        seen_to = 0
        for account_id in open_[: round(AT_MOST_CAMPAIGNS * self.load.flow_share)]:
            if self.time.monotonic() >= until:
                break
            self.time.sleep(CAMPAIGN_SECONDS)
            if self._let_out(account_id):
                relay.wake(self.ground.workspace_id, account_id)
            seen_to += 1
        return seen_to

    def _let_out(self, account_id: UUID) -> int:
        """Fill up the next quarter of an hour."""
        with self.ground.transaction(self.ground.workspace_id):
            waiting = sum(each.is_campaign for each in self.ground.waiting(account_id))
            room = min(HORIZON // self.load.pace.spacing - waiting, self.left[account_id])
            at = self.ground.now
            for number in range(room):
                self._write(account_id, at + number * BEHIND, is_campaign=True)
            self.left[account_id] -= max(room, 0)
        return max(room, 0)

    # People.

    def _next_reply(self) -> float:
        a_second = self.load.accounts * self.load.replies_a_minute / MINUTE
        return self.dice.expovariate(a_second) if a_second else float("1e9")

    def _reply_comes(self) -> None:
        self.time.begin(self._reply, self.dice.choice(self.accounts))
        self.time.after(self._next_reply(), self._reply_comes)

    def _reply(self, account_id: UUID) -> None:
        """As messages/sending.py: kept and woken in one transaction, queued after it."""
        afterwards: list[Callable[[], None]] = []

        def keep(publish: Callable[[list[Planned]], None], planned: Planned) -> None:
            afterwards.append(lambda: publish([planned]))

        ground, planner = self.ground, self.planner(RedisPace(self.redis))
        waking = Waking(planner, self.publisher(), keep, ground.transaction, self.time)
        approved = self.time.monotonic()
        with ground.transaction(ground.workspace_id) as stores:
            message_id = self._write(account_id, ground.now, is_campaign=False)
            self.record.replies[message_id] = approved
            waking.wake(stores.outbox, Waiting(message_id, ground.member_id, 5, ground.now, is_campaign=False))
        for act in afterwards:
            act()

    # What is kept.

    def _new_account(self) -> UUID:
        account_id = self.new_id()
        self.ground.add_account(account_id, self.load.pace)
        self.record.arrivals[account_id], self.record.backlog[account_id] = [], []
        return account_id

    def _write(self, account_id: UUID, at: Any, *, is_campaign: bool) -> UUID:
        return self.ground.write(account_id, self.new_id(), at, is_campaign=is_campaign)

    def _is_through(self, account_id: UUID) -> None:
        backlog = self.record.backlog[account_id]
        backlog[-1] = backlog[-1][0], self.time.monotonic()
        if self.load.again:
            self.time.begin(self._launch, account_id)

    def _tidy(self) -> None:
        """Every minute what has ended is forgotten."""
        self.ground.forget()
        self.time.after(MINUTE, self._tidy)
