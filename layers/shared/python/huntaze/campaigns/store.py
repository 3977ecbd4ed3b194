"""Campaigns in PostgreSQL."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from psycopg import Connection, Cursor
from psycopg.types.json import Jsonb

from huntaze.campaigns.figures import Overlap
from huntaze.campaigns.kept import Kept, audience_again, schedule_again, variants_of
from huntaze.campaigns.model import Campaign, PauseReason, Status
from huntaze.cursors import Position
from huntaze.errors import NotFound

# A draft that was discarded is one that was cancelled before it was launched.
_READ = """
    campaigns.id, name, type, campaigns.status, template, target_audience, schedule, starts_at, ends_at, content_hash,
    left_out, approved_by, coalesce(display_name, split_part(email, '@', 1)) AS approver, pause_reason, launched_at,
    started_at, filled_at, completed_at, campaigns.created_at, campaigns.updated_at
FROM campaigns LEFT JOIN members ON members.workspace_id = campaigns.workspace_id AND members.id = approved_by
WHERE campaigns.workspace_id = %(workspace_id)s AND (campaigns.status <> 'cancelled' OR launched_at IS NOT NULL)
"""
NEWEST = f"""SELECT {_READ}{{conditions}}
ORDER BY campaigns.created_at DESC, campaigns.id DESC LIMIT %(limit)s
"""
IN_STATUS = " AND campaigns.status = %(status)s"
AFTER = " AND (campaigns.created_at, campaigns.id) < (%(after_key)s::timestamptz, %(after_id)s::uuid)"
GET = f"SELECT {_READ} AND campaigns.id = %(id)s"
TO_CHANGE = GET + " FOR NO KEY UPDATE OF campaigns"

ADD = """
INSERT INTO campaigns (
    workspace_id, id, name, type, template, target_audience, schedule, starts_at, ends_at, left_out, metrics,
    created_at, updated_at
) VALUES (
    %(workspace_id)s, %(id)s, %(name)s, %(kind)s, %(template)s, %(target_audience)s, %(schedule)s, %(starts_at)s,
    %(ends_at)s, %(left_out)s, %(metrics)s, %(at)s, %(at)s
)
"""
CHANGE = """
UPDATE campaigns SET
    name = %(name)s, template = %(template)s, target_audience = %(target_audience)s, schedule = %(schedule)s,
    starts_at = %(starts_at)s, ends_at = %(ends_at)s, left_out = %(left_out)s
WHERE workspace_id = %(workspace_id)s AND id = %(id)s AND status = 'draft'
"""
DISCARD = """
UPDATE campaigns SET status = 'cancelled' WHERE workspace_id = %(workspace_id)s AND id = %(id)s AND status = 'draft'
"""

# Only out of a draft: of two launches the second finds it done. The zone is the creator's at this moment.
LAUNCH = """
UPDATE campaigns SET
    status = %(status)s, approved_by = %(approved_by)s, approved_at = %(at)s, approved_hash = content_hash,
    launched_at = %(at)s, started_at = CASE %(status)s WHEN 'active' THEN %(at)s::timestamptz END,
    schedule = schedule || jsonb_build_object('zone', (
        SELECT timezone FROM workspaces WHERE workspaces.id = %(workspace_id)s
    ))
WHERE workspace_id = %(workspace_id)s AND id = %(id)s AND status = 'draft'
"""
PAUSE = """
UPDATE campaigns SET status = 'paused', pause_reason = %(reason)s
WHERE workspace_id = %(workspace_id)s AND id = %(id)s AND status IN ('scheduled', 'active')
"""
# What failed before somebody looked is not held against it again.
_FROM_HERE = """(
    SELECT jsonb_object_agg(counted.status, counted.recipients) FROM (
        SELECT status, sum(recipients) AS recipients FROM campaign_tallies
        WHERE workspace_id = %(workspace_id)s AND campaign_id = %(id)s AND status IN ('sent', 'failed', 'unknown')
        GROUP BY status
    ) AS counted
)"""
GO_ON = f"""
UPDATE campaigns SET
    status = CASE WHEN started_at IS NULL AND starts_at > %(at)s THEN 'scheduled' ELSE 'active' END,
    started_at = CASE WHEN started_at IS NULL AND starts_at > %(at)s THEN NULL ELSE coalesce(started_at, %(at)s) END,
    pause_reason = NULL, watched_from = coalesce({_FROM_HERE}, '{{}}')
WHERE workspace_id = %(workspace_id)s AND id = %(id)s AND status = 'paused'
"""  # noqa: S608 - it stands above
CANCEL = """
UPDATE campaigns SET status = 'cancelled', pause_reason = NULL, completed_at = %(at)s
WHERE workspace_id = %(workspace_id)s AND id = %(id)s AND status IN ('scheduled', 'active', 'paused')
"""
FAILED_AGAIN = """
UPDATE campaign_recipients SET status = 'pending', reason = NULL
WHERE workspace_id = %(workspace_id)s AND campaign_id = %(id)s AND status = 'failed'
"""
REOPEN = f"""
UPDATE campaigns SET
    status = CASE status WHEN 'completed' THEN 'active' ELSE status END, completed_at = NULL,
    watched_from = coalesce({_FROM_HERE}, '{{}}')
