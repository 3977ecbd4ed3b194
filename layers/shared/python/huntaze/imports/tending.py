"""Imports that somebody has to see to: their worker died, their file's notification was lost, or their time is over."""

import logging
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from datetime import datetime, timedelta
from typing import Protocol
from uuid import UUID

from huntaze.clock import Clock
from huntaze.errors import HuntazeError, Unavailable
from huntaze.imports.model import REVERSIBLE, Displaced, Import, Status, Ticket
from huntaze.imports.planning import failed, forget_rows
from huntaze.imports.steps import Stores, found_again
from huntaze.imports.working import Queue

DEAD_AFTER = timedelta(minutes=1)  # whoever works says so with each chunk
LOOKED_FOR_AFTER = timedelta(minutes=2)  # an upload whose notification nobody has heard by then
ABANDONED_AFTER = timedelta(days=1)  # and the form that uploads it is not accepted for as long
AT_MOST = 100

_log = logging.getLogger(__name__)

Transactions = Callable[[UUID], AbstractContextManager[Stores]]


class Forgotten(Protocol):
    """Imports of all workspaces."""

    def between(
        self, quiet_since: datetime, asked_after: datetime, asked_before: datetime, at_most: int
    ) -> Sequence[Ticket]:
        """Those that nobody works on, and those that were asked for in this time and whose file may have come."""
        ...

    def over(self, uploads_before: datetime, kept_before: datetime, at_most: int) -> Sequence[Ticket]:
        """Those whose file never came, and those that are kept no longer."""
        ...


class Files(Protocol):
    """Where the files are."""

    def delete(self, keys: Sequence[str]) -> None:
        """Delete these files, up to a thousand; what is gone already is fine."""
        ...


class Tending:
    """Tells the workers again, and forgets what is kept no longer. One who hears twice of an import does it once."""

    def __init__(
        self, transactions: Transactions, forgotten: Forgotten, queue: Queue, files: Files, clock: Clock
    ) -> None:
        self._transactions = transactions
        self._forgotten = forgotten
        self._queue = queue
        self._files = files
        self._clock = clock

    def round(self) -> int:
        """See to every import that needs it; how many there were. One that fails keeps none of the others."""
        now = self._clock.now()
        quiet = self._forgotten.between(now - DEAD_AFTER, now - ABANDONED_AFTER, now - LOOKED_FOR_AFTER, AT_MOST)
        self._tell(quiet)
        over = self._forgotten.over(now - ABANDONED_AFTER, now - REVERSIBLE, AT_MOST)
        for ticket in over:
            try:
                self._end(ticket, now)
            except (HuntazeError, Displaced):
                _log.warning("an import is forgotten in the next round", extra=_ids(ticket), exc_info=True)
        return len(quiet) + len(over)

    def _tell(self, quiet: Sequence[Ticket]) -> None:
        for ticket in quiet:
            try:
                self._queue.put(ticket)
            except Unavailable:
                _log.warning("the queue of imports is away: the next round tells them", extra=_ids(ticket))
                return
            _log.info("told of an import again", extra=_ids(ticket))

    def _end(self, ticket: Ticket, now: datetime) -> None:
        def begin() -> AbstractContextManager[Stores]:
            return self._transactions(ticket.workspace_id)

        with begin() as stores:
            found = stores.imports.find(ticket.import_id)
        if found is None:
            return
        if found.status in {Status.UPLOADING, Status.MAPPING, Status.PLANNED}:
            found = failed(begin, found, "gone")
        if found.created_at > now - REVERSIBLE:
            return  # the file may still come, and then a person can have it planned
        forget_rows(begin, found)
        # The files first: what is deleted twice is fine, what nobody names any more would stay.
        if keys := [key for key in (found.object_key, found.rejected_key) if key]:
            self._files.delete(keys)
        with begin() as stores:
            _still(stores, found)
            stores.imports.forget_file(found.id, now)
        _log.info("an import's rows and files are gone", extra=_ids(ticket))


def _still(stores: Stores, found: Import) -> None:
    """It may have been planned anew, or undone, at the last moment; then its time begins again."""
    stores.imports.get_to_change(found.id)
    if found_again(stores, found).status is not found.status:
        raise Displaced


def _ids(ticket: Ticket) -> dict[str, str]:
    return {"workspaceId": str(ticket.workspace_id), "importId": str(ticket.import_id)}
