"""Counting raw rows, as pieces of SQL: what roll-ups are made of, and what stands in for them where they do not know.

Each piece is a SELECT of the rows that a roll-up would have for the days from `firsts` to `lasts`, of all fans or of
those of a tag. Whoever uses one makes a statement of it. What has no currency has XXX, the code of none.
"""

# Stretches of time, and of each the rows that an index has. OFFSET 0 keeps the planner to that: it cannot know how
# short the stretches are. Of a tag it is the other way round: the fans, and the rows that an index has of each.
_SPAN = """(
        SELECT local_midnight(first, %(zone)s) AS since, local_midnight(last + 1, %(zone)s) AS until
        FROM unnest(%(firsts)s::date[], %(lasts)s::date[]) AS days (first, last) OFFSET 0
    ) AS span"""
_ROWS = """{span}{people} CROSS JOIN LATERAL (
        SELECT each.* FROM {table} AS each
        WHERE each.workspace_id = %(workspace_id)s AND each.{at} >= span.since AND each.{at} < span.until{of_them}
        OFFSET 0
    )"""
# Whoever is shown has the tag, for everybody who was merged into them.
_PEOPLE = """
    CROSS JOIN fans_selected(NULL, NULL, %(tag)s, NULL, NULL) AS chosen
    CROSS JOIN LATERAL same_person(chosen.fan_id) AS person"""

_PAYMENTS = """
    SELECT (t.occurred_at AT TIME ZONE %(zone)s)::date AS day, 'revenue.' || t.kind AS metric, t.platform, t.currency,
        count(*) AS occurrences, sum(t.amount_cents) AS amount_cents
    FROM {rows} AS t
    GROUP BY 1, 2, 3, 4
"""
_PAID_HOURS = """
    SELECT (t.occurred_at AT TIME ZONE %(zone)s)::date AS day, t.platform,
        extract(hour FROM t.occurred_at AT TIME ZONE %(zone)s)::smallint AS hour, 'paid' AS what,
        count(*) AS occurrences
    FROM {rows} AS t
    GROUP BY 1, 2, 3
"""
_JOINED = """
    SELECT (f.created_at AT TIME ZONE %(zone)s)::date AS day, 'fans.new' AS metric, f.platform,
        'XXX' AS currency, count(*) AS occurrences, 0 AS amount_cents
    FROM {rows} AS f
    GROUP BY 1, 3
"""
_SEEN = """
    SELECT (f.seen_key AT TIME ZONE %(zone)s)::date AS day, 'fans.seen' AS metric, f.platform,
        'XXX' AS currency, count(*) AS occurrences, 0 AS amount_cents
    FROM {rows} AS f
    GROUP BY 1, 3
"""

# What arrived, either way. The days of a message are read once for all that is counted of it.
_SAID = """WITH said AS (
    SELECT (m.occurred_at AT TIME ZONE %(zone)s)::date AS day,
        extract(hour FROM m.occurred_at AT TIME ZONE %(zone)s)::smallint AS hour, c.platform, m.direction,
        m.price_cents, m.currency, m.bought_at IS NOT NULL AS is_bought, m.campaign_id IS NOT NULL AS is_campaigns,
        coalesce(m.approved_by, '00000000-0000-0000-0000-000000000000') AS member_id
    FROM {rows} AS m JOIN conversations AS c ON c.workspace_id = m.workspace_id AND c.id = m.conversation_id
    WHERE m.status IN ('received', 'sent')
)"""
SAID_METRICS = """
    SELECT day, 'messages.' || direction AS metric, platform, 'XXX' AS currency, count(*) AS occurrences,
        0::numeric AS amount_cents
    FROM said GROUP BY 1, 2, 3
    UNION ALL
    SELECT day, 'offers.sent', platform, currency, count(*), sum(price_cents)
    FROM said WHERE direction = 'out' AND price_cents > 0 GROUP BY 1, 3, 4
    UNION ALL
    SELECT day, 'offers.bought', platform, currency, count(*), sum(price_cents)
    FROM said WHERE direction = 'out' AND price_cents > 0 AND is_bought GROUP BY 1, 3, 4
"""
SAID_HOURS = """
    SELECT day, platform, hour, direction AS what, count(*) AS occurrences FROM said GROUP BY 1, 2, 3, 4
"""
SAID_OFFERS = """
    SELECT day, platform, currency, CASE
            WHEN price_cents < 500 THEN 0 WHEN price_cents < 1000 THEN 500 WHEN price_cents < 2000 THEN 1000
            WHEN price_cents < 5000 THEN 2000 WHEN price_cents < 10000 THEN 5000 ELSE 10000
        END AS least_cents,
        count(*) AS sent, count(*) FILTER (WHERE is_bought) AS bought, sum(price_cents) AS asked_cents,
        coalesce(sum(price_cents) FILTER (WHERE is_bought), 0) AS revenue_cents
    FROM said WHERE direction = 'out' AND price_cents > 0
    GROUP BY 1, 2, 3, 4
"""
SAID_CHATTERS = """
    SELECT day, platform, member_id, currency, count(*) AS sent,
        coalesce(sum(price_cents) FILTER (WHERE is_bought), 0) AS earned_cents
    FROM said WHERE direction = 'out' AND NOT is_campaigns
    GROUP BY 1, 2, 3, 4
"""

