"""The world that things are done to: real servers that can die, proxies before them, and an office that outlives."""

import os
import secrets
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from unittest import mock
from urllib.parse import urlsplit

from psycopg.conninfo import conninfo_to_dict, make_conninfo

from chaos.planting import in_place
from chaos.proxy import Proxy, Strike
from huntaze.measures import Count, Gauge, Time
from huntaze.migrations.runner import migrate
from local.local_aws import LocalAws
from local.servers import Postgres, Valkey
from local.simulator.process import Simulator
from tests.support.databases import Database, PassingHand
from tests.support.post_office import AWS, Creator
from tests.support.troubled_office import CANARIES, Nursery, Servers, TroubledOffice, WorkerProcess, our_log
from tests.support.worker_process import Times

NAME = "chaos"
VISIBLE_AGAIN = 4  # seconds: longer than a batch takes, shorter than anybody wants to wait
# As much shorter as the paces are faster: a horizon of 15 minutes would have room for thousands of permits.
TIMES = Times(lease=6, deadline=5, doubt=6.5, flow_margin=0.1, horizon=30, first_rest=1, away=1, ask_again=1)
MOST_BYTES = 1_000_000  # of a log that is written to by many, before it is read and begun anew


@dataclass(frozen=True)
class Proxies:
    """One before each server that workers use."""

    postgres: Proxy
    redis: Proxy
    sqs: Proxy
    bridge: Proxy

    def __getitem__(self, name: str) -> Proxy:
        found: Proxy = getattr(self, name)
        return found

    def __iter__(self) -> Iterator[Proxy]:
        return iter((self.postgres, self.redis, self.sqs, self.bridge))

    def struck(self, strike: Strike) -> dict[str, int]:
        """How often each was struck like that."""
        return {proxy.name: proxy.struck[strike] for proxy in self}

    @property
    def references(self) -> set[str]:
        """Messages whose sender was cut off from the platform."""
        return set(self.bridge.references)


class Quiet:
    """Takes no figures down: they would stand between the lines that tell how far the campaign is."""

    def count(self, what: Count, times: int, platform: str) -> None:
        pass

    def time(self, what: Time, seconds: float, platform: str) -> None:
        pass

    def gauge(self, what: Gauge, value: float) -> None:
        pass


class Town(TroubledOffice):
    """An office whose workers reach every server through a proxy, and which throws away what they leave behind."""

    def __init__(self, servers: Servers, database: Database, valkey: Valkey, folder: Path, proxies: Proxies) -> None:
        super().__init__(servers, database, valkey, folder, TIMES)
        self.bridge_address = f"http://127.0.0.1:{proxies.bridge.port}"
        self.worker_settings = through(self.settings, proxies)
        self.worker_queue_url = self.worker_settings["SQS_RATE_LIMITER_QUEUE_URL"]
        self.parts.measures = Quiet()
        self.sqs.set_queue_attributes(QueueUrl=self.queue_url, Attributes={"VisibilityTimeout": str(VISIBLE_AGAIN)})
        self.found: list[str] = []  # what stood where nobody may find it
        self.receives = 0
        self.most = 0

    def creator(self, *, messages: int = 10, seconds: int = 2, fans: int = 1, find: bool = True) -> Creator:
        made = super().creator(messages=messages, seconds=seconds, fans=fans, find=find)
        if not find:
            self.blind.add(made.user_id)
        return made

    @property
    def blind(self) -> set[str]:
        """Accounts whose platform cannot be asked what became of a message."""
        known: set[str] = self.__dict__.setdefault("_blind", set())
        return known

    def bury(self, worker: WorkerProcess) -> None:
        """Read what a dead worker has written, and throw it away: thousands of them leave much behind."""
        self.workers.remove(worker)
        self._read(worker.log)
        worker.log.unlink(missing_ok=True)
        (self.folder / worker.log.name.replace("worker", "orders")).with_suffix(".json").unlink(missing_ok=True)

    def sweep(self, *, all_: bool = False) -> None:
        """The same for what many write: it is moved aside first, and whoever writes next begins anew."""
        for name in ("traffic.log", "traffic.receives"):
            file = self.folder / name
            if file.exists() and (all_ or file.stat().st_size > MOST_BYTES):
                aside = file.rename(file.with_suffix(".aside"))
                self._read(aside)
                if name.endswith("receives"):
                    counts = [int(line) for line in aside.read_text().split() if line.isdigit()]
                    self.receives, self.most = self.receives + len(counts), max(self.most, *counts, 0)
                aside.unlink()
        for log in self.folder.glob("*.log"):  # of processes that go on: all of them write at the end, wherever that is
            if not log.name.startswith("worker-") and (all_ or log.stat().st_size > MOST_BYTES):
                self._read(log)
                os.truncate(log, 0)

    def leaks(self) -> list[str]:
        return self.found + super().leaks()

    def _read(self, log: Path) -> None:
        with suppress(FileNotFoundError), log.open("rb") as lines:
            self.found += [f"{log.name}: {line[:300]!r}" for line in lines if CANARIES.search(line)][:10]


def through(settings: dict[str, str], proxies: Proxies) -> dict[str, str]:
    """The same environment, with a proxy before every server."""
    database = make_conninfo("", **{**conninfo_to_dict(settings["DATABASE_URL"]), "port": proxies.postgres.port})
    queue = f"http://127.0.0.1:{proxies.sqs.port}"
    path = urlsplit(settings["SQS_RATE_LIMITER_QUEUE_URL"]).path
    return {
        **settings,
        "DATABASE_URL": database,
        "REDIS_ENDPOINT": f"redis://127.0.0.1:{proxies.redis.port}",
        "AWS_ENDPOINT_URL": queue,
        "SQS_RATE_LIMITER_QUEUE_URL": f"{queue}{path}",
        "SQS_RATE_LIMITER_DLQ_URL": f"{queue}{path}-dlq",
    }


@dataclass(frozen=True)
class World:
    """All of it."""

    postgres: Postgres
    valkey: Valkey
    proxies: Proxies
    town: Town
    folder: Path


@contextmanager
def world(folder: Path) -> Iterator[World]:
    """Servers of its own: what is killed here is nobody else's. PostgreSQL keeps what it says it has kept."""
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o755)  # PostgreSQL is another user where we are root
    (folder / "logs").mkdir()
    with ExitStack() as all_, mock.patch.dict(os.environ, AWS), in_place(TIMES.replacements()):
        postgres = all_.enter_context(Postgres(folder / "postgres", secrets.token_urlsafe(12), durable=True))
        valkey = all_.enter_context(Valkey(folder / "valkey", secrets.token_urlsafe(12)))
        aws = all_.enter_context(LocalAws(folder / "aws"))
        simulator = all_.enter_context(Simulator(folder / "simulator"))
        stands = {"postgres": postgres.port, "redis": valkey.port, "sqs": aws.port, "bridge": simulator.port}
        proxies = Proxies(*(all_.enter_context(Proxy(name, port)) for name, port in stands.items()))
        nursery = Nursery(folder / "logs")
        all_.callback(nursery.close)
        postgres.create_database(NAME)
        migrate(postgres.admin_conninfo(NAME), postgres.password)
        superuser = postgres.superuser_conninfo(NAME)
        ways = postgres.app_conninfo(NAME), postgres.admin_conninfo(NAME), superuser
        database = Database(NAME, *ways, PassingHand(superuser))
        all_.enter_context(our_log(folder / "logs" / "ours.log"))
        town = Town(Servers(simulator, aws.endpoint, nursery), database, valkey, folder / "logs", proxies)
        all_.callback(town.close)
        yield World(postgres, valkey, proxies, town, folder)
