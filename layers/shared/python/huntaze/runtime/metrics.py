"""Metrics as lines of the log, in CloudWatch's embedded format: no call, no client, nothing to wait for.

Each figure is a line of its own, written at once, so a process that dies has lost none. Every dimension has few values:
each combination of them is a metric that costs.
"""

import json
import sys
from collections.abc import Mapping
from typing import TextIO

from huntaze.clock import Clock
from huntaze.measures import Count, Gauge, Time

_UNITS = {Gauge.OUTBOX_AGE: "Seconds"}


class EmbeddedMetrics:
    """Writes figures down for CloudWatch, by stage and, where there is one, by platform too."""

    def __init__(self, namespace: str, stage: str, clock: Clock, out: TextIO | None = None) -> None:
        self._namespace = namespace
        self._stage = stage
        self._clock = clock
        self._out = out

    def count(self, what: Count, times: int, platform: str) -> None:
        """It happened so many times more."""
        self._write(what, times, "Count", {"platform": platform})

    def time(self, what: Time, seconds: float, platform: str) -> None:
        """It took so long once."""
        self._write(what, seconds, "Seconds", {"platform": platform})

    def gauge(self, what: Gauge, value: float) -> None:
        """There is so much of it now."""
        self._write(what, value, _UNITS.get(what, "Count"), {})

    def _write(self, name: str, value: float, unit: str, more: Mapping[str, str]) -> None:
        # By stage alone too: alarms are set on all platforms together.
        dimensions = [["stage"], ["stage", *more]] if more else [["stage"]]
        directive = {
            "Namespace": self._namespace,
            "Dimensions": dimensions,
            "Metrics": [{"Name": name, "Unit": unit}],
        }
        milliseconds = int(self._clock.now().timestamp() * 1000)
        about = {"Timestamp": milliseconds, "CloudWatchMetrics": [directive]}
        line = json.dumps({"_aws": about, "stage": self._stage, **more, name: value}, separators=(",", ":"))
        print(line, file=self._out or sys.stdout, flush=True)
