"""Rows of theirs whose ids are those of ours: whoever asks by id alone gets them too, or first."""

from datetime import timedelta
from typing import Any

import psycopg

from tests.support.workspaces import MAX, NOON, ZOE

FAR_AHEAD = NOON + timedelta(days=9_999)
QUEUED, SENDING, TOLD = (ZOE.of(name) for name in ("a queued message", "a sending message", "a told message"))

ACCOUNT = """
INSERT INTO platform_connections (
    workspace_id, id, platform, platform_user_id, consent_by, consent_at, consent_notice, pace_messages, failures
) VALUES (%(theirs)s, %(account)s, 'patreon', 'a twin', %(owner)s, now(), '2026-01', 3, 7)
"""
MESSAGE = """
INSERT INTO messages (
    workspace_id, id, conversation_id, fan_id, account_id, direction, status, text, priority, approved_by, approved_at,
    content_hash, approved_hash, queued_at, attempt_id, attempts
)
SELECT
    %(theirs)s, %(id)s, %(id)s, %(fan)s, %(account)s, 'out', %(status)s, 'A twin', 10, %(owner)s, %(noon)s, hash, hash,
    %(noon)s, %(attempt)s, 9
FROM (SELECT message_hash(%(fan)s, %(account)s, 'A twin', 0, 'USD', '[]') AS hash) AS approved
"""
OFFER = """
INSERT INTO messages (
    workspace_id, id, conversation_id, fan_id, direction, status, sent_elsewhere, text, price_cents,
    platform_message_id, occurred_at, sent_at
) VALUES (
    %(theirs)s, %(id)s, %(conversation)s, %(fan)s, 'out', 'sent', true, 'A twin', 900, 'an offer', %(noon)s, %(noon)s
)
"""
ATTEMPT = """
INSERT INTO delivery_attempts (
    workspace_id, id, message_id, account_id, claimed_at, lease_until, token_returns_at, look_at
) VALUES (%(theirs)s, %(attempt)s, %(id)s, %(account)s, %(noon)s, %(ahead)s, %(ahead)s, %(ahead)s)
"""
PERMIT = """
INSERT INTO outbox (workspace_id, id, kind, account_id, message_id, due_at, expires_at)
VALUES (%(theirs)s, %(permit)s, 'permit', %(account)s, %(id)s, %(due)s, %(due)s)
"""
CAMPAIGN_IN = """
INSERT INTO campaigns (
    workspace_id, id, name, type, status, template, target_audience, content_hash, approved_by, approved_at,
    approved_hash, launched_at, starts_at
)
SELECT %(theirs)s, %(id)s, 'Theirs', 'campaign', %(status)s, '{"content": ""}', '{}', sha256('theirs'), %(owner)s,
    %(noon)s, sha256('theirs'), CASE WHEN %(status)s <> 'draft' THEN %(noon)s::timestamptz END, %(noon)s
"""
CAMPAIGN = (
    """
    INSERT INTO fans (workspace_id, id, name, platform, platform_id, created_at)
    VALUES (%(theirs)s, %(fan)s, 'A twin', 'onlyfans', 'a twin', '2020-01-01')
    """,
    """
    INSERT INTO conversations (workspace_id, id, fan_id, platform)
    VALUES (%(theirs)s, %(conversation)s, %(fan)s, 'onlyfans')
    """,
    """
    INSERT INTO campaigns (
        workspace_id, id, name, type, status, template, target_audience, content_hash, approved_by, approved_at,
        approved_hash, launched_at, starts_at, created_at
    )
    SELECT %(theirs)s, %(campaign)s, 'A twin', 'campaign', 'active', '{"content": "Twin"}', '{}', hash, %(owner)s,
        %(noon)s, hash, %(noon)s, %(noon)s, '2030-01-01'
    FROM campaign_hash('{"content": "Twin"}', '{}') AS hash
    """,
    """
    INSERT INTO campaign_recipients (
        workspace_id, campaign_id, fan_id, status, account_id, zone, content_hash, message_id
    )
    SELECT %(theirs)s, %(campaign)s, each.fan, each.status, %(account)s, each.zone, sha256('twin'), each.message
    FROM (VALUES
        (%(fan)s::uuid, 'pending', NULL, NULL), (%(other)s::uuid, 'failed', NULL, %(message)s::uuid),
        (%(theirs)s::uuid, 'pending', 'Asia/Kathmandu', NULL)
    ) AS each (fan, status, zone, message)
    """,
    """
    INSERT INTO campaign_tallies (
        workspace_id, campaign_id, account_id, currency, status, recipients, replies, buyers, revenue_cents
    )
    VALUES
        (%(theirs)s, %(campaign)s, %(account)s, 'USD', 'pending', 2, 1, 1, 9),
        (%(theirs)s, %(campaign)s, %(account)s, 'USD', 'failed', 100, 0, 0, 0)
    """,
    """
    INSERT INTO campaign_tallies (
        workspace_id, campaign_id, account_id, currency, status, recipients, replies, buyers, revenue_cents
    )
    SELECT %(theirs)s, %(campaign)s, %(account)s, 'USD', 'sent', 1, 0, 0, 0 FROM generate_series(1, 60)
    """,
    """
    INSERT INTO messages (
        workspace_id, id, conversation_id, fan_id, account_id, campaign_id, direction, status, text, approved_by,
        approved_at, content_hash, approved_hash, queued_at, leave_before
    )
    SELECT %(theirs)s, each.id, %(conversation)s, %(fan)s, %(account)s, %(campaign)s, 'out', each.status, 'Twin',
        %(owner)s, %(noon)s, sha256('twin'), sha256('twin'), %(noon)s, '2020-01-01'
    FROM (VALUES (%(message)s::uuid, 'draft'), (%(other)s::uuid, 'queued')) AS each (id, status)
    """,
)


