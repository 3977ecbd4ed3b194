from collections.abc import Iterator

import psycopg
import pytest

from huntaze import wiring
from local.servers import Postgres
from tests.access.stage import Stage, WatchedCursors, add_people
from tests.support.functions import CLIENT, ISSUER
from tests.support.logs import forget_logger
from tests.support.workspaces import seed_two_workspaces


@pytest.fixture(scope="module")
def seeded(postgres: Postgres, migrated_template: str) -> Iterator[str]:
    """The name of a database with two workspaces; every test leaves it as it was."""
    name = "access"
    postgres.create_database(name, template=migrated_template)
    seed_two_workspaces(postgres.admin_conninfo(name))
    add_people(postgres.superuser_conninfo(name))
    yield name
    postgres.drop_database(name)


@pytest.fixture(scope="module")
def stage(postgres: Postgres, seeded: str) -> Iterator[Stage]:
    """A process with the settings of a deployment."""
    settings = {"DATABASE_URL": postgres.app_conninfo(seeded), "TOKEN_ISSUER": ISSUER, "TOKEN_CLIENT_ID": CLIENT}
    settings |= {"STAGE": "local", "REQUESTS_PER_MINUTE": "1000000", "AWS_DEFAULT_REGION": "us-east-1"}
    with pytest.MonkeyPatch.context() as environment:
        for name, value in settings.items():
            environment.setenv(name, value)
        wiring.current.cache_clear()
        parts = wiring.current()
        parts.cursors = cursors = WatchedCursors(lambda: b"a key for tests")
        with psycopg.connect(postgres.superuser_conninfo(seeded), autocommit=True) as superuser:
            yield Stage(parts, superuser, cursors)
        parts.postgres.close()
        wiring.current.cache_clear()
        forget_logger()
