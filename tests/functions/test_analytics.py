"""Who counts: by the queue one workspace at a time, and every minute a word to the queue about all that need it."""

import time
from typing import Any

import pytest

from huntaze.errors import Invalid, Unavailable
from huntaze.ids import new_id
from tests.functions.conftest import Stage
from tests.support.functions import Context, load


class Recorded:
    """Counts nothing, and remembers what was wanted."""

    def __init__(self) -> None:
        self.received: list[tuple[str, float]] = []
        self.rebuilt: list[object] = []

    def receive(self, body: str, until: float) -> None:
        if body == "poison":
            raise Invalid.field("body", "is no ticket")
        if body == "away":
            raise Unavailable("the database is away")
        self.received.append((body, until))

    def rebuild(self, workspace_id: object) -> None:
        self.rebuilt.append(workspace_id)

    def round(self) -> int:
        return 7


@pytest.fixture
def recorded(stage: Stage) -> Recorded:
    found: Any = Recorded()
    stage.parts.counting = stage.parts.count_reminding = found
    told: Recorded = found
    return told


def _records(*bodies: str) -> dict[str, Any]:
    attributes = {"ApproximateReceiveCount": "1"}
    source = "arn:aws:sqs:us-east-1:123456789012:huntaze-analytics"
    return {
        "Records": [
            {"messageId": body, "body": body, "attributes": attributes, "eventSourceARN": source} for body in bodies
        ]
    }


def test_each_message_is_counted_until_shortly_before_the_time_is_over(recorded: Recorded) -> None:
    function = load("analytics")
    assert function.handler(_records("one"), Context()) == {"batchItemFailures": []}
    [(body, until)] = recorded.received
    left = Context().get_remaining_time_in_millis() / 1000
    assert body == "one"
    assert until <= time.monotonic() + left - function.SPARE_SECONDS


def test_what_fails_comes_again_and_nothing_else(recorded: Recorded) -> None:
    failed = load("analytics").handler(_records("poison", "one", "away"), Context())["batchItemFailures"]
    assert [one["itemIdentifier"] for one in failed] == ["poison", "away"]
    assert [body for body, _ in recorded.received] == ["one"]


@pytest.mark.usefixtures("recorded")
def test_every_minute_workers_are_told_where_something_is_stale() -> None:
    assert load("analytics").handler({"source": "aws.events"}, Context()) == {"told": 7}


def test_an_operator_has_a_workspace_counted_anew(recorded: Recorded) -> None:
    workspace_id = new_id()
    assert load("analytics").handler({"rebuild": str(workspace_id)}, Context()) == {"told": 7}
    assert recorded.rebuilt == [workspace_id]
