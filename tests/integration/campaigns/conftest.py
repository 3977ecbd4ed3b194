from collections.abc import Iterator

import pytest

from tests.conftest import Database
from tests.support.campaigns import Ground, ground_in
from tests.support.databases import Databases


@pytest.fixture(scope="package")
def database(databases: Databases) -> Iterator[Database]:
    """For tests that keep apart by a workspace each: making a database takes longer than most of them."""
    with databases.lent() as made:
        yield made


@pytest.fixture
def ground(database: Database) -> Iterator[Ground]:
    """A creator with one OnlyFans account."""
    with ground_in(database) as made:
        made.connect()
        yield made
