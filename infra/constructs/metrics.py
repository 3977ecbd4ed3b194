"""Figures by their names, AWS's own and ours: no reference ties one stack to another."""

from collections.abc import Mapping

from aws_cdk import Duration
from aws_cdk import aws_cloudwatch as cloudwatch

from huntaze.measures import Count, Gauge, Time
from infra.stage import Stage

NAMESPACE = "Huntaze/OnlyFans"
# How often a schedule looks at what is a gauge (`upkeep` in infra/functions.py).
GAUGE_MINUTES = 5
# Of how many messages a share of failures says something.
ENOUGH = 20

# Every figure of AWS's own that anything here names: a dashboard or an alarm with another name is refused when it is
# made, since a wrong name is never an error for CloudWatch, only an empty graph or an alarm that stays silent.
AWS_METRICS: Mapping[str, frozenset[str]] = {
    "AWS/ApiGateway": frozenset({"Count", "4xx", "5xx", "Latency", "IntegrationLatency"}),
    "AWS/Billing": frozenset({"EstimatedCharges"}),
    "AWS/EC2": frozenset({"NetworkOut"}),
    "AWS/ElastiCache": frozenset(
        {"EngineCPUUtilization", "DatabaseMemoryUsagePercentage", "Evictions", "CurrConnections"}
    ),
    "AWS/Lambda": frozenset({"Invocations", "Errors", "Throttles", "Duration", "ConcurrentExecutions"}),
    "AWS/Logs": frozenset({"IncomingBytes"}),
    "AWS/NATGateway": frozenset({"BytesOutToDestination"}),
    "AWS/RDS": frozenset(
        {
            *("ServerlessDatabaseCapacity", "ACUUtilization", "CPUUtilization", "FreeableMemory"),
            *("DatabaseConnections", "Deadlocks", "VolumeBytesUsed"),
        }
    ),
    "AWS/SQS": frozenset(
        {
            *("ApproximateNumberOfMessagesVisible", "ApproximateNumberOfMessagesDelayed"),
            *("ApproximateAgeOfOldestMessage", "NumberOfMessagesSent", "NumberOfMessagesReceived"),
        }
    ),
}


def aws_metric(
    namespace: str, metric: str, dimensions: Mapping[str, str], statistic: str, minutes: int = 1
) -> cloudwatch.Metric:
    """One of AWS's own figures; KeyError for a name that is not in the list."""
    if metric not in AWS_METRICS[namespace]:
        raise KeyError(f"{namespace} {metric}")
    return cloudwatch.Metric(
        namespace=namespace,
        metric_name=metric,
        dimensions_map=dict(dimensions),
        statistic=statistic,
        period=Duration.minutes(minutes),
    )


def function_metric(function_name: str, metric: str, statistic: str = "Sum", minutes: int = 1) -> cloudwatch.Metric:
    """One figure of a function."""
    return aws_metric("AWS/Lambda", metric, {"FunctionName": function_name}, statistic, minutes)


def queue_metric(queue_name: str, metric: str, statistic: str = "Maximum", minutes: int = 1) -> cloudwatch.Metric:
    """One figure of a queue."""
    return aws_metric("AWS/SQS", metric, {"QueueName": queue_name}, statistic, minutes)


def waiting_messages(queue_name: str) -> cloudwatch.Metric:
    """How many messages a queue would hand out now."""
    return queue_metric(queue_name, "ApproximateNumberOfMessagesVisible")


def oldest_message(queue_name: str) -> cloudwatch.Metric:
    """How many seconds ago the oldest message of a queue was put into it, delayed ones included."""
    return queue_metric(queue_name, "ApproximateAgeOfOldestMessage")


def api_metric(api_id: str, metric: str, statistic: str = "Sum") -> cloudwatch.Metric:
    """One figure of the whole HTTP API."""
    return aws_metric("AWS/ApiGateway", metric, {"ApiId": api_id}, statistic)


def database_metric(stage: Stage, metric: str, statistic: str = "Average", minutes: int = 5) -> cloudwatch.Metric:
    """One figure of the database cluster, which has the name of infra/constructs/database.py."""
    return aws_metric("AWS/RDS", metric, {"DBClusterIdentifier": stage.physical("huntaze")}, statistic, minutes)


def cache_nodes(stage: Stage) -> list[str]:
    """The nodes of the replication group of infra/constructs/cache.py, as ElastiCache names them."""
    return [f"huntaze-redis-{stage.name}-{number:03}" for number in range(1, stage.cache_nodes + 1)]


def cache_metric(node: str, metric: str, statistic: str = "Maximum", minutes: int = 5) -> cloudwatch.Metric:
    """One figure of a node of the cache."""
    return aws_metric("AWS/ElastiCache", metric, {"CacheClusterId": node}, statistic, minutes)


def our_metric(
    stage: str, what: Count | Time | Gauge, statistic: str, minutes: int, platform: str | None = None
) -> cloudwatch.Metric:
    """One of the figures that the functions write down, of all platforms together or of one."""
    return cloudwatch.Metric(
        namespace=NAMESPACE,
        metric_name=what.value,
        dimensions_map={"stage": stage, **({"platform": platform} if platform else {})},
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


def share_away(stage: str) -> cloudwatch.MathExpression:
    """How many of a hundred accounts have something to send and may not; no figure while nothing is to be sent."""
    return cloudwatch.MathExpression(
        expression="100 * away / accounts",
        label="Away of a hundred accounts",
        period=Duration.minutes(GAUGE_MINUTES),
        using_metrics={"away": gauge(stage, Gauge.ACCOUNTS_AWAY), "accounts": gauge(stage, Gauge.ACCOUNTS)},
    )
