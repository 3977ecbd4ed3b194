"""With a hundred thousand messages and attempts, what the send path asks comes from its indexes alone."""

from collections.abc import Iterator
from typing import Any

import psycopg
import pytest

from huntaze.delivery import accounts, attempts, claims, store
from huntaze.runtime.postgres import SET_CONTEXT
from local.servers import Postgres
from tests.support.plans import EXPLAIN_ALL

BIG = ("messages", "delivery_attempts", "outbox")
# A thousand accounts of a workspace each. Of a hundred messages each, a few wait; of their attempts, a few are open.
CROWD = """
CREATE TABLE crowd AS SELECT number, gen_random_uuid() AS ws, gen_random_uuid() AS account
FROM generate_series(1, 1000) AS number;
INSERT INTO platform_connections (
    workspace_id, id, platform, platform_user_id, consent_by, consent_at, consent_notice, failures
) SELECT ws, account, 'onlyfans', account, account, now(), '1', 5 FROM crowd;
INSERT INTO messages (
    workspace_id, id, conversation_id, fan_id, account_id, direction, status, text, approved_by, approved_at,
    content_hash, approved_hash, queued_at, sent_at, attempt_id
)
SELECT ws, gen_random_uuid(), gen_random_uuid(), gen_random_uuid(), account, 'out',
    CASE WHEN number < 200 AND line < 5 THEN 'queued' WHEN line = 5 THEN 'unknown' ELSE 'sent' END,
    'Hello', account, now(), sha256('x'), sha256('x'), now(), now(), gen_random_uuid()
FROM crowd CROSS JOIN generate_series(1, 100) AS line;
INSERT INTO delivery_attempts (
    workspace_id, id, message_id, account_id, claimed_at, lease_until, token_returns_at, answered_at, settled_at,
    outcome, look_at
)
SELECT workspace_id, attempt_id, id, account_id, now() - age, now() - age, now() - age, now() - age,
    CASE WHEN age > interval '1 day' THEN now() END, CASE WHEN age > interval '1 day' THEN 'accepted' END,
    CASE WHEN age < interval '2 days' THEN now() - age END
FROM (SELECT *, random() * random() * interval '900 days' + interval '23 hours' AS age FROM messages) AS messages;
INSERT INTO outbox (workspace_id, id, kind, account_id, message_id, due_at, expires_at)
SELECT workspace_id, gen_random_uuid(), 'permit', account_id, id, now(), now() + random() * interval '9 minutes'
FROM messages WHERE random() < CASE status WHEN 'queued' THEN 0.5 ELSE 0.01 END;
"""
# In one account a campaign of many waits, and much was sent.
BACKLOG = """
INSERT INTO messages (
    workspace_id, id, conversation_id, fan_id, account_id, direction, status, text, approved_by, approved_at,
    content_hash, approved_hash, queued_at, campaign_id
)
SELECT ws, gen_random_uuid(), gen_random_uuid(), gen_random_uuid(), account, 'out', 'queued', 'Hello', account, now(),
    sha256('x'), sha256('x'), now() - interval '1 hour', CASE WHEN line > 10 THEN gen_random_uuid() END
FROM crowd CROSS JOIN generate_series(1, 5000) AS line WHERE number = 900;
INSERT INTO delivery_attempts (
    workspace_id, id, message_id, account_id, claimed_at, lease_until, token_returns_at, answered_at, settled_at,
    outcome
)
SELECT ws, gen_random_uuid(), gen_random_uuid(), account, at, at, at + interval '1 minute', at, at, 'accepted'
FROM crowd CROSS JOIN LATERAL (
    SELECT now() - line * interval '6 seconds' AS at FROM generate_series(1, 5000) AS line
) AS sent
WHERE number = 900;
"""
ONE = "SELECT ws, account FROM crowd WHERE number = 7"
OF_ACCOUNT = {
    "claim: the account": claims.LOCK_ACCOUNT,
    "claim: the pace": claims.FULL_FOR,
    "claim: who tries": claims.TRIED_FOR,
    "claim: the next": claims.NEXT,
    "claim: any": claims.ANY,
    "tokens": claims.OUT,
    "permits: lost": store.DROP_LOST,
    "permits: lacking": store.LACKING,
    "permits: back": store.PUT_BACK,
    "permits: dropped": store.DROP,
    "road": store.ROAD,
    "answer: sent": attempts.SENT,
    "answer: settled": attempts.SETTLE,
}


