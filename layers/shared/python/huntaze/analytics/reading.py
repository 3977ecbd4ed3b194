"""Reading numbers, as statements: each over the rows of a roll-up, and over the same rows counted of a tag's fans."""

from huntaze.analytics import raw

_ON_PLATFORM = "(%(platform)s::text IS NULL OR platform = %(platform)s)"
_NOW = "day BETWEEN %(first)s AND %(last)s"
_BEFORE = "day BETWEEN %(before_first)s AND %(before_last)s"
_FIRST_MONTH = "date_trunc('month', %(first)s::date)::date"


def _sum(column: str, name: str, when: str = "true") -> str:
    """A sum of bigints may outgrow a bigint."""
    return f"least(coalesce(sum({column}) FILTER (WHERE {when}), 0), 9223372036854775807)::bigint AS {name}"


def _both(column: str, name: str = "") -> str:
    """Of the period and of the one before."""
    return f"{_sum(column, name + 'now', _NOW)}, {_sum(column, name + 'before', _BEFORE)}"


def _sums(*columns: str) -> str:
    return ", ".join(_sum(column, column) for column in columns)


_PIECES = {
    "now": f"{_NOW} AND {_ON_PLATFORM}",
    "either": f"({_NOW} OR {_BEFORE}) AND {_ON_PLATFORM}",
    "named": "coalesce(display_name, split_part(email, '@', 1)) AS name",
}
_METRICS = """
SELECT metric AS name, currency, {counts}, {cents} FROM ({rows}) AS counted
WHERE metric = ANY(%(metrics)s) AND {either}
GROUP BY metric, currency ORDER BY metric, currency
"""
_SEEN = """
SELECT {sums} FROM ({rows}) AS counted WHERE metric = 'fans.seen' AND {now}
"""
_REVENUE = """
SELECT day, substr(metric, 9) AS kind, currency, {sums} FROM ({rows}) AS counted
WHERE metric IN ('revenue.subscription', 'revenue.ppv', 'revenue.tip') AND {now}
GROUP BY day, metric, currency ORDER BY day, metric, currency
"""
_OFFERS_BY_DAY = """
SELECT day, 'ppv' AS kind, currency, {sums} FROM ({rows}) AS counted WHERE {now}
GROUP BY day, currency ORDER BY day, currency
"""
_WORTH = """
SELECT currency, fans, paying, total_cents, median_cents, median_paying_cents FROM ({rows}) AS counted
WHERE scope = coalesce(%(platform)s::text, 'all') ORDER BY currency
"""
_HOURS = """
SELECT extract(isodow FROM day)::integer AS weekday, hour, {sums} FROM ({rows}) AS counted WHERE {now}
GROUP BY 1, 2 ORDER BY 1, 2
"""
_OFFERS = """
SELECT currency, least_cents, {sums} FROM ({rows}) AS counted WHERE {now}
GROUP BY currency, least_cents ORDER BY currency, least_cents
"""
_ANSWERS = """
SELECT summed.*, {named} FROM (
    SELECT member_id, bucket, {counts}, {seconds} FROM ({rows}) AS counted WHERE {either}
    GROUP BY member_id, bucket
) AS summed LEFT JOIN members ON members.workspace_id = %(workspace_id)s AND members.id = member_id
"""
_CHATTERS = """
SELECT summed.*, {named} FROM (
    SELECT member_id, currency, {sums} FROM ({rows}) AS counted WHERE {now} GROUP BY member_id, currency
) AS summed LEFT JOIN members ON members.workspace_id = %(workspace_id)s AND members.id = member_id
"""
# Cohorts from the month of the first day to that of the last, and every month since.
_COHORTS = """
SELECT cohort, month, currency, {sums} FROM ({rows}) AS counted
WHERE month >= {first_month} AND cohort BETWEEN {first_month} AND %(last)s AND {on_platform}
GROUP BY cohort, month, currency ORDER BY cohort, month, currency
"""


