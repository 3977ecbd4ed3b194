"""The parts around imports."""
# ruff: noqa: PLC0415  (imports stand inside the parts: a cold start pays only for the drivers and features it uses)

import logging
from functools import cached_property
from typing import TYPE_CHECKING

from huntaze.errors import Unavailable
from huntaze.wiring.fans import FanParts

if TYPE_CHECKING:
    from collections.abc import Callable

    from huntaze.imports.committing import Committing
    from huntaze.imports.files import ImportFiles
    from huntaze.imports.model import Ticket
    from huntaze.imports.planning import Planning
    from huntaze.imports.service import Imports
    from huntaze.imports.tending import Tending
    from huntaze.imports.working import ImportWorker
    from huntaze.runtime.tickets import TicketQueue
    from huntaze.runtime.unit_of_work import Act


_log = logging.getLogger(__name__)


class _Afterwards:
    """A queue that hears of an import once all that is open is committed, so that its worker finds what it is to do."""

    def __init__(self, afterwards: "Callable[[Act, object], None]", tell: "Act") -> None:
        self._afterwards, self._tell = afterwards, tell

    def put(self, ticket: "Ticket") -> None:
        """Tell of this import then."""
        self._afterwards(self._tell, ticket)


class ImportParts(FanParts):
    """The use cases around imports, and what does them."""

    @cached_property
    def imports(self) -> "Imports":
        """The use cases around imports."""
        from huntaze.ids import new_id
        from huntaze.imports.service import Imports, Steps

        return Imports(
            self.in_workspace,
            self.import_files,
            _Afterwards(self.afterwards, self._tell_workers),
            Steps(self._planning, self._committing),
            clock=self.clock,
            new_id=new_id,
        )

    @cached_property
    def import_worker(self) -> "ImportWorker":
        """Who plans, commits and undoes what takes longer than a request."""
        from huntaze.imports.undoing import Undoing
        from huntaze.imports.working import ImportWorker

        return ImportWorker(
            self.in_workspace_as_machine,
            self.import_files,
            self.import_queue,
            planning=self._planning,
            committing=self._committing,
            undoing=Undoing(self.clock),
        )

    @cached_property
    def import_tending(self) -> "Tending":
        """Who sees to imports whose worker died, and forgets old ones."""
        from huntaze.imports.store import ForgottenImports
        from huntaze.imports.tending import Tending

        forgotten = ForgottenImports(self.postgres.look_up)
        return Tending(self.in_workspace_as_machine, forgotten, self.import_queue, self.import_files, self.clock)

    @cached_property
    def import_files(self) -> "ImportFiles":
        """Their files in S3, beside those of exports."""
        from huntaze.imports.files import ImportFiles
        from huntaze.spreadsheets import CONTENT_TYPE

        return ImportFiles(lambda: self.settings.exports_bucket, CONTENT_TYPE)

    @cached_property
    def import_queue(self) -> "TicketQueue":
        """Where imports wait for a worker."""
        from huntaze.runtime.tickets import TicketQueue

        return TicketQueue(self.queues, lambda: self.settings.imports_queue_url)

    def _tell_workers(self, tickets: "list[Ticket]") -> None:
        """At once, if that can be: all of it is committed, and the upkeep tells them within minutes."""
        for ticket in dict.fromkeys(tickets):
            try:
                self.import_queue.put(ticket)
            except Unavailable:
                _log.warning("an import goes on by schedule", extra={"importId": str(ticket.import_id)}, exc_info=True)

    @cached_property
    def _planning(self) -> "Planning":
        from huntaze.ids import new_id
        from huntaze.imports.planning import Planning

        return Planning(self.tombstones, self.import_files, new_id)

    @cached_property
    def _committing(self) -> "Committing":
        from huntaze.imports.committing import Committing

        return Committing(self.tombstones, self.clock, self.measures)
