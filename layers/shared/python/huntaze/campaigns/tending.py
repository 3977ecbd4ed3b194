"""Campaigns under way, in PostgreSQL. What time it is, is the database's to say."""

from typing import Any, LiteralString, Protocol
from uuid import UUID

from psycopg import Connection, Cursor
from psycopg.errors import CheckViolation

from huntaze.campaigns.model import LATE, PauseReason, Reason
from huntaze.campaigns.steps import Ended, Step
from huntaze.campaigns.store import PAUSE, TAKE_BACK

TO_RUN = "SELECT * FROM campaigns_to_run(%(at_most)s)"

TO_FILL = """
SELECT FROM campaigns
WHERE workspace_id = %(workspace_id)s AND id = %(id)s AND status IN ('scheduled', 'active') AND filled_at IS NULL
FOR NO KEY UPDATE SKIP LOCKED
"""
HELD = """
SELECT CASE
    WHEN status = 'cancelled' AND closed_at IS NULL AND launched_at IS NOT NULL THEN 'close'
    WHEN status NOT IN ('scheduled', 'active') THEN 'nothing'
    WHEN status = 'scheduled' AND starts_at <= clock_timestamp() - make_interval(secs => %(late)s)
        THEN 'too late to start'
    WHEN status = 'scheduled' AND starts_at <= clock_timestamp() THEN 'start'
    WHEN ends_at <= clock_timestamp() THEN 'end'
    ELSE 'go on'
END AS step
FROM campaigns WHERE workspace_id = %(workspace_id)s AND id = %(id)s FOR NO KEY UPDATE SKIP LOCKED
"""
START = """
UPDATE campaigns SET status = 'active', started_at = clock_timestamp()
WHERE workspace_id = %(workspace_id)s AND id = %(id)s AND status = 'scheduled'
"""
# What had failed and was to be tried again has failed, as before.
PUT_ASIDE = """
WITH chosen AS (
    SELECT r.fan_id, r.message_id, m.status = 'failed' AS has_failed, left(m.last_error, 200) AS why
    FROM campaign_recipients AS r
    LEFT JOIN messages AS m ON m.workspace_id = r.workspace_id AND m.id = r.message_id
    WHERE r.workspace_id = %(workspace_id)s AND r.campaign_id = %(id)s AND r.status = 'pending'
    ORDER BY r.fan_id LIMIT %(limit)s FOR NO KEY UPDATE OF r SKIP LOCKED
)
UPDATE campaign_recipients AS r SET
    status = CASE WHEN has_failed THEN 'failed' ELSE %(status)s END,
    reason = CASE WHEN has_failed THEN why ELSE %(reason)s END
FROM chosen
WHERE r.workspace_id = %(workspace_id)s AND r.campaign_id = %(id)s AND r.fan_id = chosen.fan_id
RETURNING r.message_id
"""
DROP_DRAFTS = """
UPDATE messages SET status = 'cancelled', last_error = %(reason)s
WHERE workspace_id = %(workspace_id)s AND id = ANY(%(message_ids)s) AND status = 'draft'
"""
CLOSE = """
UPDATE campaigns SET closed_at = clock_timestamp()
WHERE workspace_id = %(workspace_id)s AND id = %(id)s AND status = 'cancelled' AND NOT EXISTS (
    SELECT FROM campaign_recipients AS r
    WHERE r.workspace_id = campaigns.workspace_id AND r.campaign_id = campaigns.id AND r.status = 'pending'
)
"""
TALLIES = """
SELECT count(*) AS tallies FROM campaign_tallies WHERE workspace_id = %(workspace_id)s AND campaign_id = %(id)s
"""
FOLD = "SELECT fold_tallies(%(id)s)"
MOST_TALLIES = 50
METRICS = """
UPDATE campaigns SET metrics = summed.metrics FROM (
    SELECT jsonb_build_object(
        'recipients', coalesce(sum(recipients) FILTER (WHERE status <> 'skipped'), 0),
        'sent', coalesce(sum(recipients) FILTER (WHERE status = 'sent'), 0),
        'failed', coalesce(sum(recipients) FILTER (WHERE status = 'failed'), 0),
        'unknown', coalesce(sum(recipients) FILTER (WHERE status = 'unknown'), 0),
        'skipped', coalesce(sum(recipients) FILTER (WHERE status = 'skipped'), 0),
        'cancelled', coalesce(sum(recipients) FILTER (WHERE status = 'cancelled'), 0),
        'replies', coalesce(sum(replies), 0), 'buyers', coalesce(sum(buyers), 0),
        'revenueCents', coalesce(sum(revenue_cents), 0)
    ) AS metrics
    FROM campaign_tallies WHERE workspace_id = %(workspace_id)s AND campaign_id = %(id)s
) AS summed
WHERE workspace_id = %(workspace_id)s AND id = %(id)s AND campaigns.metrics <> summed.metrics
"""
ENDED = """
SELECT
    coalesce(sum(recipients) FILTER (WHERE t.status IN ('sent', 'failed', 'unknown')), 0)
        - coalesce((watched_from ->> 'sent')::integer, 0) - coalesce((watched_from ->> 'failed')::integer, 0)
        - coalesce((watched_from ->> 'unknown')::integer, 0) AS ended,
    coalesce(sum(recipients) FILTER (WHERE t.status = 'failed'), 0)
        - coalesce((watched_from ->> 'failed')::integer, 0) AS failed,
    coalesce(sum(recipients) FILTER (WHERE t.status IN ('pending', 'queued')), 0)
        + CASE WHEN filled_at IS NULL THEN 1 ELSE 0 END AS waiting
FROM campaigns AS c
LEFT JOIN campaign_tallies AS t ON t.workspace_id = c.workspace_id AND t.campaign_id = c.id
WHERE c.workspace_id = %(workspace_id)s AND c.id = %(id)s GROUP BY c.watched_from, c.filled_at
"""
COMPLETE = """
UPDATE campaigns SET status = 'completed', completed_at = clock_timestamp()
WHERE workspace_id = %(workspace_id)s AND id = %(id)s AND status = 'active' AND filled_at IS NOT NULL
"""

