"""Redis stopped, hung, emptied and set back: nothing leaves without it, and never one too many because of it."""

import secrets
import signal
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from local.servers import Valkey
from tests.support.mistreated import hang, stop
from tests.support.simulator import wait_for
from tests.support.troubled_office import TroubledOffice

AWAY_SECONDS, AWAY_SECONDS_IN_DEPTH = 8, 60
BACK_WITHIN_SECONDS = 30


@pytest.fixture
def valkey(tmp_path: Path) -> Iterator[Valkey]:
    with Valkey(tmp_path / "valkey", secrets.token_urlsafe(12)) as server:
        yield server


@pytest.mark.parametrize("go_away", [stop, hang])
def test_nothing_leaves_without_redis(
    trouble: TroubledOffice,
    valkey: Valkey,
    go_away: Callable[[Valkey], Callable[[], None]],
    pytestconfig: pytest.Config,
) -> None:
    creator = trouble.creator(messages=10, seconds=60, fans=8)
    worker = trouble.start_worker()
    trouble.send_many(creator, 2)
    wait_for(lambda: trouble.statuses(creator) == {"sent": 2})
    worker.signal(signal.SIGSTOP)  # so that all permits are asked for at once, on a connection that is warm
    trouble.send_many(creator, 8)
    come_back = go_away(valkey)
    worker.signal(signal.SIGCONT)
    until = time.monotonic() + (AWAY_SECONDS_IN_DEPTH if pytestconfig.getoption("--deep") else AWAY_SECONDS)
    while time.monotonic() < until:
        trouble.mend(late=100)
        assert trouble.statuses(creator) == {"sent": 2, "queued": 8}
        time.sleep(0.2)
    come_back()
    wait_for(lambda: trouble.statuses(creator) == {"sent": 10}, seconds=BACK_WITHIN_SECONDS)
    trouble.go_on(lambda: trouble.ended, serve=False, late=100)
    trouble.judge()
    assert trouble.dead() == []
    assert trouble.most_receives() <= 3


def empty(valkey: Valkey) -> None:
    with valkey.client() as client:
        client.flushall()


def forget_scripts(valkey: Valkey) -> None:
    with valkey.client() as client:
        client.script_flush()


@pytest.mark.parametrize("mistreat", [empty, forget_scripts, Valkey.set_back])
def test_a_redis_that_forgets_lets_none_too_many_through(
    trouble: TroubledOffice, valkey: Valkey, mistreat: Callable[[Valkey], None]
) -> None:
    creator = trouble.creator(messages=10, seconds=2, fans=10)
    workers = [trouble.start_worker() for _ in range(2)]
    trouble.send_many(creator, 40)
    for _ in range(6):
        time.sleep(0.7)
        mistreat(valkey)
    trouble.go_on(lambda: trouble.ended, serve=False, late=8)
    trouble.judge()
    assert trouble.statuses(creator) == {"sent": 40}
    assert all(worker.alive for worker in workers)
    assert trouble.dead() == []
