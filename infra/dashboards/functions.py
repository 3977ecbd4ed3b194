"""Each function: how often, how long, how much memory, and how many cold starts."""

from aws_cdk import aws_cloudwatch as cloudwatch

from infra.constructs.metrics import function_metric
from infra.dashboards.widgets import Row, asked_of_logs, graph
from infra.functions import FUNCTIONS
from infra.stage import Stage


def functions(stage: Stage) -> list[Row]:
    """All of them in one picture for each question."""
    return [
        [
            graph("Invocations a minute", _of(stage, "Invocations", "Sum")),
            graph("Errors a minute", _of(stage, "Errors", "Sum")),
            graph("Throttles a minute", _of(stage, "Throttles", "Sum")),
        ],
        [
            graph("Duration, p95", _of(stage, "Duration", "p95"), unit="milliseconds", width=12),
            graph("At once", _of(stage, "ConcurrentExecutions", "Maximum"), width=12),
        ],
        [_reports(stage)],
    ]


def _of(stage: Stage, metric: str, statistic: str) -> dict[str, cloudwatch.IMetric]:
    return {spec.folder: function_metric(stage.physical(spec.name), metric, statistic) for spec in FUNCTIONS}


def _reports(stage: Stage) -> cloudwatch.IWidget:
    """Lambda reports each call in the log anyway; Lambda Insights would tell the same as metrics that cost."""
    return asked_of_logs(
        "Cold starts and memory (read from Lambda's own reports when you look)",
        [f"/aws/lambda/{stage.physical(spec.name)}" for spec in FUNCTIONS],
        'filter type = "platform.report"',
        "stats count(*) as calls, count(record.metrics.initDurationMs) as coldStarts,"
        " pct(record.metrics.initDurationMs, 50) as coldP50, pct(record.metrics.initDurationMs, 95) as coldP95,"
        " pct(record.metrics.durationMs, 95) as durationP95, max(record.metrics.maxMemoryUsedMB) as memoryUsed,"
        " max(record.metrics.memorySizeMB) as memoryGiven by @log",
        "sort coldP95 desc",
        "limit 50",
    )
