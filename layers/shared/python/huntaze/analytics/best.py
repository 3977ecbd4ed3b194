"""Who pays most, and which campaigns earned what, in PostgreSQL: from raw rows and from campaigns' own tallies."""

from typing import Any
from uuid import UUID

from psycopg import Connection

from huntaze.analytics import ranking
from huntaze.analytics.figures import CampaignResult, RankedBy, TopFan
from huntaze.analytics.model import Among, Period
from huntaze.fans.model import Platform
from huntaze.money import MOST_CENTS, Money

PAID, TAGGED_PAID = ranking.PAID, ranking.TAGGED_PAID
WORTH, TAGGED_WORTH = ranking.WORTH, ranking.TAGGED_WORTH
CAMPAIGNS, TAGGED_CAMPAIGNS = ranking.CAMPAIGNS, ranking.TAGGED_CAMPAIGNS

Row = dict[str, Any]


class PostgresBest:
    """The best fans and the campaigns of one workspace, inside one transaction."""

    def __init__(self, connection: Connection[Row], workspace_id: UUID) -> None:
        self._connection = connection
        self._workspace_id = workspace_id

    def fans(self, among: Among, period: Period, by: RankedBy, limit: int) -> list[TopFan]:
        """So many of each currency, the best first."""
        if by is RankedBy.PAID:
            statement = TAGGED_PAID if among.tag else PAID
        else:
            statement = TAGGED_WORTH if among.tag else WORTH
        return [_fan(**row) for row in self._rows(statement, among, period, limit)]

    def campaigns(self, among: Among, period: Period, limit: int) -> list[CampaignResult]:
        """Campaigns launched in these days, the newest first."""
        statement = TAGGED_CAMPAIGNS if among.tag else CAMPAIGNS
        return [_campaign(**row) for row in self._rows(statement, among, period, limit)]

    def _rows(self, statement: str, among: Among, period: Period, limit: int) -> list[Row]:
        asked: dict[str, object] = {
            "workspace_id": self._workspace_id,
            "first": period.first,
            "last": period.last,
            "limit": limit,
        }
        asked |= {"platform": among.platform, "zone": among.zone, "tag": among.tag}
        return self._connection.execute(statement, asked).fetchall()


def _fan(
    *, platform: str, paid_cents: Any, paid_currency: str, value_cents: int, value_currency: str, **more: Any
) -> TopFan:
    paid, value = Money(min(int(paid_cents), MOST_CENTS), paid_currency), Money(value_cents, value_currency)
    return TopFan(platform=Platform(platform), paid=paid, value=value, **more)


def _campaign(*, own_currency: str, currency: str | None, revenue_cents: int, **more: Any) -> CampaignResult:
    return CampaignResult(revenue=Money(revenue_cents, currency or own_currency), **more)
