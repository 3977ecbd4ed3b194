"""Dashboards show what the code writes down and what AWS measures, of things that are there."""

import io
import json
import re
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from huntaze.clock import FixedClock
from huntaze.measures import Count, Gauge, Time
from huntaze.runtime.metrics import EmbeddedMetrics
from infra.assets import ROOT
from infra.constructs.metrics import AWS_METRICS, NAMESPACE, aws_metric
from infra.dashboards import boards as made
from infra.dashboards.business import PLATFORMS
from infra.dashboards.widgets import MOST_LOG_GROUPS, WHOLE_WIDTH
from tests.infra.pictured import Shown, boards, expressions_of, log_groups_of, shown, watched
from tests.infra.synthesized import AN_ID, Synthesize, Synthesized

SUBJECTS = [subject.name for subject in made.SUBJECTS]
OURS = {each.value for kind in (Count, Time, Gauge) for each in kind}
# https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch_limits.html
MOST_WIDGETS, MOST_METRICS, MOST_METRICS_OF_A_WIDGET = 500, 2_500, 500
LONGEST_EXPRESSION = 2_048  # characters
HOUSE = ROOT / "layers" / "shared" / "python" / "huntaze"
SEARCHED = re.compile(r"\{([\w/]+),\w+\} MetricName=\"(\w+)\"")


def both(stage: Synthesized) -> set[Shown]:
    """What is shown, and what alarms look at."""
    alarms = stage.alarms()
    return shown(stage) | {metric for alarm in alarms for metric in watched(alarm)}


def searched(stage: Synthesized) -> set[tuple[str, str]]:
    """What dashboards find by search."""
    widgets = (widget for board in boards(stage).values() for widget in board)
    return {found for widget in widgets for each in expressions_of(widget) for found in SEARCHED.findall(each)}


def written(sources: Iterable[Path]) -> set[str]:
    """The names that code writes down."""
    kinds = {kind.__name__: kind for kind in (Count, Time, Gauge)}
    said = {found for path in sources for found in re.findall(r"\b(Count|Time|Gauge)\.([A-Z_]+)\b", path.read_text())}
    return {kinds[kind][name].value for kind, name in said}


def test_production_has_a_dashboard_for_each_subject_and_others_have_one(
    prod: Synthesized, staging: Synthesized, local: Synthesized
) -> None:
    assert set(boards(prod)) == {f"huntaze-{name}" for name in SUBJECTS}
    assert (list(boards(staging)), list(boards(local))) == (["staging-huntaze"], ["local-huntaze"])
    texts = [each["properties"]["markdown"] for each in boards(staging)["staging-huntaze"] if each["type"] == "text"]
    assert [text.rpartition("#")[2] for text in texts if text.startswith("#")] == SUBJECTS


def test_every_figure_of_ours_is_written_by_code_and_shown(any_stage: Synthesized) -> None:
    in_use = {metric.name for metric in both(any_stage) if metric.namespace == NAMESPACE}
    sources = [path for path in HOUSE.rglob("*.py") if path.name != "measures.py" and path.parent.name != "runtime"]
    assert in_use == OURS == written(sources)


def test_every_figure_of_aws_is_in_the_list_and_no_name_of_the_list_is_idle(
    synthesize: Synthesize, prod: Synthesized, staging: Synthesized
) -> None:
    stages = [prod, staging, synthesize(replace(prod.stage, egress="nat-gateway"))]
    named = {(metric.namespace, metric.name) for stage in stages for metric in both(stage)}
    named |= {found for stage in stages for found in searched(stage)}
    listed = {(namespace, name) for namespace, names in AWS_METRICS.items() for name in names}
    assert {each for each in named if each[0] != NAMESPACE} == listed


def test_our_figures_are_asked_for_as_they_are_written(any_stage: Synthesized) -> None:
    out = io.StringIO()
    measures = EmbeddedMetrics(NAMESPACE, any_stage.stage.name, FixedClock(datetime(2026, 5, 1, tzinfo=UTC)), out)
    for platform in PLATFORMS:
        for count in Count:
            measures.count(count, 1, platform)
        for time in Time:
            measures.time(time, 1, platform)
    for gauge in Gauge:
        measures.gauge(gauge, 1)
    told = {
        Shown(directive["Namespace"], metric["Name"], frozenset((name, line[name]) for name in dimensions))
        for line in map(json.loads, out.getvalue().splitlines())
        for directive in line["_aws"]["CloudWatchMetrics"]
        for dimensions in directive["Dimensions"]
        for metric in directive["Metrics"]
    }
    assert {metric for metric in both(any_stage) if metric.namespace == NAMESPACE} <= told


def test_everything_that_is_shown_is_there(in_aws: Synthesized) -> None:
    cluster, cache = (in_aws.only(f"AWS::{kind}") for kind in ("RDS::DBCluster", "ElastiCache::ReplicationGroup"))
    there = {
        "FunctionName": {each["FunctionName"] for each in in_aws.properties_of("AWS::Lambda::Function")},
        "QueueName": {each["QueueName"] for each in in_aws.properties_of("AWS::SQS::Queue")},
        "LogGroupName": {each["LogGroupName"] for each in in_aws.properties_of("AWS::Logs::LogGroup")},
        "DBClusterIdentifier": {cluster["DBClusterIdentifier"]},
        "CacheClusterId": {f"{cache['ReplicationGroupId']}-00{1 + n}" for n in range(cache["NumCacheClusters"])},
        "ApiId": {AN_ID},
        "stage": {in_aws.stage.name},
        "platform": set(PLATFORMS),
        "Currency": {"USD"},
    }
    named = {dimension for metric in both(in_aws) for dimension in metric.dimensions if dimension[0] != "ServiceName"}
    assert {dimension for dimension in named if dimension[1] not in there[dimension[0]]} == set()
    asked = {group for widgets in boards(in_aws).values() for widget in widgets for group in log_groups_of(widget)}
    assert asked
    assert asked <= there["LogGroupName"]


def test_dashboards_stay_below_the_limits_of_cloudwatch(any_stage: Synthesized) -> None:
    for name, widgets in boards(any_stage).items():
        metrics = [len(widget["properties"].get("metrics", [])) for widget in widgets]
        assert len(widgets) <= MOST_WIDGETS, name
        assert sum(metrics) <= MOST_METRICS, name
        assert max(metrics) <= MOST_METRICS_OF_A_WIDGET, name
        expressions = [len(each) for widget in widgets for each in expressions_of(widget)]
        assert max(expressions, default=0) <= LONGEST_EXPRESSION, name
        assert max(len(log_groups_of(widget)) for widget in widgets) <= MOST_LOG_GROUPS, name
        assert max(widget["x"] + widget["width"] for widget in widgets) <= WHOLE_WIDTH, name


def test_every_picture_says_what_it_shows(any_stage: Synthesized) -> None:
    for widgets in boards(any_stage).values():
        titles = [widget["properties"]["title"] for widget in widgets if widget["type"] != "text"]
        assert all(titles)
        assert len(set(titles)) == len(titles)


def test_a_name_that_aws_does_not_have_is_refused_when_it_is_made() -> None:
    with pytest.raises(KeyError, match="AWS/SQS NumberOfMessages"):
        aws_metric("AWS/SQS", "NumberOfMessages", {"QueueName": "q"}, "Sum")
