"""Two workspaces with at least one row in every tenant table, and ways to act inside one."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid5

import psycopg
from psycopg import sql
from psycopg.rows import tuple_row
from psycopg.types.json import Jsonb

Row = Mapping[str, object]

NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)
A_HASH = bytes(32)


@dataclass(frozen=True)
class Workspace:
    """A seeded workspace; `of` tells the id of anything in it by a word of ours."""

    id: UUID

    def of(self, thing: str) -> UUID:
        return uuid5(self.id, thing)


ZOE = Workspace(UUID("01900000-0000-7000-8000-0000000000a1"))
MAX = Workspace(UUID("01900000-0000-7000-8000-0000000000b2"))


@contextmanager
def inside(connection: psycopg.Connection[Any], workspace: Workspace, actor: UUID | None = None) -> Iterator[None]:
    """A transaction (or a part of one) that belongs to a workspace, as the stores open it."""
    with connection.transaction():
        connection.execute(
            "SELECT set_config('huntaze.workspace_id', %s, true), set_config('huntaze.actor_id', %s, true)",
            [str(workspace.id), str(actor or "")],
        )
        yield


@contextmanager
def acting(connection: psycopg.Connection[Any], actor: UUID) -> Iterator[None]:
    """A stretch of a transaction in which this member acts; then goes on who acted before."""
    become = "SELECT set_config('huntaze.actor_id', %s, true)"
    with connection.cursor(row_factory=tuple_row) as cursor:
        before = cursor.execute("SELECT coalesce(current_setting('huntaze.actor_id', true), '')").fetchone()
        cursor.execute(become, [str(actor)])
        yield
        cursor.execute(become, before)


def insert(connection: psycopg.Connection[Any], table: str, row: Row) -> None:
    """Insert one row; dicts and lists go in as JSON."""
    statement = sql.SQL("INSERT INTO {} ({}) VALUES ({})").format(
        sql.Identifier(table),
        sql.SQL(", ").join(map(sql.Identifier, row)),
        sql.SQL(", ").join(sql.Placeholder() for _ in row),
    )
    connection.execute(statement, [_adapted(value) for value in row.values()])


def seed_two_workspaces(connection: psycopg.Connection[Any]) -> tuple[Workspace, Workspace]:
    """Fill two workspaces alike, as an operator would: as the owner of the tables, within one workspace at a time."""
    for workspace in (ZOE, MAX):
        with inside(connection, workspace), connection.pipeline():
            connection.execute("SET LOCAL ROLE huntaze_owner")
            for table, row in seeds(workspace):
                insert(connection, table, row)
    return ZOE, MAX


def seeds(workspace: Workspace) -> Iterator[tuple[str, Row]]:
    """Every row of a seeded workspace, parents first."""
    yield "workspaces", {"id": workspace.id, "name": "A creator"}
    for table, row in (*_people(workspace), *_conversation(workspace), *_campaign(workspace), *_records(workspace)):
        yield table, {"workspace_id": workspace.id, **row}


def draft_message(workspace: Workspace, **changes: object) -> Row:
    """An outgoing message that nobody has approved."""
    return {
        "workspace_id": workspace.id,
        "id": workspace.of("draft message"),
        "conversation_id": workspace.of("conversation"),
        "fan_id": workspace.of("fan"),
        "account_id": workspace.of("account"),
        "direction": "out",
        "status": "draft",
        "text": "Hello",
        **changes,
    }


def _people(workspace: Workspace) -> Iterator[tuple[str, Row]]:
    for role in ("owner", "manager", "chatter", "analyst"):
        person = {"id": workspace.of(role), "role": role, "email": f"{role}@example.com", "joined_at": NOON}
        yield "members", {**person, "subject": f"{role} of {workspace.id}"}
    guest = {"id": workspace.of("invited"), "email": "invited@example.com", "role": "chatter", "status": "invited"}
    yield "members", {**guest, "joined_at": None, "invited_until": NOON + timedelta(days=999)}
    yield "user_profiles", {"member_id": workspace.of("owner"), "goals": ["more time"]}
    yield "ai_configs", {"tone": "friendly"}
    yield "quick_replies", {"id": workspace.of("quick reply"), "template": "Hi {name|there}"}
    yield "templates", {"id": workspace.of("template"), "name": "Welcome", "text": "Hi {name|there}"}


def _conversation(workspace: Workspace) -> Iterator[tuple[str, Row]]:
    fan, conversation, account = workspace.of("fan"), workspace.of("conversation"), workspace.of("account")
    thread = {"conversation_id": conversation, "fan_id": fan}
    yield "fans", {"id": fan, "name": "Robin", "platform": "onlyfans", "platform_id": "robin", "tags": ["vip"]}
    yield "fan_notes", {"id": workspace.of("note"), "fan_id": fan, "author_id": workspace.of("chatter"), "text": "Kind"}
    yield from _two_who_are_one(workspace)
    yield "platform_connections", _connection(workspace)
    yield (
        "conversations",
        {"id": conversation, "fan_id": fan, "platform": "onlyfans", "unread_count": 1, "unanswered": True},
    )
    at_desk = {"conversation_id": conversation, "member_id": workspace.of("chatter")}
    yield "composer_drafts", {**at_desk, "text": "Hello, I was just", "currency": "USD"}
    yield "conversation_presence", {**at_desk, "here_until": NOON}
    yield "conversation_answering", {**at_desk, "answering_until": NOON}
    yield "messages", {**thread, "id": workspace.of("question"), "direction": "in", "status": "received", "text": "Hi?"}
    yield "messages", draft_message(workspace)
    yield (
        "drafts",
        {**thread, "id": workspace.of("draft"), "account_id": account, "author": "machine", "text": "Hello you"},
    )
    yield (
        "delivery_attempts",
        {
            "id": workspace.of("attempt"),
            "message_id": workspace.of("draft message"),
            "account_id": account,
            "claimed_at": NOON,
            "lease_until": NOON + timedelta(seconds=30),
            "token_returns_at": NOON + timedelta(seconds=90),
        },
    )
    yield "outbox", {"id": workspace.of("outbox"), "kind": "analytics"}
    yield (
        "webhook_events",
        {
            "id": workspace.of("webhook event"),
            "connection_id": account,
            "event_id": "event-1",
            "kind": "message.received",
            "payload": {"text": "Hi?", "fan": "robin"},
        },
    )


def _two_who_are_one(workspace: Workspace) -> Iterator[tuple[str, Row]]:
    """A hidden fan who was merged into Robin, and whose erasure is on record."""
    merged, fan, owner = workspace.of("merged fan"), workspace.of("fan"), workspace.of("owner")
    hidden = {"merged_into": fan, "deleted_at": NOON}
    yield "fans", {"id": merged, "name": "Rob", "platform": "onlyfans", "platform_id": "rob", **hidden}
    pair = {"kept_id": fan, "merged_id": merged, "merged_by": owner, "currency": "USD"}
    yield "fan_merges", {"id": workspace.of("merge"), **pair}
    asked = {"fan_id": merged, "requested_by": owner, "requested_at": NOON, "erased_at": NOON}
    yield "erasures", {"id": workspace.of("erasure"), **asked}
    yield "tombstones", {"hash": A_HASH, "kind": "email", "erasure_id": workspace.of("erasure")}


def _connection(workspace: Workspace) -> Row:
    return {
        "id": workspace.of("account"),
        "platform": "onlyfans",
        "platform_user_id": f"creator {workspace.id}",
        "consent_by": workspace.of("owner"),
        "consent_at": NOON,
        "consent_notice": "2026-01",
    }


def _campaign(workspace: Workspace) -> Iterator[tuple[str, Row]]:
    campaign, fan, merged = workspace.of("campaign"), workspace.of("fan"), workspace.of("merged fan")
    content = {"template": {"content": "Hello"}, "target_audience": {"recipientIds": [str(fan)]}}
    yield "campaigns", {"id": campaign, "name": "Spring", "type": "bulk_message", **content}
    left_out = {"status": "skipped", "reason": "duplicate"}
    yield "campaign_recipients", {"campaign_id": campaign, "fan_id": merged, **left_out}


def _records(workspace: Workspace) -> Iterator[tuple[str, Row]]:
    fan = workspace.of("fan")
    tip = {"platform": "onlyfans", "platform_transaction_id": "tip-1", "kind": "tip", "amount_cents": 500}
    yield "transactions", {"id": workspace.of("tip"), "fan_id": fan, "occurred_at": NOON, **tip}
    yield "exports", {"id": workspace.of("export"), "requested_by": workspace.of("owner"), "sort": "name"}
    yield from _an_import(workspace)
    yield "analytics_events", {"id": workspace.of("event"), "kind": "fan.created", "fan_id": fan, "occurred_at": NOON}
    yield "daily_rollups", {"day": NOON.date(), "metric": "fans.new", "platform": "onlyfans", "occurrences": 1}
    yield from _roll_ups(workspace)
    yield "idempotency_keys", {"subject": "owner", "key": "key-1", "request_hash": A_HASH}
    yield "audit_log", {"id": workspace.of("audit"), "actor_id": workspace.of("owner"), "action": "fan.created"}


def _roll_ups(workspace: Workspace) -> Iterator[tuple[str, Row]]:
    """One row of each, as if they had been counted."""
    day, money = {"day": NOON.date(), "platform": "onlyfans"}, {"currency": "USD"}
    yield "analytics_stale", {"topic": "values", "noted_at": NOON, "since": NOON, "until": NOON}
    yield "analytics_counts", {"topic": "values", "counted_at": NOON, "took": timedelta(seconds=1)}
    yield "analytics_hours", {**day, "hour": 12, "what": "in", "occurrences": 1}
    offers = {"least_cents": 500, "sent": 1, "bought": 1, "asked_cents": 900, "revenue_cents": 900}
    yield "analytics_offers", {**day, **money, **offers}
    chatter = {**day, "member_id": workspace.of("chatter")}
    yield "analytics_chatters", {**chatter, **money, "sent": 1, "earned_cents": 900}
    yield "analytics_answers", {**chatter, "bucket": 24, "answers": 1, "seconds": 65}
    month = NOON.date().replace(day=1)
    cohort = {"month": month, "cohort": month, "platform": "onlyfans", "payers": 1, "amount_cents": 500}
    yield "analytics_cohorts", {**cohort, **money}
    worth = {"fans": 1, "paying": 0, "total_cents": 0, "median_cents": 0, "median_paying_cents": 0}
    yield "analytics_values", {"scope": "all", **money, **worth}


def _an_import(workspace: Workspace) -> Iterator[tuple[str, Row]]:
    """A file that is being planned, with one row so far, which is about Robin."""
    of = {"import_id": workspace.of("import"), "plan": 1}
    begun = {"requested_by": workspace.of("owner"), "status": "planning", "plan": 1, "last_row": 1}
    yield "imports", {"id": workspace.of("import"), **begun, "object_key": f"imports/{workspace.id}/a-file.csv"}
    robin = {"platform": "onlyfans", "handle": "robin", "name": "Robin", "fan_id": workspace.of("fan")}
    yield "import_rows", {**of, "number": 1, "action": "skip", "reason": "known", **robin}
    yield "import_mappings", {"header": "whotheyare", "field": "username"}


def _adapted(value: object) -> object:
    return Jsonb(value) if isinstance(value, dict | list) else value
