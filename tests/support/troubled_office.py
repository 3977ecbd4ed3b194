"""A post office in trouble: workers that die, servers that go away, and somebody who looks into every corner after."""

import json
import logging
import math
import os
import re
import signal
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any
from uuid import UUID

from huntaze.messages.model import Queued
from huntaze.runtime.logging import ScrubbingFormatter
from local.processes import ENDED, state_of
from local.servers import Valkey
from local.simulator.process import Simulator
from tests.conftest import Database
from tests.support.judge import Thread
from tests.support.judgements import Run, complaints
from tests.support.post_office import Creator, PostOffice
from tests.support.simulator import wait_for
from tests.support.worker_process import Orders, Times, note_traffic

ROOT = Path(__file__).parent.parent.parent
VISIBLE_AGAIN = 1  # seconds
USUAL_TIMES = Times()
MOST_RECEIVES = 10

# What nobody may find anywhere: words to fans, names of fans, what opens an account.
TEXT, FAN, TOKEN = "KANARI-TEXT", "KANARI-FAN", "demo-onlyfans-user"
CANARIES = re.compile(f"{TEXT}|{FAN}|{TOKEN}|whsec_".encode())

# Time passes: a permit that should have fired a while ago counts as lost, and one that was lost before a while later.
AGE = """
UPDATE outbox SET expires_at = clock_timestamp()
WHERE kind = 'permit' AND due_at < clock_timestamp() - %(late)s * interval '1 second' * 2 ^ least(tries, 3)
    AND expires_at > clock_timestamp()
"""
SAID_BY_US = """
SELECT last_error FROM messages UNION SELECT detail FROM delivery_attempts UNION
SELECT reason FROM message_transitions UNION SELECT held_reason FROM platform_connections UNION
SELECT pause_reason FROM platform_connections UNION SELECT payload::text FROM outbox UNION
SELECT last_error FROM outbox
"""


class Nursery:
    """Where workers are born."""

    def __init__(self, folder: Path) -> None:
        paths = {"PYTHONPATH": f"{ROOT}:{ROOT / 'layers' / 'shared' / 'python'}"}
        names = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
        with (folder / "nursery.log").open("wb") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "tests.support.worker_process"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
                cwd=ROOT,
                env={**names, **paths},
                text=True,
                start_new_session=True,  # a Ctrl-C reaches whoever decides what is ended; it ends with its input
            )

    def bear(self, orders: Path, log: Path) -> "WorkerProcess":
        """One more worker; it serves at once."""
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.write(json.dumps([str(orders), str(log)]) + "\n")
        self._process.stdin.flush()
        return WorkerProcess(int(self._process.stdout.readline()), log)

    def close(self) -> None:
        """End it, and all that it bore with it."""
        for pipe in (self._process.stdin, self._process.stdout):
            assert pipe
            pipe.close()
        self._process.kill()
        self._process.wait()


@dataclass(frozen=True)
class WorkerProcess:
    """A worker with a process of its own."""

    pid: int
    log: Path

    @property
    def alive(self) -> bool:
        return state_of(self.pid) not in ENDED

    @property
    def frozen(self) -> bool:
        return state_of(self.pid) == "T"

    def signal(self, number: int) -> None:
        with suppress(ProcessLookupError):
            os.kill(self.pid, number)

    def kill(self) -> None:
        """End it in the middle of whatever it does."""
        self.signal(signal.SIGKILL)
        wait_for(lambda: not self.alive)

    def stop(self) -> None:
        """End it between two turns."""
        self.signal(signal.SIGCONT)
        self.signal(signal.SIGTERM)
        wait_for(lambda: not self.alive)


@dataclass
class Told:
    """What happened in a run, as it must be known to judge it."""

    approved: dict[Thread, list[str]] = field(default_factory=lambda: defaultdict(list))
    paces: dict[str, tuple[int, float]] = field(default_factory=dict)
    kills: int = 0
    held_up: int = 0  # requests whose way was made long: on a busy machine their answer may come after the deadline


@dataclass(frozen=True)
class Servers:
    """What many offices may share."""

    simulator: Simulator
    endpoint: str
    nursery: Nursery


