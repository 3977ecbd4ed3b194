from collections.abc import Iterator

import psycopg
import pytest

from local.servers import Postgres
from tests.support.workspaces import MAX, seed_two_workspaces

pytest.register_assert_rewrite("tests.isolation.cases")


@pytest.fixture(scope="module")
def two_workspaces(postgres: Postgres, migrated_template: str) -> Iterator[str]:
    """How a superuser reaches a database with two workspaces; every test leaves it as it was."""
    name = "isolation"
    postgres.create_database(name, template=migrated_template)
    seed_two_workspaces(postgres.admin_conninfo(name))
    conninfo = postgres.superuser_conninfo(name)
    with psycopg.connect(conninfo) as superuser:
        superuser.execute("UPDATE workspaces SET currency = 'EUR' WHERE id = %s", [MAX.id])
        superuser.execute("UPDATE fans SET platform_id = 'only theirs' WHERE workspace_id = %s", [MAX.id])
    yield conninfo
    postgres.drop_database(name)
