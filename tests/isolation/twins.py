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
    superuser.execute("SET session_replication_role = origin")
