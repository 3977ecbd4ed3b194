"""Whom campaigns are for, in PostgreSQL: one way to find them, before a launch and at the launch itself."""

from collections.abc import Sequence
from datetime import datetime
from itertools import accumulate
from typing import Any
from uuid import UUID

from psycopg import Connection, Cursor

from huntaze import zones
from huntaze.campaigns.figures import Reach, Rendering
from huntaze.campaigns.matching import ACCOUNT, Matching, matching
from huntaze.campaigns.model import Audience, Campaign, Variant
from huntaze.errors import NotFound
from huntaze.fans.model import Platform
from huntaze.messages.prices import SENDING

MOST_SAMPLES = 5

# Somebody's own id comes first, should a platform call another one by it; then who is there. Who was merged is meant as
# the one who is shown for them.
CALLED = """
SELECT word, found.id FROM unnest(%(words)s::text[], %(ids)s::uuid[]) AS asked (word, own_id)
CROSS JOIN LATERAL (
    SELECT coalesce(merged_into, id) AS id FROM (
        SELECT id, merged_into, deleted_at, 0 AS place FROM fans
        WHERE workspace_id = %(workspace_id)s AND id = asked.own_id
        UNION ALL
        SELECT id, merged_into, deleted_at, array_position(%(platforms)s::text[], platform::text) FROM fans
        WHERE workspace_id = %(workspace_id)s AND platform = ANY(%(platforms)s) AND platform_id = asked.word
    ) AS possible
    ORDER BY place = 0 DESC, deleted_at IS NOT NULL, place LIMIT 1
) AS found
"""

REACH = f"""
SELECT platform, reason, count(*) AS fans FROM (
    SELECT f.platform, {{reason}} AS reason
    FROM fans AS f {ACCOUNT}
    WHERE f.workspace_id = %(workspace_id)s{{conditions}}
) AS found
GROUP BY platform, reason
"""  # noqa: S608 - it is our own text, as below
SAMPLE = f"""
SELECT f.id
FROM fans AS f {ACCOUNT}
WHERE f.workspace_id = %(workspace_id)s{{conditions}} AND {{reason}} IS NULL
ORDER BY f.id LIMIT %(limit)s
"""  # noqa: S608
ANYBODY = f"""
SELECT FROM fans AS f {ACCOUNT} WHERE f.workspace_id = %(workspace_id)s{{conditions}} AND {{reason}} IS NULL LIMIT 1
"""
# The point of a fan is for ever the same, so what is shown before a launch is what is sent after it.
_VARIANT = """(
        SELECT name FROM unnest(%(names)s::text[], %(up_to)s::integer[]) WITH ORDINALITY AS v (name, up_to, place)
        WHERE campaign_point(%(campaign_id)s, f.id) < up_to ORDER BY place LIMIT 1
    )"""
RENDERING = f"""
SELECT variant, coalesce(worded(chosen -> 'parts', fan), chosen ->> 'content') AS text, reason
FROM (
    SELECT f AS fan, {_VARIANT} AS variant, {{reason}} AS reason
    FROM fans AS f {ACCOUNT}
    WHERE f.workspace_id = %(workspace_id)s{{conditions}}
) AS found
JOIN campaigns AS c ON c.workspace_id = %(workspace_id)s AND c.id = %(campaign_id)s
CROSS JOIN LATERAL campaign_variant(c.template, variant) AS chosen
"""  # noqa: S608

# The next fans in the order of their ids. KEY SHARE, as the foreign key would take it, but before their words are made:
# whoever is being erased is waited for, and their name is not read before that. The cursor moves in the transaction of
# the rows, so who dies leaves neither.
FILL = f"""
WITH chunk AS MATERIALIZED (
    SELECT f.id, account.id AS account_id, {{reason}} AS reason, {_VARIANT} AS variant,
        CASE WHEN %(in_fans_zone)s AND f.metadata ->> 'timezone' = ANY(%(zones)s)
            THEN f.metadata ->> 'timezone' END AS zone
    FROM fans AS f {ACCOUNT}
    WHERE f.workspace_id = %(workspace_id)s{{conditions}} AND f.created_at <= %(at)s{{after}}
    ORDER BY f.id LIMIT %(limit)s FOR KEY SHARE OF f
), made AS (
    INSERT INTO campaign_recipients (workspace_id, campaign_id, fan_id, status, reason, variant, account_id, zone)
    SELECT %(workspace_id)s, %(campaign_id)s, id, CASE WHEN reason IS NULL THEN 'pending' ELSE 'skipped' END, reason,
        CASE WHEN reason IS NULL THEN variant END, CASE WHEN reason IS NULL THEN account_id END,
        CASE WHEN reason IS NULL THEN zone END
    FROM chunk
    ON CONFLICT (workspace_id, campaign_id, fan_id) DO NOTHING
)
SELECT count(*) AS fans, (array_agg(id ORDER BY id DESC))[1] AS last FROM chunk
"""  # noqa: S608
# How many campaigns somebody got lately counts rows of others, which must be there by then.
ONE_BY_ONE = "SELECT pg_advisory_xact_lock(hashtextextended('caps ' || %(workspace_id)s::text, 0))"
AFTER = " AND f.id > %(cursor)s"
CURSOR = "SELECT fill_cursor FROM campaigns WHERE workspace_id = %(workspace_id)s AND id = %(campaign_id)s"
MOVE = """
UPDATE campaigns SET
    fill_cursor = coalesce(%(last)s, fill_cursor), filled_at = CASE WHEN %(is_all)s THEN clock_timestamp() END
WHERE workspace_id = %(workspace_id)s AND id = %(campaign_id)s
"""

