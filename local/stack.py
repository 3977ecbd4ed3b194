"""Every server of the local run under one folder, and the file that tells other programs where they are."""

import json
import secrets
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Self

from infra.stage import LOCAL
from local.local_aws import LocalAws
from local.proxy import Proxy
from local.servers import Postgres, Valkey
from local.simulator.process import Simulator

DATABASE = "huntaze"
WEB_PORT = 3000


@dataclass(frozen=True)
class Servers:
    """Where the servers of one local run are, and the password that guards them."""

    web_port: int
    aws_port: int
    postgres_port: int
    valkey_port: int
    password: str
    simulator_port: int = 0

    @property
    def url(self) -> str:
        """The address of web and API."""
        return f"http://127.0.0.1:{self.web_port}"

    @property
    def aws_endpoint(self) -> str:
        """The address that stands in for every AWS endpoint."""
        return f"http://127.0.0.1:{self.aws_port}"

    @property
    def platform(self) -> str:
        """The address of the simulated platform: its bridge and its control API."""
        return f"http://127.0.0.1:{self.simulator_port}"

    @property
    def redis_endpoint(self) -> str:
        """What REDIS_ENDPOINT says here."""
        return f"redis://127.0.0.1:{self.valkey_port}"

    def database(self, user: str = "huntaze_app", name: str = DATABASE) -> str:
        """The address of the database, or of another one on its server, for one of its roles."""
        return f"postgresql://{user}:{self.password}@127.0.0.1:{self.postgres_port}/{name}"

    @classmethod
    def read(cls, folder: Path) -> Self:
        """The servers of the last run in this folder."""
        return cls(**json.loads(_servers_file(folder).read_text()))

    def write(self, folder: Path) -> None:
        """Tell later programs, and the next run, which ports are ours."""
        _servers_file(folder).write_text(json.dumps(asdict(self), indent=2))
        _servers_file(folder).chmod(0o600)


@dataclass(frozen=True)
class Started:
    """The servers themselves, for who stops one of them and starts it again."""

    where: Servers
    postgres: Postgres
    valkey: Valkey
    aws: LocalAws
    simulator: Simulator


@contextmanager
def running(folder: Path, *, web_port: int = WEB_PORT) -> Iterator[Servers]:
    """Start every server in this folder, on the ports of its last run where they are free; stop them at the end."""
    with starting(folder, web_port=web_port) as started:
        yield started.where


@contextmanager
def starting(folder: Path, *, web_port: int = WEB_PORT) -> Iterator[Started]:
    """The same, with the servers at hand."""
    folder.mkdir(parents=True, exist_ok=True)
    last = _last_run(folder, web_port)
    with ExitStack() as servers:
        postgres = servers.enter_context(Postgres(folder / "postgres", last.password, port=last.postgres_port))
        if not postgres.has_database(DATABASE):
            postgres.create_database(DATABASE)
        valkey = servers.enter_context(Valkey(folder / "valkey", last.password, port=last.valkey_port))
        aws = servers.enter_context(LocalAws(folder / "aws", port=last.aws_port))
        proxy = servers.enter_context(Proxy(aws.port, str(LOCAL.pinned_api_id), port=last.web_port))
        simulator = servers.enter_context(Simulator(folder / "simulator", port=last.simulator_port))
        where = Servers(proxy.port, aws.port, postgres.port, valkey.port, last.password, simulator.port)
        where.write(folder)
        yield Started(where, postgres, valkey, aws, simulator)


def _last_run(folder: Path, web_port: int) -> Servers:
    """The ports and the password to take up again; the password outlives a stop because the data does."""
    if _servers_file(folder).exists():
        return Servers.read(folder)
    return Servers(web_port, 0, 0, 0, secrets.token_urlsafe(18))


def _servers_file(folder: Path) -> Path:
    return folder / "servers.json"
