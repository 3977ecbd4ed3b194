"""Counting days again, in PostgreSQL: what is stale is taken away and counted within one transaction."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any, LiteralString, Protocol
from uuid import UUID

from psycopg import Connection, Cursor

from huntaze.analytics import raw
from huntaze.analytics.model import Step
from huntaze.analytics.stale import Rest, StaleDay, Topic, stretches

TO_COUNT = "SELECT workspace_id FROM workspaces_to_count(%(at_most)s)"

# A worker that comes second finds nothing to do: whatever is stale after it looked is for whoever comes next.
ALONE = """
SELECT pg_try_advisory_xact_lock(hashtextextended(concat_ws(' ', 'analytics', %(workspace_id)s::uuid), 0)) AS alone
"""
# Days of great workspaces take their time; nobody waits for them.
PATIENCE = "SELECT set_config('statement_timeout', '120s', true)"

STALE_TOPICS = """
SELECT topics.topic FROM unnest(%(topics)s::text[]) AS topics (topic)
WHERE EXISTS (
    SELECT FROM analytics_stale AS s WHERE s.workspace_id = %(workspace_id)s AND s.topic = topics.topic
)
"""
RESTS = "SELECT topic, counted_at, took FROM analytics_counts WHERE workspace_id = %(workspace_id)s"
NOTE_COUNT = """
INSERT INTO analytics_counts (workspace_id, topic, counted_at, took)
VALUES (%(workspace_id)s, %(topic)s, %(counted_at)s, %(took)s)
ON CONFLICT (workspace_id, topic) DO UPDATE SET counted_at = excluded.counted_at, took = excluded.took
"""

# What was stale, as days of the workspace's calendar.
TAKE = """
WITH taken AS (
    DELETE FROM analytics_stale WHERE (workspace_id, noted_at, id) IN (
        SELECT s.workspace_id, s.noted_at, s.id FROM analytics_stale AS s
        WHERE s.workspace_id = %(workspace_id)s AND s.topic = %(topic)s
        ORDER BY s.noted_at, s.id LIMIT %(at_most)s
    )
    RETURNING noted_at, since, until
)
SELECT day::date AS day, min(noted_at) AS noted_at
FROM taken, (SELECT timezone FROM workspaces WHERE workspaces.id = %(workspace_id)s) AS here, generate_series(
    (since AT TIME ZONE timezone)::date::timestamp, (until AT TIME ZONE timezone)::date::timestamp, '1 day'
) AS day
GROUP BY 1 ORDER BY 1 DESC
"""
PUT_BACK = """
INSERT INTO analytics_stale (workspace_id, noted_at, topic, since, until)
SELECT %(workspace_id)s, noted_at, %(topic)s, noon, noon
FROM unnest(%(days)s::date[], %(noted)s::timestamptz[]) AS stale (day, noted_at) CROSS JOIN LATERAL (
    SELECT local_midnight(day, timezone) + interval '12 hours' AS noon FROM workspaces
    WHERE workspaces.id = %(workspace_id)s
) AS here
"""
ZONE = "SELECT timezone FROM workspaces WHERE workspaces.id = %(workspace_id)s"
LAST_MESSAGE = """
SELECT max((occurred_at AT TIME ZONE %(zone)s)::date) AS day FROM (
    SELECT occurred_at FROM messages WHERE workspace_id = %(workspace_id)s ORDER BY occurred_at DESC LIMIT 1
) AS last
"""
LAST_PAYMENT = """
SELECT max((occurred_at AT TIME ZONE %(zone)s)::date) AS day FROM (
    SELECT occurred_at FROM transactions WHERE workspace_id = %(workspace_id)s ORDER BY occurred_at DESC LIMIT 1
) AS last
"""

# Every day of which there is anything, raw or counted.
DAYS_OF_TRANSACTIONS = """
SELECT (occurred_at AT TIME ZONE %(zone)s)::date AS day FROM transactions WHERE workspace_id = %(workspace_id)s
UNION
SELECT day FROM daily_rollups WHERE workspace_id = %(workspace_id)s AND metric LIKE 'revenue.%%'
UNION
SELECT day FROM analytics_hours WHERE workspace_id = %(workspace_id)s AND what = 'paid'
"""
DAYS_OF_MESSAGES = """
SELECT (occurred_at AT TIME ZONE %(zone)s)::date AS day FROM messages WHERE workspace_id = %(workspace_id)s
UNION
SELECT day FROM daily_rollups WHERE workspace_id = %(workspace_id)s AND metric LIKE 'messages.%%'
"""
DAYS_OF_JOINING = """
SELECT (created_at AT TIME ZONE %(zone)s)::date AS day FROM fans WHERE workspace_id = %(workspace_id)s
UNION
SELECT day FROM daily_rollups WHERE workspace_id = %(workspace_id)s AND metric = 'fans.new'
"""
DAYS_OF_SEEING = """
SELECT (last_seen_at AT TIME ZONE %(zone)s)::date AS day FROM fans
WHERE workspace_id = %(workspace_id)s AND isfinite(last_seen_at)
UNION
SELECT day FROM daily_rollups WHERE workspace_id = %(workspace_id)s AND metric = 'fans.seen'
"""
DAYS_OF_ANSWERS = "SELECT DISTINCT day FROM analytics_answers WHERE workspace_id = %(workspace_id)s"
MONTHS_OF_COHORTS = "SELECT DISTINCT month AS day FROM analytics_cohorts WHERE workspace_id = %(workspace_id)s"

_KEEP_SUMS = """INSERT INTO daily_rollups (workspace_id, day, metric, platform, currency, occurrences, amount_cents)
SELECT %(workspace_id)s, day, metric, platform, currency, occurrences, least(amount_cents, 9223372036854775807)::bigint
FROM ({rows}) AS counted
"""
_KEEP_HOURS = """INSERT INTO analytics_hours (workspace_id, day, platform, hour, what, occurrences)
SELECT %(workspace_id)s, day, platform, hour, what, occurrences FROM ({rows}) AS counted
"""
DROP_PAYMENTS = """
DELETE FROM daily_rollups WHERE workspace_id = %(workspace_id)s AND day = ANY(%(days)s)
    AND metric IN ('revenue.subscription', 'revenue.ppv', 'revenue.tip')
