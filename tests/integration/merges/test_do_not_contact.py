"""People who must not be contacted: the database holds everybody to it, also a handler that forgot."""

import threading
from typing import Any
from uuid import UUID

import psycopg
import pytest

from huntaze import wiring
from huntaze.ids import new_id
from huntaze.members.model import Principal
from tests.conftest import Database
from tests.support.outgoing import approved_message, campaign_message, launch, message_in, move
from tests.support.violations import violating
from tests.support.workspaces import ZOE, acting, draft_message, insert, inside

Connection = psycopg.Connection[Any]
FAN, MERGED = ZOE.of("fan"), ZOE.of("merged fan")
FLAG = "UPDATE fans SET do_not_contact = %s WHERE workspace_id = %s AND id = %s"
STATE = "SELECT status, last_error FROM messages WHERE id = %s"


@pytest.fixture
def app(parts: wiring.Wiring, database: Database) -> Any:
    assert parts
    with psycopg.connect(database.app, autocommit=True) as connection:
        yield connection


def _say(connection: Connection, fan_id: UUID, *, wanted: bool = False) -> None:
    connection.execute(FLAG, [not wanted, ZOE.id, fan_id])


def _thread_of_merged(connection: Connection) -> dict[str, object]:
    thread = {"id": ZOE.of("merged talk"), "fan_id": MERGED, "platform": "onlyfans"}
    insert(connection, "conversations", {"workspace_id": ZOE.id, **thread})
    return {"conversation_id": thread["id"], "fan_id": MERGED}


def test_nothing_is_queued_for_them_by_whatever_way(app: Connection) -> None:
    with inside(app, ZOE):
        waiting = {status: message_in(app, ZOE, status, new_id()) for status in ("draft", "failed", "unknown")}
        _say(app, FAN)
    for message in waiting.values():
        with violating("messages_wanted"), inside(app, ZOE):
            move(app, ZOE, message, "queued")
    with violating("messages_wanted"), inside(app, ZOE, ZOE.of("chatter")):
        insert(app, "messages", approved_message(app, ZOE))
    with inside(app, ZOE):
        insert(app, "messages", draft_message(ZOE, id=new_id()))
        heard = {"direction": "in", "status": "received", "text": "Why so quiet?", "account_id": None}
        insert(app, "messages", draft_message(ZOE, id=new_id(), **heard))


def test_what_goes_out_already_cannot_come_back_into_the_queue(app: Connection) -> None:
    with inside(app, ZOE):
        message = message_in(app, ZOE, "sending")
        _say(app, FAN)
        assert app.execute(STATE, [message]).fetchone() == ("sending", None)
    with violating("messages_wanted"), inside(app, ZOE):
        move(app, ZOE, message, "queued")
    with inside(app, ZOE):
        move(app, ZOE, message, "sent")


def test_the_flag_withdraws_what_waits_and_leaves_the_rest(app: Connection) -> None:
    with inside(app, ZOE):
        states = {status: message_in(app, ZOE, status, new_id()) for status in ("draft", "queued", "sent", "failed")}
        launch(app, ZOE)
        _say(app, FAN)
        after = {status: app.execute(STATE, [message]).fetchone() for status, message in states.items()}
        assert after["queued"] == ("cancelled", "do_not_contact")
        assert {was for was, now in after.items() if now and now[0] == was} == {"draft", "sent", "failed"}
        assert app.execute("SELECT count(*) FROM drafts WHERE fan_id = %s", [FAN]).fetchone() == (1,)
        reason = app.execute(
            "SELECT reason FROM message_transitions WHERE message_id = %s ORDER BY id DESC LIMIT 1", [states["queued"]]
        ).fetchone()
        assert reason == ("do_not_contact",)
        recipient = app.execute("SELECT status, reason FROM campaign_recipients WHERE fan_id = %s", [FAN]).fetchone()
        assert recipient == ("skipped", "do_not_contact")
        _say(app, FAN, wanted=True)
        move(app, ZOE, states["draft"], "queued")


def test_a_recipient_whose_message_is_withdrawn_is_told_so(app: Connection) -> None:
    with inside(app, ZOE):
        campaign_message(app, ZOE)
        _say(app, FAN)
        recipient = app.execute("SELECT status, reason FROM campaign_recipients WHERE fan_id = %s", [FAN]).fetchone()
        assert recipient == ("cancelled", "do_not_contact")


