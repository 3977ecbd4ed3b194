"""Time that passes only when everybody waits. Whoever waits is a greenlet, so the real code blocks as ever."""

import heapq
from collections.abc import Callable, Collection, Iterator
from concurrent.futures import FIRST_COMPLETED
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any, Generic, Self, TypeVar
from unittest import mock

from greenlet import getcurrent, greenlet

from huntaze.delivery import handing_over, relay

START = datetime(2026, 7, 1, 12, tzinfo=UTC)
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
START_MICROSECONDS = (START - EPOCH) // timedelta(microseconds=1)
SECOND = 1_000_000

Found = TypeVar("Found")


class VirtualTime:
    """A clock, and all that is going to happen by it: in the order of time, and of asking where that is the same."""

    def __init__(self) -> None:
        self.microseconds = 0  # since the start
        self._happenings: list[tuple[int, int, Callable[[], object]]] = []
        self._asked = 0
        self._hub: greenlet | None = None
        self._read: tuple[int, datetime] = (0, START)

    def now(self) -> datetime:
        """What a clock on the wall shows."""
        if self._read[0] != self.microseconds:
            self._read = self.microseconds, START + timedelta(microseconds=self.microseconds)
        return self._read[1]

    def monotonic(self) -> float:
        """Seconds since the start."""
        return self.microseconds / SECOND

    def after(self, seconds: float, act: Callable[[], object]) -> None:
        """Do something when so much time has passed."""
        self._asked += 1
        heapq.heappush(self._happenings, (self.microseconds + round(seconds * SECOND), self._asked, act))

    def begin(self, work: Callable[..., object], *words: Any) -> None:
        """Start something that may wait, as soon as everybody who is at work waits."""
        self.after(0, greenlet(lambda: work(*words), parent=self._hub).switch)

    def sleep(self, seconds: float) -> None:
        """Wait, while others go on."""
        if seconds > 0:
            self.after(seconds, getcurrent().switch)
            self.wait()

    def wait(self) -> Any:
        """Until somebody goes on with us; what they hand over."""
        if self._hub is None:
            raise AssertionError("nobody but what was begun can wait")
        return self._hub.switch()

    def run(self, seconds: float) -> None:
        """Let so much time pass. What one of those at work does not catch ends it all."""
        self._hub = getcurrent()
        until = self.microseconds + round(seconds * SECOND)
        while self._happenings and self._happenings[0][0] <= until:
            self.microseconds, _, act = heapq.heappop(self._happenings)
            act()
        self.microseconds = until


class Bell:
    """Wakes whoever made it, once."""

    def __init__(self, time: VirtualTime) -> None:
        self._time = time
        self._waiting: greenlet | None = getcurrent()

    def ring(self) -> None:
        """Somebody is awaited no longer."""
        if self._waiting is not None:
            self._time.after(0, self._waiting.switch)
            self._waiting = None


class VirtualFuture(Generic[Found]):
    """What somebody who works beside us will have found."""

    def __init__(self) -> None:
        self.is_done = False
        self.bell: Bell | None = None
        self._found: Any = None

    def finish(self, found: Found) -> None:
        """It is there; whoever waits goes on at this same moment."""
        self.is_done, self._found = True, found
        if self.bell is not None:
            self.bell.ring()

    def result(self) -> Found:
        """What was found."""
        found: Found = self._found
        return found


class VirtualThreads:
    """Stands where ThreadPoolExecutor and `wait` stand in the module that sends side by side."""

    def __init__(self, time: VirtualTime) -> None:
        self._time = time

    def __call__(self, _at_once: int) -> Self:
        """As many as are asked for: no batch is larger than that."""
        return self

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        """Whoever submits waits for all there is."""

    def submit(self, work: Callable[..., Found], *words: Any) -> VirtualFuture[Found]:
        """Do it beside us."""
        future = VirtualFuture[Found]()

        self._time.begin(lambda: future.finish(work(*words)))
        return future

    def wait(
        self, futures: Collection[VirtualFuture[Found]], *, return_when: str
    ) -> tuple[list[VirtualFuture[Found]], list[VirtualFuture[Found]]]:
        """Those that are done, and the others, once one is; in the order of their making, so that a seed tells all."""
        if return_when != FIRST_COMPLETED:
            raise NotImplementedError(return_when)
        if not any(future.is_done for future in futures):
            self._wait_for_one(futures)
        return [each for each in futures if each.is_done], [each for each in futures if not each.is_done]

    def _wait_for_one(self, futures: Collection[VirtualFuture[Found]]) -> None:
        bell = Bell(self._time)
        for future in futures:
            future.bell = bell
        self._time.wait()


@contextmanager
def passing(time: VirtualTime) -> Iterator[None]:
    """Meanwhile the send path's own modules read this clock, and work side by side under it."""
    threads = VirtualThreads(time)
    with (
        mock.patch.multiple(handing_over, ThreadPoolExecutor=threads, wait=threads.wait, time=time),
        mock.patch.object(relay, "time", time),
    ):
        yield
