"""A workspace whose bridge tells events, and the process that hears and does them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import psycopg
import pytest

from huntaze import wiring
from huntaze.ids import new_id
from huntaze.members.model import Principal, Role
from tests.conftest import Database
from tests.integration.fans.conftest import add_member, add_workspace
from tests.support.databases import Databases
from tests.support.fake_webhooks import Bridge, FakeDoors, FakeEventQueue, event
from tests.support.workspaces import Workspace

CONNECT = """
INSERT INTO platform_connections
    (workspace_id, id, platform, platform_user_id, consent_by, consent_at, consent_notice)
VALUES (%s, %s, %s, %s, %s, now(), '2026-01')
"""
LONG_SIGNED_IN = "UPDATE platform_connections SET signed_in_at = '2020-01-01' WHERE id = %s"
ROBIN = {"id": "1001", "username": "robin", "name": "Robin"}
ELSEWHERE = "sent_elsewhere"
KEY = "a key for tests"


@pytest.fixture(scope="module")
def database(databases: Databases) -> Iterator[Database]:
    """For tests that keep apart by a workspace each: making a database takes longer than most of them."""
    with databases.lent() as made:
        yield made


@dataclass
class House:
    """A workspace with an owner and a bridge, and the process that serves it."""

    database: Database
    superuser: psycopg.Connection[Any]
    parts: wiring.Wiring
    owner: Principal
    bridge: Bridge
    queue: FakeEventQueue

    @property
    def workspace(self) -> Workspace:
        return Workspace(self.owner.workspace_id)

    @property
    def spent(self) -> list[tuple[Any, ...]]:
        """The accounts and messages of sends that were not ours."""
        attempts = self.rows("account_id, message_id, detail", "delivery_attempts")
        return [(account_id, message_id) for account_id, message_id, detail in attempts if detail == ELSEWHERE]

    def hear(self, kind: str, data: Mapping[str, object], at: str = "2026-06-01T12:00:00Z", **more: Any) -> None:
        """An event comes in, and waits on the queue."""
        delivered = self.bridge.delivered(event(kind, data, at), more.get("event_id"))
        self.parts.webhooks.take_in("onlyfans", str(self.bridge.connection_id), delivered)

    def tell(self, kind: str, data: Mapping[str, object], at: str = "2026-06-01T12:00:00Z", **more: Any) -> str:
        """An event comes in and is done; what became of it."""
        self.hear(kind, data, at, **more)
        for ticket in self.queue.tickets:
            self.parts.event_worker.receive(ticket.body())
        self.queue.tickets.clear()
        ((outcome,),) = self.run(
            "SELECT outcome FROM webhook_events WHERE workspace_id = %s ORDER BY processed_at DESC LIMIT 1",
            self.owner.workspace_id,
        )
        return str(outcome)

    def rows(self, columns: str, table: str) -> list[tuple[Any, ...]]:
        """All that is in a table of this workspace."""
        return self.run(f"SELECT {columns} FROM {table} WHERE workspace_id = %s", self.owner.workspace_id)  # noqa: S608

    def run(self, statement: str, *values: object) -> list[tuple[Any, ...]]:
        """Without any rule, to look at what is really there."""
        found = self.superuser.execute(statement, values)
        return found.fetchall() if found.description else []


def process(database: Database) -> wiring.Wiring:
    return wiring.Wiring({"DATABASE_URL": database.app, "ERASURE_KEY": KEY})


def move_in(database: Database, superuser: psycopg.Connection[Any], parts: wiring.Wiring) -> House:
    """A new workspace, heard by this process alone."""
    workspace_id, bridge, queue = add_workspace(database), Bridge(), FakeEventQueue()
    owner = Principal("zoe", workspace_id, add_member(database, workspace_id, Role.OWNER), Role.OWNER)
    parts.doors = FakeDoors({(workspace_id, bridge.connection_id): bridge.secret})
    parts.event_queue = queue
    for made in ("webhooks", "event_worker", "event_reminding"):
        vars(parts).pop(made, None)
    house = House(database, superuser, parts, owner, bridge, queue)
    account = (workspace_id, bridge.connection_id, "onlyfans", f"creator {new_id()}", owner.member_id)
    house.run(CONNECT, *account)
    house.run(LONG_SIGNED_IN, bridge.connection_id)
    return house


@pytest.fixture(scope="module")
def superuser(database: Database) -> Iterator[psycopg.Connection[Any]]:
    with psycopg.connect(database.superuser, autocommit=True) as connection:
        yield connection


@pytest.fixture(scope="module")
def parts(database: Database) -> Iterator[wiring.Wiring]:
    made = process(database)
    yield made
    made.postgres.close()


@pytest.fixture
def house(database: Database, superuser: psycopg.Connection[Any], parts: wiring.Wiring) -> House:
    return move_in(database, superuser, parts)
