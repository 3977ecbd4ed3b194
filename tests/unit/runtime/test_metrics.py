"""Figures as CloudWatch reads them out of the log."""

import io
import json
from datetime import UTC, datetime
from typing import Any

from huntaze.clock import FixedClock
from huntaze.measures import Count, Gauge, Measures, Time
from huntaze.runtime.metrics import EmbeddedMetrics

NOON = datetime(2026, 5, 1, 12, tzinfo=UTC)


def _written(measure: Any) -> list[dict[str, Any]]:
    out = io.StringIO()
    measures: Measures = EmbeddedMetrics("Huntaze/OnlyFans", "staging", FixedClock(NOON), out)
    measure(measures)
    return [json.loads(line) for line in out.getvalue().splitlines()]


def test_a_count_is_told_by_stage_and_by_platform_too() -> None:
    (line,) = _written(lambda measures: measures.count(Count.QUEUED, 3, "fansly"))
    assert line == {
        "_aws": {
            "Timestamp": int(NOON.timestamp() * 1000),
            "CloudWatchMetrics": [
                {
                    "Namespace": "Huntaze/OnlyFans",
                    "Dimensions": [["stage"], ["stage", "platform"]],
                    "Metrics": [{"Name": "OnlyFansMessagesQueued", "Unit": "Count"}],
                }
            ],
        },
        "stage": "staging",
        "platform": "fansly",
        "OnlyFansMessagesQueued": 3,
    }


def test_each_kind_of_figure_has_its_unit_and_is_written_at_once() -> None:
    def measure(measures: Measures) -> None:
        measures.time(Time.SLOT_DELAY, 0.25, "onlyfans")
        measures.gauge(Gauge.OUTBOX_AGE, 12.5)
        measures.gauge(Gauge.QUEUE_DEPTH, 7)

    told = {
        metric["Name"]: (metric["Unit"], line[metric["Name"]], directive["Dimensions"])
        for line in _written(measure)
        for directive in line["_aws"]["CloudWatchMetrics"]
        for metric in directive["Metrics"]
    }
    assert told == {
        "OnlyFansSlotDelay": ("Seconds", 0.25, [["stage"], ["stage", "platform"]]),
        "OnlyFansOutboxAge": ("Seconds", 12.5, [["stage"]]),
        "OnlyFansQueueDepth": ("Count", 7, [["stage"]]),
    }


def test_the_names_are_those_of_the_contract() -> None:
    assert {each.value for kind in (Count, Time, Gauge) for each in kind} >= {
        *("OnlyFansMessagesQueued", "OnlyFansMessagesProcessed", "OnlyFansMessagesFailed", "OnlyFansMessagesUnknown"),
        *("OnlyFansMessagesDeferred", "OnlyFansQueueDepth", "OnlyFansProcessingTime", "OnlyFansSlotDelay"),
        "OnlyFansOutboxAge",
    }
