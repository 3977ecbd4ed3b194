"""Tokens on a real server: beside a model under a clock of ours, by many at once, and through what a server loses."""

import random
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any
from uuid import UUID

import hypothesis
import pytest
import redis as driver
from hypothesis import stateful
from hypothesis import strategies as some

from huntaze.delivery.model import HORIZON, Asked, Granted, Out, Pace, Refused, Unheard
from huntaze.delivery.pace import RedisPace
from huntaze.ids import new_id
from huntaze.runtime.redis import Call, Redis
from huntaze.runtime.secrets import Secrets
from huntaze.runtime.settings import Cache
from local.servers import Valkey

LEASE = timedelta(seconds=25)
SECOND = 1_000_000


def _reached(valkey: Valkey) -> Redis:
    cache = Cache("127.0.0.1", valkey.port, encrypted=False, token=valkey.password)
    return Redis(lambda: cache, Secrets())


@pytest.fixture
def redis(valkey: Valkey) -> Iterator[Redis]:
    reached = _reached(valkey)
    yield reached
    reached.close()


class UnderOurClock:
    """Runs the scripts as they are, but for the time, which they read from a key that we write."""

    def __init__(self, client: driver.Redis) -> None:
        self._client = client
        self.now = int(time.time()) * SECOND

    def run_all(self, calls: Sequence[Call]) -> list[Any]:
        self._client.mset({"clock:s": self.now // SECOND, "clock:us": self.now % SECOND})
        return [self._run(call) for call in calls]

    def _run(self, call: Call) -> Any:
        text = call.script.read_text()
        told = text.replace("redis.call('TIME')", "{redis.call('GET', 'clock:s'), redis.call('GET', 'clock:us')}")
        return self._client.eval(told, len(call.keys), *call.keys, *call.arguments)


class PaceBesideItsModel(stateful.RuleBasedStateMachine):
    """What the server answers, beside a list of tokens in Python and a platform that counts what arrives."""

    client: driver.Redis

    def __init__(self) -> None:
        super().__init__()
        self.server = UnderOurClock(self.client)
        self.tokens = RedisPace(self.server, LEASE)
        self.account = new_id()
        self.out: dict[UUID, int] = {}
        self.unsettled: list[Asked] = []
        self.arrived: list[int] = []
        self.open_at = 0
        self.known = False

    @stateful.initialize(messages=some.integers(1, 4), seconds=some.integers(1, 60), gap=some.sampled_from([0, 0, 3]))
    def choose(self, messages: int, seconds: int, gap: int) -> None:
        self.pace = Pace(messages, seconds, gap)

    @property
    def window(self) -> int:
        return int(self.pace.seconds) * SECOND

    @stateful.rule(microseconds=some.one_of(some.integers(1, 3 * SECOND), some.integers(1, 90 * SECOND)))
    def wait(self, microseconds: int) -> None:
        self.server.now += microseconds

    @stateful.rule()
    def take(self) -> None:
        asked = Asked(self.account, new_id(), self.pace)
        [verdict] = self.tokens.take([asked])
        now = self.server.now
        self.out = {attempt: back for attempt, back in self.out.items() if back > now}
        if not self.known:
            assert verdict == Unheard()
            self.tokens.tell(self.account, self.pace, self._as_the_database_has_it())
            self.known, self.open_at = True, now
            return
        wait = max(self.open_at - now, 0)
        if len(self.out) >= self.pace.messages:
            wait = max(wait, sorted(self.out.values())[len(self.out) - self.pace.messages] - now)
        if wait:
            assert verdict == Refused(timedelta(microseconds=wait))
            return
        assert verdict == Granted(self.pace.messages - len(self.out) - 1)
        self.out[asked.attempt_id] = now + LEASE // timedelta(microseconds=1) + self.window
        self.open_at = now + int(self.pace.gap_seconds) * SECOND
        self.unsettled.append(asked)

    @stateful.precondition(lambda self: self.unsettled)
    @stateful.rule(choice=some.randoms(use_true_random=False))
    def ask_again(self, choice: random.Random) -> None:
        asked = choice.choice(self.unsettled)
        if self.known and self.out.get(asked.attempt_id, 0) > self.server.now:
            [verdict] = self.tokens.take([asked])
            assert isinstance(verdict, Granted)

    @stateful.precondition(lambda self: self.unsettled)
    @stateful.rule(choice=some.randoms(use_true_random=False), travel=some.integers(0, 20 * SECOND))
    def send(self, choice: random.Random, travel: int) -> None:
        asked = self.unsettled.pop(choice.randrange(len(self.unsettled)))
        if self.out.get(asked.attempt_id, 0) - self.window < self.server.now + travel:
            return  # its lease has run out, or would meanwhile: the worker does not send
        self.arrived.append(self.server.now + choice.randint(0, travel))
        self.server.now += travel
        self.tokens.settle([asked])
        self.out[asked.attempt_id] = self.server.now + self.window

    @stateful.precondition(lambda self: self.unsettled)
    @stateful.rule(choice=some.randoms(use_true_random=False))
    def release(self, choice: random.Random) -> None:
        asked = self.unsettled.pop(choice.randrange(len(self.unsettled)))
        self.tokens.release([asked])
        self.out.pop(asked.attempt_id, None)

    @stateful.rule()
    def lose_everything(self) -> None:
        self.client.flushall()
        self.known = False

    @stateful.invariant()
    def no_window_holds_more_than_the_pace(self) -> None:
        arrived = sorted(self.arrived)
        for first, later in zip(arrived, arrived[self.pace.messages :], strict=False):
            assert later - first >= self.window

    def _as_the_database_has_it(self) -> list[Out]:
        return [
            Out(attempt, timedelta(microseconds=back - self.server.now))
            for attempt, back in self.out.items()
            if back > self.server.now
        ]


def test_the_server_answers_like_the_model(valkey: Valkey, pytestconfig: pytest.Config) -> None:
    PaceBesideItsModel.client = valkey.client()
    doses = (1_000, 60) if pytestconfig.getoption("--deep") else (40, 40)
    settings = hypothesis.settings(max_examples=doses[0], stateful_step_count=doses[1], deadline=None)
    stateful.run_state_machine_as_test(PaceBesideItsModel, settings=settings)


def test_many_at_once_get_no_more_than_there_is(valkey: Valkey) -> None:
    account, pace = new_id(), Pace(10, 60)

    def take(_: int) -> int:
        redis = _reached(valkey)
        tokens = RedisPace(redis)
        tokens.tell(account, pace, [])
        verdicts = [tokens.take([Asked(account, new_id(), pace)])[0] for _ in range(25)]
        redis.close()
        return sum(isinstance(verdict, Granted) for verdict in verdicts)

    with ThreadPoolExecutor(8) as processes:
        assert sum(processes.map(take, range(8))) == 10


def test_an_account_that_is_not_known_is_never_born_full(redis: Redis) -> None:
    tokens, account, pace = RedisPace(redis), new_id(), Pace(3, 60)
    assert tokens.take([Asked(account, new_id(), pace)]) == [Unheard()]
    tokens.settle([Asked(account, new_id(), pace)])
    assert tokens.take([Asked(account, new_id(), pace)]) == [Unheard()], "an answer makes nothing known"
    tokens.tell(account, pace, [Out(new_id(), timedelta(seconds=50)), Out(new_id(), timedelta(seconds=40))])
    tokens.tell(account, pace, [])
    assert tokens.take([Asked(account, new_id(), pace)]) == [Granted(0)], "who tells second changes nothing"
    [refused] = tokens.take([Asked(account, new_id(), pace)])
    assert isinstance(refused, Refused)
    assert timedelta(seconds=39) < refused.wait <= timedelta(seconds=40)


def test_more_tokens_out_than_there_are_wait_for_more_than_the_first(redis: Redis) -> None:
    # The pace was lowered while the tokens of the old one were out.
    tokens, account, pace = RedisPace(redis), new_id(), Pace(2, 60)
    tokens.tell(account, pace, [Out(new_id(), timedelta(seconds=wait)) for wait in (10, 20, 30, 40)])
    [refused] = tokens.take([Asked(account, new_id(), pace)])
    assert isinstance(refused, Refused)
    assert timedelta(seconds=29) < refused.wait <= timedelta(seconds=30)


def test_a_batch_of_accounts_is_one_round_trip_also_when_the_scripts_were_forgotten(
    redis: Redis, valkey: Valkey
) -> None:
    tokens, pace = RedisPace(redis), Pace(1, 60)
    accounts = [new_id() for _ in range(10)]
    for account in accounts:
        tokens.tell(account, pace, [])
    valkey.client().script_flush()
    verdicts = tokens.take([Asked(account, new_id(), pace) for account in accounts])
    assert verdicts == [Granted(0)] * 10
    before = valkey.client().info("commandstats")["cmdstat_evalsha"]["calls"]
    tokens.take([Asked(account, new_id(), pace) for account in accounts])
    assert valkey.client().info("commandstats")["cmdstat_evalsha"]["calls"] == before + 10


def test_nothing_is_kept_for_longer_than_it_matters(redis: Redis, valkey: Valkey) -> None:
    tokens, account, pace = RedisPace(redis), new_id(), Pace(2, 60)
    tokens.tell(account, pace, [])
    asked = Asked(account, new_id(), pace)
    tokens.take([asked])
    tokens.settle([asked])
    tokens.plan_flow(account, pace)
    client = valkey.client()
    keys = list(client.scan_iter(f"{{{account}}}*"))
    assert len(keys) == 3
    assert all(0 < client.pttl(key) <= 250_000 for key in keys)


class TestPlans:
    @pytest.fixture
    def tokens(self, valkey: Valkey) -> RedisPace:
        self.server = UnderOurClock(valkey.client())
        return RedisPace(self.server, LEASE)

    def test_permits_of_campaigns_are_spaced_evenly(self, tokens: RedisPace) -> None:
        account, pace = new_id(), Pace(10, 60)
        planned = [tokens.plan_flow(account, pace) for _ in range(4)]
        assert planned == [number * pace.spacing for number in range(4)]
        self.server.now += 3600 * SECOND
        assert tokens.plan_flow(account, pace) == timedelta(0), "an idle account starts at once"

    def test_permits_of_people_burst_and_do_not_wait_for_a_campaign(self, tokens: RedisPace) -> None:
        account, pace = new_id(), Pace(10, 60)
        for _ in range(100):
            tokens.plan_flow(account, pace)
        replies = [tokens.plan_burst(account, pace) for _ in range(12)]
        assert replies == [timedelta(0)] * 10 + [pace.spacing, 2 * pace.spacing]

    def test_a_plan_looks_behind_the_tokens_that_are_out(self, tokens: RedisPace) -> None:
        account, pace = new_id(), Pace(2, 60)
        tokens.tell(account, pace, [Out(new_id(), timedelta(seconds=20)), Out(new_id(), timedelta(seconds=30))])
        assert tokens.plan_burst(account, pace) == timedelta(seconds=20)
        assert tokens.plan_flow(account, pace) == timedelta(seconds=20)
        assert tokens.plan_flow(account, pace) == timedelta(seconds=20) + pace.spacing

    def test_what_lies_beyond_the_horizon_pushes_nothing_farther_away(self, tokens: RedisPace) -> None:
        account, pace = new_id(), Pace(10, 60)
        ahead = HORIZON // pace.spacing
        assert all(tokens.plan_flow(account, pace) < HORIZON for _ in range(ahead + 1))
        beyond = tokens.plan_flow(account, pace)
        assert beyond >= HORIZON
        for _ in range(1_000):  # the relay's rounds, as long as more waits than fits
            assert tokens.plan_flow(account, pace) == beyond
        self.server.now += 60 * SECOND
        assert tokens.plan_flow(account, pace) == beyond - timedelta(seconds=60), "there is room again"
        for _ in range(ahead + 50):
            beyond = tokens.plan_burst(account, pace)
        assert beyond == tokens.plan_burst(account, pace) >= HORIZON