class TroubledOffice(PostOffice):
    """A post office whose workers may be processes of their own."""

    def __init__(
        self, servers: Servers, database: Database, valkey: Valkey, folder: Path, times: Times = USUAL_TIMES
    ) -> None:
        super().__init__(database, valkey, servers.simulator, servers.endpoint)
        self._nursery = servers.nursery
        self.valkey = valkey
        self.folder = folder
        self.times = times
        self.told = Told()
        self.errors: list[BaseException] = []
        self.workers: list[WorkerProcess] = []
        self._born = 0
        self.began = time.time()
        self.worker_settings, self.worker_queue_url = self.settings, self.queue_url
        self.dead_url = self._with_dead_letters()
        note_traffic(self.sqs, folder / "traffic.log")

    def _with_dead_letters(self) -> str:
        dead: str = self.sqs.create_queue(QueueName=f"{self.queue_url.rpartition('/')[2]}-dlq")["QueueUrl"]
        arn = self.sqs.get_queue_attributes(QueueUrl=dead, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
        policy = f'{{"deadLetterTargetArn": "{arn}", "maxReceiveCount": "{MOST_RECEIVES}"}}'
        attributes = {"VisibilityTimeout": str(VISIBLE_AGAIN), "RedrivePolicy": policy}
        self.sqs.set_queue_attributes(QueueUrl=self.queue_url, Attributes=attributes)
        return dead

    def creator(self, *, messages: int = 10, seconds: int = 2, fans: int = 1, find: bool = True) -> Creator:
        creator = super().creator(messages=messages, seconds=seconds, fans=0, find=find)
        for number in range(fans):
            self.fan(creator, f"{FAN} {number}")
        self.told.paces[creator.user_id] = (messages, seconds)
        return creator

    def send(self, creator: Creator, text: str, *, fan: int = 0, priority: int = 5) -> Queued:
        sent = super().send(creator, f"{TEXT} {creator.user_id} {text}", fan=fan, priority=priority)
        self.told.approved[creator.user_id, f"on-{creator.fans[fan]}"].append(str(sent.message.id))
        return sent

    def send_many(self, creator: Creator, count: int) -> list[UUID]:
        """So many, to one fan after the other."""
        fans, said = len(creator.fans), sum(map(len, self.told.approved.values()))
        return [self.send(creator, f"line {said + n}", fan=n % fans).message.id for n in range(count)]

    def start_worker(
        self,
        *,
        dies: str | None = None,
        at: int = 1,
        by: int = signal.SIGKILL,
        clock: float = 0,
        planted: str | None = None,
    ) -> WorkerProcess:
        """A process that serves the queue."""
        self._born += 1
        file, traffic = self.folder / f"orders-{self._born}.json", str(self.folder / "traffic.log")
        told = (self.worker_settings, self.worker_queue_url, traffic, self.times)
        Orders(*told, dies=dies, at=at, by=by, clock=clock, planted=planted).write(file)
        self.workers.append(self._nursery.bear(file, self.folder / f"worker-{self._born}.log"))
        return self.workers[-1]

    def mend(self, *, late: float = 2) -> None:
        """What schedules do: permits that are missing, and attempts that are in doubt."""
        self.run(AGE, late=late)
        self.parts.relay.round(time.monotonic() + 60)
        with suppress(_OnePass):
            replace(self.parts.reconciling, sleep=_one_pass).round(until=math.inf)

    def go_on(self, done: Callable[[], bool], *, seconds: float = 60, late: float = 2, serve: bool = True) -> None:
        """Serve the queue and keep the schedules, until this is so."""
        until, mended = time.monotonic() + seconds, 0.0
        while not done():
            assert time.monotonic() < until, self.describe()
            if time.monotonic() > mended + 0.4:
                self.mend(late=late)
                mended = time.monotonic()
            if not serve or not self.worker.turn():
                time.sleep(0.05)

    @property
    def ended(self) -> bool:
        """Whether nothing waits or is on its way, and nothing is asked for any more."""
        [(open_,)] = self.run(
            "SELECT (SELECT count(*) FROM messages WHERE status IN ('queued', 'sending'))"
            " + (SELECT count(*) FROM delivery_attempts WHERE outcome IS NULL OR look_at IS NOT NULL)"
            " + (SELECT count(*) FROM outbox WHERE kind = 'permit' AND expires_at > clock_timestamp())"
        )
        return bool(open_ == 0)

    def describe(self) -> str:
        """How things stand, for whoever reads why a test failed."""
        statuses = self.run("SELECT status, last_error, count(*) FROM messages GROUP BY 1, 2")
        accounts = self.run("SELECT status, held_until - now(), held_reason, failures FROM platform_connections")
        permits = self.run("SELECT count(*), min(due_at - now()), max(expires_at - now()) FROM outbox")
        open_ = self.run(
            "SELECT outcome, look_at - now(), count(*) FROM delivery_attempts"
            " WHERE outcome IS NULL OR look_at IS NOT NULL GROUP BY 1, 2"
        )
        return f"{statuses=}\n{accounts=}\n{permits=}\n{open_=}\nqueue={self.depth()} dead={self.dead()}"

    def judge(self, *, look_up: bool = True) -> None:
        """The seven judgements."""
        assert complaints(self.seen(look_up=look_up)) == [], self.describe()

    def seen(self, *, look_up: bool = True) -> Run:
        """What there is to judge by."""
        mine = set(self.told.paces)
        return Run(
            ask=self.run,
            approved=self.told.approved,
            paces=self.told.paces,
            sends=[line for line in self.platform.log(since=self.began - 5) if line["account"] in mine],
            attempts=[line for line in self.platform.attempts(since=self.began - 5) if line["account"] in mine],
            look_up=look_up,
            most_lapses=self.told.kills * 10,
            most_late=self.told.held_up,
        )

    def depth(self) -> tuple[int, int, int]:
        """How many permits are seen, in somebody's hands, and delayed."""
        names = [f"ApproximateNumberOfMessages{which}" for which in ("", "NotVisible", "Delayed")]
        found = self.sqs.get_queue_attributes(QueueUrl=self.queue_url, AttributeNames=names)["Attributes"]
        seen, held, delayed = (int(found[name]) for name in names)
        return seen, held, delayed

    def dead(self) -> list[Mapping[str, Any]]:
        """What lies in the dead letters by now."""
        return list(
            self.sqs.receive_message(
                QueueUrl=self.dead_url,
                MaxNumberOfMessages=10,
                VisibilityTimeout=0,
                MessageAttributeNames=["All"],
                MessageSystemAttributeNames=["All"],
            ).get("Messages", [])
        )

    def most_receives(self) -> int:
        """How often the same permit was brought, at most."""
        return max(map(int, (self.folder / "traffic.receives").read_text().split()), default=0)

    def leaks(self) -> list[str]:
        """Places that hold what nobody may find there."""
        found = [f"{file.name}: {line!r}" for file in self.folder.glob("*.log") for line in _leaking(file.read_bytes())]
        places = {
            "database": "\n".join(str(row[0]) for row in self.run(SAID_BY_US)),
            "dead letters": str(self.dead()),
            "errors": "\n".join(f"{error} {error!r} {error.__cause__}" for error in self.errors),
            "Redis": _contents(self.valkey),
        }
        return found + [f"{place}: {line!r}" for place, text in places.items() for line in _leaking(text.encode())]

    def close(self) -> None:
        for worker in self.workers:
            worker.kill()
        super().close()


class _OnePass(Exception):
    """Enough for now: the next pass is for the next call."""


def _one_pass(_: float) -> None:
    raise _OnePass


@contextmanager
def our_log(file: Path) -> Iterator[None]:
    """Everything that this process logs, as production would write it."""
    handler = logging.FileHandler(file)
    handler.setFormatter(ScrubbingFormatter())
    loggers = [logging.getLogger(), logging.getLogger("huntaze")]
    levels = [logger.level for logger in loggers]
    for logger in loggers:
        logger.addHandler(handler)
        logger.setLevel(logging.INFO)
    try:
        yield
    finally:
        for logger, level in zip(loggers, levels, strict=True):
            logger.removeHandler(handler)
            logger.setLevel(level)
        handler.close()


def _leaking(text: bytes) -> list[bytes]:
    return [line[:300] for line in text.splitlines() if CANARIES.search(line)]


def _contents(valkey: Valkey) -> str:
    """Every key of a server and what it holds."""
    readers = {"string": "get", "hash": "hgetall", "set": "smembers"}
    with valkey.client() as client:
        lines = []
        for key in client.scan_iter(count=1000):
            kind = client.type(key).decode()
            value = client.zrange(key, 0, -1, withscores=True) if kind == "zset" else None
            lines.append(f"{key!r} {value or (getattr(client, readers[kind])(key) if kind in readers else kind)!r}")
        return "\n".join(lines)
