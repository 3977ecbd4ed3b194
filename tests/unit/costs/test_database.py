import pytest

from costs.database import awake_share, busy_acu
from costs.load import IDLE, Load, Month
from tests.unit.costs.small import BUSY, amounts, database, function, schedule, template


def test_production_is_paid_for_its_minimum_around_the_clock() -> None:
    assert amounts(Month(template(**database(minimum=0.5)), IDLE), "AWS::RDS::DBInstance") == {"capacity": 365}


def test_a_database_that_may_pause_and_is_asked_by_nobody_costs_its_storage() -> None:
    month = Month(template(**database(minimum=0)), IDLE)
    assert amounts(month, "AWS::RDS::DBInstance") == {"capacity": 0}
    assert amounts(month, "AWS::RDS::DBCluster") == {
        "storage": 1,
        "reads and writes of it": 0,
        "backups beyond its own size": 0,
    }


@pytest.mark.parametrize(
    ("rate", "share"), [("rate(1 day)", 23 / 1440), ("rate(1 hour)", 23 / 60), ("rate(5 minutes)", 1)]
)
def test_schedules_keep_it_awake(rate: str, share: float) -> None:
    # 2 minutes of work, 6 until the frozen function's connection is given up, 15 until it pauses.
    month = Month(template(**database(minimum=0), Relay=function("relay"), Rule=schedule("Relay", rate)), IDLE)
    assert awake_share(month) == pytest.approx(share)


def test_a_schedule_once_a_day_costs_twelve_hours_of_capacity_a_month_and_one_by_the_minute_half_of_all() -> None:
    def capacity(rate: str) -> float:
        stage = template(**database(minimum=0), Relay=function("relay"), Rule=schedule("Relay", rate))
        return amounts(Month(stage, IDLE), "AWS::RDS::DBInstance")["capacity"]

    assert capacity("rate(1 day)") == pytest.approx(730 * 23 / 1440)  # 11.7
    assert capacity("rate(1 minute)") == 365


def test_busy_hours_have_at_least_one_unit_and_as_many_as_the_messages_want() -> None:
    stage = template(**database())
    assert busy_acu(Month(stage, BUSY)) == 1
    # 1,000,000 in 16 hours are 17.36 a second; each wants 0.24 unit-seconds, of which half may be used: 8.33.
    assert busy_acu(Month(stage, Load("", 1_000_000, 16))) == pytest.approx(8.333, abs=0.001)


def test_a_busy_day_has_busy_and_quiet_hours() -> None:
    paid = amounts(Month(template(**database()), BUSY), "AWS::RDS::DBInstance")["capacity"]
    busy = 8 * 30.4
    assert paid == pytest.approx(busy * 1 + (730 - busy) * 0.5)


def test_storage_is_that_of_a_year() -> None:
    paid = amounts(Month(template(**database()), BUSY), "AWS::RDS::DBCluster")
    assert paid["storage"] == pytest.approx(1 + 12 * 30_400 * 6 / 1_000_000)  # 3.19 GB
    assert paid["reads and writes of it"] == pytest.approx(43_800 * 20 + 30_400 * 40)
    assert paid["backups beyond its own size"] == 0
