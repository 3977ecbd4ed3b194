"""How messages leave: how many, how late, and what stands in their way."""

from aws_cdk import aws_cloudwatch as cloudwatch

from huntaze.measures import Count, Gauge, Time
from infra.constructs.metrics import (
    GAUGE_MINUTES,
    failure_rate,
    gauge,
    oldest_message,
    our_metric,
    queue_metric,
    share_away,
    waiting_messages,
)
from infra.dashboards.widgets import Row, computed, graph
from infra.functions import PERMIT_QUEUE
from infra.stage import Stage
from infra.watching import messages, queues

MINUTES = 5


def delivery(stage: Stage) -> list[Row]:
    """From being let out to being sent."""
    return [_flow(stage.name), _lateness(stage.name), _accounts(stage.name), _queue(stage)]


def _flow(stage: str) -> Row:
    counted = {what.name: our_metric(stage, what, "Sum", MINUTES) for what in Count if what != Count.IMPORTED}
    processed, failed = counted["PROCESSED"], counted["FAILED"]
    sent = computed("processed - FILL(failed, 0)", {"processed": processed, "failed": failed})
    return [
        graph(
            "Messages in 5 minutes",
            {"queued by people": counted["QUEUED"], "sent, or in doubt": sent, "failed": failed},
        ),
        graph(
            "Put back in 5 minutes",
            {"account or platform not ready": counted["DEFERRED"], "database or cache away": counted["STALLED"]},
        ),
        graph("Failed of a hundred", {"failed": failure_rate(stage)}, limit=messages.MOST_FAILING),
    ]


def _lateness(stage: str) -> Row:
    def times(what: Time) -> dict[str, cloudwatch.IMetric]:
        return {f"{share}": our_metric(stage, what, share, MINUTES) for share in ("p50", "p95", "p99")}

    return [
        graph("Behind the planned slot", times(Time.SLOT_DELAY), unit="seconds"),
        graph("From the claim to its end", times(Time.PROCESSING), unit="seconds"),
        graph(
            "Oldest permit that is overdue",
            {"outbox": gauge(stage, Gauge.OUTBOX_AGE)},
            limit=messages.OLDEST_OVERDUE_PERMIT,
            unit="seconds",
        ),
    ]


def _accounts(stage: str) -> Row:
    accounts, away = gauge(stage, Gauge.ACCOUNTS), gauge(stage, Gauge.ACCOUNTS_AWAY)
    tokens = our_metric(stage, Gauge.TOKENS_LEFT, "Maximum", GAUGE_MINUTES)
    return [
        graph("Accounts", {"in use": accounts, "have something to send, and may not": away}),
        graph("Away of a hundred", {"away": share_away(stage)}, limit=messages.MOST_AWAY),
        graph("Tokens left, of accounts that have something to send", {"tokens": tokens}),
    ]


def _queue(stage: Stage) -> Row:
    permits = stage.physical(PERMIT_QUEUE)
    delayed = queue_metric(permits, "ApproximateNumberOfMessagesDelayed")
    depth = {
        "due": waiting_messages(permits),
        "for later": delayed,
        "both, as we see them": gauge(stage.name, Gauge.QUEUE_DEPTH),
    }
    trouble = {
        "dead letters": waiting_messages(f"{permits}-dlq"),
        "unknown": gauge(stage.name, Gauge.UNKNOWN),
    }
    return [
        graph("Permits in the queue", depth, limit=queues.MOST_DUE),
        graph("Oldest permit", {"age": oldest_message(permits)}, limit=queues.OLDEST_PERMIT, unit="seconds"),
        graph("What needs a person", trouble, limit=1),
    ]
