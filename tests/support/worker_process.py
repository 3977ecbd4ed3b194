"""A worker as a process of its own, which can be told at which moment to die.

`python -m tests.support.worker_process ORDERS` is one; without orders it is a nursery, which bears many
of them quickly.

The moments are those between two steps of the send path. Nothing in the send path knows of them: the parts that it is
made of are put into others that count what passes, so whatever is killed here is what runs in production.
"""

import ctypes
import importlib
import json
import os
import signal
import sys
import time
import traceback
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import boto3
from botocore.config import Config

from chaos.planting import Change, put_in_place
from huntaze import wiring
from huntaze.campaigns import letting_out
from huntaze.clock import SystemClock
from huntaze.delivery import (
    attempts,
    claims,
    handing_over,
    model,
    pace,
    planning,
    postponing,
    reconciling,
    relay,
    settling,
)
from huntaze.runtime.logging import start_logging
from huntaze.runtime.queues import Queues
from huntaze.stores import Stores
from tests.support.post_office import Worker, parts_of

LONGEST_LIFE = 240.0  # seconds: nobody may be left behind by a test that was cut off itself
IDLE = 0.05
UNTIL_IT_STRIKES = 0.2
PR_SET_PDEATHSIG = 1
ONCE = Config(retries={"total_max_attempts": 1})

MOMENTS = (
    "before_take",
    "after_take",
    "before_claim_commit",
    "after_claim_commit",
    "before_first_byte",
    "before_answer",  # the request is on its way, and nobody has heard of it yet
    "after_answer",
    "before_settle_commit",
    "after_settle_commit",
    "before_redis_settle",
    "after_redis_settle",
    "before_release",
    "after_release",
    "before_put_back_commit",
    "after_put_back_commit",
    "before_publish",
    "after_publish",
    "before_delete",
    "after_delete",
)


@dataclass(frozen=True)
class Times:
    """How long things take that a test does not want to wait for, in seconds."""

    lease: float = 25
    deadline: float = 20
    doubt: float = 30
    flow_margin: float = 1.5
    horizon: float = 900  # how far ahead permits are made; it bounds how many of an account there can be
    first_rest: float = 60  # of an account whose platform fails
    away: int = 5  # at least, and at most four times as long, that a permit waits for servers that are away
    ask_again: float = 30  # about what is in doubt, where the platform did not answer

    def replacements(self) -> Iterator[Change]:
        """What has to be put where, so that these are the times."""
        named = {"LEASE": self.lease, "DEADLINE": self.deadline, "DOUBT": self.doubt}
        for module in (model, claims, attempts, handing_over):
            for name, seconds in named.items():
                if hasattr(module, name):
                    yield Change(module, name, timedelta(seconds=seconds))
        for module in (model, pace, planning, relay, letting_out):
            yield Change(module, "HORIZON", timedelta(seconds=self.horizon))
        yield Change(model, "FLOW_MARGIN", timedelta(seconds=self.flow_margin))
        yield Change(settling, "FIRST_REST", timedelta(seconds=self.first_rest))
        yield Change(postponing, "SHORTEST_SECONDS", self.away)
        yield Change(postponing, "JITTER_SECONDS", 3 * self.away + 1)
        for name in ("ASK_AGAIN", "ASK_PASSED_OVER"):
            yield Change(reconciling, name, min(getattr(reconciling, name), timedelta(seconds=self.ask_again)))
        yield Change(pace.RedisPace.__init__, "__defaults__", (timedelta(seconds=self.lease),))


# For tests that wait for a lease to lapse. A machine that is busy with other tests answers within this deadline too.
IMPATIENT = Times(lease=2, deadline=1.5, doubt=2.2, flow_margin=0.1)


@dataclass(frozen=True)
class Orders:
    """What a worker is told."""

    settings: dict[str, str] = field(repr=False)
    queue_url: str
    traffic: str  # the file that shows what it put into queues
    times: Times = field(default_factory=Times)
    dies: str | None = None  # the moment
    at: int = 1  # at the how manieth time
    by: int = signal.SIGKILL  # SIGSTOP: it only freezes
    clock: float = 0  # so many seconds its clock is ahead
    planted: str | None = None  # the bug that it has, of chaos/planted.py

    def write(self, file: Path) -> None:
        """Where the process finds them; only its owner may read it."""
        file.touch(mode=0o600)
        file.write_text(json.dumps(asdict(self)))

    @classmethod
    def read(cls, file: Path) -> "Orders":
        """What was written."""
        told = json.loads(file.read_text())
        return cls(**{**told, "times": Times(**told["times"])})


class Fate:
    """Ends the process when a moment comes for the n-th time."""

    def __init__(self, orders: Orders) -> None:
        self._orders = orders
        self._left = orders.at

    def passes(self, moment: str) -> None:
        """It has come."""
        if moment == self._orders.dies:
            self._left -= 1
            if self._left == 0:
                os.kill(os.getpid(), self._orders.by)
                time.sleep(UNTIL_IT_STRIKES)  # another thread may take the signal, and this one go on meanwhile


class OffClock:
    """A clock that is wrong."""

    def __init__(self, ahead: float) -> None:
        self._ahead = timedelta(seconds=ahead)

    def now(self) -> datetime:
        return SystemClock().now() + self._ahead


class Around:
    """A part, with a moment before and after what it does."""

    def __init__(self, part: Any, fate: Fate, **moments: str) -> None:
        self._part = part
        self._fate = fate
        self._moments = moments

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._part, name)
        moment = self._moments.get(name)
        return around(found, self._fate, moment) if moment else found


