"""What the steps of an import share: transactions, the import's place, and the time that is left."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Any, Protocol
from uuid import UUID

from huntaze.audit.service import AuditTrail
from huntaze.errors import NotFound
from huntaze.imports.model import (
    Action,
    Changes,
    Choices,
    Contended,
    Counts,
    Displaced,
    Field,
    Import,
    PlannedChunk,
    PlannedRow,
    RejectedRow,
    Status,
    Stretch,
    Ticket,
)
from huntaze.tombstones.model import Identity
from huntaze.tombstones.service import TombstoneStore
from huntaze.workspaces.service import WorkspaceStore

# What one more chunk, and the last words, may take.
SECONDS_TO_END_WELL = 20
MOST_TRIES = 10


class ImportStore(Protocol):
    """The imports of one workspace, inside one transaction."""

    def add(
        self,
        ticket: Ticket,
        requested_by: UUID,
        file_name: str,
        file_bytes: int,
        choices: Choices,
        *,
        at: datetime,
        arrived: bool,
    ) -> Import:
        """Keep what was asked for: a file that will be uploaded, or one that has come with the request."""
        ...

    def find(self, import_id: UUID) -> Import | None:
        """One import, if there is one."""
        ...

    def get_to_change(self, import_id: UUID) -> Import:
        """One import that nobody else changes before this transaction ends; NotFound when there is none."""
        ...

    def newest(self, limit: int) -> Sequence[Import]:
        """The latest ones, the newest first."""
        ...

    def under_way(self, since: datetime) -> int:
        """How many were begun since then and have no plan yet."""
        ...

    def plan_anew(self, import_id: UUID, choices: Choices, file_bytes: int) -> None:
        """Begin a dry run of its own."""
        ...

    def change(self, import_id: UUID, changes: Changes) -> None:
        """Change what is in `changes`."""
        ...

    def forget_file(self, import_id: UUID, at: datetime) -> None:
        """Nothing of what was in its file is kept any more."""
        ...

    def remembered(self) -> Mapping[str, Field]:
        """What people said of headers, by their normalised names."""
        ...

    def remember(self, mapping: Mapping[str, Field]) -> None:
        """What somebody said of these headers."""
        ...


class PlanRowStore(Protocol):
    """The rows of the plans of one workspace, inside one transaction."""

    def add(self, planned: Import, rows: Sequence[Mapping[str, Any]]) -> PlannedChunk:
        """Decide what these rows of its file will do, and keep it; the hash goes on from the one it has."""
        ...

    def keep_cells(self, planned: Import, rows: Sequence[Mapping[str, Any]]) -> None:
        """What these rejected rows were in the file."""
        ...

    def page(
        self,
        of: Import,
        action: Action | None,
        outcome: str | None,
        after: int,
        limit: int,
        *,
        reason: str | None = None,
    ) -> Sequence[PlannedRow]:
        """Rows in their order, behind a number: all, or those that do this, for this reason, or became this."""
        ...

    def rejected(self, of: Import, after: int, limit: int) -> Sequence[RejectedRow]:
        """Rows that were rejected, as they came, behind a number."""
        ...

    def rejected_size(self, of: Import) -> int:
        """How much text they are."""
        ...

    def forget(self, import_id: UUID, at_most: int) -> int:
        """Delete rows that nobody needs any more; how many there were."""
        ...


class DoingStore(Protocol):
    """What plans do to the fans of one workspace, inside one transaction."""

    def know(self) -> None:
        """Have the planner look at tables that have grown much; in a transaction of its own."""
        ...

    def wait(self) -> None:
        """Until no other import of the workspace writes; none begins before this transaction ends."""
        ...

    def commit(
        self, rows: Stretch, valued_at: datetime, at: datetime, currency: str, without: Sequence[int] = ()
    ) -> Counts:
        """Do what these rows say, but for some; what became of them. Contended where others are in the way."""
        ...

    def names(self, rows: Stretch) -> Mapping[int, Identity]:
        """Whom these rows have written, by the number of each."""
        ...

    def undo(self, rows: Stretch) -> Counts:
        """Take back what these rows did, where nobody has touched it since. Contended where others are in the way."""
        ...


class Stores(Protocol):
    """What a transaction gives to the steps and the use cases."""

    @property
    def imports(self) -> ImportStore:
        """The imports of the workspace."""
        ...

    @property
    def import_rows(self) -> PlanRowStore:
        """What they are about to do."""
        ...

    @property
    def import_doing(self) -> DoingStore:
        """What they do."""
        ...

    @property
    def tombstones(self) -> TombstoneStore:
        """Who was erased."""
        ...

    @property
    def workspace(self) -> WorkspaceStore:
        """The workspace itself."""
        ...

    @property
    def audit(self) -> AuditTrail:
        """What people do."""
        ...


# A transaction in the one workspace that a step works in: a machine's, or that of the person whose request it is.
Begin = Callable[[], AbstractContextManager[Stores]]
SecondsLeft = Callable[[], float]


def held(stores: Stores, expected: Import) -> Import:
    """The import, which nobody else changes meanwhile; Displaced unless it is where the caller has it."""
    found = stores.imports.get_to_change(expected.id)
    if _place(found) != _place(expected):
        raise Displaced
    return found


class Growth:
    """Has the planner look at what grows, after one chunk, two, four and so on."""

    def __init__(self, begin: Begin) -> None:
        self._begin = begin
        self._chunks = 0

    def chunk_ahead(self) -> None:
        """Called before each chunk."""
        if self._chunks & (self._chunks - 1) == 0:
            with self._begin() as stores:
                stores.import_doing.know()
        self._chunks += 1


def found_again(stores: Stores, of: Import) -> Import:
    """The import as it is now; NotFound when there is none."""
    found = stores.imports.find(of.id)
    if found is None:
        raise NotFound
    return found


def again_while_contended(act: Callable[[Import], Import], of: Import) -> Import:
    """Whoever gives way to others does the same again."""
    for tries_left in reversed(range(MOST_TRIES)):
        try:
            return act(of)
        except Contended:
            if not tries_left:
                raise
    raise AssertionError  # the last try returns or raises


def _place(of: Import) -> tuple[Status, int, int, int]:
    return of.status, of.plan, of.last_row, of.position
