from collections.abc import Iterator

import pytest

from local.servers import Postgres as Server
from tests.conftest import Database
from tests.support.campaigns import Ground, ground_in


@pytest.fixture(scope="package")
def database(postgres: Server, migrated_template: str) -> Iterator[Database]:
    """For tests that keep apart by a workspace each: making a database takes longer than most of them."""
    name = "campaigns"
    postgres.create_database(name, template=migrated_template)
    yield Database(name, postgres.app_conninfo(name), postgres.admin_conninfo(name), postgres.superuser_conninfo(name))
    postgres.drop_database(name)


@pytest.fixture
def ground(database: Database) -> Iterator[Ground]:
    """A creator with one OnlyFans account."""
    with ground_in(database) as made:
        made.connect()
        yield made