def around(act: Callable[..., Any], fate: Fate, moment: str) -> Callable[..., Any]:
    """An act with a moment before and after it, unless it is handed nothing to do."""

    def acts(*given: Any, **named: Any) -> Any:
        if given and not given[0]:
            return act(*given)
        fate.passes(f"before_{moment}")
        answer = act(*given, **named)
        fate.passes(f"after_{moment}")
        return answer

    return acts


class Watched:
    """The stores of a transaction, which remember what they were asked for."""

    def __init__(self, stores: Stores) -> None:
        self._stores = stores
        self.asked: set[str] = set()

    def __getattr__(self, name: str) -> Any:
        self.asked.add(name)
        return getattr(self._stores, name)

    @property
    def step(self) -> str | None:
        """The step of the send path that this transaction is."""
        if "attempts" in self.asked:
            return "settle"
        if self.asked >= {"claims", "outbox"}:
            return "claim"
        return "put_back" if self.asked == {"outbox"} else None


class MortalPlatform:
    """A platform that the process may not live to hear from."""

    def __init__(self, platform: Any, fate: Fate) -> None:
        self._platform = platform
        self._fate = fate

    def send(self, *given: Any) -> Any:
        self._fate.passes("before_first_byte")
        answer = self._platform.send(*given)
        self._fate.passes("after_answer")
        return answer


def mortal(parts: wiring.Wiring, fate: Fate) -> None:
    """Put the parts of the send path into others that let moments pass."""
    machine, platform = parts.in_workspace_as_machine, parts.platform

    @contextmanager
    def transactions(workspace_id: UUID) -> Iterator[Any]:
        with machine(workspace_id) as stores:
            watched = Watched(stores)
            yield watched
            fate.passes(f"before_{watched.step}_commit")
        fate.passes(f"after_{watched.step}_commit")

    parts.in_workspace_as_machine = transactions  # type: ignore[method-assign]
    parts.pace = Around(parts.pace, fate, take="take", settle="redis_settle", release="release")  # type: ignore[assignment]
    parts.publishing = Around(parts.publishing, fate, publish="publish")  # type: ignore[assignment]
    parts.platform = lambda name: MortalPlatform(platform(name), fate)  # type: ignore[method-assign,assignment,return-value]
    tell_what_was_said(parts._bridge._http, lambda: fate.passes("before_answer"))  # type: ignore[attr-defined]  # noqa: SLF001


def tell_what_was_said(http: Any, said: Callable[[], None]) -> None:
    """Have an HTTP client tell when a whole message has been written to its connection."""
    exchanged = http._exchanged  # noqa: SLF001  (there is no other place between the last byte and the answer)

    def exchange(connection: Any, written: bytes, longest: int, until: float) -> Any:
        heard = _Speaking(connection, said) if written.startswith(b"POST ") else connection
        return exchanged(heard, written, longest, until)

    http._exchanged = exchange  # noqa: SLF001


class _Speaking:
    """A connection; the first thing that is read from it comes after everything was said."""

    def __init__(self, connection: Any, said: Callable[[], None]) -> None:
        self._connection = connection
        self._said = said

    def __getattr__(self, name: str) -> Any:
        if name.startswith("recv"):
            self._said()
        return getattr(self._connection, name)


def note_traffic(sqs: Any, file: Path) -> None:
    """Write down whatever this client says to queues, and beside it how often it was brought the same thing."""

    def note(request: Any, **_: object) -> None:
        body = request.body if isinstance(request.body, bytes) else str(request.body).encode()
        with file.open("ab") as traffic:
            traffic.write(body + b"\n")

    def count(parsed: Mapping[str, Any], **_: object) -> None:
        with file.with_suffix(".receives").open("a") as receives:
            for message in parsed.get("Messages", []):
                receives.write(f"{message['Attributes']['ApproximateReceiveCount']}\n")

    sqs.meta.events.register("before-send.sqs.*", note)
    sqs.meta.events.register("after-call.sqs.ReceiveMessage", count)


def serve(orders: Orders) -> None:
    """Serve the queue until somebody ends us."""
    start_logging()
    put_in_place(orders.times.replacements())
    if orders.planted:
        importlib.import_module("chaos.planted").plant(orders.planted)
    sqs = boto3.client("sqs", endpoint_url=orders.settings["AWS_ENDPOINT_URL"], region_name="us-east-1", config=ONCE)
    note_traffic(sqs, Path(orders.traffic))
    parts = parts_of(orders.settings)
    parts.queues = parts.permit_queues = Queues(lambda: sqs)
    parts.clock = OffClock(orders.clock)
    fate = Fate(orders)
    mortal(parts, fate)
    worker = Worker(parts, Around(sqs, fate, delete_message="delete"), orders.queue_url)
    ends: list[int] = []
    signal.signal(signal.SIGTERM, lambda number, _: ends.append(number))
    until = time.monotonic() + LONGEST_LIFE
    while not ends and time.monotonic() < until:
        if not worker.turn():
            time.sleep(IDLE)


def nursery() -> None:
    """Bear a worker for each line that names its orders and its log: what all need is loaded only once."""
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody waits for them
    for line in sys.stdin:
        orders, log = json.loads(line)
        born = os.fork()
        if not born:
            ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            output = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
            os.dup2(output, 1)
            os.dup2(output, 2)
            _live(Orders.read(Path(orders)))
        print(born, flush=True)  # noqa: T201 - whoever started this reads it


def _live(orders: Orders) -> None:
    os.environ.update(orders.settings, LOG_LEVEL="DEBUG")
    try:
        serve(orders)
    except BaseException:  # noqa: BLE001 - the nursery must not go on in a child of its own
        traceback.print_exc()
        os._exit(1)
    os._exit(0)


if __name__ == "__main__":
    if len(sys.argv) > 1:
        _live(Orders.read(Path(sys.argv[1])))
    nursery()
