"""The worker's side: one export becomes one file, whole or not at all."""

import logging
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import timedelta
from typing import Protocol
from uuid import UUID

from huntaze.clock import Clock
from huntaze.errors import Conflict, Unavailable
from huntaze.exports.model import LEASE, Export, Ticket, ticket
from huntaze.exports.service import FanPages, Stores, question
from huntaze.exports.sheet import sheet
from huntaze.fans.model import Fan, Sort
from huntaze.members.model import Principal, Role

RENEWED_EVERY = timedelta(seconds=10)
# What one more page, its part of the file and the last words may take.
SECONDS_TO_END_WELL = 30

TOO_LARGE = "The export is larger than what can be written in one go. Narrow the filters and try again."
AWAY = "Something that the export needs was away for a moment. Try again."
OUR_FAULT = "Something went wrong on our side. Try again; if it fails once more, tell us."

_log = logging.getLogger(__name__)


class File(Protocol):
    """A file that is being written."""

    @property
    def size(self) -> int:
        """Bytes so far."""
        ...

    def write(self, text: str) -> None:
        """Add to its end."""
        ...


class Files(Protocol):
    """Where files are kept."""

    def writing(self, key: str) -> AbstractContextManager[File]:
        """A new file: it is there when the block ends well, and never was when it does not."""
        ...


# A machine's transaction in a workspace: no member acts.
Transactions = Callable[[UUID], AbstractContextManager[Stores]]


@dataclass(slots=True)
class _Work:
    """One attempt at one export."""

    workspace_id: UUID
    export: Export
    claim_id: UUID
    seconds_left: Callable[[], float]
    rows: int = 0

    @property
    def key(self) -> str:
        """Where this attempt writes: no other one writes there, so none can spoil it."""
        return f"exports/{self.workspace_id}/{self.export.id}/{self.claim_id}.csv"

    @property
    def who(self) -> Principal:
        """For whom: what they may was asked when they asked, so that of the least role is enough here."""
        return Principal("exports", self.workspace_id, self.export.requested_by, Role.ANALYST)

    @property
    def ids(self) -> dict[str, str]:
        """What every line of the log says."""
        return {
            "exportId": str(self.export.id),
            "workspaceId": str(self.workspace_id),
            "userId": str(self.export.requested_by),
        }


class _DisplacedError(Exception):
    """Somebody else holds this export, or has ended it."""


class _OutOfTimeError(Exception):
    """The function ends before the export would."""


class ExportWriter:
    """Writes the exports that messages ask for."""

    def __init__(
        self, transactions: Transactions, fans: FanPages, files: Files, *, clock: Clock, new_id: Callable[[], UUID]
    ) -> None:
        self._transactions = transactions
        self._fans = fans
        self._files = files
        self._clock = clock
        self._new_id = new_id

    def receive(self, body: str, seconds_left: Callable[[], float]) -> None:
        """Write the export of one message. One that has ended, or is gone, needs nothing more."""
        wanted = ticket(body)
        claim_id = self._new_id()
        export = self._claimed(wanted, claim_id)
        if export is not None:
            self._attempt(_Work(wanted.workspace_id, export, claim_id, seconds_left))

    def _claimed(self, wanted: Ticket, claim_id: UUID) -> Export | None:
        now = self._clock.now()
        with self._transactions(wanted.workspace_id) as stores:
            claimed = stores.exports.claim(wanted.export_id, claim_id, now, now + LEASE)
            found = claimed or stores.exports.find(wanted.export_id)
        if claimed is None and found is not None and not found.status.final:
            # The message comes again later, in case the other worker dies.
            raise Conflict("Another worker is writing this export.")
        return claimed

    def _attempt(self, work: _Work) -> None:
        try:
            self._write(work)
        except _DisplacedError:
            _log.info("export given up: somebody else holds it or has ended it", extra=work.ids)
        except _OutOfTimeError:
            _log.warning("export failed: it is too large", extra={**work.ids, "rows": work.rows})
            self._fail(work, TOO_LARGE)
        except Unavailable:
            _log.exception("export failed: something was away", extra=work.ids)
            self._fail(work, AWAY)
        except Exception:
            self._fail(work, OUR_FAULT)
            raise

    def _write(self, work: _Work) -> None:
        asked = work.export
        pages = self._fans.each_matching(work.who, question(asked.filters), Sort(asked.sort))
        with self._files.writing(work.key) as file:
            for text in sheet(self._watched(work, pages)):
                file.write(text)
        with self._transactions(work.workspace_id) as stores:
            if not stores.exports.finish(asked.id, work.claim_id, work.key, work.rows, file.size):
                raise _DisplacedError
        _log.info("export ready", extra={**work.ids, "rows": work.rows, "bytes": file.size})

    def _watched(self, work: _Work, pages: Iterable[tuple[Fan, ...]]) -> Iterator[tuple[Fan, ...]]:
        """The same pages, as long as there is time and the export is ours."""
        renewed = self._clock.now()
        for fans in pages:
            if work.seconds_left() < SECONDS_TO_END_WELL:
                raise _OutOfTimeError
            if self._clock.now() - renewed >= RENEWED_EVERY:
                renewed = self._clock.now()
                self._renew(work)
            yield fans
            work.rows += len(fans)

    def _renew(self, work: _Work) -> None:
        with self._transactions(work.workspace_id) as stores:
            if not stores.exports.renew(work.export.id, work.claim_id, work.rows, self._clock.now() + LEASE):
                raise _DisplacedError

    def _fail(self, work: _Work, reason: str) -> None:
        with self._transactions(work.workspace_id) as stores:
            stores.exports.fail(work.export.id, work.claim_id, reason)
