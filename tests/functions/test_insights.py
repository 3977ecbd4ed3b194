"""Numbers by the API: what is asked reaches the use case, and what it finds is told in plain JSON and CSV."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any

import pytest

from huntaze.analytics.figures import Charted, Cohorts, Compared, Head, Heatmap, Hour, Series, Source
from huntaze.analytics.making import series, whole_week
from huntaze.analytics.model import Asked, Period, Preset, Step
from huntaze.analytics.rows import KindOnDay
from huntaze.analytics.sheet import Table, sheet
from huntaze.fans.model import Platform
from huntaze.members.model import Principal
from huntaze.money import Money
from tests.functions.conftest import Stage
from tests.support.functions import Answer, call

PATH = "/api/crm/analytics"
HEAD = Head(
    as_of=datetime(2026, 5, 3, 12, tzinfo=UTC),
    zone="Europe/Paris",
    currency="USD",
    period=Period(date(2026, 5, 2), date(2026, 5, 3)),
    before=Period(date(2026, 4, 30), date(2026, 5, 1)),
    source=Source.ROLL_UPS,
)


class Numbers:
    """Answers the same, and remembers what it was asked."""

    def __init__(self) -> None:
        self.asked: list[tuple[Any, ...]] = []

    def revenue(self, who: Principal, asked: Asked, step: Step) -> Series:
        self.asked.append((who.role, asked, step))
        paid = [
            KindOnDay(date(2026, 5, 2), "tip", Money(500, "USD")),
            KindOnDay(date(2026, 5, 3), "ppv", Money(1, "EUR")),
        ]
        return series(HEAD, step, Charted.PAYMENTS, Compared(paid, []))

    def heatmap(self, who: Principal, asked: Asked) -> Heatmap:
        self.asked.append((who.role, asked))
        return Heatmap(HEAD, whole_week([Hour(7, 23, 1, 2, 3)]))

    def cohorts(self, who: Principal, asked: Asked) -> Cohorts:
        self.asked.append((who.role, asked))
        return Cohorts(HEAD, ())

    def export(self, who: Principal, asked: Asked, table: Table, step: Step) -> Iterator[str]:
        self.asked.append((who.role, asked, table, step))
        return sheet(self.revenue(who, asked, step))


@pytest.fixture
def numbers(stage: Stage) -> Numbers:
    stage.join()
    found: Any = Numbers()
    stage.parts.analytics = found
    told: Numbers = found
    return told


def _ask(path: str, query: str = "") -> Answer:
    return call("insights", "GET", PATH + path, query=query)


def test_revenue_is_told_by_currency_and_step(numbers: Numbers) -> None:
    answer = _ask("/revenue", "range=7d&platform=fansly&tag=vip&step=week")
    told = answer.json()
    assert answer.status == 200
    [(_, asked, step)] = numbers.asked
    assert (asked, step) == (Asked(preset=Preset.WEEK, platform=Platform.FANSLY, tag="vip"), Step.WEEK)
    assert {name: told[name] for name in ("asOf", "timezone", "currency", "period", "before", "source", "charted")} == {
        "asOf": "2026-05-03T12:00:00Z",
        "timezone": "Europe/Paris",
        "currency": "USD",
        "period": {"from": "2026-05-02", "to": "2026-05-03"},
        "before": {"from": "2026-04-30", "to": "2026-05-01"},
        "source": "rollUps",
        "charted": "payments",
    }
    assert [line["currency"] for line in told["lines"]] == ["USD", "EUR"]
    assert told["lines"][0]["total"] == {
        "now": {"cents": 500, "currency": "USD"},
        "before": {"cents": 0, "currency": "USD"},
    }
    [bar] = told["lines"][0]["bars"]
    assert bar["tipCents"] == bar["totalCents"] == 500


def test_dates_win_over_a_range_and_must_be_days(numbers: Numbers) -> None:
    assert _ask("/heatmap", "range=90d&from=2026-05-01&to=2026-05-31").status == 200
    [(_, asked)] = numbers.asked
    assert (asked.first, asked.last) == (date(2026, 5, 1), date(2026, 5, 31))
    for query in (
        "from=1750000000",
        "to=2026-05-32",
        "from=0001-01-01",
        "to=9999-12-31",
        "range=8d",
        "platform=x",
    ):
        assert _ask("/heatmap", query).status == 400, query
    assert len(numbers.asked) == 1


def test_all_hours_of_a_week_are_told(numbers: Numbers) -> None:
    hours = _ask("/heatmap").json()["hours"]
    assert len(hours) == 168
    assert hours[-1] == {"weekday": 7, "hour": 23, "messagesIn": 1, "messagesOut": 2, "payments": 3}
    assert _ask("/cohorts").json()["cohorts"] == []
    assert len(numbers.asked) == 2


def test_a_table_is_a_file(numbers: Numbers) -> None:
    answer = _ask("/export.csv", "table=revenue&step=day")
    assert (answer.status, answer.headers["Content-Type"]) == (200, "text/csv; charset=utf-8")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="revenue.csv"'
    assert "Link" not in answer.headers
    assert answer.body.splitlines()[1] == "2026-05-02,2026-05-02,USD,payments,0.00,0.00,5.00,5.00,0.00"
    assert numbers.asked[0][2:] == (Table.REVENUE, Step.DAY)
    for query in ("", "table=members"):
        assert _ask("/export.csv", query).status == 400, query
