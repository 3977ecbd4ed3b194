import logging

import pytest

from huntaze.delivery.hold import HeldDelivery
from huntaze.delivery.permits import parse
from huntaze.errors import Invalid
from tests.support import permits
from tests.support.fakes import FakePermitQueue

QUEUE = "arn:aws:sqs:us-east-1:123456789012:queue"


@pytest.fixture
def queue() -> FakePermitQueue:
    return FakePermitQueue()


def test_a_permit_goes_back_whole_into_the_queue_it_came_from(queue: FakePermitQueue) -> None:
    HeldDelivery(queue, "switched off").receive(permits.body(), permits.ATTRIBUTES, QUEUE)
    ((permit, where, _),) = queue.put
    assert permit == parse(permits.body(), permits.ATTRIBUTES)
    assert where == QUEUE


def test_permits_put_back_together_do_not_come_back_together(queue: FakePermitQueue) -> None:
    held = HeldDelivery(queue, "switched off")
    for _ in range(200):
        held.receive(permits.body(), permits.ATTRIBUTES, QUEUE)
    delays = {delay for _, _, delay in queue.put}
    assert len(delays) > 20
    assert min(delays) >= 60
    assert max(delays) < 120


def test_poison_is_not_put_back(queue: FakePermitQueue) -> None:
    with pytest.raises(Invalid):
        HeldDelivery(queue, "switched off").receive("{}", {}, QUEUE)
    assert not queue.put


def test_what_waits_is_logged_by_ids_and_reason(queue: FakePermitQueue, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO):
        HeldDelivery(queue, "switched off", random_below=lambda _: 7).receive(permits.body(), permits.ATTRIBUTES, QUEUE)
    (line,) = caplog.records
    logged = {name: line.__dict__[name] for name in ("messageId", "userId", "workspaceId", "delaySeconds", "reason")}
    assert logged == {
        "messageId": permits.IDS[2],
        "userId": "member-1",
        "workspaceId": permits.IDS[0],
        "delaySeconds": 67,
        "reason": "switched off",
    }
