"""What people ask of imports: bring a file, see what it would do, do that, and take it back."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import timedelta
from typing import Protocol
from uuid import UUID

from huntaze.audit.model import Action as Audited
from huntaze.clock import Clock
from huntaze.errors import Conflict, Invalid, NotFound, TooLarge, Unavailable
from huntaze.imports.committing import Committing
from huntaze.imports.model import (
    LARGEST,
    LARGEST_AT_ONCE,
    REVERSIBLE,
    Action,
    Choices,
    Counts,
    Import,
    PlannedRow,
    Status,
    Ticket,
    Upload,
)
from huntaze.imports.planning import Planning, failed
from huntaze.imports.reading.rules import LOCALES
from huntaze.imports.reading.sources import Held
from huntaze.imports.rejected import Rejections, each_rejected, sheet
from huntaze.imports.steps import SECONDS_TO_END_WELL, Stores
from huntaze.imports.working import Queue
from huntaze.members.model import Permission, Principal

MOST_RECENT = 20
MOST_UNDER_WAY = 20
MOST_REJECTED_AT_ONCE = 1_000
UPLOAD_SECONDS = 900
LINK_SECONDS = 300
DAY = timedelta(days=1)
# The gateway waits for 29 seconds.
SECONDS_TO_PLAN = 15
SECONDS_IN_ALL = 22
_LONGEST_NAME = 255

OVER_THERE = "This file takes longer than a request may. Files like it go to /api/onlyfans/imports."


class Files(Protocol):
    """Where files are kept."""

    def upload(self, key: str, largest: int, seconds: int) -> Upload:
        """Where one file of at most this size may be put for so long."""
        ...

    def put(self, key: str, content: bytes) -> None:
        """Put a small file there that has come with a request; Unavailable when that cannot be done."""
        ...

    def link(self, key: str, file_name: str, seconds: int) -> str:
        """An address that downloads the file under this name, for so long."""
        ...


Transactions = Callable[[Principal], AbstractContextManager[Stores]]


@dataclass(frozen=True, slots=True)
class Steps:
    """What a request does at once that a worker does else."""

    planning: Planning
    committing: Committing


class Imports:
    """The use cases around imports. Whoever may import sees all imports of the workspace."""

    def __init__(
        self,
        transactions: Transactions,
        files: Files,
        queue: Queue,
        steps: Steps,
        *,
        clock: Clock,
        new_id: Callable[[], UUID],
    ) -> None:
        self._transactions = transactions
        self._files = files
        self._queue = queue
        self._steps = steps
        self._clock = clock
        self._new_id = new_id

    def begin(self, who: Principal, file_name: str, file_bytes: int, choices: Choices) -> tuple[Import, Upload]:
        """Announce a file; it is planned as soon as it has been uploaded."""
        who.must(Permission.IMPORT)
        if not 0 < file_bytes <= LARGEST:
            raise TooLarge(f"A file has between 1 and {LARGEST} bytes.")
        begun = self._add(who, file_name, file_bytes, choices, arrived=False)
        key = Ticket(who.workspace_id, begun.id).key
        return begun, self._files.upload(key, file_bytes, UPLOAD_SECONDS)

    def bring(self, who: Principal, file_name: str, content: bytes, choices: Choices) -> Import:
        """Begin an import of a small file that has come with the request. From here on it is like any other."""
        who.must(Permission.IMPORT)
        if not 0 < len(content) <= LARGEST_AT_ONCE:
            raise TooLarge(f"A file has between 1 and {LARGEST_AT_ONCE} bytes.")
        begun = self._add(who, file_name, len(content), choices, arrived=False)
        self._files.put(Ticket(who.workspace_id, begun.id).key, content)
        self._tell(who, begun.id)
        return begun

    def of(self, who: Principal, import_id: UUID) -> Import:
        """One import."""
        who.must(Permission.IMPORT)
        with self._transactions(who) as stores:
            found = stores.imports.find(import_id)
        if found is None:
            raise NotFound
        return found

    def recent(self, who: Principal) -> tuple[Import, ...]:
        """The latest imports, the newest first."""
        who.must(Permission.IMPORT)
        with self._transactions(who) as stores:
            return tuple(stores.imports.newest(MOST_RECENT))

    def plan(self, who: Principal, import_id: UUID, choices: Choices) -> Import:
        """Another dry run with other choices, as long as nothing is done."""
        who.must(Permission.IMPORT)
        _must_be_known(choices)
        with self._transactions(who) as stores:
            found = stores.imports.get_to_change(import_id)
            if found.status not in {Status.MAPPING, Status.PLANNED, Status.FAILED}:
                raise Conflict("Only an import that waits for somebody can be planned anew.")
            if found.object_key is None or found.file_bytes is None:
                raise Conflict("The file is not there any more. Upload it again.")
            stores.imports.plan_anew(import_id, choices, found.file_bytes)
            stores.audit.record(Audited.IMPORT_PLANNED, import_id)
            planned = stores.imports.get_to_change(import_id)
        self._tell(who, import_id)
        return planned

    def commit(self, who: Principal, import_id: UUID, plan_hash: bytes) -> Import:
        """Do what was planned: exactly the plan of this hash. Asked again, it is under way or done already."""
        who.must(Permission.IMPORT)
        with self._transactions(who) as stores:
            committing = self._commit(stores, import_id, plan_hash)
        if committing.status is Status.COMMITTING:
            self._tell(who, import_id)
        return committing

    def undo(self, who: Principal, import_id: UUID) -> Import:
        """Take back what it did, but for fans who were touched since. Asked again, it is under way or done already."""
        who.must(Permission.IMPORT)
        with self._transactions(who) as stores:
            found = stores.imports.get_to_change(import_id)
            if found.status in {Status.UNDOING, Status.UNDONE}:
                return found
            until = found.reversible_until
            if until is None:
                raise Conflict("Only an import that is done can be undone.")
            if self._clock.now() >= until:
                raise Conflict(f"An import can be undone for {REVERSIBLE.days} days.")
            stores.imports.change(import_id, {"status": Status.UNDOING, "position": 0})
            stores.audit.record(Audited.IMPORT_UNDONE, import_id)
            undoing = stores.imports.get_to_change(import_id)
        self._tell(who, import_id)
        return undoing

    def rows(
        self,
        who: Principal,
        import_id: UUID,
        action: Action | None = None,
        after: int = 0,
        limit: int = 100,
        *,
        outcome: str | None = None,
        reason: str | None = None,
    ) -> tuple[PlannedRow, ...]:
        """Rows of the plan in their order: all, or those that do this, for this reason, or of which this became."""
        who.must(Permission.IMPORT)
        of = self.of(who, import_id)
        with self._transactions(who) as stores:
            return tuple(stores.import_rows.page(of, action, outcome, after, limit, reason=reason))

    def rejected(self, who: Principal, import_id: UUID) -> Rejections:
        """All rows that were rejected, as they came and with their reason."""
        of = self.of(who, import_id)
        if of.status in {Status.UPLOADING, Status.PLANNING, Status.MAPPING, Status.FAILED}:
            raise Conflict("This import has not been planned.")
        file_name = f"rejected-{of.created_at:%Y-%m-%d-%H%M}.csv"
        if of.rejected_key is not None:
            return Rejections(file_name, link=self._files.link(of.rejected_key, file_name, LINK_SECONDS))
        pages = each_rejected(lambda: self._transactions(who), of)
        return Rejections(file_name, texts=sheet(of, pages))

    def at_once(
        self, who: Principal, file_name: str, content: bytes, choices: Choices
    ) -> tuple[Import, tuple[PlannedRow, ...]]:
        """Plan and commit a small file within the request. What is left of committing then is a worker's."""
        who.must(Permission.IMPORT)
        if len(content) > LARGEST_AT_ONCE:
            raise TooLarge(OVER_THERE)
        begun = self._add(who, file_name, len(content), choices, arrived=True)
        began = self._clock.now()

        def begin() -> AbstractContextManager[Stores]:
            return self._transactions(who)

        def seconds_left(within: int) -> Callable[[], float]:
            # A step stops some time before its end; here it may take all of what it has.
            return lambda: SECONDS_TO_END_WELL + within - (self._clock.now() - began).total_seconds()

        planned = self._steps.planning.go_on(begin, begun, Held(content), seconds_left(SECONDS_TO_PLAN))
        if planned.status is Status.PLANNING:
            failed(begin, planned, "too_large")
            raise TooLarge(OVER_THERE)
        if planned.status is not Status.PLANNED or planned.plan_hash is None:
            return planned, ()
        with self._transactions(who) as stores:
            planned = self._commit(stores, planned.id, planned.plan_hash)
        done = self._steps.committing.go_on(begin, planned, seconds_left(SECONDS_IN_ALL))
        if done.status is Status.COMMITTING:
            self._tell(who, done.id)
        return done, self.rows(who, done.id, Action.REJECT, 0, MOST_REJECTED_AT_ONCE)

    def _add(self, who: Principal, file_name: str, file_bytes: int, choices: Choices, *, arrived: bool) -> Import:
        _must_be_known(choices)
        now = self._clock.now()
        ticket = Ticket(who.workspace_id, self._new_id())
        with self._transactions(who) as stores:
            if stores.imports.under_way(now - DAY) >= MOST_UNDER_WAY:
                raise Conflict(f"{MOST_UNDER_WAY} imports are under way. Wait for one of them.")
            name = _plain(file_name)
            begun = stores.imports.add(ticket, who.member_id, name, file_bytes, choices, at=now, arrived=arrived)
            stores.audit.record(Audited.IMPORT_REQUESTED, begun.id)
        return begun

    def _commit(self, stores: Stores, import_id: UUID, plan_hash: bytes) -> Import:
        found = stores.imports.get_to_change(import_id)
        if found.plan_hash != plan_hash:
            raise Conflict("This is not the plan that you have seen. Look at it again, then decide.")
        if found.status in {Status.COMMITTING, Status.COMMITTED}:
            return found
        if found.status is not Status.PLANNED:
            raise Conflict("Only an import that was planned can be committed.")
        planned = found.planned
        left_out = Counts(
            total=planned.total, skipped=planned.skipped, rejected=planned.rejected, reasons=planned.reasons
        )
        stores.imports.change(import_id, {"status": Status.COMMITTING, "position": 0, "done": left_out})
        stores.audit.record(Audited.IMPORT_COMMITTED, import_id)
        return stores.imports.get_to_change(import_id)

    def _tell(self, who: Principal, import_id: UUID) -> None:
        """Once it is committed. Where the queue is away, the upkeep tells within minutes."""
        try:
            self._queue.put(Ticket(who.workspace_id, import_id))
        except Unavailable:
            return


def _must_be_known(choices: Choices) -> None:
    if choices.locale is not None and choices.locale not in LOCALES:
        raise Invalid.field("locale", f"must be one of {', '.join(LOCALES)}")


def _plain(file_name: str) -> str:
    """The name alone, without folders and what cannot be written."""
    bare = file_name.replace("\\", "/").rpartition("/")[2]
    return "".join(letter for letter in bare if letter.isprintable())[-_LONGEST_NAME:] or "fans.csv"
