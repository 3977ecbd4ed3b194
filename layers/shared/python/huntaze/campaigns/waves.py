"""What campaigns let out, in PostgreSQL."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from psycopg import Connection, Cursor

from huntaze.campaigns.kept import schedule_again
from huntaze.campaigns.steps import Chosen, Letter, Ready

ACCOUNTS = """
SELECT account_id FROM campaign_tallies
WHERE workspace_id = %(workspace_id)s AND campaign_id = ANY(%(campaign_ids)s) AND status = 'pending'
GROUP BY account_id HAVING sum(recipients) > 0 ORDER BY account_id
"""
# By this database's own clock, as the claim looks at it too. What came back into the queue after its campaign was
# cancelled goes as the rest of it went: nobody lets a draft of it out any more.
TAKE_BACK = """
UPDATE messages AS m SET
    status = CASE c.status WHEN 'cancelled' THEN 'cancelled' ELSE 'draft' END,
    last_error = CASE c.status WHEN 'cancelled' THEN 'campaign_cancelled' ELSE last_error END
FROM campaigns AS c
WHERE m.workspace_id = %(workspace_id)s AND m.account_id = %(account_id)s AND m.status = 'queued'
    AND m.leave_before <= clock_timestamp() AND c.workspace_id = m.workspace_id AND c.id = m.campaign_id
"""
# SHARE: a pause waits until what is let out here is queued, and then finds it. Who is being steered is passed by.
READY = """
SELECT c.id, launched_at, schedule, starts_at, ends_at, ARRAY(
    SELECT queued_at FROM messages AS m
    WHERE m.workspace_id = c.workspace_id AND m.account_id = %(account_id)s AND m.campaign_id = c.id
        AND m.status = 'queued'
    ORDER BY queued_at, m.id
) AS queued
FROM campaigns AS c
WHERE workspace_id = %(workspace_id)s AND status = 'active' AND (ends_at IS NULL OR ends_at > clock_timestamp())
    AND EXISTS (
        SELECT FROM campaign_recipients AS r
        WHERE r.workspace_id = c.workspace_id AND r.campaign_id = c.id AND r.account_id = %(account_id)s
            AND r.status IN ('pending', 'queued')
    )
ORDER BY launched_at, c.id FOR SHARE OF c SKIP LOCKED
"""
# From one zone to the next in the index: there are few of them, and many who wait in each.
ZONES = """
WITH RECURSIVE zones (zone) AS (
    (
        SELECT zone FROM campaign_recipients
        WHERE workspace_id = %(workspace_id)s AND campaign_id = %(campaign_id)s AND account_id = %(account_id)s
            AND status = 'pending' AND zone IS NOT NULL
        ORDER BY zone LIMIT 1
    )
    UNION ALL
    SELECT (
        SELECT r.zone FROM campaign_recipients AS r
        WHERE workspace_id = %(workspace_id)s AND campaign_id = %(campaign_id)s AND account_id = %(account_id)s
            AND status = 'pending' AND r.zone > zones.zone
        ORDER BY r.zone LIMIT 1
    ) FROM zones WHERE zones.zone IS NOT NULL
)
SELECT zone FROM zones WHERE zone IS NOT NULL
"""
# What has come to be true of a fan since their row was made. Fans can have come to be one person while rows were made:
# who has got it counts most, then who is shown, then the first. Whoever is being changed at this moment is passed by,
# so that this waits for nobody while it keeps many from others.
CHOOSE = """
SELECT r.fan_id, r.message_id, CASE
    WHEN f.do_not_contact OR shown.do_not_contact THEN 'do_not_contact'
    WHEN f.deleted_at IS NOT NULL AND (shown.id IS NULL OR shown.deleted_at IS NOT NULL) THEN 'unknown'
    WHEN f.platform_id IS NULL AND f.handle IS NULL THEN 'unreachable'
    WHEN EXISTS (
        SELECT FROM same_person(coalesce(f.merged_into, f.id)) AS same
        JOIN campaign_recipients AS twin ON twin.fan_id = same.fan_id
        WHERE twin.workspace_id = r.workspace_id AND twin.campaign_id = r.campaign_id AND twin.fan_id <> r.fan_id
            AND (
                twin.status IN ('queued', 'sent', 'unknown')
                OR (twin.status = 'pending' AND twin.fan_id = f.merged_into)
                OR (twin.status = 'pending' AND f.merged_into IS NOT NULL AND twin.fan_id < f.id)
            )
    ) THEN 'duplicate'