IMPORT = (
    """
    INSERT INTO imports (workspace_id, id, requested_by, status, plan, last_row, object_key)
    VALUES (%(theirs)s, %(import)s, %(owner)s, 'planning', 1, 1, 'a twin')
    """,
    """
    INSERT INTO import_mappings (workspace_id, header, field) VALUES (%(theirs)s, 'only theirs', 'email')
    """,
    """
    INSERT INTO fans (workspace_id, id, name, platform, platform_id, handle, created_at, updated_at)
    VALUES
        (%(theirs)s, %(imported)s, 'A twin', 'onlyfans', 'their account', 'only theirs', %(noon)s, %(noon)s),
        (%(theirs)s, %(alone)s, 'A twin', 'onlyfans', 'their other account', NULL, %(noon)s, %(noon)s)
    """,
    """
    INSERT INTO transactions (
        workspace_id, id, fan_id, platform, platform_transaction_id, kind, amount_cents, occurred_at
    ) VALUES (%(theirs)s, %(imported)s, %(imported)s, 'onlyfans', 'a twin', 'tip', 999, %(ahead)s)
    """,
    """
    INSERT INTO import_rows (
        workspace_id, import_id, plan, number, action, reason, fan_id, version, changes, before, platform, platform_id,
        handle, name, cells, outcome
    )
    SELECT %(theirs)s, %(import)s, 1, each.*
    FROM (VALUES
        (2, 'update', NULL, %(merged)s::uuid, %(noon)s::timestamptz, '{name}'::text[], '{}'::jsonb, 'onlyfans', NULL,
            'twin 2', 'A twin', NULL::jsonb, NULL),
        (3, 'create', NULL, %(theirs)s::uuid, NULL, NULL, NULL, 'onlyfans', NULL, 'robin', 'A twin', NULL, NULL),
        (4, 'skip', 'known', NULL, NULL, NULL, NULL, 'onlyfans', NULL, 'fresh', 'A twin', NULL, NULL),
        (5, 'update', NULL, %(imported)s, %(noon)s, '{name}', '{}', 'onlyfans', NULL, 'fresh 3', 'A twin', NULL, NULL),
        (6, 'skip', 'known', NULL, NULL, NULL, NULL, 'onlyfans', 'p9', 'fresh 2', 'A twin', NULL, NULL),
        (7, 'create', NULL, %(owner)s::uuid, NULL, NULL, NULL, 'onlyfans', NULL, 'twin 7', 'A twin', NULL,
            'since_added'),
        (8, 'create', NULL, %(import)s::uuid, NULL, NULL, NULL, 'onlyfans', NULL, 'twin 8', 'A twin', NULL, NULL),
        (9, 'reject', 'bad_email', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, '["A twin"]', NULL),
        (11, 'update', NULL, %(second)s::uuid, %(noon)s, '{name}', '{}', 'onlyfans', NULL, 'twin 11', 'A twin', NULL,
            NULL)
    ) AS each
    """,
)