@pytest.fixture(scope="module")
def many(postgres: Postgres, migrated_template: str) -> Iterator[str]:
    name = "many_messages"
    postgres.create_database(name, template=migrated_template)
    conninfo = postgres.superuser_conninfo(name)
    with psycopg.connect(conninfo, autocommit=True) as superuser:
        superuser.execute("SET session_replication_role = replica")
        superuser.execute(CROWD)
        superuser.execute("VACUUM ANALYZE")
    yield conninfo
    postgres.drop_database(name)


@pytest.fixture
def planning(many: str) -> Iterator[psycopg.Connection[Any]]:
    with psycopg.connect(many, autocommit=True, cursor_factory=psycopg.ClientCursor) as connection:
        yield connection


@pytest.mark.parametrize("statement", [accounts.TO_WAKE, accounts.IN_DOUBT, accounts.TO_SEND])
def test_what_is_asked_across_workspaces(planning: psycopg.Connection[Any], statement: str) -> None:
    [(_, account)] = planning.execute(ONE).fetchall()
    told: list[str] = []
    planning.add_notice_handler(lambda notice: told.append(notice.message_primary or ""))
    planning.execute(EXPLAIN_ALL)
    planning.execute("SET ROLE huntaze_app")
    found = planning.execute(statement, {"at_most": 100, "account_ids": [account]}).fetchall()  # type: ignore[arg-type]
    assert 0 < len(found) <= 200
    _all_by_index("\n".join(told))


@pytest.mark.parametrize("statement", OF_ACCOUNT.values(), ids=OF_ACCOUNT)
def test_what_is_asked_of_one_account(planning: psycopg.Connection[Any], statement: str) -> None:
    [(workspace, account)] = planning.execute(ONE).fetchall()
    [(message, attempt)] = planning.execute(
        "SELECT id, attempt_id FROM messages WHERE workspace_id = %s AND status = 'queued' LIMIT 1", [workspace]
    ).fetchall()
    asked = {
        "workspace_id": workspace,
        "account_id": account,
        "message_id": message,
        "attempt_id": attempt,
        "id": message,
        "wait": "1 second",
        "messages": 10,
        "most_failures": 5,
        "signed_in_at": None,
        "at_most": 100,
        "at": None,
        "outcome": "accepted",
        "reason": None,
        "reached": True,
        "platform_message_id": "p-1",
    }
    with planning.transaction(force_rollback=True):
        planning.execute("SET LOCAL ROLE huntaze_app")
        planning.execute(SET_CONTEXT, {"workspace_id": str(workspace), "actor": ""})
        found = planning.execute("EXPLAIN " + statement, asked).fetchall()  # type: ignore[operator]
    _all_by_index("\n".join(line for (line,) in found))


def test_neither_a_campaign_that_waits_nor_what_was_sent_costs_the_next_message_anything(many: str) -> None:
    with psycopg.connect(many, cursor_factory=psycopg.ClientCursor) as connection:
        connection.execute("SET session_replication_role = replica")
        connection.execute(BACKLOG)
        connection.execute("ANALYZE messages")
        [(workspace, account)] = connection.execute("SELECT ws, account FROM crowd WHERE number = 900").fetchall()
        [(message,)] = connection.execute(
            "SELECT id FROM messages WHERE account_id = %s AND status = 'queued' AND campaign_id IS NULL LIMIT 1",
            [account],
        ).fetchall()
        connection.execute("SET LOCAL ROLE huntaze_app")
        connection.execute(SET_CONTEXT, {"workspace_id": str(workspace), "actor": ""})
        asked = {"workspace_id": workspace, "account_id": account, "message_id": message, "messages": 20}
        looked_at: dict[str, float] = {}
        for name in ("road", "claim: any", "claim: the pace", "claim: who tries", "tokens"):
            explain = "EXPLAIN (ANALYZE, FORMAT JSON) " + OF_ACCOUNT[name]
            [(plan,)] = connection.execute(explain, asked).fetchall()  # type: ignore[arg-type]
            looked_at[name] = _most_rows(plan[0]["Plan"])
        connection.rollback()
    assert max(looked_at.values()) < 100, looked_at


def _most_rows(plan: dict[str, Any]) -> float:
    """How many rows the busiest step of a plan has looked at."""
    here = plan["Actual Rows"] + plan.get("Rows Removed by Filter", 0)
    return max([float(here), *(_most_rows(step) for step in plan.get("Plans", []))])


def _all_by_index(plan: str) -> None:
    assert "Index" in plan
    for table in BIG:
        assert f"Seq Scan on {table}" not in plan, plan
