import logging
from collections.abc import Sequence

import pytest

from huntaze.delivery.hold import HeldDelivery
from huntaze.delivery.permits import Permit, Planned, parse
from tests.support import permits

PERMIT = parse(permits.body(), permits.ATTRIBUTES)


class Queue:
    """Remembers what was put back; what it does not take comes again."""

    def __init__(self) -> None:
        self.put: list[Planned] = []
        self.takes = True

    def publish(self, planned: Sequence[Planned]) -> list[Permit]:
        self.put += planned
        return [] if self.takes else [one.permit for one in planned]


@pytest.fixture
def queue() -> Queue:
    return Queue()


def test_a_permit_goes_back_whole(queue: Queue) -> None:
    assert HeldDelivery(queue.publish, "switched off").serve([PERMIT], 0) == []
    assert [one.permit for one in queue.put] == [PERMIT]


def test_permits_put_back_together_do_not_come_back_together(queue: Queue) -> None:
    HeldDelivery(queue.publish, "switched off").serve([PERMIT] * 200, 0)
    delays = {one.wait.total_seconds() for one in queue.put}
    assert len(delays) > 20
    assert min(delays) >= 60
    assert max(delays) < 120


def test_what_the_queue_does_not_take_is_not_lost(queue: Queue) -> None:
    queue.takes = False
    assert HeldDelivery(queue.publish, "switched off").serve([PERMIT], 0) == [PERMIT]


def test_what_waits_is_logged_by_ids_and_reason(queue: Queue, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO):
        HeldDelivery(queue.publish, "switched off", random_below=lambda _: 7).serve([PERMIT], 0)
    (line,) = caplog.records
    logged = {name: line.__dict__[name] for name in ("messageId", "userId", "workspaceId", "delaySeconds", "reason")}
    assert logged == {
        "messageId": permits.IDS[2],
        "userId": "member-1",
        "workspaceId": permits.IDS[0],
        "delaySeconds": 67,
        "reason": "switched off",
    }
