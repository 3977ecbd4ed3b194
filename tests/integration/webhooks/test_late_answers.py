"""The platform tells that it has a message of ours, whose answer never came."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

import psycopg
import pytest

from huntaze import wiring
from huntaze.members.model import Principal
from tests.conftest import Database
from tests.integration.webhooks.conftest import House
from tests.support.databases import Databases
from tests.support.fake_webhooks import Bridge, FakeDoors, FakeEventQueue
from tests.support.outgoing import message_in
from tests.support.workspaces import MAX, NOON, ZOE, inside, seed_two_workspaces

SENT = {"messageId": "m9", "fan": {"id": "robin", "username": "robin"}, "text": "Hello", "priceCents": 0}


@pytest.fixture
def database(databases: Databases) -> Iterator[Database]:
    with databases.lent() as made:
        seed_two_workspaces(made.hand.connection)
        yield made


@pytest.fixture
def superuser(database: Database) -> Iterator[psycopg.Connection[Any]]:
    with psycopg.connect(database.superuser, autocommit=True) as connection:
        yield connection


@pytest.fixture
def house(database: Database, superuser: psycopg.Connection[Any], owner: Principal) -> Iterator[House]:
    parts = wiring.Wiring({"DATABASE_URL": database.app})
    bridge, queue = Bridge(ZOE.of("account")), FakeEventQueue()
    parts.doors, parts.event_queue = FakeDoors({(ZOE.id, bridge.connection_id): bridge.secret}), queue
    made = House(database, superuser, parts, owner, bridge, queue)
    superuser.execute("DELETE FROM webhook_events")
    yield made
    parts.postgres.close()


def _in(house: House, status: str, **changes: object) -> UUID:
    with inside(house.superuser, ZOE):
        return message_in(house.superuser, ZOE, status, **changes)


def _told(house: House, reference: object, at: str = "2026-06-01T12:00:00Z", **more: Any) -> str:
    return house.tell("message.sent", {**SENT, "clientReference": str(reference)}, at, **more)


@pytest.mark.parametrize("status", ["sending", "unknown"])
def test_it_is_the_answer_and_no_other_message(house: House, status: str) -> None:
    message_id = _in(house, status)
    before = len(house.rows("id", "messages"))
    assert _told(house, message_id) == "done"
    assert _told(house, message_id, event_id="again") == "known"
    ((now, platform_message_id, sent_at),) = house.run(
        "SELECT status, platform_message_id, sent_at FROM messages WHERE id = %s", message_id
    )
    assert (now, platform_message_id, sent_at) == ("sent", "m9", NOON)
    assert len(house.rows("id", "messages")) == before
    assert house.spent == [], "its own attempt holds the token"


@pytest.mark.parametrize("status", ["sent", "failed", "cancelled"])
def test_in_any_other_state_it_changes_nothing(house: House, status: str) -> None:
    message_id = _in(house, status)
    assert _told(house, message_id) == "known"
    assert house.run("SELECT status FROM messages WHERE id = %s", message_id) == [(status,)]


def test_a_reference_of_another_workspace_or_account_is_not_ours(house: House) -> None:
    with inside(house.superuser, MAX):
        theirs = message_in(house.superuser, MAX, "sending")
    assert _told(house, theirs) == "done"
    assert house.run("SELECT status FROM messages WHERE id = %s", theirs) == [("sending",)]
    assert len(house.spent) == 1


def test_what_was_bought_before_the_answer_came_is_joined_to_our_message(house: House) -> None:
    message_id = _in(house, "sending", price_cents=900)
    bought = {"purchaseId": "p1", "messageId": "m9", "fan": SENT["fan"], "amountCents": 900, "currency": "USD"}
    house.tell("message.purchased", bought, "2026-06-01T13:00:00Z")
    _told(house, message_id)
    assert house.run("SELECT message_id FROM transactions WHERE platform_transaction_id = 'p1'") == [(message_id,)]
    assert house.run("SELECT bought_at IS NOT NULL FROM messages WHERE id = %s", message_id) == [(True,)]
