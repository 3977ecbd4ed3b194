"""A small TCP proxy before a server: it delays, cuts what is asked, and cuts what was done before it is answered.

It knows no protocol. What it strikes is told by bytes that a request holds: a commit of PostgreSQL, a script of Redis,
the name of an action of SQS, the first line of a message to a bridge.
"""

import asyncio
import re
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from enum import StrEnum
from threading import Event, Lock, Thread
from types import TracebackType
from typing import Self

from local.processes import free_port

AT_ONCE = 256 * 1024
A_MOMENT = 0.05
REFERENCE = re.compile(rb'"clientReference":\s?"([0-9a-f-]{36})"')


class Strike(StrEnum):
    """What becomes of a request."""

    CUT_BEFORE = "cut_before"  # the server never hears of it
    CUT_AFTER = "cut_after"  # the server did it, and its answer is read and thrown away
    DELAY = "delay"


@dataclass(slots=True)
class Order:
    """A strike that waits for its requests."""

    strike: Strike
    holding: bytes
    left: int
    seconds: float


class Proxy:
    """Stands before one server of 127.0.0.1, in a thread of its own."""

    def __init__(self, name: str, port: int) -> None:
        self.name = name
        self.struck: Counter[Strike] = Counter()
        self.references: set[str] = set()  # of messages whose sender was cut off
        self.port = free_port()
        self._behind = port
        self._orders: list[Order] = []
        self._lock = Lock()
        self._loop = asyncio.new_event_loop()
        self._listening = Event()
        self._lines: set[asyncio.Task[None]] = set()
        self._thread = Thread(target=self._run, daemon=True, name=f"proxy {name}")

    def __enter__(self) -> Self:
        self._thread.start()
        self._listening.wait()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()

    def strike(self, strike: Strike, holding: bytes = b"", *, times: int = 1, seconds: float = 0) -> None:
        """Let this befall the next requests that hold these bytes."""
        with self._lock:
            self._orders.append(Order(strike, holding, times, seconds))

    def relent(self) -> int:
        """Strike nothing more; how many strikes found no request."""
        with self._lock:
            left = sum(order.left for order in self._orders)
            self._orders.clear()
        return left

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        server = self._loop.run_until_complete(asyncio.start_server(self._connected, "127.0.0.1", self.port))
        self._listening.set()
        self._loop.run_forever()
        self._loop.run_until_complete(self._hung_up(server))
        self._loop.close()

    async def _hung_up(self, server: asyncio.Server) -> None:
        server.close()
        for line in self._lines:
            line.cancel()
        await asyncio.gather(*self._lines, return_exceptions=True)
        await asyncio.sleep(A_MOMENT)  # what is closed is let go by the loop's next turns

    async def _connected(self, asking: asyncio.StreamReader, heard: asyncio.StreamWriter) -> None:
        line = asyncio.current_task()
        assert line  # noqa: S101  (a server makes one for each connection)
        self._lines.add(line)
        try:
            with suppress(OSError, asyncio.CancelledError):  # of the end of all lines, which nobody waits for here
                answering, told = await asyncio.open_connection("127.0.0.1", self._behind)
                await Line(self._drawn, self._note, told, heard).carry(asking, answering)
        finally:
            heard.close()
            self._lines.discard(line)

    def _drawn(self, request: bytes) -> Order | None:
        """What befalls this request; it is counted when it has."""
        with self._lock:
            for order in self._orders:
                if order.holding in request:
                    order.left -= 1
                    self._orders = [each for each in self._orders if each.left]
                    return order
        return None

    def _note(self, strike: Strike, request: bytes) -> None:
        self.struck[strike] += 1
        if strike is not Strike.DELAY:
            self.references.update(found.decode() for found in REFERENCE.findall(request))


class Line:
    """One connection through the proxy."""

    def __init__(
        self,
        drawn: Callable[[bytes], Order | None],
        note: Callable[[Strike, bytes], None],
        told: asyncio.StreamWriter,
        heard: asyncio.StreamWriter,
    ) -> None:
        self._drawn = drawn
        self._note = note
        self._told = told
        self._heard = heard
        self._doomed: bytes | None = None  # the request after whose answer all is over

    async def carry(self, asking: asyncio.StreamReader, answering: asyncio.StreamReader) -> None:
        """Until one of both has nothing more to say."""
        ways = [asyncio.ensure_future(self._asks(asking)), asyncio.ensure_future(self._answers(answering))]
        try:
            await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for way in ways:
                way.cancel()
            await asyncio.gather(*ways, return_exceptions=True)
            self._told.close()

    async def _asks(self, asking: asyncio.StreamReader) -> None:
        while request := await asking.read(AT_ONCE):
            order = self._drawn(request)
            if order and order.strike is Strike.CUT_BEFORE:
                self._note(order.strike, request)
                return
            if order and order.strike is Strike.DELAY:
                self._note(order.strike, request)
                await asyncio.sleep(order.seconds)
            if order and order.strike is Strike.CUT_AFTER:
                self._doomed = request
            self._told.write(request)
            await self._told.drain()

    async def _answers(self, answering: asyncio.StreamReader) -> None:
        while answer := await answering.read(AT_ONCE):
            if self._doomed is not None:
                self._note(Strike.CUT_AFTER, self._doomed)
                return
            self._heard.write(answer)
            await self._heard.drain()
