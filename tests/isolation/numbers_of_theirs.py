"""What would show in our numbers if it were counted among them: rows of theirs with ids of ours, and days of theirs."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import psycopg

from tests.support.workspaces import MAX, NOON, ZOE

LONG_AGO = datetime(2019, 3, 5, 12, tzinfo=UTC)  # nothing of ours is so old
THEIR_DAY = LONG_AGO.date()
FAR_AHEAD = datetime(2031, 1, 2, 12, tzinfo=UTC)  # nor so late

PAYMENT = """
INSERT INTO transactions (
    workspace_id, id, fan_id, platform, platform_transaction_id, kind, amount_cents, occurred_at
) VALUES (%(theirs)s, gen_random_uuid(), %(fan)s, 'onlyfans', %(at)s, 'ppv', 100, %(at)s)
"""
MESSAGE = """
INSERT INTO messages (
    workspace_id, id, conversation_id, fan_id, direction, status, text, price_cents, bought_at, sent_at, occurred_at,
    approved_by, platform_message_id, sent_elsewhere
) VALUES (
    %(theirs)s, gen_random_uuid(), %(talk)s, %(fan)s, %(direction)s, %(status)s, 'A twin', %(cents)s, %(at)s, %(at)s,
    %(at)s, %(chatter)s, %(direction)s || %(at)s, %(direction)s::text = 'out'
)
"""
MEMBER = """
INSERT INTO members (workspace_id, id, email, display_name, role, status, subject, removed_at)
VALUES (%(theirs)s, %(chatter)s, 'twin@example.com', 'A twin', 'chatter', 'removed', 'a twin', now())
"""
MERGED = """
INSERT INTO fans (workspace_id, id, name, platform, deleted_at, merged_into, created_at)
VALUES (%(theirs)s, %(merged)s, 'A twin', 'other', now(), %(kept)s, '2020-01-01')
"""
TWIN = """
UPDATE fans SET value_cents = 7, last_seen_at = %(long_ago)s WHERE workspace_id = %(theirs)s AND id = %(fan)s
"""
ROLLED_UP = (
    """
    INSERT INTO daily_rollups (workspace_id, day, metric, platform, occurrences, amount_cents)
    SELECT %(theirs)s, %(day)s::date + place::integer, metric, 'onlyfans', 3, 300
    FROM unnest(ARRAY['revenue.tip', 'fans.new', 'fans.seen', 'messages.in', 'offers.sent'])
        WITH ORDINALITY AS known (metric, place)
    """,
    """
    INSERT INTO analytics_hours (workspace_id, day, platform, hour, what, occurrences)
    VALUES (%(theirs)s, %(day)s::date + 9, 'onlyfans', 3, 'paid', 3)
    """,
    """
    INSERT INTO analytics_answers (workspace_id, day, platform, member_id, bucket, answers, seconds)
    VALUES (%(theirs)s, %(day)s, 'onlyfans', %(chatter)s, 3, 3, 3)
    """,
    """
    INSERT INTO analytics_cohorts (workspace_id, month, cohort, platform, currency, payers, amount_cents)
    VALUES (%(theirs)s, '2019-01-01', '2019-01-01', 'onlyfans', 'USD', 3, 3)
    """,
    """
    INSERT INTO analytics_values (
        workspace_id, scope, currency, fans, paying, total_cents, median_cents, median_paying_cents
    ) VALUES (%(theirs)s, 'all', 'CHF', 3, 3, 9, 3, 3)
    """,
    """
    INSERT INTO analytics_counts (workspace_id, topic, counted_at, took)
    VALUES (%(theirs)s, 'messages', %(long_ago)s, '1 minute')
    """,
    """
    INSERT INTO analytics_stale (workspace_id, topic, noted_at, since, until)
    VALUES (%(theirs)s, 'cohorts', %(long_ago)s, %(long_ago)s, %(long_ago)s)
    """,
)


def add_numbers(superuser: psycopg.Connection[Any]) -> None:
    """No rule is asked, as for all twins."""
    superuser.execute("SET session_replication_role = replica")
    common: dict[str, object] = {"theirs": MAX.id, "fan": ZOE.of("fan"), "talk": ZOE.of("conversation")}
    common |= {"chatter": ZOE.of("chatter"), "merged": ZOE.of("merged fan"), "kept": ZOE.of("fan")}
    common |= {"long_ago": LONG_AGO, "day": THEIR_DAY}
    superuser.execute("UPDATE workspaces SET timezone = 'Pacific/Kiritimati' WHERE id = %s", [MAX.id])
    # Theirs still comes first: whoever reads one row of all gets the wrong one.
    superuser.execute("UPDATE workspaces SET currency = currency WHERE id = %s", [ZOE.id])
    superuser.execute("UPDATE fans SET value_cents = 9 WHERE id = %s", [MAX.of("fan")])
    for statement in (MEMBER, MERGED, TWIN, *ROLLED_UP):
        superuser.execute(statement, common)
    for at in (LONG_AGO, NOON, FAR_AHEAD):
        superuser.execute(PAYMENT, {**common, "at": at})
        for direction, status, cents in (("in", "received", 0), ("out", "sent", 900)):
            said = at + timedelta(minutes=cents)
            row = {"direction": direction, "status": status, "cents": cents, "at": said}
            superuser.execute(MESSAGE, {**common, **row})
    superuser.execute("SET session_replication_role = origin")


def all_of_it() -> tuple[date, date]:
    """Days that nothing of theirs is outside of."""
    return date(2018, 1, 1), date(2032, 1, 1)
