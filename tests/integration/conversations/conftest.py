from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

import pytest

from huntaze import wiring
from huntaze.fans.model import Platform
from huntaze.ids import new_id
from huntaze.members.model import Principal, Role
from tests.conftest import Database
from tests.integration.fans.conftest import add_member, add_workspace
from tests.support.databases import Databases
from tests.support.fake_delivery import RecordedQueue, send_without_servers
from tests.support.people import new_fan

CONNECT = """
INSERT INTO platform_connections
    (workspace_id, id, platform, platform_user_id, consent_by, consent_at, consent_notice, status)
VALUES (%s, %s, %s, %s, %s, now(), '2026-01', %s)
"""


@pytest.fixture(scope="module")
def database(databases: Databases) -> Iterator[Database]:
    """For tests that keep apart by a workspace each: making a database takes longer than most of them."""
    with databases.lent() as made:
        yield made


@dataclass(frozen=True)
class Studio:
    """A workspace with an owner and a machine, who is connected to OnlyFans, and the process they work in."""

    database: Database
    parts: wiring.Wiring
    queue: RecordedQueue
    owner: Principal
    machine: Principal

    @property
    def workspace_id(self) -> UUID:
        return self.owner.workspace_id

    def fan(self, platform: Platform = Platform.ONLYFANS, **about: object) -> UUID:
        return self.parts.fans.create(self.owner, new_fan(platform=platform, **about)).id

    def conversation(self, platform: Platform = Platform.ONLYFANS, **about: object) -> UUID:
        """A conversation with a new fan."""
        return self.parts.conversations.open(self.owner, self.fan(platform, **about)).conversation.id

    def connect(self, platform: str, status: str = "active") -> UUID:
        connection_id = new_id()
        self.run(CONNECT, self.workspace_id, connection_id, platform, connection_id, self.owner.member_id, status)
        return connection_id

    def run(self, statement: str, *values: object) -> list[tuple[object, ...]]:
        """Without any rule, to look at what is really there."""
        return self.database.run(statement, *values)


@pytest.fixture
def studio(database: Database) -> Iterator[Studio]:
    parts, workspace_id = wiring.Wiring({"DATABASE_URL": database.app}), add_workspace(database)
    queue = send_without_servers(parts)
    owner, machine = (
        Principal("zoe", workspace_id, add_member(database, workspace_id, role), role)
        for role in (Role.OWNER, Role.MACHINE)
    )
    made = Studio(database, parts, queue, owner, machine)
    made.connect("onlyfans")
    yield made
    parts.postgres.close()
