"""What costs because it is there, used or not."""

import json
from collections.abc import Iterator

from costs.lines import Line, Unpriced
from costs.load import HOURS, MINUTES, Month
from costs.template import Properties

NODES = {"cache.t4g.micro"}
MACHINES = {"t4g.nano"}
USUAL_PERIOD = 60  # seconds; an alarm on less costs three times as much
FEW_METRICS = 50
IMAGE_GB = 8  # the disk that Amazon Linux asks for where the template says nothing


def cache(month: Month) -> Iterator[Line]:
    """The cache by node and hour."""
    for group in month.template.all_of("AWS::ElastiCache::ReplicationGroup"):
        if group["CacheNodeType"] not in NODES or group["Engine"] != "valkey":
            raise Unpriced(f"A cache on {group['CacheNodeType']}")
        yield Line("Cache", "nodes", group["NumCacheClusters"] * HOURS, group["CacheNodeType"])


def way_out(month: Month) -> Iterator[Line]:
    """The machine that forwards what goes to the internet, its disk and its address."""
    for machine in month.template.all_of("AWS::EC2::Instance"):
        if machine["InstanceType"] not in MACHINES:
            raise Unpriced(f"A machine of type {machine['InstanceType']}")
        disks = [each["Ebs"].get("VolumeSize", IMAGE_GB) for each in machine["BlockDeviceMappings"]]
        addresses = sum(each.get("AssociatePublicIpAddress", False) for each in machine["NetworkInterfaces"])
        yield Line("Way out", "public address", addresses * HOURS, "ec2.address")
        yield Line("Way out", "NAT instance", HOURS, f"ec2.{machine['InstanceType']}")
        yield Line("Way out", "its disk", sum(disks), "ebs.gp3")


def keys(month: Month) -> Iterator[Line]:
    """Keys of our own."""
    yield Line("Keys and secrets", "keys", len(month.template.all_of("AWS::KMS::Key")), "kms.key")


def secrets(month: Month) -> Iterator[Line]:
    """Secrets, and how often processes read them, each time with a call of the key."""
    figures = month.figures
    kept = figures.secrets_kept_minutes
    scheduled = sum(MINUTES / max(kept, minutes) for _, minutes in month.template.schedules())
    busy = figures.busy_processes * month.busy_hours * 60 / kept
    reads = figures.secrets_each * (scheduled + busy)
    yield Line(
        "Keys and secrets", "secrets", len(month.template.all_of("AWS::SecretsManager::Secret")), "secrets.secret"
    )
    yield Line("Keys and secrets", "reading them", reads, "secrets.requests")
    yield Line("Keys and secrets", "calls of keys, one for each message too", reads + month.messages, "kms.requests")


def alarms(month: Month) -> Iterator[Line]:
    """Alarms are paid by the metrics they look at, however many there are in one."""
    slow, fast = 0, 0
    for alarm in month.template.all_of("AWS::CloudWatch::Alarm"):
        if period_of(alarm) < USUAL_PERIOD:
            fast += metrics_of(alarm, month)
        else:
            slow += metrics_of(alarm, month)
    yield Line("Alarms", "metrics watched", slow, "cloudwatch.alarm")
    yield Line("Alarms", "metrics watched by the second", fast, "cloudwatch.alarm.fast")


def composite_alarms(month: Month) -> Iterator[Line]:
    """Alarms about alarms."""
    together = len(month.template.all_of("AWS::CloudWatch::CompositeAlarm"))
    yield Line("Alarms", "alarms about alarms", together, "cloudwatch.alarm.composite")


def metrics_of(alarm: Properties, month: Month) -> int:
    """How many metrics an alarm is paid for: a query counts every metric it finds, at least one for each function."""
    computed = alarm.get("Metrics")
    if computed is None:
        return 1
    if any("ANOMALY_DETECTION_BAND" in each.get("Expression", "") for each in computed):
        return 3  # the metric and both edges of what is expected
    queries = len([each for each in computed if each.get("Expression", "").upper().startswith("SELECT")])
    plain = len([each for each in computed if "MetricStat" in each])
    return plain + queries * len(month.template.all_of("AWS::Lambda::Function"))


def period_of(alarm: Properties) -> int:
    """The shortest period that an alarm looks at, in seconds."""
    computed: list[int] = [each["MetricStat"]["Period"] for each in alarm.get("Metrics", []) if "MetricStat" in each]
    own: int = alarm.get("Period", USUAL_PERIOD)
    return min([*computed, own])


def dashboards(month: Month) -> Iterator[Line]:
    """Dashboards, each whatever is on it; the always free ones are small."""
    sizes = [metrics_on(each) for each in month.template.all_of("AWS::CloudWatch::Dashboard")]
    large = len([size for size in sizes if size > FEW_METRICS])
    yield Line("Dashboards", "small ones", len(sizes) - large, "cloudwatch.dashboard")
    yield Line("Dashboards", f"with more than {FEW_METRICS} metrics", large, "cloudwatch.dashboard.large")


def metrics_on(dashboard: Properties) -> int:
    """How many metrics a dashboard names; what it searches for counts as many."""
    body = dashboard["DashboardBody"]
    parts = [body] if isinstance(body, str) else body["Fn::Join"][1]
    widgets = json.loads("".join(part if isinstance(part, str) else "?" for part in parts))["widgets"]
    rows = [row for widget in widgets for row in widget["properties"].get("metrics", [])]
    searches = [row for row in rows if isinstance(row[0], dict) and "SEARCH(" in row[0].get("expression", "")]
    return len([row for row in rows if isinstance(row[0], str)]) + len(searches) * (FEW_METRICS + 1)
