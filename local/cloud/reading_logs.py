"""The newest errors that the functions of a stage have logged."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from infra.functions import FUNCTIONS
from local.cloud.account import Aws, stage_named

MOST = 5
_ERRORS = '{ $.level = "ERROR" || $.level = "CRITICAL" }'


@dataclass(frozen=True, order=True)
class Line:
    """One error; ids and kinds alone, for our logs hold nothing else."""

    at: float
    function: str
    said: str

    def __str__(self) -> str:
        return f"{datetime.fromtimestamp(self.at, UTC):%H:%M:%S} {self.function}: {self.said}"


def newest_errors(stage: str, aws: Aws, since: float) -> list[Line]:
    """The newest of each function together, oldest first."""
    known = [stage_named(stage).physical(spec.name) for spec in FUNCTIONS]
    return sorted(line for function in known for line in _errors(aws, function, since))[-MOST:]


def _errors(aws: Aws, function: str, since: float) -> Iterator[Line]:
    logs = aws.client("logs")
    words = {"logGroupName": f"/aws/lambda/{function}", "startTime": int(since * 1000), "filterPattern": _ERRORS}
    try:
        pages = logs.get_paginator("filter_log_events").paginate(**words)
        for event in (event for page in pages for event in page["events"]):
            if (said := _error(event["message"])) is not None:
                yield Line(event["timestamp"] / 1000, function, said)
    except logs.exceptions.ResourceNotFoundException:
        return  # a function that was never called has no log on the local AWS


def _error(message: str) -> str | None:
    """What a line says, if it is one of an error: not everything that calls itself a log judges patterns."""
    try:
        line: Any = json.loads(message)
    except ValueError:
        return None
    if not isinstance(line, dict) or line.get("level") not in {"ERROR", "CRITICAL"}:
        return None
    told = [line.get("message") or line.get("errorMessage"), line.get("exception_name") or line.get("errorType")]
    return " · ".join(str(word) for word in told if word)