# From the first line of the last week that nobody had answered to the next line that is no campaign's.
_ANSWERS = """
    SELECT day, platform, member_id, least(floor(4 * ln(greatest(seconds, 1)) / ln(2)), 100)::smallint AS bucket,
        count(*) AS answers, sum(round(seconds))::bigint AS seconds
    FROM (
        SELECT (m.occurred_at AT TIME ZONE %(zone)s)::date AS day, c.platform,
            coalesce(m.approved_by, '00000000-0000-0000-0000-000000000000') AS member_id,
            extract(epoch FROM m.occurred_at - asked.occurred_at)::double precision AS seconds
        FROM {rows} AS m JOIN conversations AS c ON c.workspace_id = m.workspace_id AND c.id = m.conversation_id
        LEFT JOIN LATERAL (
            SELECT p.occurred_at, p.id FROM messages AS p
            WHERE p.workspace_id = m.workspace_id AND p.conversation_id = m.conversation_id AND p.direction = 'out'
                AND p.status = 'sent' AND p.campaign_id IS NULL AND (p.occurred_at, p.id) < (m.occurred_at, m.id)
                AND p.occurred_at >= m.occurred_at - interval '168 hours'
            ORDER BY p.occurred_at DESC, p.id DESC LIMIT 1
        ) AS answered ON true
        CROSS JOIN LATERAL (
            SELECT q.occurred_at FROM messages AS q
            WHERE q.workspace_id = m.workspace_id AND q.conversation_id = m.conversation_id AND q.direction = 'in'
                AND (q.occurred_at, q.id) < (m.occurred_at, m.id)
                AND (q.occurred_at, q.id) > (
                    coalesce(answered.occurred_at, m.occurred_at - interval '168 hours'),
                    coalesce(answered.id, '00000000-0000-0000-0000-000000000000')
                )
            ORDER BY q.occurred_at, q.id LIMIT 1
        ) AS asked
        WHERE m.direction = 'out' AND m.status = 'sent' AND m.campaign_id IS NULL
    ) AS waited
    GROUP BY 1, 2, 3, 4
"""

# Months, not days: of each fan who paid in one, in which month they first did.
_COHORTS = """
    SELECT month, date_trunc('month', first.paid_at AT TIME ZONE %(zone)s)::date AS cohort, platform, currency,
        count(*) FILTER (WHERE is_first) AS payers, sum(cents) AS amount_cents
    FROM (
        SELECT date_trunc('month', t.occurred_at AT TIME ZONE %(zone)s)::date AS month, t.fan_id, t.platform,
            t.currency, sum(t.amount_cents) AS cents,
            t.currency = min(t.currency) OVER (
                PARTITION BY date_trunc('month', t.occurred_at AT TIME ZONE %(zone)s)::date, t.fan_id, t.platform
            ) AS is_first
        FROM {rows} AS t
        GROUP BY 1, 2, 3, 4
    ) AS paid CROSS JOIN LATERAL (
        SELECT f.occurred_at AS paid_at FROM transactions AS f
        WHERE f.workspace_id = %(workspace_id)s AND f.fan_id = paid.fan_id ORDER BY f.occurred_at LIMIT 1
    ) AS first
    GROUP BY 1, 2, 3, 4
"""

_WORTH = """
    WITH by_value AS (
        SELECT f.platform::text AS scope, f.currency, f.value_cents, count(*) AS fans
        FROM fans AS f{tagged}
        WHERE f.workspace_id = %(workspace_id)s AND f.deleted_at IS NULL
        GROUP BY 1, 2, 3
    ), scoped AS (
        SELECT scope, currency, value_cents, fans FROM by_value
        UNION ALL
        SELECT 'all', currency, value_cents, sum(fans) FROM by_value GROUP BY 2, 3
    ), placed AS (
        SELECT scope, currency, value_cents, fans,
            sum(fans) OVER (PARTITION BY scope, currency ORDER BY value_cents) AS upto,
            sum(fans) OVER (PARTITION BY scope, currency) AS whole,
            coalesce(sum(fans) FILTER (WHERE value_cents = 0) OVER (PARTITION BY scope, currency), 0) AS unpaying
        FROM scoped
    )
    SELECT scope, currency, max(whole)::bigint AS fans, max(whole - unpaying)::bigint AS paying,
        least(sum(value_cents * fans), 9223372036854775807)::bigint AS total_cents,
        min(value_cents) FILTER (WHERE 2 * upto >= whole) AS median_cents,
        coalesce(min(value_cents) FILTER (
            WHERE value_cents > 0 AND 2 * (upto - unpaying) >= whole - unpaying
        ), 0) AS median_paying_cents
    FROM placed GROUP BY 1, 2
"""


def _both(piece: str, table: str, at: str = "occurred_at", fan: str = "fan_id") -> tuple[str, str]:
    """A piece of all fans, and of those of a tag."""
    shown = " AND each.deleted_at IS NULL" if table == "fans" else ""
    common = {"span": _SPAN, "table": table, "at": at}
    everybody = _ROWS.format(people="", of_them=shown, **common)
    tagged = _ROWS.format(people=_PEOPLE, of_them=f" AND each.{fan} = person.fan_id{shown}", **common)
    return piece.format(rows=everybody), piece.format(rows=tagged)


PAYMENTS, TAGGED_PAYMENTS = _both(_PAYMENTS, "transactions")
PAID_HOURS, TAGGED_PAID_HOURS = _both(_PAID_HOURS, "transactions")
JOINED, TAGGED_JOINED = _both(_JOINED, "fans", "created_at", "id")
SEEN, TAGGED_SEEN = _both(_SEEN, "fans", "seen_key", "id")
SAID, TAGGED_SAID = _both(_SAID, "messages")
ANSWERS, TAGGED_ANSWERS = _both(_ANSWERS, "messages")
COHORTS, TAGGED_COHORTS = _both(_COHORTS, "transactions")
WORTH = _WORTH.format(tagged="")
TAGGED_WORTH = _WORTH.format(
    tagged=" JOIN fans_selected(NULL, NULL, %(tag)s, NULL, NULL) AS chosen ON chosen.fan_id = f.id"
)
