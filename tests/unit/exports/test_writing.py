import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import pytest

from huntaze.clock import FixedClock
from huntaze.errors import Conflict, Invalid, Unavailable
from huntaze.exports.model import LEASE, Export, NewExport, Status, Ticket
from huntaze.exports.writing import AWAY, OUR_FAULT, TOO_LARGE, ExportWriter
from huntaze.fans.model import Fan, Filters, Sort
from huntaze.ids import new_id
from huntaze.members.model import Role
from tests.support.export_fakes import FakeExportDatabase, FakeExports, FakeFanPages, FakeFiles, some_fans

NOON = datetime(2026, 5, 1, 12, tzinfo=UTC)
Pages = Callable[[], Iterator[tuple[Fan, ...]]]


@dataclass
class Workshop:
    """A worker, and an export that waits for it."""

    pages: FakeFanPages = field(default_factory=lambda: FakeFanPages([some_fans(3, NOON), some_fans(2, NOON)]))
    database: FakeExportDatabase = field(default_factory=FakeExportDatabase)
    files: FakeFiles = field(default_factory=FakeFiles)
    clock: FixedClock = field(default_factory=lambda: FixedClock(NOON))
    seconds_left: float = 900
    wanted: Ticket = field(default_factory=lambda: Ticket(new_id(), new_id()))

    def __post_init__(self) -> None:
        new = NewExport(filters={"q": "robin"}, sort="name", expected_rows=None)
        self.store.add(new, self.wanted.export_id, new_id(), NOON, NOON + timedelta(days=7))

    @property
    def store(self) -> FakeExports:
        with self.database.as_machine(self.wanted.workspace_id) as stores:
            return stores.exports

    @property
    def export(self) -> Export:
        found = self.store.find(self.wanted.export_id)
        assert found is not None
        return found

    def receive(self) -> None:
        writer = ExportWriter(self.database.as_machine, self.pages, self.files, clock=self.clock, new_id=new_id)
        writer.receive(self.wanted.body(), lambda: self.seconds_left)

    def meanwhile(self, act: Callable[[], object]) -> None:
        """Do something while the second page is read."""
        first, second = some_fans(3, NOON), some_fans(2, NOON)

        def pages() -> Iterator[tuple[Fan, ...]]:
            yield first
            act()
            yield second

        self.pages.pages = pages()  # type: ignore[assignment]  # read once, like the real one


@pytest.fixture
def workshop() -> Workshop:
    return Workshop()


def _raise(error: Exception) -> None:
    raise error


def test_an_export_becomes_a_file_of_its_own(workshop: Workshop) -> None:
    workshop.receive()
    export = workshop.export
    ((key, text),) = workshop.files.finished.items()
    assert (export.status, export.object_key, export.rows) == (Status.READY, key, 5)
    assert export.bytes == len(text.encode())
    assert text.count("\r\n") == 6
    assert key.startswith(f"exports/{workshop.wanted.workspace_id}/{export.id}/")


def test_it_asks_what_was_asked_as_who_may_export_and_nothing_more(workshop: Workshop) -> None:
    workshop.receive()
    ((who, filters, sort),) = workshop.pages.asked
    assert (filters, sort) == (Filters(q="robin"), Sort.NAME)
    assert (who.workspace_id, who.member_id) == (workshop.wanted.workspace_id, workshop.export.requested_by)
    assert who.role is Role.ANALYST


def test_nobody_matching_is_a_file_too(workshop: Workshop) -> None:
    workshop.pages.pages = []
    workshop.receive()
    assert (workshop.export.status, workshop.export.rows) == (Status.READY, 0)


def test_the_same_message_again_does_nothing(workshop: Workshop) -> None:
    workshop.receive()
    before = workshop.export
    workshop.receive()
    assert workshop.export == before
    assert len(workshop.files.finished) == len(workshop.pages.asked) == 1


def test_a_message_of_an_export_that_is_gone_does_nothing(workshop: Workshop) -> None:
    workshop.wanted = Ticket(workshop.wanted.workspace_id, new_id())
    workshop.receive()
    assert workshop.pages.asked == []


def test_a_message_for_another_workspace_finds_nothing(workshop: Workshop) -> None:
    mine, workshop.wanted = workshop.wanted, Ticket(new_id(), workshop.wanted.export_id)
    workshop.receive()
    workshop.wanted = mine
    assert workshop.export.status is Status.REQUESTED


def test_while_another_worker_lives_the_message_goes_back(workshop: Workshop) -> None:
    workshop.store.claim(workshop.wanted.export_id, new_id(), NOON, NOON + LEASE)
    with pytest.raises(Conflict):
        workshop.receive()
    workshop.clock.advance(LEASE + timedelta(seconds=1))
    workshop.receive()
    assert workshop.export.status is Status.READY


