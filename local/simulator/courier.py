"""Brings events to webhooks: each until it is taken, those of one account one after the other."""

import http.client
import json
import time
from collections import defaultdict, deque
from heapq import heappop, heappush
from threading import Condition, Thread
from urllib.parse import urlsplit

from local.simulator import signing
from local.simulator.books import Books
from local.simulator.model import Happening, Webhook, iso

_WORKERS = 8
_FIRST_WAIT = 0.5
_LONGEST_WAIT = 60.0
_SECONDS_TO_ANSWER = 30


class Courier:
    """A few threads with one list of what is due when. A webhook that fails or hangs makes only its account wait."""

    def __init__(self, books: Books) -> None:
        self._books = books
        self._changed = Condition()
        self._due: list[tuple[float, str]] = []  # by the monotonic clock
        self._busy: set[str] = set()
        self._behind: defaultdict[str, deque[tuple[float, str]]] = defaultdict(deque)  # wait for their busy account

    def start(self) -> None:
        """Begin, with what the last run did not bring to an end."""
        for happening in self._books.pending():
            self.bring(happening)
        for number in range(_WORKERS):
            Thread(target=self._work, daemon=True, name=f"courier {number}").start()

    def bring(self, happening: Happening) -> None:
        """Bring an event as soon as may be."""
        if happening.pending:
            self._put(time.monotonic(), happening.id)

    def _put(self, due: float, event_id: str) -> None:
        with self._changed:
            heappush(self._due, (due, event_id))
            self._changed.notify()

    def _work(self) -> None:
        while True:
            happening = self._next()
            try:
                self._try(happening)
            finally:
                self._free(happening.account)

    def _next(self) -> Happening:
        """The next event that is due and whose account nobody is busy with."""
        with self._changed:
            while True:
                wait = self._due[0][0] - time.monotonic() if self._due else None
                if wait is not None and wait <= 0:
                    due = heappop(self._due)
                    happening = self._books.happenings[due[1]]
                    if happening.account not in self._busy:
                        self._busy.add(happening.account)
                        return happening
                    self._behind[happening.account].append(due)
                else:
                    self._changed.wait(wait)

    def _free(self, account: str) -> None:
        with self._changed:
            self._busy.discard(account)
            for due in self._behind.pop(account, ()):
                heappush(self._due, due)
            self._changed.notify_all()

    def _try(self, happening: Happening) -> None:
        webhook = self._books.accounts[happening.account].webhook
        if webhook is None:
            self._books.record("untold", id=happening.id)  # nobody listens any more
            return
        self._books.sync()  # nobody hears of what might not have happened
        answer = _post(webhook, happening)
        delivered = answer.startswith("2")
        self._books.record("told", id=happening.id, answer=answer, delivered=delivered)
        if not delivered:
            wait = min(_FIRST_WAIT * 2 ** min(happening.tries - 1, 10), _LONGEST_WAIT)
            self._put(time.monotonic() + wait, happening.id)


def _post(webhook: Webhook, happening: Happening) -> str:
    """What the webhook answered: a status, or what kind of failure there was instead."""
    address = urlsplit(webhook.url)
    body = json.dumps({"type": happening.type, "at": iso(happening.at), "data": happening.data}).encode()
    kind = http.client.HTTPSConnection if address.scheme == "https" else http.client.HTTPConnection
    connection = kind(str(address.hostname), address.port, timeout=_SECONDS_TO_ANSWER)
    headers = {
        "Content-Type": "application/json",
        "User-Agent": "Huntaze-simulated-platform/1",
        **signing.headers(webhook.secret, happening.id, int(time.time()), body),
    }
    target = (address.path or "/") + (f"?{address.query}" if address.query else "")
    try:
        connection.request("POST", target, body, headers)
        return str(connection.getresponse().status)
    except (OSError, http.client.HTTPException) as error:
        return type(error).__name__
    finally:
        connection.close()
