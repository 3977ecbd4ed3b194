"""Connecting on a real database: whatever fails or comes twice, there is one connection or none."""

import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any
from uuid import UUID

import psycopg
import pytest

from huntaze import wiring
from huntaze.connections.model import Asked, ConnectionState, NewLogin
from huntaze.connections.notice import notice
from huntaze.connections.vault import Keys
from huntaze.errors import Conflict, NotFound, Unavailable
from huntaze.fans.model import Platform
from huntaze.idempotency.model import Answer, Keyed
from huntaze.members.model import Principal
from huntaze.runtime.keys import NotUnderThisKey
from tests.conftest import Database
from tests.integration.connections.conftest import process
from tests.support.connection_store_contract import NOON
from tests.support.fake_connections import ZOE_S, FakeBridge
from tests.support.workspaces import MAX, ZOE

ASKED = Asked(Platform.FANSLY, "https://bridge.example.com", "the-token")
FANSLY = replace(ZOE_S, platform="fansly")
AGREED = notice().version


@pytest.fixture
def bridge() -> FakeBridge:
    return FakeBridge(FANSLY)


def rows(database: Database, workspace_id: UUID) -> list[tuple[Any, ...]]:
    return database.run(
        "SELECT id, status FROM platform_connections WHERE workspace_id = %s AND platform = 'fansly'", workspace_id
    )


def test_what_was_connected_is_opened_by_whoever_sends(parts: wiring.Wiring, owner: Principal) -> None:
    connected = parts.connecting.connect(owner, ASKED, AGREED).connection
    door = parts.doors.open(owner.workspace_id, connected.id)
    assert (door.platform, door.bridge_url, door.credentials.token) == ("fansly", ASKED.bridge_url, "the-token")
    assert connected.consent is not None
    assert (connected.consent.by, connected.consent.at) == (owner.member_id, NOON)


def test_no_door_is_opened_of_what_was_disconnected_or_is_anothers(
    parts: wiring.Wiring, owner: Principal, other_owner: Principal
) -> None:
    connected = parts.connecting.connect(owner, ASKED, AGREED).connection
    with pytest.raises(NotFound):
        parts.doors.open(other_owner.workspace_id, connected.id)
    with pytest.raises(NotFound):
        parts.doors.open(owner.workspace_id, ZOE.of("account"))  # it has no credentials
    parts.connecting.disconnect(owner, connected.id)
    with pytest.raises(NotFound):
        parts.doors.open(owner.workspace_id, connected.id)


def test_swapped_credentials_open_nothing(
    parts: wiring.Wiring, owner: Principal, database: Database, bridge: FakeBridge
) -> None:
    fansly = parts.connecting.connect(owner, ASKED, AGREED).connection
    parts.connecting.disconnect(owner, ZOE.of("account"))
    bridge.facts = ZOE_S
    onlyfans = parts.connecting.connect(owner, replace(ASKED, platform=Platform.ONLYFANS), AGREED).connection
    with psycopg.connect(database.superuser) as connection:
        connection.execute(
            "UPDATE platform_connections AS ours SET credentials = theirs.credentials"
            " FROM platform_connections AS theirs"
            " WHERE ours.id = ANY(%(both)s) AND theirs.id = ANY(%(both)s) AND ours.id <> theirs.id",
            {"both": [fansly.id, onlyfans.id]},
        )
    for one in (fansly, onlyfans):
        with pytest.raises(NotUnderThisKey):
            parts.doors.open(owner.workspace_id, one.id)


def test_when_the_bridge_does_not_take_the_address_of_events_nothing_is_kept(
    parts: wiring.Wiring, owner: Principal, database: Database, bridge: FakeBridge
) -> None:
    bridge.deaf = Unavailable("Nobody answers.", retry_after=5)
    with pytest.raises(Unavailable):
        parts.connecting.connect(owner, ASKED, AGREED)
    assert rows(database, owner.workspace_id) == []


def test_a_process_that_dies_before_its_commit_leaves_nothing_and_trying_again_leaves_one(
    parts: wiring.Wiring, owner: Principal, database: Database, bridge: FakeBridge, keys: Keys
) -> None:
    """The bridge has answered and was told where events go; then the process is gone."""

    class Killed(BaseException):
        """Nobody catches it."""

    dying = process(database, bridge, keys)
    told = bridge.set_webhook

    def told_and_killed(*words: Any) -> None:
        told(*words)
        dying.postgres._connection.close()  # type: ignore[union-attr]  # noqa: SLF001  (what the server sees of a death)
        raise Killed

    bridge.set_webhook = told_and_killed  # type: ignore[method-assign]
    with pytest.raises(Killed):
        dying.connecting.connect(owner, ASKED, AGREED)
    assert rows(database, owner.workspace_id) == []
    bridge.set_webhook = told  # type: ignore[method-assign]
    connected = parts.connecting.connect(owner, ASKED, AGREED).connection
    assert rows(database, owner.workspace_id) == [(connected.id, "active")]
    door, url = bridge.told[-1]
    assert url == f"https://api.example.com/api/webhooks/fansly/{connected.id}"
    assert parts.doors.open(owner.workspace_id, connected.id).credentials == door.credentials


