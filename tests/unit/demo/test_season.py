from datetime import UTC, datetime, timedelta

import pytest

from local.demo.dice import Deal, Dice, Ranks
from local.demo.season import DAYS_OF_HISTORY, Season, in_milliseconds, moment

NOW = datetime(2026, 6, 1, 12, 34, 56, 789_000, tzinfo=UTC)


@pytest.mark.parametrize("zone", ["Europe/Paris", "America/New_York", "Asia/Kolkata"])
def test_moments_stay_between_their_bounds_and_in_order(zone: str) -> None:
    season, dice = Season(zone, NOW), Dice(1)
    for _ in range(200):
        first = season.now - dice.between(0, 400 * 86_400_000)
        last = first + dice.between(0, season.now - first)
        moments = season.moments(dice, 20, first, last)
        assert moments == sorted(moments)
        assert first <= moments[0]
        assert moments[-1] <= last


def test_of_the_time_before_the_year_nothing_is_busier() -> None:
    season, dice = Season("UTC", NOW), Dice(1)
    begin = season.now - 3 * DAYS_OF_HISTORY * 86_400_000
    assert all(begin <= at <= begin + 1000 for at in season.moments(dice, 9, begin, begin + 1000))


def test_milliseconds_and_moments_are_the_same() -> None:
    assert moment(in_milliseconds(NOW)) == NOW
    later = NOW + timedelta(milliseconds=1)
    assert in_milliseconds(later) == in_milliseconds(NOW) + 1


@pytest.mark.parametrize("count", [1, 2, 3, 4, 6, 30, 97, 1000])
@pytest.mark.parametrize("seed", range(5))
def test_every_rank_is_given_once(count: int, seed: int) -> None:
    ranks = Ranks(count, Dice(seed))
    assert sorted(ranks[index] for index in range(count)) == list(range(count))


@pytest.mark.parametrize("total", [0, 1, 7, 1000])
def test_a_deal_deals_exactly_the_total(total: int) -> None:
    weights = [0.1 * (number % 13) + 0.05 for number in range(333)]
    whole = 0.0
    for weight in weights:
        whole += weight
    deal = Deal(total, whole)
    shares = [deal.share(weight) for weight in weights]
    assert sum(shares) == total
    assert min(shares) >= 0
