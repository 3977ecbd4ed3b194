from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from psycopg.types.json import Jsonb

from tests.isolation.numbers_of_theirs import add_numbers
from tests.isolation.twins import add_twins
from tests.isolation.worlds import Ground
from tests.support.databases import Databases
from tests.support.outgoing import approved_message, campaign_message, message_in
from tests.support.workspaces import MAX, ZOE, acting, insert, inside, seed_two_workspaces


@pytest.fixture(scope="module")
def two_workspaces(databases: Databases) -> Iterator[Ground]:
    with databases.lent() as made:
        seed_two_workspaces(made.hand.connection)
        with psycopg.connect(made.superuser) as superuser:
            _tell_apart(superuser)
            _add_what_hides(superuser)
            _add_messages_on_their_way(superuser)
            add_twins(superuser)
            add_numbers(superuser)
        with psycopg.connect(made.superuser, autocommit=True) as superuser:
            yield Ground(superuser)


def _tell_apart(superuser: psycopg.Connection[Any]) -> None:
    superuser.execute("UPDATE workspaces SET currency = 'EUR' WHERE id = %s", [MAX.id])
    superuser.execute(
        "UPDATE exports SET status = 'writing', claim_id = id, lease_until = now() WHERE workspace_id = %s",
        [MAX.id],
    )
    superuser.execute("UPDATE workspaces SET name = 'Only theirs' WHERE id = %s", [MAX.id])
    superuser.execute("UPDATE ai_configs SET tone = 'casual' WHERE workspace_id = %s", [MAX.id])
    # Theirs comes first now: whoever reads one row of all gets the wrong one.
    superuser.execute("UPDATE workspaces SET currency = currency WHERE id = %s", [ZOE.id])
    superuser.execute("UPDATE ai_configs SET enabled = enabled WHERE workspace_id = %s", [ZOE.id])
    superuser.execute("UPDATE user_profiles SET display_name = 'Only theirs' WHERE workspace_id = %s", [MAX.id])
    superuser.execute(
        "INSERT INTO quick_replies (workspace_id, id, template, deleted_at) VALUES (%s, %s, 'Old', now())",
        [MAX.id, MAX.of("deleted quick reply")],
    )
    superuser.execute(
        "INSERT INTO templates (workspace_id, id, name, text, deleted_at) VALUES (%s, %s, 'Old', 'Old', now())",
        [MAX.id, MAX.of("deleted template")],
    )
    superuser.execute("UPDATE templates SET name = 'Only theirs' WHERE id = %s", [MAX.of("template")])
    superuser.execute("UPDATE fans SET platform_id = 'only theirs' WHERE id = %s", [MAX.of("fan")])
    superuser.execute("UPDATE imports SET object_key = 'a file of theirs' WHERE workspace_id = %s", [MAX.id])
    superuser.execute(
        "INSERT INTO tombstones (workspace_id, hash, kind, erasure_id) VALUES (%s, %s, 'email', %s)",
        [MAX.id, b"only theirs".ljust(32), MAX.of("erasure")],
    )


def _add_what_hides(superuser: psycopg.Connection[Any]) -> None:
    """People who are deleted or hard to list, and accounts with credentials, all theirs."""
    superuser.execute(
        "INSERT INTO fans (workspace_id, id, name, platform, deleted_at) VALUES (%s, %s, 'Sam', 'other', now())",
        [MAX.id, MAX.of("deleted fan")],
    )
    superuser.execute(
        "INSERT INTO fans (workspace_id, id, name, handle, platform, tags)"
        " VALUES (%s, %s, 'Kim', 'only theirs', 'other', %s)",
        [MAX.id, MAX.of("fan of many words"), Jsonb([f"{number} {'x' * 190}" for number in range(9)])],
    )
    superuser.execute(
        "INSERT INTO drafts (workspace_id, id, conversation_id, fan_id, author, text, dismissed_at)"
        " VALUES (%s, %s, %s, %s, 'machine', 'Never mind', now())",
        [MAX.id, MAX.of("a dismissed draft"), MAX.of("conversation"), MAX.of("fan")],
    )
    with inside(superuser, MAX):
        superuser.execute(
            "INSERT INTO audit_log (workspace_id, id, action, object_id) VALUES (%s, %s, 'fan.created', %s)",
            [MAX.id, MAX.of("audit of fan"), MAX.of("fan")],
        )
    superuser.execute(
        "INSERT INTO platform_connections"
        " (workspace_id, id, platform, platform_user_id, consent_by, consent_at, consent_notice)"
        " VALUES (%s, %s, 'fansly', 'theirs', %s, now(), '2026-01')",
        [MAX.id, MAX.of("fansly account"), MAX.of("owner")],
    )
    superuser.execute(
        "UPDATE platform_connections SET credentials = 'theirs', bridge_url = 'https://bridge.example.com',"
        " capabilities = '{find}'"
        " WHERE workspace_id = %s",
        [MAX.id],
    )
    superuser.execute(
        "UPDATE idempotency_keys SET subject = 'only theirs', status_code = 200, body = '' WHERE workspace_id = %s",
        [MAX.id],
    )


def _add_messages_on_their_way(superuser: psycopg.Connection[Any]) -> None:
    """Messages in every state that somebody looks after, all theirs."""
    with inside(superuser, MAX):
        for status in ("queued", "failed", "unknown"):
            message_in(superuser, MAX, status)
        with acting(superuser, MAX.of("chatter")):
            insert(superuser, "messages", approved_message(superuser, MAX))
        superuser.execute("UPDATE delivery_attempts SET look_at = now() WHERE workspace_id = %s", [MAX.id])
        had_it_all_along = "UPDATE platform_connections SET bridge_since = '-infinity' WHERE workspace_id = %s"
        superuser.execute(had_it_all_along, [MAX.id])
        campaign_message(superuser, MAX)
