"""The database and the cache: how large, how busy, how full."""

from aws_cdk import aws_cloudwatch as cloudwatch

from infra.constructs.metrics import cache_metric, cache_nodes, database_metric
from infra.dashboards.widgets import Row, asked_of_logs, graph
from infra.stage import Stage
from infra.watching.servers import CONNECTIONS_SHARE, FULL, FULL_CACHE

GIB = 1024**3


def servers(stage: Stage) -> list[Row]:
    """Aurora, then Valkey."""
    return [_size(stage), _use(stage), _cache(stage), [_slow(stage)]]


def _size(stage: Stage) -> Row:
    capacity = {
        "mean": database_metric(stage, "ServerlessDatabaseCapacity"),
        "most": database_metric(stage, "ServerlessDatabaseCapacity", "Maximum"),
    }
    busy = {"of its largest size": database_metric(stage, "ACUUtilization"), "of its processor": _busy(stage)}
    return [
        graph("Database: size", capacity, limit=stage.database.max_acu, unit="ACU"),
        graph("Database: use", busy, limit=FULL, unit="of a hundred"),
        graph("Database: data", {"volume": database_metric(stage, "VolumeBytesUsed")}, unit="bytes"),
    ]


def _busy(stage: Stage) -> cloudwatch.Metric:
    return database_metric(stage, "CPUUtilization")


def _use(stage: Stage) -> Row:
    most = CONNECTIONS_SHARE * stage.database.max_connections
    return [
        graph("Database: connections", {"open": database_metric(stage, "DatabaseConnections", "Maximum")}, limit=most),
        graph("Database: memory left", {"free": database_metric(stage, "FreeableMemory", "Minimum")}, unit="bytes"),
        graph("Database: deadlocks", {"a second": database_metric(stage, "Deadlocks")}),
    ]


def _cache(stage: Stage) -> Row:
    def of(metric: str, statistic: str = "Maximum") -> dict[str, cloudwatch.IMetric]:
        return {node[-3:]: cache_metric(node, metric, statistic) for node in cache_nodes(stage)}

    return [
        graph("Cache: processor", of("EngineCPUUtilization"), width=6, unit="of a hundred"),
        graph("Cache: memory", of("DatabaseMemoryUsagePercentage"), width=6, limit=FULL_CACHE, unit="of a hundred"),
        graph("Cache: keys forgotten", of("Evictions", "Sum"), width=6, limit=1),
        graph("Cache: connections", of("CurrConnections"), width=6),
    ]


def _slow(stage: Stage) -> cloudwatch.IWidget:
    return asked_of_logs(
        "What the database complained about (read from its log when you look)",
        [f"/aws/rds/cluster/{stage.physical('huntaze')}/postgresql"],
        "filter @message like /ERROR|FATAL|PANIC|deadlock/",
        "sort @timestamp desc",
        "limit 30",
    )
