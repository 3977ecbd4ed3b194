"""What dashboards show, and what alarms look at, as the templates say it."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from tests.infra.synthesized import AN_ID, Resource, Synthesized


@dataclass(frozen=True)
class Shown:
    """One metric."""

    namespace: str
    name: str
    dimensions: frozenset[tuple[str, str]]


def boards(stage: Synthesized) -> dict[str, list[Resource]]:
    """The widgets of each dashboard."""
    found = stage.properties_of("AWS::CloudWatch::Dashboard")
    return {board["DashboardName"]: json.loads(_joined(board["DashboardBody"]))["widgets"] for board in found}


def metrics_of(widget: Resource) -> Iterator[Shown]:
    """Those that a widget draws or computes with."""
    for entry in widget["properties"].get("metrics", []):
        named = [part for part in entry if isinstance(part, str)]
        if named:
            namespace, name, *dimensions = named
            yield Shown(namespace, name, frozenset(zip(dimensions[::2], dimensions[1::2], strict=True)))


def expressions_of(widget: Resource) -> Iterator[str]:
    """What it computes."""
    for entry in widget["properties"].get("metrics", []):
        if isinstance(entry[-1], dict) and "expression" in entry[-1]:
            yield entry[-1]["expression"]


def log_groups_of(widget: Resource) -> list[str]:
    """Those that it asks."""
    query = widget["properties"].get("query", "")
    return [part.strip().removeprefix("SOURCE ").strip("'") for part in query.split("|") if "SOURCE " in part]


def shown(stage: Synthesized) -> set[Shown]:
    """Every metric of every dashboard."""
    return {metric for widgets in boards(stage).values() for widget in widgets for metric in metrics_of(widget)}


def watched(alarm: Resource) -> Iterator[Shown]:
    """The metrics of an alarm."""
    for each in alarm.get("Metrics", [{"MetricStat": {"Metric": alarm}}]):
        if "MetricStat" in each:
            yield named(each["MetricStat"]["Metric"])


def named(metric: Mapping[str, Any]) -> Shown:
    """The metric that a template names."""
    dimensions = ((one["Name"], _joined(one["Value"])) for one in metric["Dimensions"])
    return Shown(metric["Namespace"], metric["MetricName"], frozenset(dimensions))


def _joined(value: Any) -> str:
    if isinstance(value, str):
        return value
    if "Fn::Join" not in value:
        return AN_ID
    separator, parts = value["Fn::Join"]
    return str(separator.join(part if isinstance(part, str) else AN_ID for part in parts))
