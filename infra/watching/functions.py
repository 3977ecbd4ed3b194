"""Alarms of functions: they fail, are held back, or take too long."""

from infra.constructs.alarms import Alarms, Severity
from infra.constructs.metrics import function_metric
from infra.functions import FUNCTIONS, MIGRATE, FunctionSpec
from infra.stage import Stage

# Of a function's time: what takes longer is about to be cut off.
MOST_OF_ITS_TIME = 0.8
SLOW_ANSWER_MS = 3_000
# So many starts of a schedule that fail one after the other are no accident.
FAILED_STARTS = 3


def watch_functions(alarms: Alarms, stage: Stage) -> None:
    """Each of them."""
    for spec in FUNCTIONS:
        name = stage.physical(spec.name)
        _watch_errors(alarms, name, spec)
        _watch_throttles(alarms, name, spec)
        if spec != MIGRATE:
            _watch_slowness(alarms, name, spec)
        if spec.every_minutes is not None and not stage.rests:
            _watch_starts(alarms, name, spec, spec.every_minutes)


def _watch_errors(alarms: Alarms, name: str, spec: FunctionSpec) -> None:
    alarms.add(
        f"{spec.folder}-errors",
        Severity.CRITICAL,
        function_metric(name, "Errors"),
        above=10,
        advice=f"{name} fails more than 10 times a minute. Read the errors in its log group; roll back the last"
        " deployment if they began with it.",
        runbook="function-errors",
    )


def _watch_throttles(alarms: Alarms, name: str, spec: FunctionSpec) -> None:
    alarms.add(
        f"{spec.folder}-throttles",
        Severity.WARNING,
        function_metric(name, "Throttles"),
        above=0,
        advice=f"{name} is asked for more than it may do at once. Compare its concurrency with at_once in"
        " infra/functions.py and with the account's limit.",
        runbook="function-throttles",
    )


def _watch_slowness(alarms: Alarms, name: str, spec: FunctionSpec) -> None:
    alarms.add(
        f"{spec.folder}-p99",
        Severity.WARNING,
        function_metric(name, "Duration", "p99"),
        above=SLOW_ANSWER_MS if spec.is_waited_for else 1000 * spec.timeout_s * MOST_OF_ITS_TIME,
        periods=5,
        advice=f"One of a hundred calls of {name} takes too long, for five minutes. See in its traces whether it"
        " waits for database, cache or a platform; compare with the last deployment.",
        runbook="function-p99",
    )


def _watch_starts(alarms: Alarms, name: str, spec: FunctionSpec, minutes: int) -> None:
    """A schedule that fails each time never fails ten times a minute."""
    alarms.add(
        f"{spec.folder}-failing",
        Severity.CRITICAL,
        function_metric(name, "Errors", minutes=minutes),
        above=0,
        periods=FAILED_STARTS,
        advice=f"{name} failed {FAILED_STARTS} times one after the other, so what it does every {minutes} minutes is"
        " not done. Read its last error; if the database is away, mend that first.",
        runbook="schedule-failing",
    )
