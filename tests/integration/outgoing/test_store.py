"""Messages on their way in PostgreSQL: what is decided, and what is told of them."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import psycopg
import pytest
from psycopg.rows import dict_row

from huntaze.delivery.model import MOST_FAILURES
from huntaze.messages.model import Message
from huntaze.messages.store import PostgresMessages
from huntaze.outgoing.model import Activity, Today, Try
from huntaze.outgoing.store import EveryOutgoing, PostgresOutgoing
from tests.support.databases import Databases
from tests.support.outgoing import approved_message, campaign_message, message_in
from tests.support.outgoing_store_contract import LATER, OutgoingStoreContract
from tests.support.workspaces import NOON, ZOE, acting, insert, seed_two_workspaces

REASON = "UPDATE messages SET last_error = 'price', attempts = 2 WHERE id = %s"


@pytest.fixture(scope="module")
def seeded(databases: Databases) -> Iterator[str]:
    with databases.lent() as made:
        seed_two_workspaces(made.hand.connection)
        yield made.app


@dataclass
class RealStage:
    """A transaction in Zoë's workspace, as the application sees it; all of it is taken back."""

    connection: psycopg.Connection[Any]

    def __post_init__(self) -> None:
        self.fan_id = ZOE.of("fan")
        self.store = PostgresOutgoing(self.connection, ZOE.id)

    def message(self, status: str, **changes: object) -> UUID:
        message_id = message_in(self.connection, ZOE, status, **changes)
        self.connection.execute(REASON, [message_id])
        return message_id

    def read(self, message_id: UUID) -> Message:
        return PostgresMessages(self.connection, ZOE.id).get(message_id)

    def leave_alone(self) -> None:
        self.connection.execute("UPDATE fans SET do_not_contact = true WHERE id = %s", [self.fan_id])

    def tried_at(self, message_id: UUID) -> datetime | None:
        (row,) = self.rows("SELECT max(claimed_at) AS at FROM delivery_attempts WHERE message_id = %s", message_id)
        at: datetime | None = row["at"]
        return at

    def rows(self, statement: str, *values: object) -> list[dict[str, Any]]:
        return self.connection.execute(statement, values).fetchall()


@pytest.fixture
def stage(seeded: str) -> Iterator[RealStage]:
    with (
        psycopg.connect(seeded, autocommit=True, row_factory=dict_row) as connection,
        connection.transaction(force_rollback=True),
    ):
        connection.execute("SELECT set_config('huntaze.workspace_id', %s, true)", [str(ZOE.id)])
        yield RealStage(connection)


class TestPostgresOutgoing(OutgoingStoreContract):
    pass


def test_claims_start_anew_only_where_a_message_had_failed(stage: RealStage) -> None:
    failed, unknown = stage.message("failed"), stage.message("unknown")
    for message_id, claims in ((failed, 0), (unknown, 1)):
        assert stage.store.put_back(message_id, stage.read(message_id).status, LATER)
        (row,) = stage.rows("SELECT claims, attempt_id FROM messages WHERE id = %s", message_id)
        assert row["claims"] == claims
        assert row["attempt_id"] is not None  # a late answer is still accepted for it


def test_whoever_decides_stands_in_the_steps(stage: RealStage) -> None:
    failed = stage.message("failed")
    with acting(stage.connection, ZOE.of("chatter")):
        stage.store.put_back(failed, stage.read(failed).status, LATER)
    steps = stage.rows("SELECT to_status, actor_id, reason FROM message_transitions WHERE message_id = %s", failed)
    assert steps[-1] == {"to_status": "queued", "actor_id": ZOE.of("chatter"), "reason": None}


def test_the_campaign_is_told(stage: RealStage) -> None:
    told = "SELECT status, reason FROM campaign_recipients WHERE message_id = %s"
    message = campaign_message(stage.connection, ZOE)
    stage.connection.execute("UPDATE messages SET status = 'failed', last_error = 'price' WHERE id = %s", [message])
    assert stage.rows(told, message) == [{"status": "failed", "reason": "price"}]
    stage.store.put_back(message, stage.read(message).status, LATER)
    assert stage.rows(told, message) == [{"status": "queued", "reason": None}]
    stage.store.withdraw(message)
    assert stage.rows(told, message) == [{"status": "cancelled", "reason": None}]


def test_nobody_asks_the_platform_about_what_a_person_has_seen_there(stage: RealStage) -> None:
    unknown = stage.message("unknown")
    stage.connection.execute("UPDATE delivery_attempts SET look_at = now() WHERE message_id = %s", [unknown])
    assert stage.store.note_arrived(unknown, LATER)
    (row,) = stage.rows("SELECT count(look_at) AS asked FROM delivery_attempts WHERE message_id = %s", unknown)
    assert row == {"asked": 0}


def test_every_time_that_it_was_tried_is_told(stage: RealStage) -> None:
    failed, other = stage.message("failed"), stage.message("unknown")
    stage.connection.execute(
        "INSERT INTO delivery_attempts (workspace_id, id, message_id, account_id, claimed_at, lease_until,"
        " token_returns_at, answered_at, settled_at, outcome, detail)"
        " SELECT workspace_id, gen_random_uuid(), message_id, account_id, claimed_at + interval '1 hour',"
        " claimed_at + interval '2 hours', claimed_at + interval '2 hours', now(), now(), 'refused', 'price'"
        " FROM delivery_attempts WHERE message_id = %s",
        [failed],
    )
    assert stage.store.tries([failed, other]) == {
        failed: (Try(NOON, None, None), Try(NOON + timedelta(hours=1), "refused", "price")),
        other: (Try(NOON, None, None),),
    }
    assert stage.store.tries([]) == {}