Row = dict[str, Any]


class LookUp(Protocol):
    """Reads outside any workspace, by narrow functions alone."""

    def __call__(self, query: LiteralString, parameters: dict[str, object], /) -> list[Row]:
        """The rows."""
        ...


class EveryCampaign:
    """What the flow asks across workspaces."""

    def __init__(self, look_up: LookUp) -> None:
        self._look_up = look_up

    def to_run(self, at_most: int) -> list[tuple[UUID, UUID]]:
        """Workspaces and campaigns that the schedule has to see to, in any order."""
        return [(row["workspace_id"], row["campaign_id"]) for row in self._look_up(TO_RUN, {"at_most": at_most})]


class PostgresTending:
    """The campaigns under way of one workspace, inside one transaction."""

    def __init__(self, connection: Connection[Row], workspace_id: UUID) -> None:
        self._connection = connection
        self._workspace_id = workspace_id

    def held_to_fill(self, campaign_id: UUID) -> bool:
        """Be the only one who fills a campaign; whether it is to be filled, and nobody else is at it."""
        return self._run(TO_FILL, id=campaign_id).rowcount == 1

    def held(self, campaign_id: UUID) -> Step:
        """Be the only one who works on a campaign, and what is to be done; nothing where somebody else is at it."""
        found = self._run(HELD, id=campaign_id, late=LATE).fetchall()
        if not found:
            return Step.NOTHING
        (row,) = found
        return Step(row["step"])

    def start(self, campaign_id: UUID) -> None:
        """It begins."""
        self._run(START, id=campaign_id)

    def pause(self, campaign_id: UUID, reason: PauseReason) -> None:
        """Let it rest: what it has let out waits again."""
        self._run(PAUSE, id=campaign_id, reason=reason)
        self.take_back(campaign_id)

    def take_back(self, campaign_id: UUID) -> None:
        """What it has let out waits again."""
        self._run(TAKE_BACK, id=campaign_id)

    def put_aside(self, campaign_id: UUID, reason: Reason | None, at_most: int) -> bool:
        """Some who wait get nothing: left out for this reason, or cancelled; whether there may be more of them."""
        told = {"status": "skipped" if reason else "cancelled", "reason": reason or "campaign_cancelled"}
        aside = self._run(PUT_ASIDE, id=campaign_id, limit=at_most, **told).fetchall()
        drafts = [row["message_id"] for row in aside if row["message_id"]]
        if drafts:
            self._run(DROP_DRAFTS, message_ids=drafts, reason=told["reason"])
        return len(aside) == at_most

    def close(self, campaign_id: UUID) -> None:
        """A cancelled campaign needs nothing more."""
        self._run(CLOSE, id=campaign_id)

    def fold(self, campaign_id: UUID) -> None:
        """Make few tallies of many, and keep their sums with the campaign."""
        [kept] = self._run(TALLIES, id=campaign_id).fetchall()
        if kept["tallies"] > MOST_TALLIES:
            self._run(FOLD, id=campaign_id)
        self._run(METRICS, id=campaign_id)

    def ended(self, campaign_id: UUID) -> Ended:
        """How it goes, since somebody last let it go on."""
        [row] = self._run(ENDED, id=campaign_id).fetchall()
        return Ended(**row)

    def complete(self, campaign_id: UUID) -> bool:
        """It is through, if its rows say so."""
        try:
            with self._connection.transaction():
                return self._run(COMPLETE, id=campaign_id).rowcount > 0
        except CheckViolation as refusal:
            if refusal.diag.constraint_name != "campaigns_completed":
                raise
        return False

    def _run(self, statement: str, **parameters: object) -> Cursor[Row]:
        return self._connection.execute(statement, {"workspace_id": self._workspace_id, **parameters})