def test_the_same_request_again_answers_the_same_and_connects_nothing_anew(
    parts: wiring.Wiring, owner: Principal, database: Database, bridge: FakeBridge
) -> None:
    def act() -> Answer:
        return Answer(201, {}, str(parts.connecting.connect(owner, ASKED, AGREED).connection.id))

    keyed = Keyed("key-of-a-form", b"x" * 32)
    first, second = (parts.idempotency.once(owner, keyed, act) for _ in range(2))
    assert first == second
    assert rows(database, owner.workspace_id) == [(UUID(first.body), "active")]
    assert len(bridge.asked) == 1


def test_two_at_once_leave_one_connection_and_one_secret(
    parts: wiring.Wiring, owner: Principal, database: Database, bridge: FakeBridge, keys: Keys
) -> None:
    both = threading.Barrier(2)
    bridge.meanwhile = lambda: both.wait() and None

    def attempt(own: wiring.Wiring) -> str:
        try:
            return str(own.connecting.connect(owner, ASKED, AGREED).connection.id)
        except Conflict as refused:
            return refused.detail

    processes = [process(database, bridge, keys) for _ in range(2)]
    with ThreadPoolExecutor(2) as pool:
        ends = list(pool.map(attempt, processes))
    for one in processes:
        one.postgres.close()
    [(connection_id, _)] = rows(database, owner.workspace_id)
    [refused] = [end for end in ends if end != str(connection_id)]
    assert refused.startswith("This account is connected already.")
    [(door, _)] = bridge.told
    assert parts.doors.open(owner.workspace_id, connection_id).credentials == door.credentials


@pytest.mark.usefixtures("parts")
def test_two_workspaces_at_once_leave_one_and_tell_the_other_nothing_of_it(
    owner: Principal, other_owner: Principal, database: Database, bridge: FakeBridge, keys: Keys
) -> None:
    both = threading.Barrier(2)
    bridge.meanwhile = lambda: both.wait() and None

    def attempt(who: Principal) -> str:
        own = process(database, bridge, keys)
        try:
            return own.connecting.connect(who, ASKED, AGREED).state
        except Conflict as refused:
            return refused.detail
        finally:
            own.postgres.close()

    with ThreadPoolExecutor(2) as pool:
        ends = set(pool.map(attempt, (owner, other_owner)))
    assert ends == {
        ConnectionState.ACTIVE,
        "This account is in use already: an account can be connected in one place only.",
    }
    assert len(rows(database, ZOE.id)) + len(rows(database, MAX.id)) == 1
    assert len(bridge.told) == 1


def test_an_account_that_moved_to_another_workspace_cannot_be_renewed_here(
    parts: wiring.Wiring, owner: Principal, other_owner: Principal, bridge: FakeBridge
) -> None:
    ours = parts.connecting.connect(owner, ASKED, AGREED).connection
    bridge.facts = replace(FANSLY, signed_in=False)
    assert parts.connections.test(owner, ours.id).health.state is ConnectionState.EXPIRED
    bridge.facts = FANSLY
    parts.connecting.connect(other_owner, ASKED, AGREED)
    told = len(bridge.told)
    with pytest.raises(Conflict, match="one place only"):
        parts.connecting.renew(owner, ours.id, NewLogin(token="new"))
    assert len(bridge.told) == told, "its events still go to whoever has it"
    assert parts.connections.get(owner, ours.id).state is ConnectionState.EXPIRED
    parts.connecting.disconnect(owner, ours.id)
    assert bridge.silenced == []


def test_messages_that_wait_stay_and_are_counted(parts: wiring.Wiring, owner: Principal, database: Database) -> None:
    account = ZOE.of("account")
    with psycopg.connect(database.superuser) as connection:
        connection.execute("ALTER TABLE messages DISABLE TRIGGER USER")
        connection.execute(
            "UPDATE messages SET status = 'queued', queued_at = now(), approved_by = %s, approved_at = now(),"
            " approved_hash = content_hash WHERE id = %s",
            [ZOE.of("owner"), ZOE.of("draft message")],
        )
    gone = parts.connecting.disconnect(owner, account)
    assert (gone.state, gone.waiting) == (ConnectionState.REVOKED, 1)
    statuses = "SELECT status FROM messages WHERE workspace_id = %s AND account_id = %s"
    assert database.run(statuses, ZOE.id, account) == [("queued",)]