END AS reason
FROM campaign_recipients AS r
JOIN fans AS f ON f.workspace_id = r.workspace_id AND f.id = r.fan_id
LEFT JOIN fans AS shown ON shown.workspace_id = f.workspace_id AND shown.id = f.merged_into
WHERE r.workspace_id = %(workspace_id)s AND r.campaign_id = %(campaign_id)s AND r.account_id = %(account_id)s
    AND r.status = 'pending' AND r.zone {zone}
ORDER BY r.fan_id LIMIT %(limit)s FOR NO KEY UPDATE OF r, f SKIP LOCKED
"""
LEAVE_OUT = """
UPDATE campaign_recipients AS r SET status = 'skipped', reason = left_out.reason
FROM unnest(%(fan_ids)s::uuid[], %(reasons)s::text[]) AS left_out (fan_id, reason)
WHERE workspace_id = %(workspace_id)s AND campaign_id = %(campaign_id)s AND r.fan_id = left_out.fan_id
    AND status = 'pending'
"""
DROP_DRAFTS = """
UPDATE messages AS m SET status = 'cancelled', last_error = left_out.reason
FROM unnest(%(message_ids)s::uuid[], %(reasons)s::text[]) AS left_out (message_id, reason)
WHERE workspace_id = %(workspace_id)s AND m.id = left_out.message_id AND status = 'draft'
"""
# A thread that a campaign opens is not for the inbox before the fan answers.
OPEN = """
INSERT INTO conversations (workspace_id, id, fan_id, platform, archived, created_at, updated_at)
SELECT f.workspace_id, letters.conversation_id, f.id, f.platform, true, %(at)s, %(at)s
FROM unnest(%(fan_ids)s::uuid[], %(conversation_ids)s::uuid[]) AS letters (fan_id, conversation_id)
JOIN fans AS f ON f.workspace_id = %(workspace_id)s AND f.id = letters.fan_id
WHERE NOT EXISTS (
    SELECT FROM conversations AS c
    WHERE c.workspace_id = f.workspace_id AND c.fan_id = f.id AND c.platform = f.platform
)
ON CONFLICT ON CONSTRAINT conversations_one_per_fan DO NOTHING
"""
# The words are the recipient's, the approval is the campaign's; the database accepts no others.
WRITE = """
INSERT INTO messages (
    workspace_id, id, conversation_id, fan_id, account_id, campaign_id, direction, status, text, price_cents, currency,
    attachments, approved_by, approved_at, approved_hash, occurred_at, queued_at, leave_before
)
SELECT
    r.workspace_id, letters.message_id, c.id, r.fan_id, r.account_id, r.campaign_id, 'out', 'queued',
    coalesce(r.text, chosen ->> 'content'), coalesce((chosen ->> 'priceCents')::bigint, 0),
    coalesce(chosen ->> 'currency', 'USD'), campaign_media(chosen), campaign.approved_by, campaign.approved_at,
    r.content_hash, %(at)s, letters.queued_at, letters.leave_before
FROM unnest(
    %(campaign_ids)s::uuid[], %(fan_ids)s::uuid[], %(message_ids)s::uuid[], %(moments)s::timestamptz[],
    %(ends)s::timestamptz[]
) AS letters (campaign_id, fan_id, message_id, queued_at, leave_before)
JOIN campaign_recipients AS r ON r.workspace_id = %(workspace_id)s AND r.campaign_id = letters.campaign_id
    AND r.fan_id = letters.fan_id
JOIN campaigns AS campaign ON campaign.workspace_id = r.workspace_id AND campaign.id = r.campaign_id
JOIN fans AS f ON f.workspace_id = r.workspace_id AND f.id = r.fan_id
JOIN conversations AS c ON c.workspace_id = r.workspace_id AND c.fan_id = r.fan_id AND c.platform = f.platform
CROSS JOIN LATERAL campaign_variant(campaign.template, r.variant) AS chosen
WHERE r.account_id = %(account_id)s AND r.status = 'pending'
"""
NOTE = """
UPDATE campaign_recipients AS r SET status = 'queued', message_id = letters.message_id, reason = NULL
FROM unnest(%(campaign_ids)s::uuid[], %(fan_ids)s::uuid[], %(message_ids)s::uuid[])
    AS letters (campaign_id, fan_id, message_id)