Row = dict[str, Any]


class PostgresAudiences:
    """The audiences of one workspace, inside one transaction."""

    def __init__(self, connection: Connection[Row], workspace_id: UUID) -> None:
        self._connection = connection
        self._workspace_id = workspace_id

    def called(self, words: Sequence[str]) -> dict[str, UUID]:
        """Whom these words mean: our ids, or the platform's; who is shown for somebody who was merged."""
        ids = [_as_id(word) for word in words]
        platforms = [platform.value for platform in SENDING]
        return {row["word"]: row["id"] for row in self._run(CALLED, words=list(words), ids=ids, platforms=platforms)}

    def reaches_anybody(self, audience: Audience, at: datetime) -> bool:
        """Whether anybody would get it."""
        asked = matching(audience, at)
        return self._run(ANYBODY.format(conditions=asked.conditions, reason=asked.reason), **asked.values).rowcount > 0

    def reach(self, audience: Audience, at: datetime, campaign_id: UUID | None = None) -> Reach:
        """Whom an audience reaches at this moment, and whom it does not."""
        asked = matching(audience, at, campaign_id)
        platforms: dict[Platform, int] = {}
        excluded: dict[str, int] = {}
        for row in self._run(REACH.format(conditions=asked.conditions, reason=asked.reason), **asked.values):
            if row["reason"] is None:
                platforms[Platform(row["platform"])] = row["fans"]
            else:
                excluded[row["reason"]] = excluded.get(row["reason"], 0) + row["fans"]
        sample = tuple(self._sample(asked)) if platforms else ()
        return Reach(platforms=platforms, excluded=excluded, sample=sample)

    def rendering(self, campaign: Campaign, fan_id: UUID, at: datetime) -> Rendering:
        """What a fan would get; NotFound when there is no such fan."""
        only = Audience(recipient_ids=(str(fan_id),), rules=campaign.audience.rules)
        asked = matching(only, at, campaign.id)
        statement = RENDERING.format(conditions=asked.conditions, reason=asked.reason)
        found = self._run(statement, **asked.values, **_shares(campaign.variants)).fetchall()
        if not found or found[0]["reason"] in {"unknown", "tombstone"}:
            raise NotFound
        (row,) = found
        variant = next((one for one in campaign.variants if one.name == row["variant"]), campaign.variants[0])
        return Rendering(variant=variant, text=row["text"], reason=row["reason"])

    def take_turns(self, audience: Audience) -> None:
        """Where a rule counts campaigns: no other with such a rule makes rows before this transaction ends."""
        if audience.rules.at_most:
            self._run(ONE_BY_ONE)

    def fill(self, campaign: Campaign, at_most: int) -> bool:
        """Make the next rows of a campaign that this transaction holds; whether there are more to make."""
        if campaign.launched_at is None:
            raise ValueError("a campaign is filled after its launch")
        self.take_turns(campaign.audience)
        [begun] = self._run(CURSOR, campaign_id=campaign.id).fetchall()
        asked = matching(campaign.audience, campaign.launched_at, campaign.id)
        quiet = campaign.schedule.quiet
        place = {
            "cursor": begun["fill_cursor"],
            "limit": at_most,
            "zones": sorted(zones.available()),
            "in_fans_zone": quiet is not None and quiet.in_fans_zone,
        }
        statement = FILL.format(
            conditions=asked.conditions, reason=asked.reason, after=AFTER if begun["fill_cursor"] else ""
        )
        [chunk] = self._run(statement, **asked.values, **place, **_shares(campaign.variants)).fetchall()
        is_all = chunk["fans"] < at_most
        self._run(MOVE, campaign_id=campaign.id, last=chunk["last"], is_all=is_all)
        return not is_all

    def _sample(self, asked: Matching) -> list[UUID]:
        statement = SAMPLE.format(conditions=asked.conditions, reason=asked.reason)
        return [row["id"] for row in self._run(statement, **asked.values, limit=MOST_SAMPLES)]

    def _run(self, statement: str, **parameters: object) -> Cursor[Row]:
        return self._connection.execute(statement, {"workspace_id": self._workspace_id, **parameters})


def _shares(variants: Sequence[Variant]) -> dict[str, object]:
    """Where the stretch of each variant ends; none where there is only one."""
    if len(variants) == 1:
        return {"names": [], "up_to": []}
    return {"names": [one.name for one in variants], "up_to": list(accumulate(one.share for one in variants))}


def _as_id(word: str) -> UUID | None:
    try:
        return UUID(word)
    except ValueError:
        return None
