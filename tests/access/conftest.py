from collections.abc import Iterator, Mapping

import psycopg
import pytest

from huntaze import wiring
from local.servers import Postgres
from tests.access.stage import Stage, WatchedCursors, add_accounts, add_imports, add_people
from tests.support.databases import Databases
from tests.support.fake_connections import BridgeOfEverybody, FakeKeys, FakeSender
from tests.support.fake_delivery import FakeDeadLetters, dead_permit, send_without_servers
from tests.support.fake_monitoring import FakeParts, look_around
from tests.support.functions import CLIENT, ISSUER
from tests.support.imports import KeptFiles, KeptTickets
from tests.support.logs import forget_logger
from tests.support.people_of_pages import FakePool
from tests.support.workspaces import seed_two_workspaces


@pytest.fixture(scope="module")
def seeded(databases: Databases) -> Iterator[str]:
    """The name of a database with two workspaces; every test leaves it as it was."""
    with databases.lent() as made:
        seed_two_workspaces(made.hand.connection)
        add_people(made.superuser)
        add_accounts(made.superuser)
        add_imports(made.superuser)
        yield made.name


@pytest.fixture(scope="module")
def stage(postgres: Postgres, seeded: str) -> Iterator[Stage]:
    """A process with the settings of a deployment."""
    with pytest.MonkeyPatch.context() as environment:
        for name, value in _settings(postgres.app_conninfo(seeded)).items():
            environment.setenv(name, value)
        wiring.current.cache_clear()
        parts = wiring.current()
        parts.user_pool = FakePool()  # type: ignore[assignment]  # keeps the same Protocol
        send_without_servers(parts)
        parts.permit_queue = FakeDeadLetters([dead_permit()])  # type: ignore[assignment]  # keeps the same Protocol
        parts.platform = lambda _: BridgeOfEverybody()  # type: ignore[method-assign,assignment,return-value]
        parts.sender = FakeSender()
        parts.keys = FakeKeys()  # type: ignore[assignment]  # keeps the same Protocol
        look_around(parts, FakeParts())
        parts.import_files = KeptFiles()  # type: ignore[assignment]  # keeps the same Protocols
        parts.import_queue = KeptTickets()  # type: ignore[assignment]  # keeps the same Protocol
        parts.cursors = cursors = WatchedCursors(lambda: b"a key for tests")
        with psycopg.connect(postgres.superuser_conninfo(seeded), autocommit=True) as superuser:
            yield Stage(parts, superuser, cursors)
        parts.postgres.close()
        wiring.current.cache_clear()
        forget_logger()


def _settings(database_url: str) -> Mapping[str, str]:
    return {
        "STAGE": "local",
        "PUBLIC_URL": "https://api.example.com",
        "DATABASE_URL": database_url,
        "TOKEN_ISSUER": ISSUER,
        "TOKEN_CLIENT_ID": CLIENT,
        "REQUESTS_PER_MINUTE": "1000000",
        "USER_POOL_ID": "us-east-1_test",
        "ERASURE_KEY": "a key for tests, which is long enough to be one",
        "AWS_DEFAULT_REGION": "us-east-1",
        "AWS_ACCESS_KEY_ID": "testing",
        "AWS_SECRET_ACCESS_KEY": "testing",
    }
