"""No unapproved word leaves draft, attacked with raw SQL as the application role."""

from datetime import timedelta
from typing import Any, LiteralString

import psycopg
import pytest
from psycopg import sql

from tests.support.outgoing import approved_message, message_in, move
from tests.support.violations import violating
from tests.support.workspaces import MAX, NOON, ZOE, Workspace, draft_message, insert, inside

Connection = psycopg.Connection[Any]

CHANGE = "UPDATE messages SET {assignments} WHERE workspace_id = %(workspace_id)s AND id = %(id)s"
CHATTER = ZOE.of("chatter")
OUTGOING = ("queued", "failed", "unknown", "sent", "cancelled", "sending")


def _change(connection: Connection, workspace: Workspace, thing: str, assignments: LiteralString) -> int:
    statement = sql.SQL(CHANGE).format(assignments=sql.SQL(assignments))
    return connection.execute(statement, {"workspace_id": workspace.id, "id": workspace.of(thing)}).rowcount


def _status(connection: Connection, workspace: Workspace, thing: str) -> str:
    found = connection.execute("SELECT status FROM messages WHERE id = %s", [workspace.of(thing)]).fetchone()
    assert found is not None
    return str(found[0])


def test_a_person_approves_a_draft_and_it_is_queued(trial: Connection) -> None:
    with inside(trial, ZOE):
        move(trial, ZOE, ZOE.of("draft message"), "queued")
        assert _status(trial, ZOE, "draft message") == "queued"


def test_an_approved_message_may_be_inserted_queued(trial: Connection) -> None:
    with inside(trial, ZOE, CHATTER):
        insert(trial, "messages", approved_message(trial, ZOE))
        assert _status(trial, ZOE, "approved message") == "queued"


def test_a_drafts_hash_is_the_hash_of_the_message_it_becomes(trial: Connection) -> None:
    with inside(trial, ZOE):
        row = approved_message(trial, ZOE, text="Hello you")
        drafted = trial.execute("SELECT content_hash FROM drafts").fetchone()
        assert drafted == (row["approved_hash"],)


@pytest.mark.parametrize("missing", ["approved_by", "approved_at", "approved_hash"])
def test_nothing_is_inserted_queued_without_a_whole_approval(trial: Connection, missing: str) -> None:
    with violating("messages_approved"), inside(trial, ZOE, CHATTER):
        insert(trial, "messages", approved_message(trial, ZOE, **{missing: None}))


@pytest.mark.parametrize("status", ["sending", "sent", "failed", "unknown", "cancelled"])
def test_nothing_of_ours_is_inserted_further_than_queued(trial: Connection, status: str) -> None:
    with violating("messages_transition"), inside(trial, ZOE, CHATTER):
        insert(trial, "messages", approved_message(trial, ZOE, status=status, sent_at=NOON))


@pytest.mark.parametrize("status", [*OUTGOING, "received"])
def test_a_draft_goes_nowhere_unapproved(trial: Connection, status: str) -> None:
    leap = "UPDATE messages SET status = %s, queued_at = now(), sent_at = now() WHERE id = %s"
    with pytest.raises(psycopg.errors.CheckViolation), inside(trial, ZOE, CHATTER):
        trial.execute(leap, [status, ZOE.of("draft message")])


@pytest.mark.parametrize(
    "edit",
    [
        "text = 'Something else'",
        "price_cents = 500",
        "currency = 'EUR'",
        'attachments = \'[{"url": "https://example.com/a.jpg"}]\'',
        "account_id = NULL",
        "approved_by = NULL",
        "approved_hash = sha256('something else')",
        "approved_at = now() + interval '1 day', approved_hash = NULL",
    ],
)
def test_what_was_approved_cannot_be_edited(trial: Connection, edit: LiteralString) -> None:
    with inside(trial, ZOE, CHATTER):
        for status in OUTGOING:
            message_in(trial, ZOE, status)
            with pytest.raises(psycopg.errors.CheckViolation), trial.transaction():
                _change(trial, ZOE, f"a {status} message", edit)


def test_words_and_hash_cannot_be_exchanged_together_under_the_old_approval(trial: Connection) -> None:
    with inside(trial, ZOE):
        message_in(trial, ZOE, "queued")
        other = approved_message(trial, ZOE, text="Something else")["approved_hash"]
    with violating("messages_frozen"), inside(trial, ZOE, CHATTER):
        trial.execute("UPDATE messages SET text = 'Something else', approved_hash = %s", [other])


def test_an_approval_cannot_be_put_under_another_name(trial: Connection) -> None:
    with violating("messages_frozen"), inside(trial, ZOE, ZOE.of("owner")):
        message_in(trial, ZOE, "failed")
        trial.execute("UPDATE messages SET approved_by = %s WHERE status = 'failed'", [ZOE.of("owner")])


