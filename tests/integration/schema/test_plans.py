"""Each query of the contract is served by the index meant for it, also under row-level security.

Little data and no other way allowed: the tests ask whether an index can serve a query, not what a planner guesses.
"""

from typing import Any, LiteralString

import psycopg
import pytest

from tests.support.plans import ONLY_INDEXES, nodes_of, plans_inside
from tests.support.workspaces import NOON, ZOE, inside

Connection = psycopg.Connection[Any]

WORDS = {"ws": ZOE.id, "id": ZOE.of("fan"), "at": NOON, "account": ZOE.of("account"), "fan": ZOE.of("fan")}

# What a page of the application asks, by the index that must answer.
LISTS: list[tuple[str, LiteralString]] = [
    (
        "fans_by_created",
        """SELECT id FROM fans WHERE workspace_id = %(ws)s AND deleted_at IS NULL
           AND (created_at, id) < (%(at)s, %(id)s) ORDER BY created_at DESC, id DESC LIMIT 51""",
    ),
    (
        "fans_by_value",
        """SELECT id FROM fans WHERE workspace_id = %(ws)s AND deleted_at IS NULL
           ORDER BY value_cents DESC, id DESC LIMIT 100""",
    ),
    (
        "fan_notes_newest",
        """SELECT text FROM fan_notes WHERE workspace_id = %(ws)s AND fan_id = %(fan)s
           ORDER BY created_at DESC, id DESC LIMIT 50""",
    ),
    (
        "conversations_newest",
        """SELECT id FROM conversations WHERE workspace_id = %(ws)s AND NOT archived
           AND (newest_key, id) < (%(at)s, %(id)s) ORDER BY newest_key DESC, id DESC LIMIT 51""",
    ),
    (
        "conversations_unread",
        """SELECT id FROM conversations WHERE workspace_id = %(ws)s AND unread_count > 0
           ORDER BY newest_key DESC, id DESC LIMIT 51""",
    ),
    (
        "conversations_unread",
        "SELECT sum(unread_count) FROM conversations WHERE workspace_id = %(ws)s AND unread_count > 0",
    ),
    (
        "messages_unread",
        """SELECT id FROM messages WHERE workspace_id = %(ws)s AND conversation_id = %(id)s
           AND direction = 'in' AND NOT read""",
    ),
    (
        "messages_of_fan",
        """SELECT id FROM messages WHERE workspace_id = %(ws)s AND fan_id = %(fan)s
           ORDER BY occurred_at DESC, id DESC LIMIT 100""",
    ),
    ("messages_pkey", "SELECT id FROM messages WHERE workspace_id = %(ws)s AND id < %(id)s ORDER BY id DESC LIMIT 100"),
    (
        "messages_in_trouble",
        """SELECT id FROM messages WHERE workspace_id = %(ws)s AND status IN ('failed', 'unknown')
           AND (occurred_at, id) < (%(at)s, %(id)s) ORDER BY occurred_at DESC, id DESC LIMIT 51""",
    ),
    (
        "messages_due",
        """SELECT id FROM messages WHERE workspace_id = %(ws)s AND account_id = %(account)s AND status = 'queued'
           ORDER BY (campaign_id IS NOT NULL), priority DESC, queued_at, id LIMIT 1 FOR UPDATE SKIP LOCKED""",
    ),
    (
        "delivery_attempts_tokens",
        """SELECT count(*) FROM delivery_attempts WHERE workspace_id = %(ws)s AND account_id = %(account)s
           AND token_returns_at > clock_timestamp()""",
    ),
    (
        "campaign_recipients_by_status",
        """SELECT fan_id FROM campaign_recipients WHERE workspace_id = %(ws)s AND campaign_id = %(id)s
           AND status = 'pending' ORDER BY fan_id LIMIT 100""",
    ),
    (
        "campaigns_newest",
        "SELECT id FROM campaigns WHERE workspace_id = %(ws)s ORDER BY created_at DESC, id DESC LIMIT 51",
    ),
    (
        "transactions_of_fan",
        """SELECT id FROM transactions WHERE workspace_id = %(ws)s AND fan_id = %(fan)s
           ORDER BY occurred_at DESC LIMIT 50""",
    ),
    (
        "transactions_by_time",
        """SELECT kind, amount_cents FROM transactions WHERE workspace_id = %(ws)s AND occurred_at >= %(at)s
           ORDER BY occurred_at""",
    ),
    (
        "audit_log_unforked",
        "SELECT id FROM audit_log WHERE workspace_id = %(ws)s AND position < 1000 ORDER BY position DESC LIMIT 51",
    ),
    ("imports_newest", "SELECT id FROM imports WHERE workspace_id = %(ws)s ORDER BY created_at DESC, id DESC LIMIT 51"),
]

