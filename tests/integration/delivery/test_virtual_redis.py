"""The simulation's Redis beside a real one: the same scripts, the same answers, keys and times that these are kept."""

import random
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import redis as driver

from bench.virtual.redis import MILLISECOND, VirtualRedis
from bench.virtual.time import SECOND, START_MICROSECONDS, VirtualTime
from huntaze.delivery.model import Asked, Out, Pace
from huntaze.delivery.pace import RedisPace
from huntaze.ids import new_id
from local.servers import Valkey
from tests.integration.delivery.test_pace import LEASE, UnderOurClock

STEPS = 120
CLOSE_MS = 5_000  # between two clocks of which one goes on meanwhile
DAY = 86_400


class Both:
    """Every operation on both; what they answer and what they keep must be the same."""

    def __init__(self, client: driver.Redis, dice: random.Random) -> None:
        self.client, self.dice, self.time = client, dice, VirtualTime()
        self.virtual, self.real = VirtualRedis(self.time), UnderOurClock(client)
        # In the future of the real server: no moment that a key ends at may have passed there.
        self.time.microseconds = self.real.now - START_MICROSECONDS + DAY * SECOND
        self.paces = [RedisPace(self.virtual, LEASE), RedisPace(self.real, LEASE)]
        self.accounts = [(new_id(), Pace(*words)) for words in ((10, 60, 0), (3, 20, 0), (2, 30, 4))]
        self.asked: list[Asked] = []
        self.keys: set[str] = set()

    def step(self) -> None:
        account, pace = self.dice.choice(self.accounts)
        self.keys |= {f"{{{account}}}:{name}" for name in ("tokens", "known", "plan")}
        match self.dice.choice(["go_on", "take", "take", "take", "settle", "release", "tell", "flow", "burst", "look"]):
            case "go_on":
                self.go_on()
            case "take":
                self.asked = [*self.asked, Asked(account, new_id(), pace)][-6:]
                self.do("take", self.asked[-self.dice.randint(1, 2) :])
            case "settle" if self.asked:
                self.do("settle", [self.dice.choice(self.asked)])
            case "release" if self.asked:
                self.do("release", [self.dice.choice(self.asked)])
            case "tell":
                out = [Out(new_id(), self.some_time()) for _ in range(self.dice.randrange(4))]
                self.do("tell", account, pace, out)
            case "flow":
                self.do("plan_flow", account, pace, timedelta(seconds=self.dice.choice([0, 0, 3, 1000])))
            case "burst":
                self.do("plan_burst", account, pace)
            case "look":
                self.do("look", self.accounts)

    def some_time(self) -> timedelta:
        return timedelta(microseconds=self.dice.randrange(90 * SECOND))

    def go_on(self) -> None:
        """The real server's keys age by real time: what ours does to them is done by hand."""
        passed = self.dice.choice([1, 1_000, SECOND, 7 * SECOND, 70 * SECOND, 400 * SECOND])
        self.time.microseconds += passed
        for key in self.keys:
            if self.virtual.kept(key) is None:
                self.client.delete(key)
            elif not key.endswith("plan"):
                self.client.pexpire(key, self.client.pttl(key) - passed // MILLISECOND)

    def do(self, operation: str, *words: Any) -> None:
        self.real.now = START_MICROSECONDS + self.time.microseconds
        virtual, real = (getattr(pace, operation)(*words) for pace in self.paces)
        assert virtual == real, operation
        for key in self.keys:
            assert self.virtual.kept(key) == self.kept(key), (operation, key)
            self.ends_alike(key)

    def kept(self, key: str) -> Any:
        found: Any = None
        match self.client.type(key):
            case b"zset":
                found = {member.decode(): score for member, score in self.client.zrange(key, 0, -1, withscores=True)}
            case b"hash":
                found = {field.decode(): value.decode() for field, value in self.client.hgetall(key).items()}
            case b"string":
                found = self.client.get(key).decode()
        return found

    def ends_alike(self, key: str) -> None:
        """To the millisecond where a script says when; where it says for how long, as near as two clocks are."""
        ours, theirs = self.virtual.ends_at(key), self.client.pexpiretime(key)
        assert (ours is None) is (theirs < 0)
        if ours is not None and key.endswith("plan"):
            assert theirs == ours
        elif ours is not None:
            left = ours - (START_MICROSECONDS + self.time.microseconds) // MILLISECOND
            assert abs(left - self.client.pttl(key)) < CLOSE_MS
            self.client.pexpire(key, left)  # so that two clocks never come apart


@pytest.fixture
def client(valkey: Valkey) -> Iterator[driver.Redis]:
    made = valkey.client()
    yield made
    made.close()


@pytest.mark.parametrize("seed", range(4))
def test_both_answer_and_keep_the_same(client: driver.Redis, seed: int) -> None:
    both = Both(client, random.Random(seed))  # noqa: S311 - dice
    for _ in range(STEPS):
        both.step()
    both.virtual.flush()
    client.flushall()
    account, pace = both.accounts[0]
    both.do("take", [Asked(account, new_id(), pace)])
