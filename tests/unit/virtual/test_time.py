"""Time that passes only when everybody waits."""

from concurrent.futures import FIRST_COMPLETED

import pytest

from bench.virtual.time import START, VirtualThreads, VirtualTime, passing
from huntaze.delivery import handing_over, relay


def test_whoever_sleeps_lets_others_go_on_and_comes_back_in_the_order_of_time() -> None:
    time, seen = VirtualTime(), list[tuple[str, float]]()

    def work(name: str, *sleeps: float) -> None:
        for each in sleeps:
            time.sleep(each)
            seen.append((name, time.monotonic()))

    time.begin(work, "a", 1, 3)
    time.begin(work, "b", 2, 0, 2)
    time.run(3.5)
    assert seen == [("a", 1), ("b", 2), ("b", 2)]
    time.run(3.5)
    assert seen[3:] == [("a", 4), ("b", 4)]
    assert (time.monotonic(), (time.now() - START).total_seconds()) == (7, 7)


def test_an_error_of_somebody_at_work_ends_it_all() -> None:
    time = VirtualTime()

    def fail() -> None:
        time.sleep(1)
        raise ZeroDivisionError

    time.begin(fail)
    with pytest.raises(ZeroDivisionError):
        time.run(2)


def test_nobody_else_can_wait() -> None:
    with pytest.raises(AssertionError):
        VirtualTime().sleep(1)


def test_work_side_by_side_is_waited_for_one_by_one() -> None:
    time, found = VirtualTime(), list[tuple[float, list[str]]]()
    threads = VirtualThreads(time)

    def answer(seconds: float, name: str) -> str:
        time.sleep(seconds)
        return name

    def work() -> None:
        with threads(10) as beside:
            flying = [beside.submit(answer, *words) for words in ((3.0, "late"), (1.0, "a"), (1.0, "b"), (0.0, "now"))]
            while flying:
                done, flying = threads.wait(flying, return_when=FIRST_COMPLETED)
                found.append((time.monotonic(), [each.result() for each in done]))

    time.begin(work)
    time.run(10)
    assert found == [(0, ["now"]), (1, ["a", "b"]), (3, ["late"])]


def test_the_send_path_reads_this_clock_only_meanwhile() -> None:
    time, own = VirtualTime(), (handing_over.ThreadPoolExecutor, handing_over.wait, handing_over.time, relay.time)
    with passing(time):
        assert (handing_over.time, relay.time) == (time, time)
    assert (handing_over.ThreadPoolExecutor, handing_over.wait, handing_over.time, relay.time) == own
