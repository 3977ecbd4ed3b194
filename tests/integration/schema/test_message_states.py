"""The ways a message may go, the row for every step, and where it may be addressed."""

from typing import Any

import psycopg
import pytest

from tests.support.outgoing import ROUTES, approved_message, message_in, move
from tests.support.violations import violating
from tests.support.workspaces import MAX, NOON, ZOE, draft_message, insert, inside

Connection = psycopg.Connection[Any]

ALLOWED = {
    ("draft", "queued"),
    ("queued", "sending"),
    ("queued", "cancelled"),
    ("queued", "failed"),
    ("queued", "sent"),
    ("sending", "sent"),
    ("sending", "failed"),
    ("sending", "unknown"),
    ("sending", "queued"),
    ("unknown", "sent"),
    ("unknown", "failed"),
    ("unknown", "queued"),
    ("failed", "queued"),
}
STEPS = [(was, to) for was in ROUTES for to in ROUTES if was != to]
# With everything that the constraints of the new state could ask for.
ANY_WAY = """
UPDATE messages SET status = %(to)s, queued_at = now(), sent_at = now(), attempt_id = %(attempt)s,
    approved_by = coalesce(approved_by, %(approver)s), approved_at = coalesce(approved_at, now()),
    approved_hash = content_hash
WHERE id = %(id)s
"""
TRANSITIONS = "SELECT from_status, to_status FROM message_transitions WHERE message_id = %s ORDER BY id"


@pytest.mark.parametrize(("was", "to"), sorted(ALLOWED))
def test_a_message_goes_this_way(trial: Connection, was: str, to: str) -> None:
    with inside(trial, ZOE):
        message = message_in(trial, ZOE, was)
        move(trial, ZOE, message, to)
        assert trial.execute("SELECT status FROM messages WHERE id = %s", [message]).fetchone() == (to,)


def test_a_message_goes_no_other_way(trial: Connection) -> None:
    for was, to in set(STEPS) - ALLOWED:
        with violating("messages_transition"), inside(trial, ZOE, ZOE.of("chatter")):
            message = message_in(trial, ZOE, was)
            trial.execute(
                ANY_WAY, {"to": to, "approver": ZOE.of("chatter"), "attempt": ZOE.of("attempt"), "id": message}
            )


def test_every_step_leaves_a_row_in_its_own_transaction(trial: Connection) -> None:
    with inside(trial, ZOE):
        message = message_in(trial, ZOE, "sent")
        assert trial.execute(TRANSITIONS, [message]).fetchall() == [
            (None, "draft"),
            ("draft", "queued"),
            ("queued", "sending"),
            ("sending", "sent"),
        ]


def test_a_step_that_is_undone_leaves_none(trial: Connection) -> None:
    with trial.transaction(force_rollback=True), inside(trial, ZOE):
        message_in(trial, ZOE, "queued")
    with inside(trial, ZOE):
        assert trial.execute(TRANSITIONS, [ZOE.of("a queued message")]).fetchall() == []


def test_a_step_says_who_took_it_under_which_attempt_and_why(trial: Connection) -> None:
    with inside(trial, ZOE, actor=ZOE.of("chatter")):
        message = message_in(trial, ZOE, "sending")
        trial.execute("UPDATE messages SET status = 'failed', last_error = 'blocked' WHERE id = %s", [message])
        last = trial.execute("""
            SELECT actor_id, attempt_id, reason FROM message_transitions
            WHERE to_status = 'failed' AND message_id = %s
        """, [message]).fetchone()  # fmt: skip
        assert last == (ZOE.of("chatter"), ZOE.of(f"attempt at {message}"), "blocked")


def test_what_is_no_step_leaves_no_row(trial: Connection) -> None:
    with inside(trial, ZOE):
        trial.execute("UPDATE messages SET read = true, metadata = '{\"a\": 1}'")
        assert trial.execute("SELECT count(*) FROM message_transitions").fetchone() == (1,)


def test_only_one_message_of_a_conversation_is_on_its_way(trial: Connection) -> None:
    with violating("messages_one_sending"), inside(trial, ZOE):
        message_in(trial, ZOE, "sending", ZOE.of("first"))
        message_in(trial, ZOE, "sending", ZOE.of("second"))


