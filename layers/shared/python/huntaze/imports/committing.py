"""Doing what was planned, or less: thousands of rows in one transaction with the place reached."""

from functools import partial
from uuid import UUID

from huntaze.clock import Clock
from huntaze.imports.model import CHUNK_ROWS, Import, Status, Stretch
from huntaze.imports.steps import (
    SECONDS_TO_END_WELL,
    Begin,
    Growth,
    SecondsLeft,
    Stores,
    again_while_contended,
    found_again,
    held,
)
from huntaze.measures import Count, Measures
from huntaze.tombstones.service import Tombstones


class _ErasedSinceError(Exception):
    """Some of these rows name people who were erased since the plan."""

    def __init__(self, numbers: tuple[int, ...]) -> None:
        super().__init__(f"{len(numbers)} rows")
        self.numbers = numbers


class Committing:
    """Commits imports, from the place that was reached."""

    def __init__(self, tombstones: Tombstones, clock: Clock, measures: Measures) -> None:
        self._tombstones = tombstones
        self._clock = clock
        self._measures = measures

    def go_on(self, begin: Begin, planned: Import, seconds_left: SecondsLeft) -> Import:
        """Commit as much as there is time for. The import as it is then: still committing where time ran out."""
        growth = Growth(begin)
        while planned.status is Status.COMMITTING:
            growth.chunk_ahead()
            before, planned = planned, self._chunk(begin, planned)
            self._tell(before, planned)
            if seconds_left() < SECONDS_TO_END_WELL:
                break
        return planned

    def _chunk(self, begin: Begin, planned: Import) -> Import:
        without: frozenset[int] = frozenset()
        while True:
            try:
                return again_while_contended(partial(self._attempt, begin, without), planned)
            except _ErasedSinceError as error:
                without |= frozenset(error.numbers)

    def _attempt(self, begin: Begin, without: frozenset[int], planned: Import) -> Import:
        rows = next_stretch(planned)
        with begin() as stores:
            held(stores, planned)
            stores.import_doing.wait()
            workspace = stores.workspace.get()
            done = stores.import_doing.commit(
                rows, planned.created_at, self._clock.now(), workspace.currency, sorted(without)
            )
            self._nobody_erased(stores, workspace.id, rows)
            stores.imports.change(planned.id, {"position": rows.to, "done": planned.done.plus(done)})
            if rows.to == planned.last_row:
                stores.imports.change(planned.id, {"status": Status.COMMITTED, "committed_at": self._clock.now()})
            return found_again(stores, planned)

    def _tell(self, before: Import, after: Import) -> None:
        made = after.done.created - before.done.created
        if made > 0:
            self._measures.count(Count.IMPORTED, made, after.choices.platform)

    def _nobody_erased(self, stores: Stores, workspace_id: UUID, rows: Stretch) -> None:
        """Asked after the rows are written and in their transaction, so that an erasure under way is seen."""
        if not stores.tombstones.count():
            return
        people = stores.import_doing.names(rows)
        named = self._tombstones.named(stores.tombstones, workspace_id, tuple(people.values()))
        if any(named):
            raise _ErasedSinceError(tuple(number for number, gone in zip(people, named, strict=True) if gone))


def next_stretch(of: Import) -> Stretch:
    """What comes next of its rows."""
    to = min(of.position + CHUNK_ROWS, of.last_row)
    return Stretch(import_id=of.id, plan=of.plan, after=of.position, to=to)
