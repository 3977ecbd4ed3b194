"""A look at an account tells what a plan and a take would say, and leaves no trace."""

import random
from collections.abc import Iterator
from datetime import timedelta

import pytest
import redis as driver

from huntaze.delivery.model import Asked, Glance, Granted, Pace, Refused
from huntaze.delivery.pace import RedisPace
from huntaze.ids import new_id
from local.servers import Valkey
from tests.integration.delivery.test_pace import SECOND, UnderOurClock

NOTHING = timedelta(0)


@pytest.fixture
def client(valkey: Valkey) -> Iterator[driver.Redis]:
    with driver.Redis(port=valkey.port, password=valkey.password) as client:
        yield client


def _content(client: driver.Redis, account: object) -> dict[bytes, bytes | None]:
    return {key: client.dump(key) for key in client.keys(f"{{{account}}}*")}


def test_an_account_that_is_not_known_has_no_tokens_to_tell(client: driver.Redis) -> None:
    assert RedisPace(UnderOurClock(client)).look([(new_id(), Pace())]) == [Glance(None, NOTHING)]
    assert RedisPace(UnderOurClock(client)).look([]) == []


def test_accounts_are_told_apart_in_one_look(client: driver.Redis) -> None:
    server = UnderOurClock(client)
    pace = RedisPace(server)
    idle, busy, slow = Pace(), Pace(2, 60), Pace(10, 60, gap_seconds=7)
    accounts = [(new_id(), idle), (new_id(), busy), (new_id(), slow), (new_id(), idle)]
    for account_id, own in accounts[:3]:
        pace.tell(account_id, own, [])
    taken = [Asked(accounts[1][0], new_id(), busy) for _ in range(2)]
    assert all(isinstance(verdict, Granted) for verdict in pace.take([*taken, Asked(accounts[2][0], new_id(), slow)]))
    pace.settle(taken)
    assert pace.look(accounts) == [
        Glance(10, NOTHING),
        Glance(0, timedelta(seconds=60)),
        Glance(9, timedelta(seconds=7)),
        Glance(None, NOTHING),
    ]


def test_a_look_says_what_the_next_plan_and_take_say_and_leaves_no_trace(client: driver.Redis) -> None:
    dice = random.Random(7)  # noqa: S311 - seeded
    server, own, account = UnderOurClock(client), Pace(3, 20), new_id()
    pace = RedisPace(server)
    pace.tell(account, own, [])
    for _ in range(300):
        before = _content(client, account)
        [glance] = pace.look([(account, own)])
        assert _content(client, account) == before
        if dice.random() < 0.3:
            assert pace.plan_burst(account, own) == glance.wait
        else:
            asked = Asked(account, new_id(), own)
            [verdict] = pace.take([asked])
            if glance.left:
                assert verdict == Granted(glance.left - 1)
                pace.settle([asked])
            elif glance.left == 0:
                assert isinstance(verdict, Refused)
                assert glance.wait >= verdict.wait
            else:
                pace.tell(account, own, [])
        server.now += dice.randrange(12 * SECOND)
