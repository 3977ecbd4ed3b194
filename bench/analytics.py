"""Numbers of a workspace with a million fans, ten million messages and three million payments.

Reading: the use case, with its transaction and all that it makes of the rows, beside a plain read of those very rows by
their primary keys; and beside the same sums made of raw rows. Both have to agree before anything is timed.

Writing: what a platform tells, written by pgbench as the application writes it, while somebody counts once a minute, as
the schedule does; beside the same load without the triggers and without anybody who counts.
"""

import time
from collections.abc import Callable
from datetime import date, timedelta
from statistics import median
from typing import Any
from uuid import UUID

from bench.comparing import in_turn, p95, plain_connection
from bench.data_sets import EVERYTHING, NOW, owner_of
from bench.in_process import functions_on
from bench.keeping_up import writes_with_and_without
from bench.large_data import LargeDatabase, large_data
from bench.report import Row
from huntaze import wiring
from huntaze.analytics import raw, reading
from huntaze.analytics.figures import Compared
from huntaze.analytics.model import Asked, Period, Preset, Step
from huntaze.analytics.store import OF_CARDS
from huntaze.clock import FixedClock

AS_A_READ, THAN_RAW = 5.0, 0.01
RAW_RUNS = 3
LONG_ENOUGH = 3_600.0

METRIC_ROWS = """
SELECT metric, day, platform, currency, occurrences, amount_cents FROM daily_rollups
WHERE workspace_id = %(workspace_id)s AND metric = ANY(%(metrics)s) AND day BETWEEN %(first)s AND %(last)s
"""
ANSWER_ROWS = """
SELECT day, platform, member_id, bucket, answers, seconds FROM analytics_answers
WHERE workspace_id = %(workspace_id)s AND day BETWEEN %(first)s AND %(last)s
"""
VALUE_ROWS = """
SELECT scope, currency, fans, paying, total_cents, median_cents, median_paying_cents FROM analytics_values
WHERE workspace_id = %(workspace_id)s
"""
REVENUE = ("revenue.subscription", "revenue.ppv", "revenue.tip")
_RAW_DAILY = f"{raw.PAYMENTS} UNION ALL {raw.JOINED} UNION ALL ({raw.SAID}{raw.SAID_METRICS})"
# What the cards show, of raw rows: one statement for each kind of sum.
RAW_OVERVIEW = (
    reading.metrics(_RAW_DAILY),
    reading.seen(raw.SEEN),
    reading.worth(raw.WORTH),
    reading.answers(raw.ANSWERS),
)
RAW_REVENUE = (reading.revenue(raw.PAYMENTS),)


def measure(scale: float = 1) -> list[Row]:
    """The 95th percentile of the cards and of a year's series, and what writing costs."""
    with (
        large_data(EVERYTHING.at(scale)) as database,
        functions_on(database.app) as parts,
        plain_connection(database) as plain,
    ):
        parts.clock = FixedClock(NOW)
        counted = _counted(parts, database.workspace)
        asking = _Asking(parts, plain, database)
        return [
            *([Row("everything counted once", counted, None, "s", LONG_ENOUGH)] if counted else []),
            *asking.overview(),
            *asking.year(),
            *writes_with_and_without(database),
        ]


def _counted(parts: wiring.Wiring, workspace_id: UUID) -> float:
    """The data come without roll-ups: how long it takes to make them, or nothing when they are there."""
    began = time.monotonic()
    with parts.in_workspace_as_machine(workspace_id) as stores:
        if stores.recounts.rests():
            return 0.0
    parts.counting.rebuild(workspace_id)
    while not parts.counting.count(workspace_id, time.monotonic() + LONG_ENOUGH, rest=False):
        pass
    return time.monotonic() - began


class _Asking:
    """Asks all ways."""

    def __init__(self, parts: wiring.Wiring, plain: Any, database: LargeDatabase) -> None:
        self._analytics = parts.analytics
        self._plain = plain
        self._workspace_id = database.workspace
        self._owner = owner_of(database.workspace)

    def overview(self) -> list[Row]:
        asked = Asked(preset=Preset.MONTH)
        found = self._analytics.overview(self._owner, asked)
        both = Period(found.head.before.first - timedelta(days=30), found.head.period.last)
        rows = self._rows((METRIC_ROWS, [*OF_CARDS, "fans.seen"]), (ANSWER_ROWS, []), (VALUE_ROWS, []), period=both)
        from_raw = self._from_raw(RAW_OVERVIEW, found.head.period, found.head.before)
        return self._compared("overview", lambda _: self._analytics.overview(self._owner, asked), rows, from_raw)

    def year(self) -> list[Row]:
        asked = Asked(preset=Preset.YEAR)
        found = self._analytics.revenue(self._owner, asked, Step.DAY)
        rows = self._rows((METRIC_ROWS, [*REVENUE]), period=Period(found.head.before.first, found.head.period.last))
        from_raw = self._from_raw(RAW_REVENUE, found.head.period, found.head.before)
        total = sum(line.total.now.cents for line in found.lines)
        if total != sum(row["cents"] for row in from_raw()[0] if row["day"] >= found.head.period.first):
            raise AssertionError("Roll-ups and raw rows should say the same")
        ask = lambda _: self._analytics.revenue(self._owner, asked, Step.DAY)  # noqa: E731
        return self._compared("revenue of a year", ask, rows, from_raw)

    def _compared(
        self, what: str, ask: Callable[[int], object], rows: Callable[[int], object], from_raw: Callable[[], object]
    ) -> list[Row]:
        ours, theirs = in_turn(ask, rows)
        slow = []
        for _ in range(RAW_RUNS):
            began = time.perf_counter()
            from_raw()
            slow.append((time.perf_counter() - began) * 1000)
        return [
            Row(f"{what}, beside its rows by key", p95(ours), p95(theirs), "ms, p95", AS_A_READ),
            Row(f"{what}, beside raw rows", p95(ours), median(slow), "ms, p95", THAN_RAW),
        ]

    def _rows(self, *read: tuple[str, list[str]], period: Period) -> Callable[[int], object]:
        asked = {"workspace_id": self._workspace_id, "first": period.first, "last": period.last}

        def by_key(_: int) -> object:
            return [
                self._plain.execute(statement, {**asked, "metrics": metrics}).fetchall() for statement, metrics in read
            ]

        return by_key

    def _from_raw(self, statements: tuple[str, ...], now: Period, before: Period) -> Callable[[], list[Any]]:
        spans = Compared(now, before)
        asked: dict[str, object] = {"workspace_id": self._workspace_id, "platform": None, "zone": "Europe/Paris"}
        asked |= {"first": now.first, "last": now.last, "metrics": [*OF_CARDS]}
        asked |= {"before_first": before.first, "before_last": before.last}
        asked |= {"firsts": _firsts(spans), "lasts": _lasts(spans)}
        return lambda: [self._plain.execute(statement, asked).fetchall() for statement in statements]


def _firsts(spans: Compared[Period]) -> list[date]:
    return [spans.before.first, spans.now.first]


def _lasts(spans: Compared[Period]) -> list[date]:
    return [spans.before.last, spans.now.last]