def test_the_day_is_counted_from_the_steps(stage: RealStage) -> None:
    (now,) = stage.rows("SELECT now() AS at")
    assert stage.store.since(now["at"]) == Today(0, 0, 0)
    assert stage.store.last_processed_at() is None
    with acting(stage.connection, ZOE.of("chatter")):
        for number in range(2):
            insert(stage.connection, "messages", approved_message(stage.connection, ZOE, id=ZOE.of(f"new {number}")))
    for status in ("sent", "failed", "unknown", "cancelled", "queued"):
        stage.message(status)
    assert stage.store.since(now["at"]) == Today(queued=2, processed=3, failed=1)
    before = stage.store.last_processed_at()
    assert before is not None
    stage.store.note_arrived(ZOE.of("a unknown message"), LATER)  # it was processed when it came to be unknown
    assert stage.store.since(now["at"]) == Today(queued=2, processed=3, failed=1)
    assert stage.store.last_processed_at() == before
    assert stage.store.since(before + timedelta(seconds=1)) == Today(0, 0, 0)


def test_an_account_tells_its_tokens_its_backlog_and_what_holds_it(stage: RealStage) -> None:
    stage.message("queued")
    stage.connection.execute(
        "UPDATE delivery_attempts SET token_returns_at = clock_timestamp() + interval '40 seconds', lease_until = now()"
        " WHERE message_id = %s",
        [ZOE.of("draft message")],
    )
    (account,) = stage.store.accounts()
    assert (account.id, account.platform, account.backlog, account.tokens_left) == (
        ZOE.of("account"),
        "onlyfans",
        1,
        9,
    )
    assert account.may_send
    assert account.token_back_in is not None
    assert timedelta(seconds=30) < account.token_back_in <= timedelta(seconds=40)
    hold = "UPDATE platform_connections SET held_until = clock_timestamp() + %s, held_reason = 'slow down'"
    for hours, reason in ((1, "slow down"), (-1, None)):
        stage.connection.execute(hold, [timedelta(hours=hours)])
        (account,) = stage.store.accounts()
        assert account.held_reason == reason


def test_a_disconnected_account_is_told_while_something_waits_for_it(stage: RealStage) -> None:
    waiting = stage.message("queued")
    stage.connection.execute(
        "UPDATE platform_connections SET status = 'revoked', consent_revoked_at = now(),"
        " consent_revoked_by = consent_by"
    )
    (account,) = stage.store.accounts()
    assert (account.status, account.may_send, account.backlog) == ("revoked", False, 1)
    stage.store.withdraw(waiting)
    assert stage.store.accounts() == []


def test_a_schedule_measures_all_workspaces(stage: RealStage) -> None:
    every = EveryOutgoing(lambda query, parameters: stage.connection.execute(query, parameters).fetchall())
    assert (every.outbox_age_seconds(), every.unknown_messages()) == (0, 0)
    stage.message("unknown")
    put = (
        "INSERT INTO outbox (workspace_id, id, kind, account_id, message_id, due_at)"
        " VALUES (%s, gen_random_uuid(), 'permit', %s, %s, clock_timestamp() + %s)"
    )
    for seconds in (-120, 60):
        ids = (ZOE.id, ZOE.of("account"), ZOE.of("draft message"))
        stage.connection.execute(put, [*ids, timedelta(seconds=seconds)])
    assert every.unknown_messages() == 1
    assert 120 <= every.outbox_age_seconds() < 180
    stage.connection.execute("UPDATE platform_connections SET paused_at = now(), pause_reason = 'on leave'")
    assert every.outbox_age_seconds() == 0, "who may not send lets nobody wait"


def test_a_schedule_sees_who_has_something_to_send_and_may_not(stage: RealStage) -> None:
    every = EveryOutgoing(lambda query, parameters: stage.connection.execute(query, parameters).fetchall())

    def change(**columns: object) -> Activity:
        for column, value in columns.items():
            stage.connection.execute(f"UPDATE platform_connections SET {column} = %s", [value])  # noqa: S608
        return every.activity()

    assert every.activity() == Activity(2, 0, 0, 0, 0)
    stage.message("queued")
    assert every.activity() == Activity(2, 1, 0, 10, 0)
    assert change(held_reason="too_fast", held_until=datetime(9999, 1, 1, tzinfo=UTC)) == Activity(2, 1, 1, 0, 0)
    assert change(held_until=None, failures=MOST_FAILURES - 1) == Activity(2, 1, 0, 10, 0)
    assert change(failures=MOST_FAILURES) == Activity(2, 1, 1, 0, 0), "it rests, or is about to again"
    assert change(failures=0, status="expired") == Activity(2, 1, 1, 0, 0)
    assert change(status="active", pause_reason="forbidden", paused_at=NOON) == Activity(2, 1, 1, 0, 0)
    assert change(pause_reason="on leave") == Activity(1, 0, 0, 0, 0), "a person wants it so"