def metrics(rows: str) -> str:
    """The sums of both periods, by metric and currency."""
    return _METRICS.format(rows=rows, counts=_both("occurrences"), cents=_both("amount_cents", "cents_"), **_PIECES)


def seen(rows: str) -> str:
    """How many fans were last seen in a period."""
    return _SEEN.format(rows=rows, sums=_sum("occurrences", "fans"), **_PIECES)


def revenue(rows: str) -> str:
    """Payments by day, currency and kind."""
    return _REVENUE.format(rows=rows, sums=_sum("amount_cents", "cents"), **_PIECES)


def offers_by_day(rows: str) -> str:
    """What was asked for, by day and currency."""
    return _OFFERS_BY_DAY.format(rows=rows, sums=_sum("asked_cents", "cents"), **_PIECES)


def worth(rows: str) -> str:
    """What fans are worth, by currency."""
    return _WORTH.format(rows=rows)


def hours(rows: str) -> str:
    """What happened in hours of the week."""
    kinds = {"incoming": "in", "outgoing": "out", "payments": "paid"}
    sums = ", ".join(_sum("occurrences", name, f"what = '{what}'") for name, what in kinds.items())
    return _HOURS.format(rows=rows, sums=sums, **_PIECES)


def offers(rows: str) -> str:
    """Messages with a price, by currency and band."""
    return _OFFERS.format(rows=rows, sums=_sums("sent", "bought", "asked_cents", "revenue_cents"), **_PIECES)


def answers(rows: str) -> str:
    """How many answers took about how long, by member, in both periods."""
    return _ANSWERS.format(rows=rows, counts=_both("answers"), seconds=_both("seconds", "seconds_"), **_PIECES)


def chatters(rows: str) -> str:
    """What members sent and earned, by member and currency."""
    return _CHATTERS.format(rows=rows, sums=_sums("sent", "earned_cents"), **_PIECES)


def cohorts(rows: str) -> str:
    """Who first paid in which month and paid in which."""
    sums = f"{_sum('payers', 'payers')}, {_sum('amount_cents', 'cents')}"
    return _COHORTS.format(rows=rows, sums=sums, first_month=_FIRST_MONTH, on_platform=_ON_PLATFORM)


_ROLLED_UP = "SELECT {columns} FROM {table} WHERE workspace_id = %(workspace_id)s"


def _rolled_up(table: str, columns: str) -> str:
    return _ROLLED_UP.format(table=table, columns=columns)


DAILY = _rolled_up("daily_rollups", "day, metric, platform, currency, occurrences, amount_cents")
HOURS = _rolled_up("analytics_hours", "day, platform, hour, what, occurrences")
OFFERS = _rolled_up(
    "analytics_offers", "day, platform, currency, least_cents, sent, bought, asked_cents, revenue_cents"
)
ANSWERS = _rolled_up("analytics_answers", "day, platform, member_id, bucket, answers, seconds")
CHATTERS = _rolled_up("analytics_chatters", "day, platform, member_id, currency, sent, earned_cents")
COHORTS = _rolled_up("analytics_cohorts", "month, cohort, platform, currency, payers, amount_cents")
VALUES = _rolled_up("analytics_values", "scope, currency, fans, paying, total_cents, median_cents, median_paying_cents")

_TAGGED_SAID_METRICS = f"({raw.TAGGED_SAID}{raw.SAID_METRICS})"
TAGGED_DAILY = f"{raw.TAGGED_PAYMENTS} UNION ALL {raw.TAGGED_JOINED} UNION ALL {_TAGGED_SAID_METRICS}"
TAGGED_HOURS = f"{raw.TAGGED_PAID_HOURS} UNION ALL ({raw.TAGGED_SAID}{raw.SAID_HOURS})"
TAGGED_OFFERS = raw.TAGGED_SAID + raw.SAID_OFFERS
TAGGED_CHATTERS = raw.TAGGED_SAID + raw.SAID_CHATTERS