WHERE workspace_id = %(workspace_id)s AND id = %(id)s
"""  # noqa: S608 - the same
# Whoever claims at this moment is waited for, and what they took is not called back.
TAKE_BACK = """
UPDATE messages SET status = 'draft'
WHERE workspace_id = %(workspace_id)s AND campaign_id = %(id)s AND status = 'queued'
"""
DROP_WAITING = """
UPDATE messages SET status = 'cancelled', last_error = 'campaign_cancelled'
WHERE workspace_id = %(workspace_id)s AND campaign_id = %(id)s AND status IN ('queued', 'draft')
"""

OVERLAPPING = """
SELECT campaigns.id, name, campaigns.status, sum(recipients) AS waiting
FROM campaigns JOIN campaign_tallies AS t ON t.workspace_id = campaigns.workspace_id AND t.campaign_id = campaigns.id
WHERE campaigns.workspace_id = %(workspace_id)s AND campaigns.id <> %(id)s
    AND campaigns.status IN ('scheduled', 'active') AND t.status IN ('pending', 'queued')
    AND t.account_id = ANY(%(account_ids)s)
GROUP BY campaigns.id, name, campaigns.status, launched_at HAVING sum(recipients) > 0
ORDER BY launched_at, campaigns.id LIMIT 20
"""

ZERO = {"recipients": 0, "sent": 0, "failed": 0, "unknown": 0, "skipped": 0, "cancelled": 0, "replies": 0, "buyers": 0}
Row = dict[str, Any]


class PostgresCampaigns:
    """The campaigns of one workspace, inside one transaction."""

    def __init__(self, connection: Connection[Row], workspace_id: UUID) -> None:
        self._connection = connection
        self._workspace_id = workspace_id

    def newest(self, status: Status | None, after: Position | None, limit: int) -> list[Campaign]:
        """The newest first, or from a place on."""
        conditions = (IN_STATUS if status else "") + (AFTER if after else "")
        place = {"after_key": after and after.key, "after_id": after and after.id, "limit": limit}
        return [_campaign(**row) for row in self._run(NEWEST.format(conditions=conditions), status=status, **place)]

    def get(self, campaign_id: UUID) -> Campaign:
        """One; NotFound when there is none."""
        return self._one(GET, campaign_id)

    def get_to_change(self, campaign_id: UUID) -> Campaign:
        """The same, and nobody else changes it before this transaction ends."""
        self._one(TO_CHANGE, campaign_id)
        return self.get(campaign_id)  # it sees what was committed while we waited

    def add(self, campaign_id: UUID, kind: str, kept: Kept, at: datetime) -> Campaign:
        """Keep a draft."""
        metrics = Jsonb({**ZERO, "revenueCents": 0})
        self._run(ADD, id=campaign_id, kind=kind, metrics=metrics, at=at, **_columns(kept))
        return self.get(campaign_id)

    def change(self, campaign_id: UUID, kept: Kept) -> Campaign:
        """Put other words, another audience or other times into a draft."""
        self._run(CHANGE, id=campaign_id, **_columns(kept))
        return self.get(campaign_id)

    def discard(self, campaign_id: UUID) -> None:
        """Hide a draft for good."""
        self._run(DISCARD, id=campaign_id)

    def launch(self, campaign_id: UUID, approved_by: UUID, status: Status, at: datetime) -> Campaign:
        """Approve a draft as it stands, which this transaction holds, and let it go."""
        self._run(LAUNCH, id=campaign_id, approved_by=approved_by, status=status, at=at)
        return self.get(campaign_id)

    def pause(self, campaign_id: UUID, reason: PauseReason) -> None:
        """Let it rest: what it has let out waits again."""
        self._run(PAUSE, id=campaign_id, reason=reason)
        self._run(TAKE_BACK, id=campaign_id)

    def go_on(self, campaign_id: UUID, at: datetime) -> None:
        """Let it go on, or begin when it was to begin; errors are counted anew from here."""
        self._run(GO_ON, id=campaign_id, at=at)

    def cancel(self, campaign_id: UUID, at: datetime) -> None:
        """Stop it for good: nothing that waits leaves any more."""
        self._run(CANCEL, id=campaign_id, at=at)
        self._run(DROP_WAITING, id=campaign_id)

    def retry_failed(self, campaign_id: UUID) -> int:
        """Let what failed wait once more; how many that were."""
        retried = self._run(FAILED_AGAIN, id=campaign_id).rowcount
        if retried:
            self._run(REOPEN, id=campaign_id)
        return retried

    def overlapping(self, campaign_id: UUID, account_ids: Sequence[UUID]) -> list[Overlap]:
        """Others under way, or to begin later, that leave through these accounts."""
        found = self._run(OVERLAPPING, id=campaign_id, account_ids=list(account_ids))
        return [Overlap(status=Status(row.pop("status")), **row) for row in found]

    def _one(self, statement: str, campaign_id: UUID) -> Campaign:
        found = self._run(statement, id=campaign_id).fetchall()
        if not found:
            raise NotFound
        (row,) = found
        return _campaign(**row)

    def _run(self, statement: str, **parameters: object) -> Cursor[Row]:
        return self._connection.execute(statement, {"workspace_id": self._workspace_id, **parameters})


def _columns(kept: Kept) -> dict[str, object]:
    return {
        "name": kept.name,
        "template": Jsonb(kept.template),
        "target_audience": Jsonb(kept.target_audience),
        "schedule": Jsonb(kept.schedule),
        "starts_at": kept.starts_at,
        "ends_at": kept.ends_at,
        "left_out": Jsonb(dict(kept.left_out)),
    }


def _campaign(  # noqa: PLR0917 - the columns as the statements read them
    template: Row,
    target_audience: Row,
    schedule: Row,
    starts_at: datetime | None,
    ends_at: datetime | None,
    status: str,
    pause_reason: str | None,
    **others: Any,
) -> Campaign:
    return Campaign(
        variants=variants_of(template),
        audience=audience_again(target_audience),
        schedule=schedule_again(schedule, starts_at, ends_at),
        status=Status(status),
        pause_reason=PauseReason(pause_reason) if pause_reason else None,
        **others,
    )
