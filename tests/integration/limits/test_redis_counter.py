"""Requests counted on a real server, and what becomes of the count when it is away."""

import logging
import socket
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from huntaze.errors import Unavailable
from huntaze.ids import new_id
from huntaze.limits.counter import RedisCounter
from huntaze.limits.model import Counted
from huntaze.limits.service import OwnCounter, RequestLimit
from huntaze.runtime.redis import Redis
from huntaze.runtime.secrets import Secrets
from huntaze.runtime.settings import Cache
from local.servers import Valkey


def _redis(cache: Cache) -> Redis:
    return Redis(lambda: cache, Secrets())


def _at(valkey: Valkey) -> Cache:
    return Cache("127.0.0.1", valkey.port, encrypted=False, token=valkey.password)


@pytest.fixture
def redis(valkey: Valkey) -> Iterator[Redis]:
    reached = _redis(_at(valkey))
    yield reached
    reached.close()


@pytest.fixture
def name() -> str:
    return f"requests:test:{new_id()}"


def test_each_request_counts_once_in_a_window_that_its_first_begins(redis: Redis, valkey: Valkey, name: str) -> None:
    counter = RedisCounter(redis)
    assert counter.count(name, 60_000) == Counted(1, 60_000)
    second = counter.count(name, 60_000)
    assert second.requests == 2
    assert 0 < second.milliseconds_left <= 60_000
    valkey.client().pexpire(name, 1)
    while valkey.client().exists(name):
        time.sleep(0.001)
    assert counter.count(name, 60_000) == Counted(1, 60_000)


def test_a_count_that_lost_its_end_gets_one(redis: Redis, valkey: Valkey, name: str) -> None:
    valkey.client().set(name, 7)
    assert RedisCounter(redis).count(name, 1_000) == Counted(8, 1_000)
    assert valkey.client().pttl(name) > 0


def test_processes_at_once_never_count_a_request_twice_or_not_at_all(valkey: Valkey, name: str) -> None:
    def count(_: int) -> list[int]:
        redis = _redis(_at(valkey))
        counted = [RedisCounter(redis).count(name, 60_000).requests for _ in range(25)]
        redis.close()
        return counted

    with ThreadPoolExecutor(4) as processes:
        counted = [number for numbers in processes.map(count, range(4)) for number in numbers]
    assert sorted(counted) == list(range(1, 101))


def test_a_server_that_forgot_its_scripts_is_told_them_again(redis: Redis, valkey: Valkey, name: str) -> None:
    counter = RedisCounter(redis)
    counter.count(name, 60_000)
    valkey.client().script_flush()
    assert counter.count(name, 60_000).requests == 2


def test_a_connection_that_died_between_requests_is_replaced_unnoticed(redis: Redis, valkey: Valkey, name: str) -> None:
    counter = RedisCounter(redis)
    counter.count(name, 60_000)
    valkey.client().client_kill_filter(_type="normal", skipme=True)
    assert counter.count(name, 60_000).requests == 2


@pytest.mark.parametrize("cache", [Cache("127.0.0.1", 1, encrypted=False, token="x")])
def test_a_server_that_is_not_there_is_unavailable(cache: Cache, name: str) -> None:
    with pytest.raises(Unavailable):
        RedisCounter(_redis(cache)).count(name, 60_000)


def test_a_wrong_password_is_unavailable(valkey: Valkey, name: str) -> None:
    with pytest.raises(Unavailable):
        RedisCounter(_redis(Cache("127.0.0.1", valkey.port, encrypted=False, token="wrong"))).count(name, 60_000)


@pytest.fixture
def silent() -> Iterator[Cache]:
    """A server that takes connections and never says a word."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        kept: list[socket.socket] = []
        threading.Thread(target=lambda: kept.append(server.accept()[0]), daemon=True).start()
        yield Cache("127.0.0.1", server.getsockname()[1], encrypted=False, token="")
        for connection in kept:
            connection.close()


def test_a_silent_server_is_given_up_on_and_then_left_alone(silent: Cache, caplog: pytest.LogCaptureFixture) -> None:
    limit = RequestLimit(60, RedisCounter(_redis(silent)), OwnCounter())
    with caplog.at_level(logging.WARNING, logger="huntaze"):
        left = [limit.count("fans", "zoe").left for _ in range(20)]
    assert left == list(range(59, 39, -1))
    assert len(caplog.records) == 1, "only the first request waited"
