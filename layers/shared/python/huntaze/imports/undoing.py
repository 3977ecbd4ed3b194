"""Taking back what an import did, but for what somebody has touched since: in chunks, like doing it."""

from functools import partial

from huntaze.clock import Clock
from huntaze.imports.committing import next_stretch
from huntaze.imports.model import Import, Status
from huntaze.imports.steps import (
    SECONDS_TO_END_WELL,
    Begin,
    Growth,
    SecondsLeft,
    again_while_contended,
    found_again,
    held,
)


class Undoing:
    """Undoes imports, from the place that was reached."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock

    def go_on(self, begin: Begin, committed: Import, seconds_left: SecondsLeft) -> Import:
        """Undo as much as there is time for. The import as it is then: still undoing where time ran out."""
        growth = Growth(begin)
        while committed.status is Status.UNDOING:
            growth.chunk_ahead()
            committed = again_while_contended(partial(self._chunk, begin), committed)
            if seconds_left() < SECONDS_TO_END_WELL:
                break
        return committed

    def _chunk(self, begin: Begin, committed: Import) -> Import:
        rows = next_stretch(committed)
        with begin() as stores:
            held(stores, committed)
            stores.import_doing.wait()
            undone = stores.import_doing.undo(rows)
            stores.imports.change(committed.id, {"position": rows.to, "undone": committed.undone.plus(undone)})
            if rows.to == committed.last_row:
                stores.imports.change(committed.id, {"status": Status.UNDONE, "undone_at": self._clock.now()})
            return found_again(stores, committed)
