"""Alarms of what stands behind the functions, where a person can do something: the API, the database, the cache."""

from infra.constructs.alarms import Alarms, Severity
from infra.constructs.metrics import api_metric, cache_metric, cache_nodes, database_metric
from infra.stage import Stage

MOST_REFUSED = 10  # answers a minute
FULL = 90  # of a hundred
FULL_CACHE = 80
CONNECTIONS_SHARE = 0.8  # of those the database allows
LASTING = 3  # of five minutes each


def watch_api(alarms: Alarms, api_id: str) -> None:
    """An error that a function turns into an answer is no error of the function."""
    alarms.add(
        "api-errors",
        Severity.CRITICAL,
        api_metric(api_id, "5xx"),
        above=MOST_REFUSED,
        advice=f"More than {MOST_REFUSED} requests a minute are answered with 5xx. The dashboard of the API names the"
        " routes; 503 means that a part is away, and GET /api/monitoring/onlyfans says which.",
    )


def watch_database(alarms: Alarms, stage: Stage) -> None:
    """It runs out of size or of connections."""
    alarms.add(
        "database-full",
        Severity.WARNING,
        database_metric(stage, "ACUUtilization"),
        above=FULL,
        periods=LASTING,
        advice=f"The database is at its largest size for 15 minutes ({stage.database.max_acu:g} ACU). Find the slow"
        " statements, or raise max_acu in infra/stage.py.",
    )
    alarms.add(
        "database-connections",
        Severity.WARNING,
        database_metric(stage, "DatabaseConnections", "Maximum"),
        above=CONNECTIONS_SHARE * stage.database.max_connections,
        periods=LASTING,
        advice="The database has nearly as many connections as it allows. See which function has so many executions,"
        " or who else connects; raise max_connections together with max_acu.",
    )


def watch_cache(alarms: Alarms, stage: Stage) -> None:
    """It forgets, or is about to."""
    for node in cache_nodes(stage):
        number = node[-3:]
        alarms.add(
            f"cache-memory-{number}",
            Severity.WARNING,
            cache_metric(node, "DatabaseMemoryUsagePercentage"),
            above=FULL_CACHE,
            periods=LASTING,
            advice=f"The memory of {node} is nearly full. See what fills it, or choose a larger cache_node_type in"
            " infra/constructs/cache.py.",
            runbook="cache-memory",
        )
        alarms.add(
            f"cache-evictions-{number}",
            Severity.WARNING,
            cache_metric(node, "Evictions", "Sum"),
            above=0,
            advice=f"{node} forgets keys to make room, so pace is looked up in the database instead. Choose a larger"
            " cache_node_type in infra/constructs/cache.py.",
            runbook="cache-evictions",
        )
