"""Asking side by side, each question within its own time. Who does not answer is left behind, and holds nobody up."""

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

from huntaze.errors import HuntazeError, Unavailable

Result = TypeVar("Result")

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Answered(Generic[Result]):
    """What came back, and after how long. `error` is what the question was refused with."""

    value: Result | None = None
    milliseconds: int | None = None
    error: HuntazeError | None = None


class Question(Generic[Result]):
    """A question that is being asked, in a thread of its own that the process does not wait for at its end.

    A thread cannot be ended from outside. Whatever it asks has limits of its own, and `give_up` is called when nobody
    waits any more, so that what would wait for ever can be cut off.
    """

    def __init__(
        self, name: str, ask: Callable[[], Result], seconds: float, give_up: Callable[[], None] | None = None
    ) -> None:
        self._name = name
        self._ask = ask
        self._give_up = give_up
        self._done = threading.Event()
        self._answered: Answered[Result] = Answered()
        self._began = time.monotonic()
        self._until = self._began + seconds
        threading.Thread(target=self._run, name=f"asking {name}", daemon=True).start()

    def answer(self) -> Answered[Result]:
        """What came back in time; nothing at all when nothing did, or when it was not there."""
        if self._done.wait(max(0.0, self._until - time.monotonic())):
            return self._answered
        _log.warning("no answer in time", extra={"part": self._name})
        if self._give_up is not None:
            self._give_up()
        return Answered()

    def _run(self) -> None:
        try:
            value = self._ask()
            self._answered = Answered(value, round((time.monotonic() - self._began) * 1000))
        except Unavailable as error:
            _log.warning("away", extra={"part": self._name}, exc_info=True)
            self._answered = Answered(error=error)
        except HuntazeError as error:
            self._answered = Answered(error=error)
        except Exception:  # noqa: BLE001  (what we do not understand is no answer either; the log is for who mends it)
            _log.exception("the question failed", extra={"part": self._name})
        finally:
            self._done.set()
