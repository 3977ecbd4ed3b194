"""What is watched: alarms that say what to do, and one dashboard."""

from typing import Any

from aws_cdk import Stack
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_kms as kms
from constructs import Construct

from huntaze.measures import Gauge
from infra.constructs.alarms import Alarms, Severity
from infra.constructs.metrics import failure_rate, function_metric, gauge, oldest_message, waiting_messages
from infra.functions import (
    ANALYTICS_QUEUE,
    EXPORT_QUEUE,
    FUNCTIONS,
    IMPORT_QUEUE,
    MIGRATE,
    PERMIT_QUEUE,
    WEBHOOK_QUEUE,
    FunctionSpec,
)
from infra.stage import Stage

# Seconds. A permit waits up to 15 minutes for its slot, and may be hidden for three more by a worker that died.
OLDEST_PERMIT = 20 * 60
OLDEST_OVERDUE_PERMIT = 5 * 60
# Of a function's time: what takes longer is about to be cut off.
MOST_OF_ITS_TIME = 0.8
SLOW_ANSWER_MS = 3_000


class MonitoringStack(Stack):
    """Reads figures by their names alone; it can be deleted and deployed again at any time."""

    def __init__(self, scope: Construct, construct_id: str, *, stage: Stage, key: kms.IKey, **options: Any) -> None:
        super().__init__(scope, construct_id, **options)
        self._functions = [stage.physical(spec.name) for spec in FUNCTIONS]
        self._permits = stage.physical(PERMIT_QUEUE)
        self._dead_letters = f"{self._permits}-dlq"
        alarms = Alarms(self, "Alarms", stage, key)
        for spec in FUNCTIONS:
            self._watch_function(alarms, stage.physical(spec.name), spec.folder)
            if spec != MIGRATE:
                self._watch_slowness(alarms, stage.physical(spec.name), spec)
        self._watch_permits(alarms)
        if stage.alarms_compute:
            self._watch_failures(alarms, stage.name)
        self._watch_messages(alarms, stage.name)
        self._watch_exports(alarms, f"{stage.physical(EXPORT_QUEUE)}-dlq")
        self._watch_imports(alarms, f"{stage.physical(IMPORT_QUEUE)}-dlq")
        self._watch_events(alarms, f"{stage.physical(WEBHOOK_QUEUE)}-dlq")
        self._watch_counts(alarms, f"{stage.physical(ANALYTICS_QUEUE)}-dlq")
        self._dashboard(stage)

    def _watch_function(self, alarms: Alarms, name: str, short: str) -> None:
        alarms.add(
            f"{short}-errors",
            Severity.CRITICAL,
            function_metric(name, "Errors"),
            above=10,
            advice=f"{name} fails more than 10 times a minute. Read the errors in its log group; roll back the last"
            " deployment if they began with it.",
        )
        alarms.add(
            f"{short}-throttles",
            Severity.WARNING,
            function_metric(name, "Throttles"),
            above=0,
            advice=f"{name} is asked for more than it may do at once. Compare its concurrency with at_once in"
            " infra/functions.py and with the account's limit.",
        )

    def _watch_slowness(self, alarms: Alarms, name: str, spec: FunctionSpec) -> None:
        is_waited_for = spec.consumes is None and spec.every_minutes is None
        alarms.add(
            f"{spec.folder}-p99",
            Severity.WARNING,
            function_metric(name, "Duration", "p99"),
            above=SLOW_ANSWER_MS if is_waited_for else 1000 * spec.timeout_s * MOST_OF_ITS_TIME,
            periods=5,
            advice=f"One of a hundred calls of {name} takes too long, for five minutes. See in its traces whether it"
            " waits for database, cache or a platform; compare with the last deployment.",
        )

    def _watch_permits(self, alarms: Alarms) -> None:
        alarms.add(
            "permits-old",
            Severity.WARNING,
            oldest_message(self._permits),
            above=OLDEST_PERMIT,
            advice="A permit is older than any plan. See whether the rate limiter runs, or fails again and again at the"
            " same permit: its log names the messageId.",
        )
        alarms.add(
            "permits-waiting",
            Severity.WARNING,
            waiting_messages(self._permits),
            above=100,
            advice="More than 100 permits are due and not taken. See whether the rate limiter runs, is throttled, or"
            " has lost database or cache.",
        )
        alarms.add(
            "dead-letters",
            Severity.WARNING,
            waiting_messages(self._dead_letters),
            above=0,
            advice="A permit failed ten times. Find its messageId in the rate limiter's log, mend the cause, then"
            " redrive the dead letters.",
        )
        alarms.add(
            "many-dead-letters",
            Severity.CRITICAL,
            waiting_messages(self._dead_letters),
            above=10,
            advice="More than 10 permits failed ten times. Set RATE_LIMITER_ENABLED=false to hold sending, mend the"
            " cause, release, then redrive the dead letters.",
        )

    def _watch_failures(self, alarms: Alarms, stage: str) -> None:
        alarms.add(
            "messages-failing",
            Severity.WARNING,
            failure_rate(stage),
            above=5,
            advice="More than 5 of a hundred messages fail. GET /api/onlyfans/messages/failed tells why; pause the"
            " account if it is one account's, and retry when the cause is mended.",
        )

    def _watch_messages(self, alarms: Alarms, stage: str) -> None:
        alarms.add(
            "messages-unknown",
            Severity.WARNING,
            gauge(stage, Gauge.UNKNOWN),
            above=0,
            periods=3,
            advice="Nobody knows of some messages for 15 minutes whether they arrived. Look at the platform, then"
            " decide each with POST /api/onlyfans/messages/{id}/resolution.",
        )
        alarms.add(
            "outbox-age",
            Severity.CRITICAL,
            gauge(stage, Gauge.OUTBOX_AGE),
            above=OLDEST_OVERDUE_PERMIT,
            advice="A permit should have fired five minutes ago. See whether the relay and the rate limiter run and"
            " reach the queue, and whether RATE_LIMITER_ENABLED=false holds them on purpose.",
        )

    def _watch_exports(self, alarms: Alarms, dead_letters: str) -> None:
        alarms.add(
            "exports-dead-letters",
            Severity.WARNING,
            waiting_messages(dead_letters),
            above=0,
            advice="An export could not even be marked as failed, ten times. Who asked for it was offered to try again."
            " Find its exportId in the log of the exports function, mend the cause, delete the dead letter.",
        )

    def _watch_imports(self, alarms: Alarms, dead_letters: str) -> None:
        alarms.add(
            "imports-dead-letters",
            Severity.WARNING,
            waiting_messages(dead_letters),
            above=0,
            advice="An import failed ten times at the same place, for a reason of ours. Find its importId in the log of"
            " huntaze-imports, mend the cause, redrive the dead letters: it goes on where it was.",
        )

    def _watch_events(self, alarms: Alarms, dead_letters: str) -> None:
        alarms.add(
            "events-dead-letters",
            Severity.WARNING,
            waiting_messages(dead_letters),
            above=0,
            advice="An event from a platform failed ten times, for a reason of ours. Find its eventId in the log of"
            " huntaze-webhooks, mend the cause, redrive the dead letters: what was done is not done again.",
        )

    def _watch_counts(self, alarms: Alarms, dead_letters: str) -> None:
        alarms.add(
            "counts-dead-letters",
            Severity.WARNING,
            waiting_messages(dead_letters),
            above=0,
            advice="The numbers of a workspace could not be counted, ten times. Find the error in the log of"
            " huntaze-analytics, mend the cause, delete the dead letter: the next minute asks for it again.",
        )

    def _dashboard(self, stage: Stage) -> None:
        cloudwatch.Dashboard(
            self,
            "Dashboard",
            dashboard_name=stage.physical("huntaze"),
            widgets=[
                [
                    self._graph("Invocations a minute", "Invocations", "Sum"),
                    self._graph("Errors a minute", "Errors", "Sum"),
                    self._graph("Duration, 95th percentile (ms)", "Duration", "p95"),
                ],
                [_depth("Permits due", self._permits), _depth("Dead letters", self._dead_letters)],
            ],
        )

    def _graph(self, title: str, metric: str, statistic: str) -> cloudwatch.GraphWidget:
        lines = [function_metric(name, metric, statistic).with_(label=name) for name in self._functions]
        return cloudwatch.GraphWidget(title=title, width=8, left=lines)


def _depth(title: str, queue_name: str) -> cloudwatch.GraphWidget:
    return cloudwatch.GraphWidget(title=title, width=12, left=[waiting_messages(queue_name).with_(label=queue_name)])