def test_poison_is_refused(workshop: Workshop) -> None:
    writer = ExportWriter(
        workshop.database.as_machine, workshop.pages, workshop.files, clock=workshop.clock, new_id=new_id
    )
    with pytest.raises(Invalid):
        writer.receive("poison", lambda: 900.0)


def test_a_long_one_says_how_far_it_is_and_that_its_writer_lives(workshop: Workshop) -> None:
    seen: list[Export] = []

    def look() -> None:
        workshop.clock.advance(LEASE - timedelta(seconds=1))
        workshop.pages.asked.clear()

    workshop.meanwhile(look)
    renew = workshop.store.renew

    def renewed(*told: object) -> bool:
        done = renew(*told)  # type: ignore[arg-type]  # handed through
        seen.append(workshop.export)
        return done

    workshop.store.renew = renewed  # type: ignore[method-assign,assignment]  # to look on
    workshop.receive()
    assert [(export.rows, export.lease_until) for export in seen] == [(3, workshop.clock.now() + LEASE)]
    assert workshop.export.status is Status.READY


def test_a_quick_one_troubles_nobody_with_its_progress(workshop: Workshop) -> None:
    workshop.store.renew = lambda *_: _raise(AssertionError("renewed"))  # type: ignore[method-assign,assignment,return-value]
    workshop.receive()
    assert workshop.export.status is Status.READY


def test_who_was_displaced_leaves_no_file(workshop: Workshop) -> None:
    def displace() -> None:
        workshop.clock.advance(LEASE + timedelta(seconds=1))
        workshop.store.claim(workshop.wanted.export_id, new_id(), workshop.clock.now(), workshop.clock.now() + LEASE)

    workshop.meanwhile(displace)
    workshop.receive()
    assert workshop.export.status is Status.WRITING
    assert workshop.files.finished == {}
    assert len(workshop.files.abandoned) == 1


def test_who_was_displaced_at_the_very_end_does_not_make_it_ready(workshop: Workshop) -> None:
    workshop.meanwhile(lambda: workshop.store.fail(workshop.wanted.export_id, None, "Given up."))
    workshop.receive()
    assert (workshop.export.status, workshop.export.error) == (Status.FAILED, "Given up.")
    assert workshop.export.object_key is None


def test_without_time_it_fails_clearly_instead_of_being_cut(workshop: Workshop) -> None:
    def run_out() -> None:
        workshop.seconds_left = 20

    workshop.meanwhile(run_out)
    workshop.receive()
    assert (workshop.export.status, workshop.export.error) == (Status.FAILED, TOO_LARGE)
    assert workshop.files.finished == {}
    assert len(workshop.files.abandoned) == 1


def test_what_is_away_is_said_and_no_half_file_stays(workshop: Workshop, caplog: pytest.LogCaptureFixture) -> None:
    workshop.meanwhile(lambda: _raise(Unavailable("The database cannot answer right now.", retry_after=5)))
    with caplog.at_level(logging.INFO):
        workshop.receive()
    assert (workshop.export.status, workshop.export.error) == (Status.FAILED, AWAY)
    assert workshop.files.finished == {}
    (line,) = caplog.records
    assert line.__dict__["exportId"] == str(workshop.export.id)


def test_files_that_are_away_are_said(workshop: Workshop) -> None:
    workshop.files.away = True
    workshop.receive()
    assert (workshop.export.status, workshop.export.error) == (Status.FAILED, AWAY)


def test_a_fault_of_ours_is_said_to_the_person_and_to_the_operator(workshop: Workshop) -> None:
    workshop.meanwhile(lambda: _raise(ZeroDivisionError()))
    with pytest.raises(ZeroDivisionError):
        workshop.receive()
    assert (workshop.export.status, workshop.export.error) == (Status.FAILED, OUR_FAULT)
    assert workshop.files.finished == {}


def test_a_killed_worker_leaves_a_row_that_the_next_one_finishes(workshop: Workshop) -> None:
    class KilledError(BaseException):
        """Nothing of ours runs after it."""

    workshop.meanwhile(lambda: _raise(KilledError()))  # type: ignore[arg-type]  # no ordinary error
    with pytest.raises(KilledError):
        workshop.receive()
    assert workshop.export.status is Status.WRITING
    workshop.clock.advance(LEASE + timedelta(seconds=1))
    workshop.pages.pages = [some_fans(4, NOON)]
    workshop.receive()
    assert (workshop.export.status, workshop.export.rows) == (Status.READY, 4)
    assert len(workshop.files.finished) == 1
