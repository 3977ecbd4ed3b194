"""The schema as PostgreSQL itself describes it: rules that hold for every table, also for those still to come."""

import itertools
from typing import Any

import psycopg
import pytest

from tests.isolation.policies import GLOBAL_TABLES, tenant_tables

Connection = psycopg.Connection[Any]

CONTRACT = {
    "workspaces": "name",
    "members": "subject role",
    "user_profiles": "display_name bio timezone niche goals avatar_url",
    "ai_configs": "personality response_style tone response_length platforms custom_responses pricing enabled",
    "fans": "name platform platform_id handle email phone avatar tags value_cents subscription_status last_seen_at "
    "last_message_at notes metadata currency",
    "fan_notes": "fan_id author_id text created_at",
    "conversations": "fan_id platform platform_conversation_id last_message_at unread_count unanswered archived "
    "metadata",
    "messages": "conversation_id fan_id account_id direction text price_cents read attachments platform_message_id "
    "status priority approved_by approved_at content_hash sent_by_ai ai_suggestion campaign_id attempts last_error "
    "occurred_at queued_at sent_at metadata currency",
    "message_transitions": "message_id from_status to_status at",
    "drafts": "conversation_id author text price_cents attachments",
    "campaigns": "name type status template target_audience schedule metrics started_at completed_at",
    "campaign_recipients": "campaign_id fan_id status reason message_id",
    "campaign_tallies": "campaign_id variant account_id status reason recipients replies buyers revenue_cents currency",
    "platform_connections": "platform credentials token_expires_at platform_user_id platform_username status "
    "consent_by consent_at consent_notice consent_revoked_by consent_revoked_at last_synced_at pace_messages "
    "pace_seconds limit_messages limit_seconds capabilities metadata",
    "delivery_attempts": "message_id account_id lease_until answered_at settled_at outcome",
    "outbox": "kind account_id message_id due_at expires_at published_at",
    "webhook_events": "connection_id event_id payload",
    "quick_replies": "template category usage_count",
    "templates": "name text",
    "transactions": "fan_id kind amount_cents occurred_at platform_transaction_id currency",
    "imports": "status mapping policy plan_hash",
    "import_rows": "import_id plan number action reason fan_id version changes before outcome cells",
    "import_mappings": "header field",
    "exports": "requested_by filters sort status rows bytes object_key error expires_at",
    "analytics_events": "kind occurred_at",
    "daily_rollups": "day metric occurrences amount_cents currency",
    "analytics_stale": "topic since until noted_at",
    "analytics_counts": "topic counted_at took",
    "analytics_hours": "day platform hour what occurrences",
    "analytics_offers": "day platform currency least_cents sent bought asked_cents revenue_cents",
    "analytics_chatters": "day platform member_id currency sent earned_cents",
    "analytics_answers": "day platform member_id bucket answers seconds",
    "analytics_cohorts": "month cohort platform currency payers amount_cents",
    "analytics_values": "scope currency fans paying total_cents median_cents median_paying_cents",
    "idempotency_keys": "key subject request_hash status_code body expires_at",
    "audit_log": "actor_id action prev_hash hash",
    "audit_heads": "position hash",
    "composer_drafts": "conversation_id member_id text price_cents currency attachments",
    "conversation_presence": "conversation_id member_id here_until",
    "conversation_answering": "conversation_id member_id answering_until",
    "fan_merges": "kept_id merged_id merged_by tags value_cents currency filled merged_at undone_at",
    "erasures": "fan_id requested_by requested_at removed erased_at swept_at done_at",
    "tombstones": "hash kind erasure_id",
    "waitlist": "email platform",
    "sessions": "token_hash subject email chosen_workspace_id locale theme created_at seen_at idle_until ends_at",
    "schema_migrations": "name checksum applied_at",
}

COLUMNS = """
SELECT column_name, data_type FROM information_schema.columns WHERE table_schema = 'public' AND table_name = %s
"""
UNPROTECTED = """
SELECT relname FROM pg_class
WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p') AND relname <> ALL(%s)
    AND NOT (relrowsecurity AND relforcerowsecurity AND EXISTS (
        SELECT FROM pg_policies
        WHERE schemaname = 'public' AND tablename = relname AND cmd = 'ALL' AND permissive = 'PERMISSIVE'
            AND qual ~ '^\\((workspace_)?id = current_workspace\\(\\)\\)$' AND with_check = qual
    ))
"""
FOREIGN_KEYS = """
SELECT conrelid::regclass::text, confrelid::regclass::text,
       ARRAY(SELECT attname FROM unnest(conkey) AS key, pg_attribute WHERE attrelid = conrelid AND attnum = key),
       ARRAY(SELECT attname FROM unnest(confkey) AS key, pg_attribute WHERE attrelid = confrelid AND attnum = key),
       EXISTS (
           SELECT FROM pg_index, string_to_array(indkey::text, ' ') AS keys WHERE indrelid = conrelid AND (
               keys[:cardinality(conkey)]::int2[] @> conkey OR (indisunique AND conkey @> keys::int2[])
           )
       )
FROM pg_constraint WHERE contype = 'f' AND connamespace = 'public'::regnamespace
"""
INDEXES = """
SELECT indexrelid::regclass::text, indisunique,
       ARRAY[indrelid::regclass::text, relam::text, pg_get_expr(indpred, indrelid)],
       ARRAY(SELECT pg_get_indexdef(indexrelid, n, true) || indoption[n - 1] FROM generate_series(1, indnkeyatts) AS n)
FROM pg_index JOIN pg_class ON pg_class.oid = indexrelid WHERE relnamespace = 'public'::regnamespace
"""
# Their rows are never deleted, so no foreign key to them needs an index.
NEVER_DELETED = {"workspaces", "members", "platform_connections"}