# What runs across workspaces, in functions of huntaze_reader that later migrations bring.
ACROSS: list[tuple[str, LiteralString]] = [
    (
        "outbox_unpublished",
        "SELECT id FROM outbox WHERE published_at IS NULL AND due_at < %(at)s ORDER BY due_at LIMIT 10",
    ),
    ("delivery_attempts_open", "SELECT id FROM delivery_attempts WHERE outcome IS NULL AND lease_until < %(at)s"),
    (
        "webhook_events_unprocessed",
        "SELECT event_id FROM webhook_events WHERE processed_at IS NULL ORDER BY received_at",
    ),
    ("outbox_permits_due", "SELECT min(due_at) FROM outbox WHERE kind = 'permit'"),
    ("messages_in_doubt", "SELECT count(*) FROM (SELECT FROM messages WHERE status = 'unknown' LIMIT 10000) AS found"),
    ("idempotency_keys_expired", "SELECT key FROM idempotency_keys WHERE expires_at < %(at)s"),
    ("members_by_subject", "SELECT id FROM members WHERE subject = 'nadia' AND status = 'active'"),
]


def _plan(connection: Connection, query: LiteralString) -> list[dict[str, Any]]:
    """The nodes of a plan, the root first."""
    found = connection.execute("EXPLAIN (FORMAT JSON) " + query, WORDS).fetchone() or ([{}],)
    return nodes_of(found[0][0]["Plan"])


@pytest.mark.parametrize(("index", "query"), LISTS)
def test_this_index_serves_a_query_of_the_application(planning: Connection, index: str, query: LiteralString) -> None:
    planning.execute(ONLY_INDEXES)
    planning.execute("SET ROLE huntaze_app")
    with inside(planning, ZOE):
        nodes = _plan(planning, query)
    assert [node["Index Name"] for node in nodes if "Index Name" in node] == [index]
    assert "workspace_id" in "".join(node.get("Index Cond", "") for node in nodes)
    assert not any(node["Node Type"].endswith(("Sort", "Seq Scan")) for node in nodes)


@pytest.mark.parametrize(("index", "query"), ACROSS)
def test_this_index_serves_a_query_across_workspaces(planning: Connection, index: str, query: LiteralString) -> None:
    planning.execute(ONLY_INDEXES)
    assert [node["Index Name"] for node in _plan(planning, query) if "Index Name" in node] == [index]


def test_the_keyset_is_a_condition_of_the_index_and_no_filter(planning: Connection) -> None:
    planning.execute(ONLY_INDEXES)
    planning.execute("SET ROLE huntaze_app")
    for index, query in LISTS:
        if "(%(at)s, %(id)s)" in query:
            with inside(planning, ZOE):
                nodes = _plan(planning, query)
            assert "ROW(" in "".join(node.get("Index Cond", "") for node in nodes), index
            assert not any("Filter" in node for node in nodes), index


@pytest.mark.parametrize(
    ("arguments", "scan"),
    [
        ("NULL, NULL, NULL, NULL, NULL, 'lastSeenAt', '2026-06-01T12:00:00Z', %(id)s, 51", "fans_by_last_seen"),
        ("NULL, NULL, NULL, NULL, NULL, 'valueCents', '1500', %(id)s, 51", "fans_by_value"),
        ("NULL, NULL, NULL, NULL, NULL, 'createdAt', '2026-06-01T12:00:00Z', %(id)s, 51", "fans_by_created"),
        ("NULL, NULL, NULL, NULL, NULL, 'name', 'fan 2', %(id)s, 51", "fans_by_name"),
    ],
)
def test_a_page_deep_in_the_list_begins_at_its_key(planning: Connection, arguments: LiteralString, scan: str) -> None:
    plans = plans_inside(planning, "fans_matching", arguments)
    assert f"using {scan} on fans" in plans
    assert "AND (ROW(" in plans.split("Index Cond: ")[1].splitlines()[0]
    assert "Sort" not in plans


@pytest.mark.parametrize(
    ("arguments", "condition"),
    [
        ("'a3f2b1', NULL, NULL, NULL, NULL, 'lastSeenAt', NULL, NULL, 51", "(search_text ~~ '%a3f2b1%'::text)"),
        ("NULL, NULL, 't77', NULL, NULL, 'lastSeenAt', NULL, NULL, 51", "@> '[\"t77\"]'::jsonb"),
    ],
)
def test_what_is_rare_is_found_through_the_index(
    planning: Connection, arguments: LiteralString, condition: str
) -> None:
    plans = plans_inside(planning, "fans_matching", arguments)
    assert "Bitmap Index Scan on fans_search" in plans
    assert condition in plans.split("Bitmap Index Scan on fans_search")[1].split("Index Cond: ")[1].splitlines()[0]
    assert "Seq Scan" not in plans


def test_what_is_common_is_found_among_the_next_fans(planning: Connection) -> None:
    plans = plans_inside(planning, "fans_matching", "'fan', NULL, NULL, NULL, NULL, 'name', NULL, NULL, 51")
    assert "Index Scan using fans_by_name on fans" in plans
    assert "fans_search" not in plans