"""
KEEP_PAYMENTS = _KEEP_SUMS.format(rows=raw.PAYMENTS)
DROP_PAID_HOURS = """
DELETE FROM analytics_hours WHERE workspace_id = %(workspace_id)s AND day = ANY(%(days)s) AND what = 'paid'
"""
KEEP_PAID_HOURS = _KEEP_HOURS.format(rows=raw.PAID_HOURS)

DROP_JOINED = """
DELETE FROM daily_rollups WHERE workspace_id = %(workspace_id)s AND day = ANY(%(days)s) AND metric = 'fans.new'
"""
KEEP_JOINED = _KEEP_SUMS.format(rows=raw.JOINED)
DROP_SEEN = """
DELETE FROM daily_rollups WHERE workspace_id = %(workspace_id)s AND day = ANY(%(days)s) AND metric = 'fans.seen'
"""
KEEP_SEEN = _KEEP_SUMS.format(rows=raw.SEEN)

DROP_SAID = """
DELETE FROM daily_rollups WHERE workspace_id = %(workspace_id)s AND day = ANY(%(days)s)
    AND metric IN ('messages.in', 'messages.out', 'offers.sent', 'offers.bought')
"""
DROP_SAID_HOURS = """
DELETE FROM analytics_hours WHERE workspace_id = %(workspace_id)s AND day = ANY(%(days)s) AND what <> 'paid'
"""
DROP_OFFERS = """
DELETE FROM analytics_offers WHERE workspace_id = %(workspace_id)s AND day = ANY(%(days)s)
"""
DROP_CHATTERS = """
DELETE FROM analytics_chatters WHERE workspace_id = %(workspace_id)s AND day = ANY(%(days)s)
"""
_KEEP_SAID = """, sums AS (
    {sums}
), hours AS (
    {hours}
), offers AS (
    INSERT INTO analytics_offers (
        workspace_id, day, platform, currency, least_cents, sent, bought, asked_cents, revenue_cents
    )
    SELECT %(workspace_id)s, day, platform, currency, least_cents, sent, bought,
        least(asked_cents, 9223372036854775807)::bigint, least(revenue_cents, 9223372036854775807)::bigint
    FROM ({offers}) AS counted
)
INSERT INTO analytics_chatters (workspace_id, day, platform, member_id, currency, sent, earned_cents)
SELECT %(workspace_id)s, day, platform, member_id, currency, sent, least(earned_cents, 9223372036854775807)::bigint
FROM ({chatters}) AS counted
"""
KEEP_SAID = raw.SAID + _KEEP_SAID.format(
    sums=_KEEP_SUMS.format(rows=raw.SAID_METRICS),
    hours=_KEEP_HOURS.format(rows=raw.SAID_HOURS),
    offers=raw.SAID_OFFERS,
    chatters=raw.SAID_CHATTERS,
)

DROP_ANSWERS = """
DELETE FROM analytics_answers WHERE workspace_id = %(workspace_id)s AND day = ANY(%(days)s)
"""
_KEEP_ANSWERS = """
INSERT INTO analytics_answers (workspace_id, day, platform, member_id, bucket, answers, seconds)
SELECT %(workspace_id)s, day, platform, member_id, bucket, answers, seconds FROM ({rows}) AS counted
"""
KEEP_ANSWERS = _KEEP_ANSWERS.format(rows=raw.ANSWERS)
DROP_COHORTS = "DELETE FROM analytics_cohorts WHERE workspace_id = %(workspace_id)s AND month = ANY(%(days)s)"
_KEEP_COHORTS = """
INSERT INTO analytics_cohorts (workspace_id, month, cohort, platform, currency, payers, amount_cents)
SELECT %(workspace_id)s, month, cohort, platform, currency, payers, least(amount_cents, 9223372036854775807)::bigint
FROM ({rows}) AS counted
"""
KEEP_COHORTS = _KEEP_COHORTS.format(rows=raw.COHORTS)
DROP_VALUES = "DELETE FROM analytics_values WHERE workspace_id = %(workspace_id)s"
_KEEP_VALUES = """
INSERT INTO analytics_values (
    workspace_id, scope, currency, fans, paying, total_cents, median_cents, median_paying_cents
)
SELECT %(workspace_id)s, scope, currency, fans, paying, total_cents, median_cents, median_paying_cents
FROM ({rows}) AS counted
"""
KEEP_VALUES = _KEEP_VALUES.format(rows=raw.WORTH)

Row = dict[str, Any]


class LookUp(Protocol):
    """Reads outside any workspace."""

    def __call__(self, query: LiteralString, parameters: Mapping[str, object]) -> Sequence[Row]:
        """The rows that it finds."""
        ...


class PostgresRecounts:
    """The roll-ups of one workspace, inside one transaction."""

    def __init__(self, connection: Connection[Row], workspace_id: UUID) -> None:
        self._connection = connection
        self._workspace_id = workspace_id

    def alone(self) -> bool:
        """Be the only one who counts here until this transaction ends; False where somebody is at it."""
        self._run(PATIENCE)
        [row] = self._run(ALONE)
        alone: bool = row["alone"]
        return alone

    def stale(self, topics: Sequence[Topic]) -> list[Topic]:
        """Those of these topics of which something is stale."""
        return [Topic(row["topic"]) for row in self._run(STALE_TOPICS, topics=list(topics))]

    def rests(self) -> dict[Topic, Rest]:
        """When each topic was counted last, and how long that took."""
        return {Topic(row["topic"]): Rest(row["counted_at"], row["took"]) for row in self._run(RESTS)}

    def counted(self, topic: Topic, at: datetime, took: timedelta) -> None:
        """It was counted just now."""
        self._run(NOTE_COUNT, topic=topic, counted_at=at, took=took)

    def take(self, topic: Topic, at_most: int) -> list[StaleDay]:
        """The days of which something is stale, taken from so many notes at most, the newest day first."""
        return [StaleDay(**row) for row in self._run(TAKE, topic=topic, at_most=at_most)]

    def put_back(self, topic: Topic, days: Sequence[StaleDay]) -> None:
        """These days are stale, and were when they were noted."""
        if days:
            self._run(PUT_BACK, topic=topic, days=[one.day for one in days], noted=[one.noted_at for one in days])

    def last_day(self, topic: Topic) -> date | None:
        """The last day of which there is anything of a topic that others follow from."""
        statement = LAST_MESSAGE if topic is Topic.MESSAGES else LAST_PAYMENT
        [row] = self._run(statement, zone=self._zone())
        last: date | None = row["day"]
        return last

    def days(self, topic: Topic) -> list[date]:
        """Every day of which there is anything of a topic, raw or counted."""
        statement = {
            Topic.TRANSACTIONS: DAYS_OF_TRANSACTIONS,
            Topic.MESSAGES: DAYS_OF_MESSAGES,
            Topic.JOINED: DAYS_OF_JOINING,
            Topic.SEEN: DAYS_OF_SEEING,
            Topic.ANSWERS: DAYS_OF_ANSWERS,
            Topic.COHORTS: MONTHS_OF_COHORTS,
        }[topic]
        return [row["day"] for row in self._run(statement, zone=self._zone())]

    def recount(self, topic: Topic, days: Sequence[date]) -> None:
        """Count these days again; of cohorts they are first days of months, and values have no days."""
        statements = {
            Topic.TRANSACTIONS: (DROP_PAYMENTS, KEEP_PAYMENTS, DROP_PAID_HOURS, KEEP_PAID_HOURS),
            Topic.MESSAGES: (DROP_SAID, DROP_SAID_HOURS, DROP_OFFERS, DROP_CHATTERS, KEEP_SAID),
            Topic.JOINED: (DROP_JOINED, KEEP_JOINED),
            Topic.SEEN: (DROP_SEEN, KEEP_SEEN),
            Topic.VALUES: (DROP_VALUES, KEEP_VALUES),
            Topic.ANSWERS: (DROP_ANSWERS, KEEP_ANSWERS),
            Topic.COHORTS: (DROP_COHORTS, KEEP_COHORTS),
        }[topic]
        wanted_days = sorted({Step.MONTH.begin(day) for day in days} if topic is Topic.COHORTS else set(days))
        spans = stretches(topic, wanted_days)
        wanted = {
            "days": wanted_days,
            "zone": self._zone(),
            "firsts": [span.first for span in spans],
            "lasts": [span.last for span in spans],
        }
        for statement in statements:
            self._run(statement, **wanted)

    def _zone(self) -> str:
        [row] = self._run(ZONE)
        zone: str = row["timezone"]
        return zone

    def _run(self, statement: str, **parameters: object) -> Cursor[Row]:
        return self._connection.execute(statement, {"workspace_id": self._workspace_id, **parameters})


class StaleWorkspaces:
    """Finds where something is to be counted, in all workspaces."""

    def __init__(self, look_up: LookUp) -> None:
        self._look_up = look_up

    def longest_stale(self, at_most: int) -> list[UUID]:
        """Workspaces of which something is stale, the longest first."""
        return [row["workspace_id"] for row in self._look_up(TO_COUNT, {"at_most": at_most})]