def test_a_flag_counts_for_everybody_who_is_the_same_person(app: Connection) -> None:
    with inside(app, ZOE):
        talk = _thread_of_merged(app)
        waiting = message_in(app, ZOE, "queued", new_id(), **talk)
        _say(app, FAN)
        assert app.execute(STATE, [waiting]).fetchone() == ("cancelled", "do_not_contact")
    with violating("messages_wanted"), inside(app, ZOE):
        message_in(app, ZOE, "queued", new_id(), **talk)
    with inside(app, ZOE):
        _say(app, FAN, wanted=True)
        message_in(app, ZOE, "queued", new_id(), **talk)


def test_merging_into_somebody_unwanted_withdraws_what_waits(parts: wiring.Wiring, owner: Principal) -> None:
    with parts.postgres.transaction(ZOE.id) as connection:
        fan, thread = new_id(), new_id()
        insert(connection, "fans", {"workspace_id": ZOE.id, "id": fan, "name": "Kim", "platform": "onlyfans"})
        insert(
            connection,
            "conversations",
            {"workspace_id": ZOE.id, "id": thread, "fan_id": fan, "platform": "onlyfans"},
        )
        for kept, to in ((FAN, {"fan_id": fan, "conversation_id": thread}), (fan, {})):
            assert kept
            _queued(connection, new_id(), **to)
    parts.fans.update(owner, FAN, {"do_not_contact": True})
    parts.merges.merge(owner, FAN, fan)
    with parts.postgres.transaction(ZOE.id) as connection:
        rows = connection.execute("SELECT count(*) AS waiting FROM messages WHERE status = 'queued'").fetchall()
        assert rows == [{"waiting": 0}]


def _queued(connection: Any, message_id: UUID, **to: object) -> None:
    row = draft_message(ZOE, id=message_id, **to)
    insert(connection, "messages", row)
    with acting(connection, ZOE.of("chatter")):
        connection.execute(
            "UPDATE messages SET status = 'queued', queued_at = now(), approved_by = %s, approved_at = now(),"
            " approved_hash = content_hash WHERE id = %s",
            [ZOE.of("chatter"), message_id],
        )


def test_a_flag_set_by_a_merge_goes_with_it(parts: wiring.Wiring, owner: Principal) -> None:
    with parts.postgres.transaction(ZOE.id) as connection:
        fan = new_id()
        about = {"name": "Kim", "platform": "other", "do_not_contact": True}
        insert(connection, "fans", {"workspace_id": ZOE.id, "id": fan, **about})
    merge = parts.merges.merge(owner, FAN, fan).merge
    assert parts.fans.get(owner, FAN).do_not_contact
    parts.merges.undo(owner, merge.id)
    assert not parts.fans.get(owner, FAN).do_not_contact
    assert parts.fans.get(owner, fan).do_not_contact


def test_whoever_queues_while_the_flag_is_set_is_found(app: Connection, database: Database) -> None:
    """Both at once, many times: never is a message left waiting for who must not be contacted."""
    with inside(app, ZOE):
        app.execute("DELETE FROM drafts")
    for _ in range(10):
        barrier = threading.Barrier(5)
        threads = [threading.Thread(target=_write, args=(database.app, barrier)) for _ in range(4)]
        threads.append(threading.Thread(target=_flag, args=(database.app, barrier)))
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        with inside(app, ZOE):
            waiting = app.execute("SELECT count(*) FROM messages WHERE status = 'queued'").fetchone()
            assert waiting == (0,)
            _say(app, FAN, wanted=True)


def _write(conninfo: str, barrier: threading.Barrier) -> None:
    with psycopg.connect(conninfo, autocommit=True) as connection:
        barrier.wait()
        try:
            with inside(connection, ZOE):
                _queued(connection, new_id())
        except psycopg.errors.CheckViolation as refused:
            assert refused.diag.constraint_name == "messages_wanted"  # noqa: PT017


def _flag(conninfo: str, barrier: threading.Barrier) -> None:
    with psycopg.connect(conninfo, autocommit=True) as connection:
        barrier.wait()
        with inside(connection, ZOE):
            _say(connection, FAN)
