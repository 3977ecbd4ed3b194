"""Numbers, in PostgreSQL: from roll-ups, or where a tag is asked for from the raw rows of those fans."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from psycopg import Connection

from huntaze.analytics import raw, reading
from huntaze.analytics.figures import Band, Compared, Hour, Worth
from huntaze.analytics.model import Among, Period, Step
from huntaze.analytics.rows import Answered, CohortRow, Earned, KindOnDay, Metric
from huntaze.money import Money

NOBODY = UUID(int=0)  # the platform's own app, where members have ids
FAR_AHEAD = date(2200, 1, 1)
BANDS = (0, 500, 1_000, 2_000, 5_000, 10_000)  # as in huntaze/analytics/raw.py
OF_CARDS = (
    *("revenue.subscription", "revenue.ppv", "revenue.tip", "fans.new"),
    *("messages.in", "messages.out", "offers.sent", "offers.bought"),
)

TODAY = """
SELECT (%(now)s::timestamptz AT TIME ZONE timezone)::date AS today FROM workspaces
WHERE workspaces.id = %(workspace_id)s
"""
STALE_SINCE = """
SELECT noted_at FROM analytics_stale WHERE workspace_id = %(workspace_id)s ORDER BY noted_at LIMIT 1
"""
KNOWS_PAYMENTS = """
SELECT EXISTS (
    SELECT FROM daily_rollups
    WHERE workspace_id = %(workspace_id)s AND metric IN ('revenue.subscription', 'revenue.ppv', 'revenue.tip')
        AND (%(platform)s::text IS NULL OR platform = %(platform)s)
) AS known
"""

METRICS, TAGGED_METRICS = reading.metrics(reading.DAILY), reading.metrics(reading.TAGGED_DAILY)
SEEN, TAGGED_SEEN = reading.seen(reading.DAILY), reading.seen(raw.TAGGED_SEEN)
WORTH, TAGGED_WORTH = reading.worth(reading.VALUES), reading.worth(raw.TAGGED_WORTH)
REVENUE, TAGGED_REVENUE = reading.revenue(reading.DAILY), reading.revenue(raw.TAGGED_PAYMENTS)
OFFERS_BY_DAY = reading.offers_by_day(reading.OFFERS)
TAGGED_OFFERS_BY_DAY = reading.offers_by_day(reading.TAGGED_OFFERS)
HOURS, TAGGED_HOURS = reading.hours(reading.HOURS), reading.hours(reading.TAGGED_HOURS)
OFFERS, TAGGED_OFFERS = reading.offers(reading.OFFERS), reading.offers(reading.TAGGED_OFFERS)
ANSWERS, TAGGED_ANSWERS = reading.answers(reading.ANSWERS), reading.answers(raw.TAGGED_ANSWERS)
CHATTERS, TAGGED_CHATTERS = reading.chatters(reading.CHATTERS), reading.chatters(reading.TAGGED_CHATTERS)
COHORTS, TAGGED_COHORTS = reading.cohorts(reading.COHORTS), reading.cohorts(raw.TAGGED_COHORTS)

Row = dict[str, Any]


class PostgresAnalytics:
    """The numbers of one workspace, inside one transaction."""

    def __init__(self, connection: Connection[Row], workspace_id: UUID) -> None:
        self._connection = connection
        self._workspace_id = workspace_id

    def today(self, now: datetime) -> date:
        """Which day the workspace has."""
        [row] = self._rows(TODAY, now=now)
        today: date = row["today"]
        return today

    def stale_since(self) -> datetime | None:
        """Since when something is no longer true; nothing when all of it is."""
        return next((row["noted_at"] for row in self._rows(STALE_SINCE)), None)

    def knows_payments(self, among: Among) -> bool:
        """Whether any payment was ever booked on the platform that is asked for."""
        [row] = self._rows(KNOWS_PAYMENTS, platform=among.platform)
        known: bool = row["known"]
        return known

    def metrics(self, among: Among, spans: Compared[Period]) -> list[Metric]:
        """The sums of both periods, by metric and currency."""
        found = self._asked(TAGGED_METRICS if among.tag else METRICS, among, spans, metrics=list(OF_CARDS))
        return [Metric(**row) for row in found]

    def seen_between(self, among: Among, period: Period) -> int:
        """How many fans were last seen in these days."""
        [row] = self._asked(TAGGED_SEEN if among.tag else SEEN, among, Compared(period, period))
        fans: int = row["fans"]
        return fans

    def worth(self, among: Among) -> list[Worth]:
        """What fans are worth, by currency."""
        asked = {"platform": among.platform, "zone": among.zone, "tag": among.tag}
        return [_worth(**row) for row in self._rows(TAGGED_WORTH if among.tag else WORTH, **asked)]

    def revenue(self, among: Among, period: Period) -> list[KindOnDay]:
        """Payments by day, currency and kind."""
        found = self._asked(TAGGED_REVENUE if among.tag else REVENUE, among, Compared(period, period))
        return [KindOnDay(row["day"], row["kind"], Money(row["cents"], row["currency"])) for row in found]

    def offers_by_day(self, among: Among, period: Period) -> list[KindOnDay]:
        """The prices of messages sent, by day and currency."""
        statement = TAGGED_OFFERS_BY_DAY if among.tag else OFFERS_BY_DAY
        found = self._asked(statement, among, Compared(period, period))
        return [KindOnDay(row["day"], row["kind"], Money(row["cents"], row["currency"])) for row in found]

    def hours(self, among: Among, period: Period) -> list[Hour]:
        """Hours of the week in which anything happened."""
        found = self._asked(TAGGED_HOURS if among.tag else HOURS, among, Compared(period, period))
        return [Hour(**row) for row in found]

    def offers(self, among: Among, period: Period) -> list[Band]:
        """Messages with a price, by currency and band."""
        found = self._asked(TAGGED_OFFERS if among.tag else OFFERS, among, Compared(period, period))
        return [_band(**row) for row in found]

    def answers(self, among: Among, spans: Compared[Period]) -> list[Answered]:
        """How many answers took about how long, by member, in both periods."""
        found = self._asked(TAGGED_ANSWERS if among.tag else ANSWERS, among, spans)
        return [Answered(**{**row, "member_id": _member(row["member_id"])}) for row in found]

    def earned(self, among: Among, period: Period) -> list[Earned]:
        """What members sent and earned, by member and currency."""
        found = self._asked(TAGGED_CHATTERS if among.tag else CHATTERS, among, Compared(period, period))
        return [_earned(**row) for row in found]

    def cohorts(self, among: Among, period: Period) -> list[CohortRow]:
        """Who first paid in which month and paid in which, by currency, from the oldest cohort on."""
        since = {"firsts": [Step.MONTH.begin(period.first)], "lasts": [FAR_AHEAD]}
        found = self._asked(TAGGED_COHORTS if among.tag else COHORTS, among, Compared(period, period), **since)
        return [
            CohortRow(
                cohort=row["cohort"],
                month=row["month"],
                payers=row["payers"],
                paid=Money(row["cents"], row["currency"]),
            )
            for row in found
        ]

    def _asked(self, statement: str, among: Among, spans: Compared[Period], **more: object) -> list[Row]:
        now, before = spans.now, spans.before
        both = [now] if now == before else [before, now]
        wanted: dict[str, object] = {
            "firsts": [period.first for period in both],
            "lasts": [period.last for period in both],
        }
        wanted |= {"first": now.first, "last": now.last, "before_first": before.first, "before_last": before.last}
        wanted |= {"platform": among.platform, "zone": among.zone, "tag": among.tag}
        return self._rows(statement, **{**wanted, **more})

    def _rows(self, statement: str, **parameters: object) -> list[Row]:
        return self._connection.execute(statement, {"workspace_id": self._workspace_id, **parameters}).fetchall()


def _worth(
    *, currency: str, fans: int, paying: int, total_cents: int, median_cents: int, median_paying_cents: int
) -> Worth:
    def money(cents: int) -> Money:
        return Money(cents, currency)

    return Worth(
        fans=fans,
        paying=paying,
        total=money(total_cents),
        average=money(round(total_cents / fans)),
        median=money(median_cents),
        average_paying=money(round(total_cents / paying) if paying else 0),
        median_paying=money(median_paying_cents),
    )


def _band(*, currency: str, least_cents: int, sent: int, bought: int, asked_cents: int, revenue_cents: int) -> Band:
    below = next((bound for bound in BANDS if bound > least_cents), None)
    return Band(
        least=Money(least_cents, currency),
        below=None if below is None else Money(below, currency),
        sent=sent,
        bought=bought,
        asked=Money(asked_cents, currency),
        revenue=Money(revenue_cents, currency),
    )


def _earned(member_id: UUID, currency: str, sent: int, earned_cents: int, name: str | None) -> Earned:
    return Earned(member_id=_member(member_id), name=name, sent=sent, earned=Money(earned_cents, currency))


def _member(member_id: UUID) -> UUID | None:
    return None if member_id == NOBODY else member_id
