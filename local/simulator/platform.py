"""The platform, put together: one for each process."""

import time
from pathlib import Path
from threading import Thread

from local.simulator.books import Books
from local.simulator.bridge import Bridge
from local.simulator.control import Control
from local.simulator.courier import Courier
from local.simulator.exchange import Answer, HangUp, Problem, Request
from local.simulator.faults import Faults
from local.simulator.happenings import Happenings
from local.simulator.journal import Journal
from local.simulator.model import Account, Message
from local.simulator.sending import Sending

_ANSWERS = (
    "Thank you!",
    "Haha, I like that.",
    "When is the next one?",
    "I have been waiting for this.",
    "Good to hear.",
)


class Platform:
    """Everything behind the one address."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._books = Books(Journal(folder / "journal.jsonl"))
        self._courier = Courier(self._books)
        self._happenings = Happenings(self._books)
        faults = Faults()
        sending = Sending(self._books, faults, self._accepted, self._login_expired)
        self._bridge = Bridge(self._books, faults, sending).routes
        self._control = Control(self._books, faults, self._happenings, self._courier).routes

    def start(self) -> None:
        """Go on with what the last run left."""
        self._courier.start()

    def serve(self, request: Request) -> Answer | None:
        """The answer to a request; none where the connection is to be closed instead."""
        routes = self._bridge if request.path.startswith("/v1/") else self._control
        try:
            return routes.serve(request)
        except Problem as problem:
            return problem.answer()
        except HangUp:
            return None

    def bridge_time(self) -> str:
        """Our clock, which every answer carries."""
        return str(int(self._books.now() * 1000))

    def _accepted(self, account: Account, message: Message) -> None:
        if account.settings.reports:
            self._tell(self._happenings.reported(account, message))
        if account.settings.echo is not None:
            Thread(target=self._echo, args=[account, message, account.settings.echo], daemon=True).start()

    def _echo(self, account: Account, message: Message, seconds: float) -> None:
        time.sleep(seconds)
        answer = _ANSWERS[len(account.messages) % len(_ANSWERS)]
        with self._books.lock:
            event_id = self._happenings.fan_writes(account, account.fan(message.recipient), answer)
        self._tell(event_id)

    def _login_expired(self, account: Account) -> None:
        self._tell(self._happenings.login_expired(account, for_good=False))

    def _tell(self, event_id: str) -> None:
        self._courier.bring(self._books.happenings[event_id])
