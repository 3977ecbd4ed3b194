"""Who may send now: ten decisions at once, beside limiters that others use, on the same server in the same run."""

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from bench.report import Row
from bench.rival_packages import install_rivals
from huntaze.delivery.model import Asked, Granted, Out, Pace, Unheard
from huntaze.delivery.pace import RedisPace
from huntaze.ids import new_id
from huntaze.runtime.redis import Call, Redis
from huntaze.runtime.secrets import Secrets
from huntaze.runtime.settings import Cache
from local.servers import Valkey
from tests.support.judge import most_in_any_window

RIVALS = ("limits", "pyrate-limiter", "throttled-py")
ALGORITHMS = (*RIVALS, "throttled-py, token bucket")
BATCH, ACCOUNTS = 10, 200
ROUNDS, DECISIONS = 7, 1_000  # in each round, about accounts that nobody knew before: all are granted
MESSAGES, WINDOW_SECONDS, WINDOWS = 10, 1, 2.5
ENOUGH_TO_TRY = 0.2  # of the whole: below it only one of the others is watched
FOUR_TIMES = 0.25


class Counting:
    """Counts round trips."""

    def __init__(self, redis: Redis) -> None:
        self._redis = redis
        self.round_trips = 0

    def run_all(self, calls: Sequence[Call]) -> list[Any]:
        """As the server it counts for."""
        self.round_trips += 1
        return self._redis.run_all(calls)


class Rivals:
    """The other limiters, in a process with packages of its own."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self._process = process

    def ask(self, **order: Any) -> dict[str, Any]:
        """Have something done there."""
        if self._process.stdin is None or self._process.stdout is None:
            raise AssertionError
        self._process.stdin.write(json.dumps(order) + "\n")
        self._process.stdin.flush()
        found: dict[str, Any] = json.loads(self._process.stdout.readline())
        return found


def measure(scale: float = 1) -> list[Row]:
    """Throughput and round trips, then the fullest window of each, also through a server that loses everything."""
    with tempfile.TemporaryDirectory() as folder, Valkey(Path(folder) / "valkey", "bench") as valkey:
        cache = Cache("127.0.0.1", valkey.port, encrypted=False, token=valkey.password)
        redis = Redis(lambda: cache, Secrets())
        with _rivals(valkey) as rivals:
            rows = [*_throughput(redis, rivals, scale), *_windows(redis, valkey, rivals, scale)]
        redis.close()
    return rows


@contextmanager
def _rivals(valkey: Valkey) -> Iterator[Rivals]:
    url = f"redis://:{valkey.password}@127.0.0.1:{valkey.port}"
    program = [sys.executable, str(Path(__file__).parent / "rivals" / "limiters.py"), url]
    environment = {**os.environ, "PYTHONPATH": str(install_rivals())}
    with subprocess.Popen(
        program, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment, text=True
    ) as process:
        yield Rivals(process)


def _throughput(redis: Redis, rivals: Rivals, scale: float) -> list[Row]:
    """All in turn, again and again: each meets the same moods of the machine."""
    ours, counting = list[float](), Counting(redis)
    theirs: dict[str, list[float]] = {who: [] for who in RIVALS}
    decisions = max(int(DECISIONS * scale), 2 * ACCOUNTS)
    for _ in range(max(round(ROUNDS * scale), 3)):
        ours.append(_ours(counting, decisions))
        for who, found in theirs.items():
            keys = [f"{who}{new_id()}" for _ in range(ACCOUNTS)]
            found.append(rivals.ask(do="decide", who=who, keys=keys, times=decisions)["seconds"] / decisions * 1e6)
    trips = counting.round_trips / decisions  # of the last round
    beside = [Row(f"a decision in a batch, {who}", min(ours), min(theirs[who]), "us", FOUR_TIMES) for who in RIVALS]
    return [Row("round trips for 100 decisions, ten at once", 100 * trips, None, "", 100 / BATCH), *beside]


def _ours(counting: Counting, decisions: int) -> float:
    """Microseconds a decision."""
    tokens, pace = RedisPace(counting), Pace(MESSAGES, 60)
    accounts = [new_id() for _ in range(ACCOUNTS)]
    for account in accounts:
        tokens.tell(account, pace, [])
    tokens.take([Asked(account, new_id(), pace) for account in accounts])  # as the others: each key was asked once
    batches = [
        [Asked(accounts[(first + place) % ACCOUNTS], new_id(), pace) for place in range(BATCH)]
        for first in range(0, decisions, BATCH)
    ]
    counting.round_trips, before = 0, time.perf_counter()
    granted = sum(isinstance(verdict, Granted) for batch in batches for verdict in tokens.take(batch))
    took = time.perf_counter() - before
    if granted != len(batches) * BATCH:
        raise AssertionError(granted)
    return took / decisions * 1e6


def _windows(redis: Redis, valkey: Valkey, rivals: Rivals, scale: float) -> list[Row]:
    rows, watched = [], ALGORITHMS if scale >= ENOUGH_TO_TRY else ALGORITHMS[-1:]
    for flush, name in ((False, ""), (True, ", after FLUSHALL")):
        rows.append(
            Row(f"fullest window{name}", _fullest(_sent(redis, valkey, flush=flush)), None, "messages", MESSAGES)
        )
        for who in watched:
            order = {"messages": MESSAGES, "seconds": WINDOW_SECONDS, "windows": WINDOWS, "flush": flush}
            sent = rivals.ask(do="send", who=who, keys=[f"window{who}{new_id()}"], **order)["sent"]
            rows.append(Row(f"  with {who}{name}", _fullest(sent), None, "messages"))
    return rows


def _fullest(sent: Sequence[float]) -> int:
    lines = [{"account": "zoe", "at": round(at * 1e6)} for at in sent]
    return most_in_any_window(lines, WINDOW_SECONDS * 1e6)["zoe"]


def _sent(redis: Redis, valkey: Valkey, *, flush: bool) -> list[float]:
    """Whoever loses everything is told what is out, as the claims in the database have it."""
    tokens, account, pace = RedisPace(redis), new_id(), Pace(MESSAGES, WINDOW_SECONDS)
    out: dict[UUID, float] = {}
    began, sent = time.monotonic(), list[float]()
    while time.monotonic() < began + WINDOWS * WINDOW_SECONDS:
        asked = Asked(account, new_id(), pace)
        [verdict] = tokens.take([asked])
        if isinstance(verdict, Unheard):
            now = time.monotonic()
            tokens.tell(account, pace, [Out(key, timedelta(seconds=at - now)) for key, at in out.items() if at > now])
        elif isinstance(verdict, Granted):
            sent.append(time.monotonic() - began)
            tokens.settle([asked])
            out[asked.attempt_id] = time.monotonic() + WINDOW_SECONDS
            if flush and len(sent) == MESSAGES:
                valkey.client().flushall()
        else:
            time.sleep(0.005)
    return sent
