"""Payments summed up, in PostgreSQL."""

from dataclasses import asdict
from datetime import datetime
from typing import Any
from uuid import UUID

from psycopg import Connection

from huntaze.earnings.model import Earned, SoFar, Stretches
from huntaze.money import MOST_CENTS, Money

# A sum of bigints may outgrow a bigint; PostgreSQL sums them as numeric.
EARNED = """
SELECT kind, count(*) AS payments, sum(amount_cents) AS cents,
    coalesce(sum(amount_cents) FILTER (WHERE occurred_at > %(since)s), 0) AS lately
FROM transactions
WHERE workspace_id = %(workspace_id)s AND currency = %(currency)s
    AND fan_id IN (SELECT person.fan_id FROM same_person(%(fan_id)s) AS person)
GROUP BY kind
ORDER BY cents DESC, kind
"""

# At most two months, summed up in the index of payments by time. What is not in one of the four stretches counts 0.
SO_FAR = """
SELECT currency, kind,
    coalesce(sum(amount_cents) FILTER (WHERE occurred_at >= %(today)s), 0) AS today,
    coalesce(sum(amount_cents) FILTER (
        WHERE occurred_at >= %(yesterday)s AND occurred_at < %(yesterday_until)s
    ), 0) AS yesterday,
    coalesce(sum(amount_cents) FILTER (WHERE occurred_at >= %(month)s), 0) AS month,
    coalesce(sum(amount_cents) FILTER (WHERE occurred_at < %(last_month_until)s), 0) AS last_month
FROM transactions
WHERE workspace_id = %(workspace_id)s AND occurred_at >= %(last_month)s AND occurred_at <= %(now)s
GROUP BY currency, kind
ORDER BY currency, month DESC, kind
"""


class PostgresEarnings:
    """The payments of one workspace, inside one transaction."""

    def __init__(self, connection: Connection[dict[str, Any]], workspace_id: UUID) -> None:
        self._connection = connection
        self._workspace_id = workspace_id

    def of(self, fan_id: UUID, currency: str, since: datetime) -> list[Earned]:
        """A fan's payments in this currency summed up by kind, the largest first, and apart what came since then."""
        asked = {"workspace_id": self._workspace_id, "fan_id": fan_id, "currency": currency, "since": since}
        return [
            Earned(row["kind"], _money(row["cents"], currency), row["payments"], _money(row["lately"], currency))
            for row in self._connection.execute(EARNED, asked)
        ]

    def so_far(self, stretches: Stretches) -> list[SoFar]:
        """What came in, by currency and kind."""
        found = self._connection.execute(SO_FAR, {"workspace_id": self._workspace_id, **asdict(stretches)})
        return [_so_far(**row) for row in found]


def _so_far(kind: str, currency: str, **sums: Any) -> SoFar:
    return SoFar(kind=kind, **{name: _money(cents, currency) for name, cents in sums.items()})


def _money(cents: Any, currency: str) -> Money:
    return Money(min(int(cents), MOST_CENTS), currency)
