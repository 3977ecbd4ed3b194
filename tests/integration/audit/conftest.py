from collections.abc import Iterator
from typing import Any

import psycopg
import pytest

from huntaze import wiring
from huntaze.audit.service import AuditLog
from huntaze.members.model import Principal, Role
from huntaze.runtime.postgres import Postgres
from huntaze.runtime.secrets import Secrets
from huntaze.runtime.unit_of_work import UnitOfWork
from huntaze.stores import Stores
from tests.conftest import Database
from tests.support.databases import Databases
from tests.support.workspaces import ZOE, seed_two_workspaces

OWNER = Principal(f"owner of {ZOE.id}", ZOE.id, ZOE.of("owner"), Role.OWNER)


class Log:
    """A process that writes and reads the log of Zoë's workspace."""

    def __init__(self, database: Database) -> None:
        self.postgres = Postgres(lambda: database.app, Secrets())
        self.parts = wiring.Wiring({})
        self.parts.postgres = self.postgres
        self.parts.unit_of_work = UnitOfWork(self.postgres)

    @property
    def reading(self) -> AuditLog:
        return self.parts.audit_log

    def writing(self, who: Principal = OWNER) -> Any:
        return self.parts.in_workspace(who)


def stores_of(connection: psycopg.Connection[Any]) -> Stores:
    return Stores(connection, ZOE.id)


@pytest.fixture(scope="module")
def seeded(databases: Databases) -> Iterator[Database]:
    """Two workspaces, for tests that take everything back or only add."""
    with databases.lent() as made:
        seed_two_workspaces(made.hand.connection)
        yield made


@pytest.fixture
def log(seeded: Database) -> Iterator[Log]:
    log = Log(seeded)
    yield log
    log.postgres.close()
