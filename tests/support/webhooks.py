"""A webhook of a test's own: keeps what it is told, and answers as it is ordered."""

import base64
import hashlib
import hmac
import json
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any, cast

SECRET = "whsec_" + base64.b64encode(b"a key of twenty-four byt").decode()


@dataclass(frozen=True)
class Told:
    """One delivery as it came in."""

    path: str
    headers: dict[str, str]
    body: bytes = field(repr=False)

    @property
    def id(self) -> str:
        """What stays the same when it is told again."""
        return self.headers["webhook-id"]

    @property
    def event(self) -> Any:
        """What it says."""
        return json.loads(self.body)


class Receiver(ThreadingHTTPServer):
    """Answers 204 once the ordered answers are used up; an ordered answer of 0 closes the connection instead."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Connection)
        self.told: list[Told] = []
        self.answers: deque[int] = deque()
        self.refuses: bytes | None = None  # what stands in the body of that which is never taken

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self.server_address[1]}/hook?of=zoe"

    def events(self) -> list[Any]:
        """What it was told, in order."""
        return [told.event for told in self.told]


class _Connection(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        receiver = cast("Receiver", self.server)
        body = self.rfile.read(int(self.headers["Content-Length"]))
        headers = {name.lower(): value for name, value in self.headers.items()}
        status = receiver.answers.popleft() if receiver.answers else 204
        if receiver.refuses and receiver.refuses in body:
            status = 503
        receiver.told.append(Told(self.path, headers, body))
        if status:
            self.send_response(status)
            self.end_headers()

    def log_message(self, *_: object) -> None:
        pass


@contextmanager
def listening() -> Iterator[Receiver]:
    """A webhook for as long as the block runs."""
    with Receiver() as receiver:
        Thread(target=receiver.serve_forever, args=[0.05], daemon=True).start()
        yield receiver
        receiver.shutdown()


def is_signed(told: Told, secret: str = SECRET) -> bool:
    """Whether a delivery proves who it is from, written down again from the specification of Standard Webhooks."""
    content = f"{told.id}.{told.headers['webhook-timestamp']}.".encode() + told.body
    key = base64.b64decode(secret.split("_", 1)[1])
    expected = "v1," + base64.b64encode(hmac.new(key, content, hashlib.sha256).digest()).decode()
    return expected in told.headers["webhook-signature"].split(" ")