WHERE workspace_id = %(workspace_id)s AND r.campaign_id = letters.campaign_id AND r.fan_id = letters.fan_id
    AND status = 'pending'
"""
# What was let out before: it waited in vain, or it failed and somebody tries again. The recipient is told by trigger.
PUT_BACK = """
UPDATE messages AS m SET
    status = 'queued', queued_at = letters.queued_at, occurred_at = %(at)s, leave_before = letters.leave_before,
    attempts = 0, last_error = NULL, claims = CASE status WHEN 'failed' THEN 0 ELSE claims END
FROM unnest(%(message_ids)s::uuid[], %(moments)s::timestamptz[], %(ends)s::timestamptz[])
    AS letters (message_id, queued_at, leave_before)
WHERE workspace_id = %(workspace_id)s AND m.id = letters.message_id AND status IN ('draft', 'failed')
"""

Row = dict[str, Any]


class PostgresFlow:
    """What the campaigns of one workspace let out, inside one transaction."""

    def __init__(self, connection: Connection[Row], workspace_id: UUID) -> None:
        self._connection = connection
        self._workspace_id = workspace_id

    def accounts_waiting(self, campaign_ids: Sequence[UUID]) -> list[UUID]:
        """The accounts through which somebody still waits for one of these."""
        return [row["account_id"] for row in self._run(ACCOUNTS, campaign_ids=list(campaign_ids))]

    def take_back(self, account_id: UUID) -> int:
        """What may not leave any more at this moment waits again; how many messages that were."""
        return self._run(TAKE_BACK, account_id=account_id).rowcount

    def ready(self, account_id: UUID) -> list[Ready]:
        """The account's campaigns that may go on, which nobody steers before this transaction ends."""
        return [_ready(row) for row in self._run(READY, account_id=account_id)]

    def zones(self, campaign_id: UUID, account_id: UUID) -> list[str | None]:
        """The zones of those who wait; None stands for those who have the creator's."""
        found = self._run(ZONES, campaign_id=campaign_id, account_id=account_id)
        return [None, *(row["zone"] for row in found)]

    def choose(self, campaign_id: UUID, account_id: UUID, zone: str | None, at_most: int) -> list[Chosen]:
        """The next who wait in a zone, kept from others; those whom somebody changes at this moment are passed by."""
        statement = CHOOSE.format(zone="= %(zone)s" if zone else "IS NULL")
        where = {"campaign_id": campaign_id, "account_id": account_id, "zone": zone}
        return [Chosen(**row) for row in self._run(statement, **where, limit=at_most)]

    def leave_out(self, campaign_id: UUID, chosen: Sequence[Chosen]) -> None:
        """These get nothing, for their reasons."""
        reasons = [one.reason for one in chosen]
        self._run(LEAVE_OUT, campaign_id=campaign_id, fan_ids=[one.fan_id for one in chosen], reasons=reasons)
        self._run(DROP_DRAFTS, message_ids=[one.message_id for one in chosen], reasons=reasons)

    def put(self, account_id: UUID, letters: Sequence[Letter], at: datetime) -> None:
        """Queue these."""
        if new := [letter for letter in letters if letter.is_new]:
            told = {**_columns(new), "account_id": account_id, "at": at}
            self._run(OPEN, **told)
            self._run(WRITE, **told)
            self._run(NOTE, **told)
        if again := [letter for letter in letters if not letter.is_new]:
            self._run(PUT_BACK, **_columns(again), at=at)

    def _run(self, statement: str, **parameters: object) -> Cursor[Row]:
        return self._connection.execute(statement, {"workspace_id": self._workspace_id, **parameters})


def _ready(row: Row) -> Ready:
    schedule = schedule_again(row["schedule"], row["starts_at"], row["ends_at"])
    return Ready(id=row["id"], launched_at=row["launched_at"], schedule=schedule, queued=tuple(row["queued"]))


def _columns(letters: Sequence[Letter]) -> dict[str, object]:
    return {
        "campaign_ids": [letter.campaign_id for letter in letters],
        "fan_ids": [letter.fan_id for letter in letters],
        "message_ids": [letter.message_id for letter in letters],
        "conversation_ids": [letter.conversation_id for letter in letters],
        "moments": [letter.queued_at for letter in letters],
        "ends": [letter.leave_before for letter in letters],
    }