def test_a_message_is_sent_under_an_attempt_of_its_own(trial: Connection) -> None:
    with violating("messages_attempt_fkey"), inside(trial, ZOE):
        message = message_in(trial, ZOE, "queued")
        trial.execute(
            "UPDATE messages SET status = 'sending', attempt_id = %s WHERE id = %s", [ZOE.of("attempt"), message]
        )


def test_nothing_is_on_its_way_without_a_claim(trial: Connection) -> None:
    with violating("messages_claimed"), inside(trial, ZOE):
        message = message_in(trial, ZOE, "queued")
        trial.execute("UPDATE messages SET status = 'sending' WHERE id = %s", [message])


def test_claims_are_counted_up_until_a_person_tries_again(trial: Connection) -> None:
    with inside(trial, ZOE):
        message = message_in(trial, ZOE, "failed")
        trial.execute("UPDATE messages SET status = 'queued', claims = 0 WHERE id = %s", [message])
        trial.execute("UPDATE messages SET claims = 3 WHERE id = %s", [message])
    with violating("messages_claims"), inside(trial, ZOE):
        trial.execute("UPDATE messages SET claims = 2 WHERE id = %s", [message])


def test_a_message_is_to_the_fan_of_its_conversation(trial: Connection) -> None:
    with violating("messages_same_fan"), inside(trial, ZOE):
        another = {"workspace_id": ZOE.id, "id": ZOE.of("another"), "name": "Sam", "platform": "onlyfans"}
        insert(trial, "fans", another)
        insert(trial, "messages", draft_message(ZOE, id=ZOE.of("misled"), fan_id=another["id"]))


def test_a_message_leaves_through_an_account_of_its_conversations_platform(trial: Connection) -> None:
    with violating("messages_same_platform"), inside(trial, ZOE):
        thread = {"workspace_id": ZOE.id, "id": ZOE.of("fansly"), "fan_id": ZOE.of("fan"), "platform": "fansly"}
        insert(trial, "conversations", thread)
        insert(trial, "messages", draft_message(ZOE, id=ZOE.of("misled"), conversation_id=thread["id"]))


@pytest.mark.parametrize("platform", ["patreon", "other"])
@pytest.mark.parametrize("table", ["messages", "drafts"])
def test_nothing_is_written_to_a_platform_that_cannot_send(trial: Connection, platform: str, table: str) -> None:
    thread = {"workspace_id": ZOE.id, "id": ZOE.of(platform), "fan_id": ZOE.of("fan"), "platform": platform}
    words = draft_message(ZOE, id=ZOE.of("vain"), conversation_id=thread["id"], account_id=None)
    if table == "drafts":
        words = {key: words[key] for key in words if key not in {"direction", "status"}} | {"author": "machine"}
    with violating(f"{table}_platform_sends"), inside(trial, ZOE):
        insert(trial, "conversations", thread)
        insert(trial, table, words)


def test_what_arrives_there_is_kept_all_the_same(trial: Connection) -> None:
    thread = {"workspace_id": ZOE.id, "id": ZOE.of("patreon"), "fan_id": ZOE.of("fan"), "platform": "patreon"}
    with inside(trial, ZOE):
        insert(trial, "conversations", thread)
        arrived = {"conversation_id": thread["id"], "account_id": None, "direction": "in", "status": "received"}
        insert(trial, "messages", draft_message(ZOE, id=ZOE.of("arrived"), **arrived))


def test_nothing_waits_to_be_sent_through_no_account(trial: Connection) -> None:
    with violating("messages_addressed"), inside(trial, ZOE, ZOE.of("chatter")):
        insert(trial, "messages", approved_message(trial, ZOE, account_id=None))


def test_a_message_cannot_point_into_another_workspace(trial: Connection) -> None:
    for column in ("conversation_id", "fan_id", "account_id"):
        thing = column.removesuffix("_id")
        with pytest.raises(psycopg.errors.ForeignKeyViolation), inside(trial, ZOE):
            insert(trial, "messages", draft_message(ZOE, id=ZOE.of("lost"), **{column: MAX.of(thing)}))


def test_the_same_platform_message_is_written_once(trial: Connection) -> None:
    arrived = {"direction": "in", "status": "received", "platform_message_id": "m-1", "occurred_at": NOON}
    with violating("messages_known_once"), inside(trial, ZOE):
        for number in (1, 2):
            insert(trial, "messages", draft_message(ZOE, id=ZOE.of(f"arrived {number}"), **arrived))
