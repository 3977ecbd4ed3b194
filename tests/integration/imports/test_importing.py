"""A file on its way: planned, committed, undone, by one worker or many."""

from huntaze.imports.model import Counts, Status
from tests.support.imports import Importing, csv


def test_a_file_is_planned_committed_and_undone(importing: Importing) -> None:
    planned = importing.planned(csv("Username,Total Spent", "ada,$12.50", "robin,3", "ada,1", ",5"))
    found = {"known": 1, "no_name": 1, "duplicate": 1}
    assert planned.status is Status.PLANNED
    assert planned.planned == Counts(total=4, created=1, skipped=2, rejected=1, reasons=found)
    done = importing.commit(planned)
    assert done.done == planned.planned
    undone = importing.undo(done)
    assert undone.status is Status.UNDONE
    assert undone.undone == Counts(total=1, created=1, reasons={})
