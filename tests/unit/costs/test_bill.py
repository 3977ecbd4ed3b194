from pathlib import Path

import pytest

from costs.bill import Bill, bill
from costs.lines import Line, Unpriced
from costs.load import IDLE, Month
from costs.prices import Price, PriceList, read_prices
from costs.template import minutes_of
from tests.unit.costs.small import database, function, resource, template

PRICES = PriceList(
    "nowhere",
    "2026-01-01",
    {
        "call": Price(0.40, 1_000_000, "call", "https://a", "2026", always_free=1_000_000),
        "day": Price(2, 1, "day", "", None),
    },
)


def test_a_price_is_for_so_many_units() -> None:
    assert PRICES["call"].of(3_285_000) == pytest.approx(1.314)


def test_what_is_always_free_is_taken_off_once_for_all_lines_of_a_price() -> None:
    lines = [Line("Queues", "listening", 700_000, "call"), Line("Queues", "permits", 800_000, "call")]
    month = Bill([*lines, Line("Days", "days", 3, "day")], PRICES)
    assert month.total == pytest.approx(0.28 + 0.32 + 6)
    assert month.allowances() == {"call": pytest.approx(0.40)}
    assert month.at_best == pytest.approx(6.20)


def test_no_more_is_taken_off_than_was_used() -> None:
    assert Bill([Line("Queues", "permits", 500_000, "call")], PRICES).at_best == 0


def test_the_dearest_part_comes_first() -> None:
    month = Bill([Line("Queues", "permits", 1_000_000, "call"), Line("Days", "days", 1, "day")], PRICES)
    assert [(part, usd) for part, usd, _ in month.parts()] == [("Days", 2), ("Queues", pytest.approx(0.4))]


def test_a_bill_holds_what_the_template_holds() -> None:
    stage = template(**database(), Key=resource("AWS::KMS::Key"), Role=resource("AWS::IAM::Role"))
    month = bill(Month(stage, IDLE), read_prices())
    # 365 hours of a unit, a gigabyte, 876,000 reads and writes, and a key.
    assert month.total == pytest.approx(43.80 + 0.10 + 0.1752 + 1.00)


def test_what_nobody_has_priced_stops_the_bill() -> None:
    stage = template(Gateway=resource("AWS::EC2::NatGateway"))
    with pytest.raises(Unpriced, match="AWS::EC2::NatGateway is new"):
        bill(Month(stage, IDLE), read_prices())


def test_a_schedule_that_starts_an_alias_starts_its_function() -> None:
    stage = template(
        Relay=function("relay"),
        Alias=resource("AWS::Lambda::Alias", FunctionName={"Ref": "Relay"}),
        Rule=resource(
            "AWS::Events::Rule", ScheduleExpression="rate(1 hour)", State="ENABLED", Targets=[{"Arn": {"Ref": "Alias"}}]
        ),
    )
    [(started, minutes)] = stage.schedules()
    assert (started["FunctionName"], minutes) == ("staging-huntaze-relay", 60)


@pytest.mark.parametrize(("rate", "minutes"), [("rate(1 minute)", 1), ("rate(5 minutes)", 5), ("rate(6 hours)", 360)])
def test_a_rate_is_read_in_minutes(rate: str, minutes: int) -> None:
    assert minutes_of(rate) == minutes


def test_a_list_is_read_as_it_is_written(tmp_path: Path) -> None:
    file = tmp_path / "prices.json"
    file.write_text(
        '{"region": "r", "read": "2026-02-03", "prices": {"a":'
        ' {"usd": 1.5, "per": 10, "unit": "GB", "source": "https://b", "seen": null, "alwaysFree": 2}}}'
    )
    prices = read_prices(file)
    assert (prices.region, prices.read) == ("r", "2026-02-03")
    assert prices["a"] == Price(1.5, 10, "GB", "https://b", None, always_free=2)


def test_every_price_names_its_page() -> None:
    assert all(price.source.startswith("https://") for price in read_prices().prices.values())
