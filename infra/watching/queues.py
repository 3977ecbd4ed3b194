"""Alarms of queues: what is due is not taken, or failed so often that it was put aside."""

from infra.constructs.alarms import Alarms, Severity
from infra.constructs.metrics import oldest_message, waiting_messages
from infra.functions import ANALYTICS_QUEUE, EXPORT_QUEUE, IMPORT_QUEUE, PERMIT_QUEUE, WEBHOOK_QUEUE
from infra.stage import Stage

# Seconds. A permit waits up to 15 minutes for its slot, and may be hidden for three more by a worker that died.
OLDEST_PERMIT = 20 * 60
MOST_DUE = 100
MANY_DEAD = 10


def watch_queues(alarms: Alarms, stage: Stage) -> None:
    """The queue of permits, and the dead letters of the others."""
    permits = stage.physical(PERMIT_QUEUE)
    _watch_permits(alarms, permits)
    _watch_dead_permits(alarms, f"{permits}-dlq")
    for name, queue, advice in OTHERS:
        dead_letters = waiting_messages(f"{stage.physical(queue)}-dlq")
        alarms.add(f"{name}-dead-letters", Severity.WARNING, dead_letters, above=0, advice=advice)


def _watch_permits(alarms: Alarms, permits: str) -> None:
    alarms.add(
        "permits-old",
        Severity.WARNING,
        oldest_message(permits),
        above=OLDEST_PERMIT,
        advice="A permit is older than any plan. See whether the rate limiter runs, or fails again and again at the"
        " same permit: its log names the messageId.",
    )
    alarms.add(
        "permits-waiting",
        Severity.WARNING,
        waiting_messages(permits),
        above=MOST_DUE,
        advice=f"More than {MOST_DUE} permits are due and not taken. See whether the rate limiter runs, is throttled,"
        " or has lost database or cache.",
    )


def _watch_dead_permits(alarms: Alarms, dead_letters: str) -> None:
    alarms.add(
        "dead-letters",
        Severity.WARNING,
        waiting_messages(dead_letters),
        above=0,
        advice="A permit failed ten times. Find its messageId in the rate limiter's log, mend the cause, then"
        " redrive the dead letters.",
    )
    alarms.add(
        "many-dead-letters",
        Severity.CRITICAL,
        waiting_messages(dead_letters),
        above=MANY_DEAD,
        advice=f"More than {MANY_DEAD} permits failed ten times. Set RATE_LIMITER_ENABLED=false to hold sending, mend"
        " the cause, release, then redrive the dead letters.",
    )


OTHERS = (
    (
        "exports",
        EXPORT_QUEUE,
        (
            "An export could not even be marked as failed, ten times. Who asked for it was offered to try again."
            " Find its exportId in the log of the exports function, mend the cause, delete the dead letter."
        ),
    ),
    (
        "imports",
        IMPORT_QUEUE,
        (
            "An import failed ten times at the same place, for a reason of ours. Find its importId in the log of"
            " huntaze-imports, mend the cause, redrive the dead letters: it goes on where it was."
        ),
    ),
    (
        "events",
        WEBHOOK_QUEUE,
        (
            "An event from a platform failed ten times, for a reason of ours. Find its eventId in the log of"
            " huntaze-webhooks, mend the cause, redrive the dead letters: what was done is not done again."
        ),
    ),
    (
        "counts",
        ANALYTICS_QUEUE,
        (
            "The numbers of a workspace could not be counted, ten times. Find the error in the log of"
            " huntaze-analytics, mend the cause, delete the dead letter: the next minute asks for it again."
        ),
    ),
)
