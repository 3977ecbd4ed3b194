"""Everything that sending needs, as servers of these tests' own: they are stopped, hung and started again."""

import os
import secrets
import signal
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from huntaze import wiring
from huntaze.connections.vault import Vault
from huntaze.migrations.runner import migrate
from huntaze.platforms.model import Credentials
from local.local_aws import LocalAws
from local.processes import Server
from local.servers import Postgres, Valkey
from local.simulator.process import Simulator
from local.simulator.tokens import token_of
from tests.support.databases import Databases
from tests.support.fake_connections import FakeKeys
from tests.support.functions import CLAIMS, CLIENT, ISSUER, Answer, call
from tests.support.logs import forget_logger
from tests.support.post_office import PLATFORM, Creator, PostOffice

OPENED = """
UPDATE platform_connections SET credentials = %(sealed)s, capabilities = '{send,find}' WHERE id = %(account)s
"""
KNOWN = "UPDATE members SET subject = id::text"  # as the user pool would call them: without a blank


@dataclass
class House:
    """The servers, and a process of each function before them."""

    servers: dict[str, Server]
    office: PostOffice
    creator: Creator

    def ask(self, function: str, method: str, path: str, **words: Any) -> Answer:
        """A request of the creator's owner."""
        return call(function, method, path, claims={**CLAIMS, "sub": str(self.creator.owner.member_id)}, **words)

    def stop(self, name: str) -> Callable[[], None]:
        """End a server; what starts it again. The local AWS alone is ended in order: it would forget its queues."""
        server = self.servers[name]
        if name == "queue":
            server._child.stop()  # noqa: SLF001
        else:
            server.kill()
        return server.start

    def hang(self, name: str) -> Callable[[], None]:
        """Have a server answer nothing; what lets it go on."""
        pid = self.servers[name]._child.pid  # noqa: SLF001
        os.killpg(pid, signal.SIGSTOP)
        return lambda: os.killpg(pid, signal.SIGCONT)


@pytest.fixture(scope="module")
def servers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Server]]:
    folder: Path = tmp_path_factory.mktemp("house")
    with (
        Postgres(folder / "postgres", secrets.token_urlsafe(12)) as postgres,  # it is killed, and what was said stays
        Valkey(folder / "valkey", secrets.token_urlsafe(12)) as valkey,
        LocalAws(folder / "aws") as aws,
        Simulator(folder / "simulator") as simulator,
    ):
        postgres.create_database("migrated")
        migrate(postgres.admin_conninfo("migrated"), postgres.password)
        yield {"database": postgres, "redis": valkey, "queue": aws, "platform": simulator}


@pytest.fixture(scope="module")
def house(servers: dict[str, Server]) -> Iterator[House]:
    postgres, valkey, aws, simulator = servers.values()
    assert isinstance(postgres, Postgres)
    assert isinstance(valkey, Valkey)
    assert isinstance(aws, LocalAws)
    assert isinstance(simulator, Simulator)
    with (
        pytest.MonkeyPatch.context() as patch,
        closing(Databases(postgres, "migrated")) as databases,
        databases.lent() as database,
    ):
        for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
            patch.setenv(name, "test")
        office = PostOffice(database, valkey, simulator, aws.endpoint)
        office.sqs.create_queue(QueueName=f"{office.queue_url.rpartition('/')[2]}-dlq")
        for name, value in office.settings.items():
            patch.setenv(name, value)
        for name, value in {"TOKEN_ISSUER": ISSUER, "TOKEN_CLIENT_ID": CLIENT, "REQUESTS_PER_MINUTE": "10000"}.items():
            patch.setenv(name, value)
        wiring.current.cache_clear()
        wiring.current().keys = FakeKeys()  # type: ignore[assignment]  # keeps the same Protocol
        creator = office.creator(messages=10, seconds=60, fans=3)
        sealed = Vault(FakeKeys()).seal(
            creator.workspace_id, creator.account_id, Credentials(token_of(PLATFORM, creator.user_id), "whsec_unused")
        )
        office.run(KNOWN)
        office.run(OPENED, sealed=sealed, account=creator.account_id)
        yield House(servers, office, creator)
        office.close()
        with suppress(Exception):
            wiring.current().postgres.close()
        wiring.current.cache_clear()
        forget_logger()
