"""A simulated platform of a test's own: the real process, on a free port, and somebody who asks it as a bridge."""

import http.client
import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

from local.simulator.client import Client
from local.simulator.process import Simulator

__all__ = ["Answered", "Caller", "Client", "Simulator", "running_simulator", "wait_for"]


@contextmanager
def running_simulator(folder: Path) -> Iterator[Simulator]:
    """One simulator alone, whose journal lies in this folder."""
    with Simulator(folder) as simulator:
        yield simulator


@dataclass(frozen=True)
class Answered:
    """What came back."""

    status: int
    headers: dict[str, str]
    body: Any


@dataclass(frozen=True)
class Caller:
    """Asks a bridge over HTTP as any client would, each request on a connection of its own."""

    address: str
    token: str | None = field(default=None, repr=False)

    def ask(self, method: str, target: str, body: object = None) -> Answered:
        """One request; OSError or HTTPException where no answer came."""
        connection = http.client.HTTPConnection(urlsplit(self.address).netloc, timeout=30)
        headers = {"Authorization": f"Bearer {self.token}"} if self.token else {}
        sent = body if isinstance(body, bytes | None) else json.dumps(body).encode()
        try:
            connection.request(method, target, sent, headers)
            answer = connection.getresponse()
            read = answer.read()
        finally:
            connection.close()
        said = {name.lower(): value for name, value in answer.getheaders()}
        return Answered(answer.status, said, json.loads(read) if read else None)

    def send(self, recipient: str = "4711", reference: str | None = None, **more: object) -> Answered:
        """A send request with all that it needs."""
        return self.ask("POST", "/v1/messages", letter(recipient, reference, **more))


def letter(recipient: str = "4711", reference: str | None = None, **more: object) -> dict[str, object]:
    """The body of a send request."""
    return {
        "clientReference": reference or str(uuid4()),
        "recipient": recipient,
        "text": "Hello",
        "priceCents": 0,
        "currency": "USD",
        "media": [],
        "deadline": int(time.time() * 1000) + 20_000,
        **more,
    }


def wait_for(condition: Callable[[], Any], *, seconds: float = 20) -> Any:
    """What the condition gives once that is something; it must come."""
    deadline = time.monotonic() + seconds
    while not (found := condition()):
        assert time.monotonic() < deadline, "it did not come"
        time.sleep(0.02)
    return found
