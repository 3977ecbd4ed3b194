"""One HTTP request over one fresh connection to a place that somebody else chose.

Whoever asks must be able to tell "it certainly did not arrive" from "nobody knows". So everything that can fail before
the first byte of the request is tried before it (NotSent), and from the first byte on everything is NoAnswer. Redirects
are answers like any other: nobody is followed anywhere.
"""

import http.client
import io
import re
import socket
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass, field
from urllib.parse import SplitResult, urlsplit

from huntaze.addresses import checked_bridge_address
from huntaze.runtime.guarded_network import GuardedNetwork, NotSent, Place, Trouble

LONGEST_ANSWER = 1024 * 1024
_LONGEST_HEAD = 64 * 1024
_HEADER = re.compile(r"[A-Za-z-]+: [\x20-\x7e]*")
_PORTS = {"https": 443, "http": 80}


class NoAnswer(Exception):
    """Bytes of the request may have arrived, and there is no answer to it that can be read."""

    def __init__(self, trouble: Trouble) -> None:
        super().__init__(str(trouble))
        self.trouble = trouble


@dataclass(frozen=True, slots=True)
class Request:
    """What is asked: below which base, which path and query of it, and with what."""

    method: str
    base: str
    target: str = field(repr=False)  # its query may name a person
    headers: Mapping[str, str] = field(repr=False)
    body: bytes | None = field(default=None, repr=False)
    longest_answer: int = LONGEST_ANSWER


@dataclass(frozen=True, slots=True)
class Reply:
    """What came back. `headers` are by their names in lower case; `at` is when the last of them had arrived."""

    status: int
    headers: Mapping[str, str] = field(repr=False)
    body: bytes = field(repr=False)
    at: float


class GuardedHttp:
    """Asks. It keeps nothing between two requests, so that threads may ask side by side."""

    def __init__(self, network: GuardedNetwork) -> None:
        self._network = network

    def ask(self, request: Request, until: float) -> Reply:
        """The answer to a request; NotSent or NoAnswer when there is none by that moment of `time.monotonic`."""
        base = self._checked(request.base)
        written = _written(request, base)
        place = Place(base.hostname or "", base.port or _PORTS[base.scheme], base.scheme == "https")
        with closing(self._network.connection(place, until)) as connection:
            return self._exchanged(connection, written, request.longest_answer, until)

    def _checked(self, base: str) -> SplitResult:
        try:
            return urlsplit(checked_bridge_address(base, local=self._network.private))
        except ValueError:
            raise NotSent(Trouble.ADDRESS_REFUSED) from None

    def _exchanged(self, connection: socket.socket, written: bytes, longest: int, until: float) -> Reply:
        wire = _Wire(connection, self._network, until, longest + _LONGEST_HEAD)
        try:
            wire.send(written)
            return self._read(wire, longest)
        except (TimeoutError, NotSent):  # out of time between two steps
            if not wire.begun:
                raise
            raise NoAnswer(Trouble.NO_ANSWER) from None
        except _TooLong:
            raise NoAnswer(Trouble.TOO_LONG) from None
        except (http.client.IncompleteRead, http.client.RemoteDisconnected):
            raise NoAnswer(Trouble.CONNECTION_LOST) from None
        except (http.client.HTTPException, ValueError):  # its text quotes what came
            raise NoAnswer(Trouble.UNREADABLE) from None
        except OSError:
            raise NoAnswer(Trouble.CONNECTION_LOST) from None

    def _read(self, wire: "_Wire", longest: int) -> Reply:
        answer = http.client.HTTPResponse(wire)  # type: ignore[arg-type]  # of a socket it only takes `makefile`
        answer.begin()
        at = self._network.now()
        body = answer.read(longest + 1)
        if len(body) > longest:
            raise _TooLong
        if answer.length:  # it ended before what it had promised
            raise http.client.IncompleteRead(b"", answer.length)
        return Reply(answer.status, {name.lower(): value for name, value in answer.getheaders()}, body, at)


class _TooLong(Exception):
    """More came than anybody waits for."""


class _Wire(io.RawIOBase):
    """A connection that gives out at a moment, however slowly it drips, and at a number of bytes."""

    def __init__(self, connection: socket.socket, network: GuardedNetwork, until: float, room: int) -> None:
        self._connection = connection
        self._network = network
        self._until = until
        self._room = room
        self.begun = False

    def send(self, content: bytes) -> None:
        rest = memoryview(content)
        while rest:
            self._connection.settimeout(self._network.left(self._until))
            self.begun = True  # nothing comes between the look at the clock and the first byte
            rest = rest[self._connection.send(rest) :]

    def makefile(self, _mode: str) -> io.BufferedReader:
        return io.BufferedReader(self)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: "memoryview") -> int:  # type: ignore[override]  # what a reader hands in
        if self._room <= 0:
            raise _TooLong
        self._connection.settimeout(self._network.left(self._until))
        came = self._connection.recv_into(buffer)
        self._room -= came
        return came


def _written(request: Request, base: SplitResult) -> bytes:
    """All bytes of a request; a ValueError when one of them could be read as the beginning of another."""
    headers = {
        "Host": base.netloc,
        **request.headers,
        "Connection": "close",
        **({} if request.body is None else {"Content-Length": str(len(request.body))}),
    }
    lines = [f"{name}: {value}" for name, value in headers.items()]
    target = f"{base.path}{request.target}"
    if not all(_HEADER.fullmatch(line) for line in lines) or not re.fullmatch(r"/[\x21-\x7e]*", target):
        raise ValueError("A request may hold no line breaks.")
    head = "\r\n".join([f"{request.method} {target} HTTP/1.1", *lines, "", ""])
    return head.encode("ascii") + (request.body or b"")