def add_twins(superuser: psycopg.Connection[Any]) -> None:
    """What belongs together here belongs to nothing else: no rule is asked."""
    superuser.execute("SET session_replication_role = replica")
    common = {"theirs": MAX.id, "account": ZOE.of("account"), "owner": MAX.of("owner"), "fan": MAX.of("fan")}
    common |= {"noon": NOON, "ahead": FAR_AHEAD}
    superuser.execute(ACCOUNT, common)
    for message, status, attempt in (
        (QUEUED, "queued", None),
        (SENDING, "sending", ZOE.of(f"attempt at {SENDING}")),
        (TOLD, "sending", MAX.of("an attempt of theirs")),
    ):
        superuser.execute(MESSAGE, {**common, "id": message, "status": status, "attempt": attempt})
        if attempt:
            superuser.execute(ATTEMPT, {**common, "id": message, "attempt": attempt})
    superuser.execute(OFFER, {**common, "id": ZOE.of("question"), "conversation": MAX.of("conversation")})
    for permit, due in ((MAX.of("permit"), NOON - timedelta(days=9)), (ZOE.of("permit"), NOON)):
        superuser.execute(PERMIT, {**common, "id": QUEUED, "permit": permit, "due": due})
    _add_a_campaign(superuser)
    _add_an_import(superuser)
    superuser.execute("SET session_replication_role = origin")


def _add_a_campaign(superuser: psycopg.Connection[Any]) -> None:
    """A campaign of theirs with the ids of ours: to our fan, through our account, in our conversation."""
    ids = {"theirs": MAX.id, "campaign": ZOE.of("campaign"), "fan": ZOE.of("fan"), "account": ZOE.of("account")}
    ids |= {"conversation": ZOE.of("conversation"), "owner": MAX.of("owner"), "noon": NOON}
    ids |= {"other": ZOE.of("merged fan"), "message": ZOE.of("a campaign's message")}
    for statement in CAMPAIGN:
        superuser.execute(statement, ids)
    for status in ("draft", "scheduled", "paused", "cancelled"):
        superuser.execute(CAMPAIGN_IN, {**ids, "id": MAX.of(f"{status} campaign"), "status": status})


def _add_an_import(superuser: psycopg.Connection[Any]) -> None:
    """An import of theirs with the id of ours, whose rows are about a fan with the id of one of ours."""
    ids = {"theirs": MAX.id, "import": ZOE.of("import"), "owner": MAX.of("owner"), "noon": NOON, "ahead": FAR_AHEAD}
    ids |= {
        "imported": ZOE.of("imported fan"),
        "second": ZOE.of("second imported fan"),
        "alone": MAX.of("a fan of theirs alone"),
        "merged": ZOE.of("merged fan"),
    }
    for statement in IMPORT:
        superuser.execute(statement, ids)
