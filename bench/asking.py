"""Requests at their times, whether or not those before them were answered: a slow server is not asked less."""

import http.client
import threading
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from urllib.parse import urlsplit

CALLERS = 16  # at once; whoever comes while all wait has waited since their time
PATIENCE = 30  # seconds; API Gateway waits no longer
SERVER_ERROR = 500


@dataclass(frozen=True)
class Asked:
    """One request: when it was due on the monotonic clock, how long its answer took from then on, and its status."""

    due: float
    seconds: float
    status: int  # 0: none came

    @property
    def is_given_up(self) -> bool:
        """Whether nobody waited for the answer any more."""
        return self.status == 0

    @property
    def is_error(self) -> bool:
        """Whether the server answered, and that it could not."""
        return self.status >= SERVER_ERROR


class Callers:
    """Many callers with one token, each with a connection of their own."""

    def __init__(self, url: str, token: str, paths: Sequence[str]) -> None:
        self._address = urlsplit(url).netloc
        self._headers = {"Authorization": f"Bearer {token}"}
        self._paths = paths
        self._own = threading.local()

    def warm_up(self) -> None:
        """Ask for each path until it is answered: the first call of a function waits until it has been unpacked."""
        for path in self._paths:
            while self._answer(path) == 0:
                pass

    def ask(self, seconds: float, per_second: float) -> list[Asked]:
        """So long, so often, one path after the other."""
        began = time.monotonic()
        with ThreadPoolExecutor(CALLERS) as pool:
            asked = []
            for number in range(round(seconds * per_second)):
                due = began + number / per_second
                time.sleep(max(0.0, due - time.monotonic()))
                asked.append(pool.submit(self._ask, due, self._paths[number % len(self._paths)]))
            return [one.result() for one in asked]

    def _ask(self, due: float, path: str) -> Asked:
        given_up = time.monotonic() - due > PATIENCE
        status = 0 if given_up else self._answer(path)
        return Asked(due, time.monotonic() - due, status)

    def _answer(self, path: str) -> int:
        connection = getattr(self._own, "connection", None)
        if connection is None:
            connection = self._own.connection = http.client.HTTPConnection(self._address, timeout=PATIENCE)
        try:
            connection.request("GET", path, headers=self._headers)
            answer = connection.getresponse()
            answer.read()
        except (OSError, http.client.HTTPException):
            connection.close()
            return 0
        return int(answer.status)
