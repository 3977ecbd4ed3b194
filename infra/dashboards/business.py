"""What the business does: who sends how much where, what came in, and who is at work."""

from aws_cdk import aws_cloudwatch as cloudwatch

from huntaze.measures import Count, Gauge
from infra.constructs.metrics import gauge, our_metric, queue_metric
from infra.dashboards.widgets import Row, asked_of_logs, graph
from infra.functions import WEBHOOK_QUEUE
from infra.stage import Stage

HOUR, DAY = 60, 24 * 60
PLATFORMS = ("onlyfans", "fansly")  # those through which messages leave


def business(stage: Stage) -> list[Row]:
    """Messages, then fans, then people."""
    return [_messages(stage.name), _growth(stage), [_people(stage)]]


def _messages(stage: str) -> Row:
    def by_platform(what: Count, minutes: int) -> dict[str, cloudwatch.IMetric]:
        return {platform: our_metric(stage, what, "Sum", minutes, platform) for platform in PLATFORMS}

    return [
        graph("Messages handed to platforms, an hour", by_platform(Count.PROCESSED, HOUR)),
        graph("Messages let out by people, an hour", by_platform(Count.QUEUED, HOUR)),
        graph("Messages handed to platforms, a day", by_platform(Count.PROCESSED, DAY)),
    ]


def _growth(stage: Stage) -> Row:
    events = queue_metric(stage.physical(WEBHOOK_QUEUE), "NumberOfMessagesSent", "Sum", HOUR)
    under_way = {
        "campaigns under way": gauge(stage.name, Gauge.CAMPAIGNS),
        "accounts in use": gauge(stage.name, Gauge.ACCOUNTS),
    }
    return [
        graph("Under way", under_way),
        graph("Fans imported, a day", {"new fans": our_metric(stage.name, Count.IMPORTED, "Sum", DAY)}),
        graph("Events from platforms, an hour", {"events": events}),
    ]


def _people(stage: Stage) -> cloudwatch.IWidget:
    return asked_of_logs(
        "Programs and people with tokens at work, a day (read from the access log when you look)",
        [f"/aws/vendedlogs/{stage.physical('huntaze')}-api"],
        "stats count_distinct(subject) as callers, count(*) as requests by bin(1d)",
    )