def test_a_waiting_message_is_edited_by_a_new_approval_of_the_new_words(trial: Connection) -> None:
    with inside(trial, ZOE, CHATTER):
        waiting = message_in(trial, ZOE, "queued")
        new = approved_message(trial, ZOE, text="Better", id=waiting, approved_at=NOON + timedelta(minutes=1))
        edit = """
            UPDATE messages SET text = %(text)s, approved_by = %(approved_by)s, approved_at = %(approved_at)s,
                approved_hash = %(approved_hash)s
            WHERE workspace_id = %(workspace_id)s AND id = %(id)s
        """
        assert trial.execute(edit, new).rowcount == 1


def test_a_message_that_was_ever_claimed_is_edited_no_more(trial: Connection) -> None:
    with violating("messages_frozen"), inside(trial, ZOE, CHATTER):
        message_in(trial, ZOE, "sending")
        _change(trial, ZOE, "a sending message", "status = 'queued'")
        trial.execute("UPDATE messages SET approved_at = now() WHERE status = 'queued'")


@pytest.mark.parametrize("approver", ["analyst", "machine", "an invited owner", "a removed owner", "nobody"])
def test_only_an_active_member_who_may_answer_approves(trial: Connection, approver: str) -> None:
    with inside(trial, ZOE):
        for status, article, gone in (("invited", "an", None), ("removed", "a", NOON)):
            person = {"id": ZOE.of(f"{article} {status} owner"), "role": "owner", "removed_at": gone}
            named = {"email": f"{status}.owner@example.com", "status": status}
            insert(trial, "members", {"workspace_id": ZOE.id, **person, **named})
        machine = {"id": ZOE.of("machine"), "email": "machine@example.com", "role": "machine", "subject": "a machine"}
        insert(trial, "members", {"workspace_id": ZOE.id, "joined_at": NOON, **machine})
    rule = "messages_workspace_id_approved_by_fkey" if approver == "nobody" else "messages_approver"
    with violating(rule), inside(trial, ZOE, ZOE.of(approver)):
        insert(trial, "messages", approved_message(trial, ZOE, approved_by=ZOE.of(approver)))


def test_a_person_of_another_workspace_cannot_approve(trial: Connection) -> None:
    with violating("messages_workspace_id_approved_by_fkey"), inside(trial, ZOE, MAX.of("owner")):
        insert(trial, "messages", approved_message(trial, ZOE, approved_by=MAX.of("owner")))


def test_an_approval_stays_good_when_the_person_leaves(trial: Connection) -> None:
    with inside(trial, ZOE):
        message_in(trial, ZOE, "failed")
        trial.execute("UPDATE members SET status = 'removed', removed_at = now() WHERE role = 'chatter'")
        assert _change(trial, ZOE, "a failed message", "status = 'queued'") == 1


def test_the_hash_is_the_databases_and_nobody_elses(trial: Connection) -> None:
    forged = bytes(range(32))
    with inside(trial, ZOE):
        insert(trial, "messages", draft_message(ZOE, id=ZOE.of("forged"), content_hash=forged))
        kept = trial.execute("SELECT content_hash FROM messages WHERE id = %s", [ZOE.of("forged")]).fetchone()
        assert kept != (forged,)
    with pytest.raises(psycopg.errors.InsufficientPrivilege), inside(trial, ZOE):
        _change(trial, ZOE, "forged", "content_hash = sha256('forged')")


@pytest.mark.parametrize("column", ["direction", "sent_elsewhere", "fan_id", "conversation_id", "workspace_id", "id"])
def test_what_a_message_is_cannot_be_changed(trial: Connection, column: str) -> None:
    with pytest.raises(psycopg.errors.InsufficientPrivilege), inside(trial, ZOE):
        trial.execute(sql.SQL("UPDATE messages SET {column} = {column}").format(column=sql.Identifier(column)))


def test_neighbouring_fields_cannot_run_into_each_other(trial: Connection) -> None:
    def hashed(**changes: object) -> object:
        return approved_message(trial, ZOE, **changes)["approved_hash"]

    with inside(trial, ZOE):
        contents = [
            {},
            {"text": "Hello1"},
            {"text": 'Hello", 1'},
            {"price_cents": 1},
            {"price_cents": 10},
            {"currency": "EUR"},
            {"fan_id": ZOE.of("another")},
            {"account_id": ZOE.of("another")},
            {"fan_id": ZOE.of("account"), "account_id": ZOE.of("fan")},
        ]
        assert len({hashed(**content) for content in contents}) == len(contents)


def test_what_was_typed_in_the_platforms_own_app_is_recorded_and_stays_as_it_is(trial: Connection) -> None:
    seen = {"id": ZOE.of("seen"), "sent_elsewhere": True, "status": "sent", "sent_at": NOON}
    with inside(trial, ZOE):
        insert(trial, "messages", draft_message(ZOE, **seen, platform_message_id="m-1"))
    for status in ("queued", "failed", "draft"):
        with violating("messages_elsewhere"), inside(trial, ZOE):
            trial.execute("UPDATE messages SET status = %s WHERE id = %s", [status, ZOE.of("seen")])


def test_an_incoming_message_never_becomes_an_outgoing_one(trial: Connection) -> None:
    with violating("messages_received"), inside(trial, ZOE):
        _change(trial, ZOE, "question", "status = 'queued', queued_at = now()")
