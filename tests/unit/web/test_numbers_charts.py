"""Where charts have what: columns that add up, axes with round numbers, maps whose strongest field is the strongest."""

from datetime import date, timedelta

import pytest

from huntaze.analytics.figures import Bar, Cohort, Compared, Hour, Line, Return
from huntaze.analytics.making import whole_week
from huntaze.analytics.model import Period, Step
from huntaze.money import MOST_CENTS, Money
from huntaze.web import numbers_charts as charts
from huntaze.web.numbers_reading import usual_step

FIRST = date(2026, 5, 1)


def line(*days: tuple[int, int, int, int | None]) -> Line:
    bars = tuple(
        Bar(days=Period(day, day), subscription=subscription, ppv=ppv, tip=tip, before=before)
        for place, (subscription, ppv, tip, before) in enumerate(days)
        for day in [FIRST + timedelta(days=place)]
    )
    total = Money(min(sum(bar.total for bar in bars), MOST_CENTS), "USD")
    return Line(currency="USD", total=Compared(total, Money(sum(bar.before or 0 for bar in bars), "USD")), bars=bars)


@pytest.mark.parametrize(
    ("most", "top"),
    [(0, 100), (99, 100), (100, 100), (101, 150), (5_001, 6_000), (9_001, 10_000), (123_456, 150_000)],
)
def test_an_axis_ends_at_a_round_number(most: int, top: int) -> None:
    assert charts.ceiling(most) == top


def test_a_column_stands_on_the_ground_and_is_as_high_as_its_sum() -> None:
    plot = charts.plot(line((5_000, 3_000, 2_000, 8_000), (0, 0, 0, None)))
    full, empty = plot.columns
    assert [amount.cents for amount in plot.scale] == [10_000, 5_000, 0]
    assert [(part.kind, part.y, part.height) for part in full.parts] == [
        ("subscription", 50.0, 50.0),
        ("ppv", 20.0, 30.0),
        ("tip", 0.0, 20.0),
    ]
    assert full.before_y == 20.0
    assert (empty.parts, empty.before) == ((), None)
    assert (full.whole_x, empty.whole_x, empty.whole_width) == (0.0, 50.0, 50.0)
    assert full.x + full.width < empty.x
    assert plot.best is full
    assert [(kind, share) for kind, _, share in plot.kinds] == [("subscription", 50), ("ppv", 30), ("tip", 20)]


def test_nothing_is_drawn_of_nothing() -> None:
    plot = charts.plot(line((0, 0, 0, 0)))
    assert (plot.has_any, plot.best, plot.kinds) == (False, None, ())
    assert charts.plot(line((0, 0, 0, 5))).has_any, "the period before is to be seen"


def test_the_largest_amount_there_is_has_a_place() -> None:
    [column] = charts.plot(line((MOST_CENTS, MOST_CENTS, 0, None))).columns
    assert 0 <= column.parts[-1].y < column.parts[0].y <= 100


@pytest.mark.parametrize("count", [1, 2, 3, 7, 30, 365])
def test_labels_below_a_chart_are_few_and_within_it(count: int) -> None:
    ticks = charts.plot(line(*[(1, 0, 0, None)] * count)).ticks
    assert len(ticks) == min(count, 5)
    assert all(0 <= tick.x <= 100 for tick in ticks)
    assert ticks[0].day == FIRST
    assert ticks[-1].day == FIRST + timedelta(days=count - 1)
    assert [tick.anchor for tick in ticks][:: max(count, 2)] == (["middle"] if count == 1 else ["start"])


def test_a_week_is_seven_days_and_anything_is_more_than_nothing() -> None:
    week = charts.week(whole_week([Hour(1, 9, 1, 0, 0), Hour(7, 23, 100, 0, 0)]), lambda hour: hour.incoming)
    assert [len(day) for day in week.days] == [24] * 7
    assert (week.days[0][9].level, week.days[6][23].level, week.days[3][3].level) == (1, 4, 0)
    assert week.busiest == Hour(7, 23, 100, 0, 0)
    assert charts.week(whole_week([]), lambda hour: hour.incoming).busiest is None


def test_a_month_that_has_not_come_is_no_month_in_which_nobody_paid() -> None:
    cohort = Cohort(date(2026, 3, 1), 10, (Return(date(2026, 3, 1), 0, 10, ()), Return(date(2026, 5, 1), 2, 5, ())))
    [row] = charts.cohorts((cohort,), date(2026, 5, 20))
    shares = [None if cell is None else cell.share for cell in row.cells]
    assert shares == [100, 0, 50, *[None] * 10]


@pytest.mark.parametrize(
    ("now", "before", "percent", "good"),
    [(150, 100, 50, True), (50, 100, -50, False), (100, 100, 0, True), (5, 0, None, True), (0, 0, None, True)],
)
def test_a_change_is_told_in_hundredths_of_what_was(now: int, before: int, percent: int | None, *, good: bool) -> None:
    change = charts.change(now, before, before)
    assert (change.percent, change.good) == (percent, good)
    if now != before:
        assert charts.change(now, before, before, less_is_good=True).good is not good


def test_as_many_columns_as_one_can_tell_apart() -> None:
    steps = [usual_step(Period(FIRST, FIRST + timedelta(days=days - 1))) for days in (1, 62, 63, 400, 401)]
    assert steps == [Step.DAY, Step.DAY, Step.WEEK, Step.WEEK, Step.MONTH]
