"""Which days are meant, and which are before them."""

import itertools
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as some

from huntaze.analytics.model import Asked, Period, Preset, Step

TODAY = date(2026, 3, 31)


@pytest.mark.parametrize(
    ("asked", "period", "before"),
    [
        (Asked(preset=Preset.WEEK), ("2026-03-25", "2026-03-31"), ("2026-03-18", "2026-03-24")),
        (Asked(preset=Preset.YEAR), ("2025-04-01", "2026-03-31"), ("2024-04-01", "2025-03-31")),
        (Asked(preset=Preset.THIS_MONTH), ("2026-03-01", "2026-03-31"), ("2026-02-01", "2026-02-28")),
        (Asked(preset=Preset.THIS_YEAR), ("2026-01-01", "2026-03-31"), ("2025-01-01", "2025-03-31")),
        (Asked(first=date(2026, 1, 10)), ("2026-01-10", "2026-03-31"), ("2025-10-21", "2026-01-09")),
        (Asked(last=date(2026, 1, 10)), ("2026-01-10", "2026-01-10"), ("2026-01-09", "2026-01-09")),
    ],
)
def test_a_period_and_the_one_before(asked: Asked, period: tuple[str, str], before: tuple[str, str]) -> None:
    assert [(str(each.first), str(each.last)) for each in asked.periods(TODAY)] == [period, before]


@given(some.dates(date(1950, 1, 1), date(2090, 1, 1)), some.integers(1, 1_000), some.sampled_from(Step))
def test_steps_are_the_period_cut_up(first: date, days: int, step: Step) -> None:
    period = Period(first, first + timedelta(days=days - 1))
    steps = list(period.steps(step))
    assert (steps[0].first, steps[-1].last) == (period.first, period.last)
    assert sum(each.days for each in steps) == period.days
    assert all(step.begin(each.first) == step.begin(each.last) for each in steps)
    assert all(later.first - each.last == timedelta(days=1) for each, later in itertools.pairwise(steps))


@given(some.dates(date(1950, 1, 1), date(2090, 1, 1)), some.sampled_from(Preset))
def test_the_period_before_ends_before_and_is_no_longer(today: date, preset: Preset) -> None:
    period, before = Asked(preset=preset).periods(today)
    assert period.last == today
    assert before.last < period.first
    assert before.days <= period.days + 1  # of a year that was a leap year
