"""The worker's side: whatever an import has to do next is gone on with, until it is done or time is up."""

import logging
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Protocol
from uuid import UUID

from huntaze.errors import HuntazeError
from huntaze.imports.committing import Committing
from huntaze.imports.model import LARGEST, Contended, Displaced, Import, Status, Ticket, tickets
from huntaze.imports.planning import Planning, failed
from huntaze.imports.reading.sources import Source
from huntaze.imports.steps import Begin, SecondsLeft, Stores, held
from huntaze.imports.undoing import Undoing

_log = logging.getLogger(__name__)

# A machine's transaction in a workspace: no member acts.
Transactions = Callable[[UUID], AbstractContextManager[Stores]]


class Files(Protocol):
    """Where uploaded files are."""

    def size(self, key: str) -> int | None:
        """How large a file is; None when there is none."""
        ...

    def reading(self, key: str) -> Source:
        """The bytes of a file."""
        ...


class Queue(Protocol):
    """Where workers hear of imports."""

    def put(self, ticket: Ticket) -> None:
        """Tell a worker; Unavailable when the queue is away."""
        ...


class ImportWorker:
    """Does what queue messages tell of."""

    def __init__(
        self,
        transactions: Transactions,
        files: Files,
        queue: Queue,
        *,
        planning: Planning,
        committing: Committing,
        undoing: Undoing,
    ) -> None:
        self._transactions = transactions
        self._files = files
        self._queue = queue
        self._planning = planning
        self._committing = committing
        self._undoing = undoing

    def receive(self, body: str, seconds_left: SecondsLeft) -> None:
        """Go on with the imports of one message. One that waits for a person, has ended or is gone needs nothing."""
        for ticket in tickets(body):
            self._go_on(ticket, seconds_left)

    def _go_on(self, ticket: Ticket, seconds_left: SecondsLeft) -> None:
        def begin() -> AbstractContextManager[Stores]:
            return self._transactions(ticket.workspace_id)

        ids = {"workspaceId": str(ticket.workspace_id), "importId": str(ticket.import_id)}
        try:
            reached = self._step(ticket, begin, seconds_left)
        except Displaced:
            _log.info("import given up: somebody else goes on with it", extra=ids)
            return
        if reached is None:
            _log.info("there is no such import", extra=ids)
            return
        _log.info("import", extra={**ids, "status": reached.status.value, "row": reached.last_row})
        if reached.status.working:
            self._queue.put(ticket)

    def _step(self, ticket: Ticket, begin: Begin, seconds_left: SecondsLeft) -> Import | None:
        with begin() as stores:
            found = stores.imports.find(ticket.import_id)
        match found and found.status:
            case Status.UPLOADING | Status.PLANNING:
                assert found is not None  # noqa: S101  # it has a status
                return self._plan(ticket, begin, found, seconds_left)
            case Status.COMMITTING:
                assert found is not None  # noqa: S101  # it has a status
                return self._committing.go_on(begin, found, seconds_left)
            case Status.UNDOING:
                assert found is not None  # noqa: S101  # it has a status
                return self._undoing.go_on(begin, found, seconds_left)
        return found

    def _plan(self, ticket: Ticket, begin: Begin, found: Import, seconds_left: SecondsLeft) -> Import:
        size = None if found.object_key is None else self._files.size(found.object_key)
        if found.status is Status.UPLOADING:
            if size is None:
                return found  # it has not come yet
            found = arrived(begin, found, size)
        if found.object_key is None or size is None:
            return failed(begin, found, "gone")
        if size > LARGEST:
            return failed(begin, found, "too_large")
        try:
            return self._planning.go_on(begin, found, self._files.reading(found.object_key), seconds_left)
        except (HuntazeError, Displaced, Contended):
            raise
        except Exception:
            self._fail(ticket, begin)
            raise

    def _fail(self, ticket: Ticket, begin: Begin) -> None:
        """It would go wrong again: a person hears of it instead of waiting."""
        with begin() as stores:
            found = stores.imports.find(ticket.import_id)
        if found is not None and found.status is Status.PLANNING:
            failed(begin, found, "our_fault")


def arrived(begin: Begin, found: Import, size: int) -> Import:
    """Its file is there: the first dry run begins."""
    with begin() as stores:
        held(stores, found)
        stores.imports.plan_anew(found.id, found.choices, size)
        return stores.imports.get_to_change(found.id)
