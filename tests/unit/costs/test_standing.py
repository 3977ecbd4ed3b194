import json
from typing import Any

import pytest

from costs.lines import Unpriced
from costs.load import IDLE, Month
from tests.unit.costs.small import BUSY, amounts, function, lines, resource, schedule, template


def test_two_cache_nodes_are_paid_for_730_hours_each() -> None:
    group = resource(
        "AWS::ElastiCache::ReplicationGroup", CacheNodeType="cache.t4g.micro", Engine="valkey", NumCacheClusters=2
    )
    [line] = lines(Month(template(Group=group), IDLE), "AWS::ElastiCache::ReplicationGroup").values()
    assert (line.amount, line.price) == (1460, "cache.t4g.micro")


@pytest.mark.parametrize(("node", "engine"), [("cache.m7g.large", "valkey"), ("cache.t4g.micro", "redis")])
def test_another_cache_has_no_price_yet(node: str, engine: str) -> None:
    group = resource("AWS::ElastiCache::ReplicationGroup", CacheNodeType=node, Engine=engine, NumCacheClusters=1)
    with pytest.raises(Unpriced):
        amounts(Month(template(Group=group), IDLE), "AWS::ElastiCache::ReplicationGroup")


def test_the_way_out_is_a_machine_a_disk_and_an_address() -> None:
    machine = resource(
        "AWS::EC2::Instance",
        InstanceType="t4g.nano",
        BlockDeviceMappings=[{"Ebs": {"VolumeType": "gp3"}}],
        NetworkInterfaces=[{"AssociatePublicIpAddress": True}],
    )
    assert amounts(Month(template(Machine=machine), IDLE), "AWS::EC2::Instance") == {
        "public address": 730,
        "NAT instance": 730,
        "its disk": 8,
    }


def test_secrets_are_read_again_by_schedules_and_by_busy_processes() -> None:
    stage = template(
        Secret=resource("AWS::SecretsManager::Secret"),
        Relay=function("relay"),
        Minutely=schedule("Relay", "rate(1 minute)"),
        Daily=schedule("Relay", "rate(1 day)"),
    )
    idle = amounts(Month(stage, IDLE), "AWS::SecretsManager::Secret")
    # A month has 43,800 minutes: every 5 of them and every 1,440 of them, two secrets.
    assert idle["reading them"] == pytest.approx(2 * (43_800 / 5 + 43_800 / 1_440))
    busy = amounts(Month(stage, BUSY), "AWS::SecretsManager::Secret")
    # 10 processes, 8 hours on 30.4 days, 12 times an hour, two secrets; and a call of the key for each message.
    assert busy["reading them"] - idle["reading them"] == pytest.approx(2 * 10 * 8 * 30.4 * 12)
    assert busy["calls of keys, one for each message too"] - busy["reading them"] == pytest.approx(30_400)


COUNTED = {"Expression": "a / b"}
METRIC = {"MetricStat": {"Period": 300}}


@pytest.mark.parametrize(
    ("alarm", "slow", "fast"),
    [
        ({"MetricName": "Errors", "Period": 60}, 1, 0),
        ({"MetricName": "Errors", "Period": 10}, 0, 1),
        ({"Metrics": [COUNTED, METRIC, METRIC]}, 2, 0),
        ({"Metrics": [{"Expression": 'SELECT MAX(Errors) FROM SCHEMA("AWS/Lambda", FunctionName)'}]}, 2, 0),
        ({"Metrics": [{"Expression": "ANOMALY_DETECTION_BAND(m)"}, METRIC]}, 3, 0),
    ],
)
def test_an_alarm_is_paid_by_the_metrics_inside(alarm: dict[str, Any], slow: int, fast: int) -> None:
    stage = template(Alarm=resource("AWS::CloudWatch::Alarm", **alarm), One=function("one"), Two=function("two"))
    paid = amounts(Month(stage, IDLE), "AWS::CloudWatch::Alarm")
    assert paid == {"metrics watched": slow, "metrics watched by the second": fast}


def board(*rows: list[Any]) -> dict[str, Any]:
    widgets = json.dumps({"widgets": [{"type": "text", "properties": {}}, {"properties": {"metrics": list(rows)}}]})
    before, after = widgets.split("widgets")
    return resource("AWS::CloudWatch::Dashboard", DashboardBody={"Fn::Join": ["", [before, "widgets", after]]})


def test_a_dashboard_of_more_than_50_metrics_is_never_free() -> None:
    metric = ["AWS/Lambda", "Errors", "FunctionName", "huntaze-fans"]
    stage = template(
        Small=board(*[metric] * 50, [{"expression": "m1 + m2"}]),
        Large=board(*[metric] * 51),
        Searching=board([{"expression": "SEARCH('{AWS/Lambda}', 'Sum')"}]),
    )
    paid = lines(Month(stage, IDLE), "AWS::CloudWatch::Dashboard")
    assert {line.price: line.amount for line in paid.values()} == {
        "cloudwatch.dashboard": 1,
        "cloudwatch.dashboard.large": 2,
    }
