"""The simulated queue does what SQS says that it does."""

from collections.abc import Callable
from random import Random
from typing import Any

import pytest

from bench.virtual import queue as module
from bench.virtual.queue import VirtualQueue
from bench.virtual.time import VirtualTime


@pytest.fixture
def time() -> VirtualTime:
    return VirtualTime()


@pytest.fixture
def queue(time: VirtualTime, monkeypatch: pytest.MonkeyPatch) -> VirtualQueue:
    monkeypatch.setattr(module, "JITTER_SECONDS", 0)
    monkeypatch.setattr(module, "TWICE", 0)
    return VirtualQueue(time, Random(1))  # noqa: S311 - dice


def put(queue: VirtualQueue, *delays: int, group: str = "zoe") -> None:
    entries = [
        {
            "MessageBody": str(delay),
            "MessageAttributes": {"userId": {"DataType": "String", "StringValue": "zoe"}},
            "MessageGroupId": group,
            "DelaySeconds": delay,
        }
        for delay in delays
    ]
    queue.send_message_batch(QueueUrl="queue", Entries=entries)


def at(time: VirtualTime, seconds: float, act: Callable[..., object], *words: Any) -> None:
    time.after(seconds, lambda: time.begin(act, *words))


def collect(queue: VirtualQueue, time: VirtualTime, *, delete: bool = True) -> list[tuple[float, list[str]]]:
    """What somebody finds who asks again and again."""
    found: list[tuple[float, list[str]]] = []

    def ask() -> None:
        while True:
            messages = queue.receive()
            found.append((round(time.monotonic(), 2), [each.body for each in messages]))
            if delete:
                queue.delete([each.id for each in messages])

    time.begin(ask)
    return found


def test_a_message_is_there_when_its_delay_is_over_and_up_to_ten_come_at_once(
    queue: VirtualQueue, time: VirtualTime
) -> None:
    found = collect(queue, time)
    time.begin(put, queue, 900, *[5] * 9)
    time.begin(put, queue, *[5] * 3)
    time.run(1000)
    # Each call takes a hundredth of a second: to put, to receive, and to delete before the next one is received.
    assert found == [(5.02, ["5"] * 10), (5.04, ["5"] * 2), (900.02, ["900"])]
    assert queue.counts == {"sends": 2, "receives": 3, "received": 13, "deletes": 3}


def test_what_is_not_deleted_comes_again_until_it_is_a_dead_letter(queue: VirtualQueue, time: VirtualTime) -> None:
    found = collect(queue, time, delete=False)
    time.begin(put, queue, 0)
    time.run(3600)
    assert [round(at) for at, _ in found] == [180 * number for number in range(10)]
    assert [each.receives for each in queue.dead] == [10]


def test_whoever_waits_is_woken_alone(queue: VirtualQueue, time: VirtualTime) -> None:
    found = [collect(queue, time) for _ in range(3)]
    at(time, 1, put, queue, 0)
    time.run(10)
    assert sorted(len(each) for each in found) == [0, 0, 1]


def test_a_group_that_has_much_in_flight_lets_others_go_first(queue: VirtualQueue, time: VirtualTime) -> None:
    found = collect(queue, time, delete=False)
    for _ in range(4):
        time.begin(put, queue, *[0] * 10)
    time.begin(lambda: put(queue, *[0] * 10, group="max"))
    time.run(100)
    bodies = [len(each) for _, each in found]
    assert bodies == [10] * 5
    assert queue.most_in_flight == 50


@pytest.mark.parametrize("delays", [(), (0,) * 11, (901,), (-1,)])
def test_it_takes_no_more_than_sqs_does(queue: VirtualQueue, time: VirtualTime, delays: tuple[int, ...]) -> None:
    time.begin(put, queue, *delays)
    with pytest.raises(ValueError, match=r"Delay|\[\]"):
        time.run(1)
