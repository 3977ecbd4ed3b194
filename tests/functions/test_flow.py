"""The schedule of campaigns: each is seen to while there is time, and none while sending is held."""

import time
from typing import Any

from huntaze.delivery.gate import Gate
from tests.functions.conftest import Stage
from tests.support.functions import Context, load

EVENT = {"source": "aws.events"}


class Recorded:
    """Remembers until when it may run."""

    def __init__(self) -> None:
        self.until: list[float] = []

    def round(self, until: float) -> int:
        self.until.append(until)
        return 7


def _flow(stage: Stage) -> Recorded:
    flowing: Any = Recorded()
    stage.parts.flowing = flowing
    recorded: Recorded = flowing
    return recorded


def test_it_runs_until_shortly_before_its_time_is_over(stage: Stage) -> None:
    flowing, left = _flow(stage), Context().get_remaining_time_in_millis() / 1000
    assert load("flow").handler(EVENT, Context()) == {"let_out": 7}
    assert flowing.until[0] <= time.monotonic() + left - load("flow").SPARE_SECONDS


def test_nothing_flows_while_sending_is_held(stage: Stage) -> None:
    flowing, stage.parts.gate = _flow(stage), Gate("an operator")
    assert load("flow").handler(EVENT, Context()) == {"let_out": 0}
    assert flowing.until == []
