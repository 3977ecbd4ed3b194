"""Who gets campaigns, in PostgreSQL: their numbers without counting, and one row for each."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from psycopg import Connection, Cursor

from huntaze.campaigns.figures import Progress, Recipient, Tally
from huntaze.campaigns.model import AccountState, Campaign, Outcome
from huntaze.campaigns.steps import Lane
from huntaze.cursors import Position
from huntaze.delivery.model import Pace
from huntaze.fans.model import Platform

PROGRESS = """
SELECT campaign_id, variant, status, reason, currency, sum(recipients)::integer AS recipients,
    sum(replies)::integer AS replies, sum(buyers)::integer AS buyers, sum(revenue_cents)::bigint AS revenue_cents
FROM campaign_tallies WHERE workspace_id = %(workspace_id)s AND campaign_id = ANY(%(campaign_ids)s)
GROUP BY campaign_id, variant, status, reason, currency
HAVING (sum(recipients), sum(replies), sum(buyers), sum(revenue_cents)) <> (0, 0, 0, 0)
ORDER BY campaign_id, variant, status, reason
"""
PAGE = """
SELECT fan_id, name, handle, status, reason, variant, message_id, sent_at, replied_at, revenue_cents, currency
FROM campaign_recipients AS r LEFT JOIN LATERAL (
    SELECT fans.name, fans.handle FROM fans
    WHERE fans.workspace_id = r.workspace_id AND fans.id = r.fan_id AND fans.erased_at IS NULL
) AS fan ON true
WHERE workspace_id = %(workspace_id)s AND campaign_id = %(campaign_id)s{conditions}
ORDER BY fan_id LIMIT %(limit)s
"""
IN_STATUS = " AND status = %(status)s"
AFTER = " AND fan_id > %(after_id)s"
LANES = """
SELECT id AS account_id, platform, pace_messages, pace_seconds, pace_gap_seconds,
    CASE
        WHEN status <> 'active' THEN status
        WHEN paused_at IS NOT NULL THEN 'paused'
        WHEN held_until > clock_timestamp() THEN 'held'
        ELSE 'active'
    END AS state,
    CASE WHEN held_until > clock_timestamp() THEN held_until END AS held_until,
    (
        SELECT count(*) FROM messages AS m
        WHERE m.workspace_id = c.workspace_id AND m.account_id = c.id AND m.status = 'queued' AND m.campaign_id IS NULL
    ) AS people,
    (
        SELECT coalesce(jsonb_object_agg(campaign_id, recipients), '{}') FROM (
            SELECT campaign_id, sum(recipients) AS recipients
            FROM campaign_tallies AS t JOIN campaigns ON campaigns.workspace_id = t.workspace_id
                AND campaigns.id = t.campaign_id
            WHERE t.workspace_id = c.workspace_id AND t.account_id = c.id AND t.status IN ('pending', 'queued')
                AND campaigns.status IN ('scheduled', 'active')
            GROUP BY campaign_id HAVING sum(recipients) > 0
        ) AS waiting
    ) AS campaigns
FROM platform_connections AS c WHERE workspace_id = %(workspace_id)s ORDER BY platform, id
"""
Row = dict[str, Any]


class PostgresRecipients:
    """The recipients of one workspace's campaigns, inside one transaction."""

    def __init__(self, connection: Connection[Row], workspace_id: UUID) -> None:
        self._connection = connection
        self._workspace_id = workspace_id

    def progress(self, campaigns: Sequence[Campaign]) -> dict[UUID, Progress]:
        """The numbers of each."""
        tallies: dict[UUID, list[Tally]] = {campaign.id: [] for campaign in campaigns}
        for row in self._run(PROGRESS, campaign_ids=list(tallies)):
            tallies[row.pop("campaign_id")].append(Tally(outcome=Outcome(row.pop("status")), **row))
        return {campaign.id: Progress(tuple(tallies[campaign.id]), campaign.left_out) for campaign in campaigns}

    def page(self, campaign_id: UUID, outcome: Outcome | None, after: Position | None, limit: int) -> list[Recipient]:
        """The recipients of a campaign in the order of their ids, from the first on or from a place on."""
        conditions = (IN_STATUS if outcome else "") + (AFTER if after else "")
        asked = {"campaign_id": campaign_id, "status": outcome, "after_id": after and after.id, "limit": limit}
        found = self._run(PAGE.format(conditions=conditions), **asked)
        return [Recipient(outcome=Outcome(row.pop("status")), **row) for row in found]

    def lanes(self) -> list[Lane]:
        """Every account that is or was connected, with what waits for it."""
        return [_lane(**row) for row in self._run(LANES)]

    def _run(self, statement: str, **parameters: object) -> Cursor[Row]:
        return self._connection.execute(statement, {"workspace_id": self._workspace_id, **parameters})


def _lane(  # noqa: PLR0917 - the columns as the statement reads them
    platform: str,
    state: str,
    pace_messages: int,
    pace_seconds: int,
    pace_gap_seconds: int,
    campaigns: dict[str, int],
    **others: Any,
) -> Lane:
    return Lane(
        platform=Platform(platform),
        state=AccountState(state),
        pace=Pace(pace_messages, pace_seconds, pace_gap_seconds),
        campaigns={UUID(campaign_id): waiting for campaign_id, waiting in campaigns.items()},
        **others,
    )
