"""Bugs of campaigns, imports, numbers and approvals; chaos/planted.py has those of the send path."""

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

from chaos.planting import Change, instead
from huntaze.analytics import recounts
from huntaze.campaigns import audiences
from huntaze.drafts import service as drafts
from huntaze.imports.committing import Committing, next_stretch
from huntaze.imports.model import Status
from huntaze.imports.steps import found_again, held

SUMS_TWICE = """ ON CONFLICT (workspace_id, day, metric, platform, currency) DO UPDATE SET
    occurrences = daily_rollups.occurrences + excluded.occurrences,
    amount_cents = daily_rollups.amount_cents + excluded.amount_cents"""
NOTHING = "SELECT %(workspace_id)s"


def campaign_chunk_without_its_place() -> Iterator[Change]:
    """The rows of a chunk are committed, and where the next one begins is not."""
    yield Change(audiences, "MOVE", instead(audiences.MOVE, "coalesce(%(last)s, fill_cursor)", "fill_cursor"))


def import_chunk_without_its_place() -> Iterator[Change]:
    """The rows of a chunk are committed, and the place that was reached in another transaction after it."""

    def attempt(self: Committing, begin: Any, without: frozenset[int], planned: Any) -> Any:
        rows = next_stretch(planned)
        with begin() as stores:
            held(stores, planned)
            workspace = stores.workspace.get()
            now = self._clock.now()
            done = stores.import_doing.commit(rows, planned.created_at, now, workspace.currency, sorted(without))
        with begin() as stores:
            held(stores, planned)
            stores.imports.change(planned.id, {"position": rows.to, "done": planned.done.plus(done)})
            if rows.to == planned.last_row:
                stores.imports.change(planned.id, {"status": Status.COMMITTED, "committed_at": now})
            return found_again(stores, planned)

    yield Change(Committing, "_attempt", attempt)


def sums_added_up() -> Iterator[Change]:
    """A day that is stale is added to what was counted of it, and not counted again."""
    yield Change(recounts, "DROP_PAYMENTS", NOTHING)
    yield Change(recounts, "KEEP_PAYMENTS", recounts.KEEP_PAYMENTS + SUMS_TWICE)


def approval_not_compared() -> Iterator[Change]:
    """Who approves approves whatever stands there by now."""
    yield Change(drafts, "_must_be_as_seen", partial(_agree))


def _agree(*_: object) -> None:
    return


BUGS: tuple[Callable[[], Iterator[Change]], ...] = (
    campaign_chunk_without_its_place,
    import_chunk_without_its_place,
    sums_added_up,
    approval_not_compared,
)