@pytest.mark.parametrize("table", CONTRACT)
def test_the_contracts_tables_have_the_contracts_columns(catalog: Connection, table: str) -> None:
    columns = {name for name, _ in catalog.execute(COLUMNS, [table])}
    assert set(CONTRACT[table].split()) - columns == set()


def test_there_is_no_table_beside_the_contracts(catalog: Connection) -> None:
    tables = {name for (name,) in catalog.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")}
    assert tables == set(CONTRACT)


def test_every_tenant_table_forces_a_rule_for_reading_and_writing(catalog: Connection) -> None:
    assert catalog.execute(UNPROTECTED, [list(GLOBAL_TABLES)]).fetchall() == []
    assert len(tenant_tables(catalog)) == len(CONTRACT) - len(GLOBAL_TABLES)


def test_every_primary_key_of_a_tenant_table_begins_with_its_workspace(catalog: Connection) -> None:
    keys = catalog.execute("""
        SELECT indrelid::regclass::text, attname FROM pg_index
        JOIN pg_attribute ON attrelid = indrelid AND attnum = indkey[0]
        WHERE indisprimary AND indrelid IN (SELECT oid FROM pg_class WHERE relnamespace = 'public'::regnamespace)
    """)
    assert {table: column for table, column in keys if table not in GLOBAL_TABLES} == {
        table.name: table.key for table in tenant_tables(catalog)
    }


def test_every_foreign_key_carries_its_workspace(catalog: Connection) -> None:
    for table, parent, own, theirs, _ in catalog.execute(FOREIGN_KEYS):
        assert "workspace_id" in own, (table, own)
        assert ("id" if parent == "workspaces" else "workspace_id") in theirs, (table, parent)


def test_every_tenant_table_hangs_on_its_workspace(catalog: Connection) -> None:
    parents: dict[str, set[str]] = {}
    for table, parent, *_ in catalog.execute(FOREIGN_KEYS):
        parents.setdefault(table, set()).add(parent)
    anchored = {"workspaces"}
    while more := {table for table, above in parents.items() if above & anchored} - anchored:
        anchored |= more
    assert anchored == {table.name for table in tenant_tables(catalog)}


def test_every_foreign_key_to_rows_that_can_go_is_served_by_an_index(catalog: Connection) -> None:
    keys = catalog.execute(FOREIGN_KEYS).fetchall()
    assert [
        (table, own) for table, parent, own, _, indexed in keys if not indexed and parent not in NEVER_DELETED
    ] == []


def test_no_index_does_what_another_does_already(catalog: Connection) -> None:
    indexes = catalog.execute(INDEXES).fetchall()
    redundant = [
        (short, long)
        for (short, unique, of_short, columns), (long, _, of_long, more) in itertools.permutations(indexes, 2)
        if not unique and of_short == of_long and columns == more[: len(columns)]
    ]
    assert redundant == []


def test_money_is_whole_cents_with_a_currency_and_times_know_their_zone(catalog: Connection) -> None:
    for table in CONTRACT:
        columns = dict(catalog.execute(COLUMNS, [table]).fetchall())
        amounts = {name: kind for name, kind in columns.items() if name.endswith("_cents")}
        assert set(amounts.values()) <= {"bigint"}, (table, amounts)
        assert not amounts or "currency" in columns, table
        assert "timestamp without time zone" not in columns.values(), table
        assert not {"money", "real", "double precision", "json"} & set(columns.values()), table


def test_every_text_is_bounded(catalog: Connection) -> None:
    unbounded = catalog.execute("""
        SELECT attrelid::regclass::text, attname FROM pg_attribute JOIN pg_class ON pg_class.oid = attrelid
        WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' AND attnum > 0 AND NOT attisdropped
            AND atttypid = 'text'::regtype AND attgenerated = '' AND NOT EXISTS (
                SELECT FROM pg_constraint WHERE conrelid = attrelid AND contype = 'c' AND attnum = ANY(conkey)
            )
    """).fetchall()
    # Written by triggers and the runner from what is bounded already.
    assert set(unbounded) == {
        *(("message_transitions", column) for column in ("from_status", "to_status", "reason")),
        *(("campaign_tallies", column) for column in ("variant", "status", "reason")),
        *(("schema_migrations", column) for column in ("name", "checksum")),
    }


def test_what_carries_updated_at_has_it_stamped(catalog: Connection) -> None:
    unstamped = catalog.execute("""
        SELECT attrelid::regclass::text FROM pg_attribute WHERE attname = 'updated_at' AND attnum > 0
            AND attrelid IN (SELECT oid FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r')
            AND NOT EXISTS (SELECT FROM pg_trigger WHERE tgrelid = attrelid AND tgname = 'stamp_update')
    """).fetchall()
    assert unstamped == []


def test_the_schema_was_made_without_a_superuser(catalog: Connection) -> None:
    powers = catalog.execute("""
        SELECT datdba::regrole::text, rolsuper, rolbypassrls FROM pg_database JOIN pg_roles ON pg_roles.oid = datdba
        WHERE datname = current_database()
    """).fetchone()
    assert powers == ("huntaze_admin", False, False)
