"""What people and programs who ask get: how fast, how often an error, by group of routes."""

from aws_cdk import aws_cloudwatch as cloudwatch

from infra.constructs.metrics import api_metric, function_metric
from infra.dashboards.widgets import Row, asked_of_logs, graph
from infra.functions import FUNCTIONS
from infra.stage import Stage
from infra.watching.functions import SLOW_ANSWER_MS
from infra.watching.servers import MOST_REFUSED

GROUPS = tuple(spec for spec in FUNCTIONS if spec.is_waited_for)
SHARES = ("p50", "p95", "p99")


def api(stage: Stage, api_id: str) -> list[Row]:
    """The whole of it, then each group, then single routes."""
    return [_whole(api_id), _groups(stage), [_routes(stage)]]


def _whole(api_id: str) -> Row:
    latency = {share: api_metric(api_id, "Latency", share) for share in SHARES}
    latency["p95 without the gateway"] = api_metric(api_id, "IntegrationLatency", "p95")
    errors = {"our fault (5xx)": api_metric(api_id, "5xx"), "the caller's (4xx)": api_metric(api_id, "4xx")}
    return [
        graph("Answers", latency, unit="milliseconds", limit=SLOW_ANSWER_MS),
        graph("Requests a minute", {"requests": api_metric(api_id, "Count")}),
        graph("Answers that are errors, a minute", errors, limit=MOST_REFUSED),
    ]


def _groups(stage: Stage) -> Row:
    def of(metric: str, statistic: str) -> dict[str, cloudwatch.IMetric]:
        return {spec.folder: function_metric(stage.physical(spec.name), metric, statistic) for spec in GROUPS}

    return [
        graph("Duration by group, p95", of("Duration", "p95"), unit="milliseconds", limit=SLOW_ANSWER_MS),
        graph("Errors by group, a minute", of("Errors", "Sum")),
        graph("Throttles by group, a minute", of("Throttles", "Sum")),
    ]


def _routes(stage: Stage) -> cloudwatch.IWidget:
    return asked_of_logs(
        "Routes with most errors, and slowest (read from the access log when you look)",
        [f"/aws/vendedlogs/{stage.physical('huntaze')}-api"],
        "stats count(*) as requests, sum(status >= 500) as ours, sum(status = 429) as throttled,"
        " sum(status >= 400 and status < 500) as callers, pct(latencyMs, 50) as p50, pct(latencyMs, 95) as p95"
        " by route",
        "sort ours desc, p95 desc",
        "limit 30",
    )
