"""Figures by their names, AWS's own and ours: no reference ties one stack to another."""

from aws_cdk import Duration
from aws_cdk import aws_cloudwatch as cloudwatch

from huntaze.measures import Count, Gauge, Time

MINUTE = Duration.minutes(1)
NAMESPACE = "Huntaze/OnlyFans"
# How often a schedule looks at what is a gauge (`upkeep` in infra/functions.py).
GAUGE_MINUTES = 5
# Of how many messages a share of failures says something.
ENOUGH = 20


def function_metric(function_name: str, metric: str, statistic: str = "Sum") -> cloudwatch.Metric:
    """One figure of a function, by the minute."""
    return cloudwatch.Metric(
        namespace="AWS/Lambda",
        metric_name=metric,
        dimensions_map={"FunctionName": function_name},
        statistic=statistic,
        period=MINUTE,
    )


def waiting_messages(queue_name: str) -> cloudwatch.Metric:
    """How many messages a queue would hand out now."""
    return _queue_metric(queue_name, "ApproximateNumberOfMessagesVisible")


def oldest_message(queue_name: str) -> cloudwatch.Metric:
    """How many seconds ago the oldest message of a queue was put into it, delayed ones included."""
    return _queue_metric(queue_name, "ApproximateAgeOfOldestMessage")


def _queue_metric(queue_name: str, metric: str) -> cloudwatch.Metric:
    return cloudwatch.Metric(
        namespace="AWS/SQS",
        metric_name=metric,
        dimensions_map={"QueueName": queue_name},
        statistic="Maximum",
        period=MINUTE,
    )


def our_metric(stage: str, what: Count | Time | Gauge, statistic: str, minutes: int) -> cloudwatch.Metric:
    """One of the figures that the functions write down, of all platforms together."""
    return cloudwatch.Metric(
        namespace=NAMESPACE,
        metric_name=what.value,
        dimensions_map={"stage": stage},
        statistic=statistic,
        period=Duration.minutes(minutes),
    )


def gauge(stage: str, what: Gauge) -> cloudwatch.Metric:
    """The most that there was of something between two looks."""
    return our_metric(stage, what, "Maximum", GAUGE_MINUTES)


def failure_rate(stage: str) -> cloudwatch.MathExpression:
    """How many of a hundred messages failed in five minutes; nothing while there were too few to tell."""
    minutes = 5
    return cloudwatch.MathExpression(
        expression=f"IF(processed >= {ENOUGH}, 100 * FILL(failed, 0) / processed, 0)",
        label="Failed of a hundred",
        period=Duration.minutes(minutes),
        using_metrics={
            "processed": our_metric(stage, Count.PROCESSED, "Sum", minutes),
            "failed": our_metric(stage, Count.FAILED, "Sum", minutes),
        },
    )
