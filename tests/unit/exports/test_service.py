from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from huntaze.clock import FixedClock
from huntaze.errors import Conflict, Forbidden, NotFound, TooLarge, Unavailable
from huntaze.exports.model import BEGUN_WITHIN, KEPT_FOR, Export, Status, Ticket
from huntaze.exports.service import MOST_ROWS_AT_ONCE, MOST_UNDER_WAY, Exports, question, words
from huntaze.fans.model import Fan, Filters, Platform, Sort
from huntaze.ids import new_id
from huntaze.members.model import Principal, Role
from tests.support.export_fakes import (
    FakeExportDatabase,
    FakeExportQueue,
    FakeExports,
    FakeFanPages,
    FakeFiles,
    some_fans,
)
from tests.support.people import principal

NOON = datetime(2026, 5, 1, 12, tzinfo=UTC)
NARROW = Filters(q="robin", platform=Platform.FANSLY, tag="vip", min_value_cents=500, seen_after=NOON)


@dataclass
class Desk:
    """The use cases and everything around them."""

    pages: FakeFanPages = field(default_factory=FakeFanPages)
    database: FakeExportDatabase = field(default_factory=FakeExportDatabase)
    queue: FakeExportQueue = field(default_factory=FakeExportQueue)
    files: FakeFiles = field(default_factory=FakeFiles)
    clock: FixedClock = field(default_factory=lambda: FixedClock(NOON))
    who: Principal = field(default_factory=lambda: principal(Role.ANALYST))

    @property
    def exports(self) -> Exports:
        return Exports(self.database.in_workspace, self.pages, self.queue, self.files, clock=self.clock, new_id=new_id)

    @property
    def store(self) -> FakeExports:
        return self.database.workspaces[self.who.workspace_id].exports

    def ask(self) -> Export:
        return self.exports.request(self.who, NARROW, Sort.VALUE)

    def write(self, export: Export) -> None:
        claim_id = new_id()
        self.store.claim(export.id, claim_id, self.clock.now(), self.clock.now())
        self.store.finish(export.id, claim_id, "a-file", 3, 99)


@pytest.fixture
def desk() -> Desk:
    return Desk()


def _colleague(who: Principal, role: Role = Role.OWNER) -> Principal:
    return principal(role, who.workspace_id)


def test_a_small_export_is_text_at_once(desk: Desk) -> None:
    desk.pages.pages = [some_fans(2, NOON), some_fans(1, NOON)]
    text = "".join(desk.exports.csv(desk.who, NARROW, Sort.NAME))
    assert text.count("\r\n") == 4
    assert desk.pages.asked == [(desk.who, NARROW, Sort.NAME)]


def test_as_many_as_fit_are_given_and_one_more_is_too_many(desk: Desk) -> None:
    thousand = some_fans(1_000, NOON)
    desk.pages.pages = [thousand] * (MOST_ROWS_AT_ONCE // 1_000)
    assert "".join(desk.exports.csv(desk.who, Filters(), Sort.NAME)).count("\r\n") == MOST_ROWS_AT_ONCE + 1
    desk.pages.pages = [*desk.pages.pages, thousand[:1]]
    with pytest.raises(TooLarge):
        "".join(desk.exports.csv(desk.who, Filters(), Sort.NAME))


def test_few_fans_with_very_much_text_are_too_large_as_well(desk: Desk) -> None:
    desk.pages.pages = [some_fans(1_000, NOON, tags=tuple(f"{number}{'é' * 190}" for number in range(10)))]
    with pytest.raises(TooLarge):
        "".join(desk.exports.csv(desk.who, Filters(), Sort.NAME))


def test_the_text_is_made_while_it_is_read(desk: Desk) -> None:
    read = 0

    def pages() -> Sequence[tuple[Fan, ...]]:
        nonlocal read
        read += 1
        return some_fans(1, NOON)

    desk.pages.pages = iter(pages, None)
    text = desk.exports.csv(desk.who, Filters(), Sort.NAME)
    next(text), next(text)
    assert read == 1


def test_a_request_is_kept_and_a_worker_hears_of_it(desk: Desk) -> None:
    export = desk.exports.request(desk.who, NARROW, Sort.VALUE, expected_rows=7)
    assert desk.store.find(export.id) == export
    assert (export.status, export.sort, export.expected_rows) == (Status.REQUESTED, "valueCents", 7)
    assert (export.created_at, export.expires_at) == (NOON, NOON + KEPT_FOR)
    assert question(export.filters) == NARROW
    assert desk.queue.tickets == [Ticket(desk.who.workspace_id, export.id)]


def test_filters_are_kept_as_they_stand_in_the_address() -> None:
    assert words(NARROW) == {
        "q": "robin",
        "platform": "fansly",
        "tag": "vip",
        "minValueCents": "500",
        "seenAfter": "2026-05-01T12:00:00+00:00",
    }
    assert words(Filters()) == {}


@given(
    st.builds(
        Filters,
        q=st.none() | st.text(),
        platform=st.none() | st.sampled_from(Platform),
        tag=st.none() | st.text(),
        min_value_cents=st.none() | st.integers(0, 2**63 - 1),
        seen_after=st.none() | st.datetimes(timezones=st.just(UTC)),
    )
)
def test_every_question_is_read_as_it_was_written(filters: Filters) -> None:
    assert question(words(filters)) == filters


def test_without_the_queue_the_export_has_failed_and_the_caller_hears_it(desk: Desk) -> None:
    desk.queue.away = True
    with pytest.raises(Unavailable):
        desk.ask()
    (export,) = desk.exports.recent(desk.who)
    assert export.status is Status.FAILED
    assert export.error is not None


def test_one_person_cannot_have_any_number_under_way(desk: Desk) -> None:
    asked = [desk.ask() for _ in range(MOST_UNDER_WAY)]
    with pytest.raises(Conflict):
        desk.ask()
    assert desk.exports.request(_colleague(desk.who), NARROW, Sort.NAME)
    desk.write(asked[0])
    assert desk.ask()
    desk.clock.advance(BEGUN_WITHIN + timedelta(seconds=1))
    assert desk.ask(), "what is stuck blocks nobody"


def test_a_request_sweeps_what_has_expired(desk: Desk) -> None:
    old = desk.ask()
    desk.clock.advance(KEPT_FOR)
    desk.ask()
    assert desk.store.find(old.id) is None


def test_a_link_is_for_a_file_under_its_name_and_for_minutes(desk: Desk) -> None:
    export = desk.ask()
    with pytest.raises(Conflict):
        desk.exports.link(desk.who, export.id)
    desk.write(export)
    assert desk.exports.link(desk.who, export.id) == (
        "https://files.example/a-file?as=fans-2026-05-01-1200.csv&for=300"
    )


def test_after_a_week_there_is_nothing(desk: Desk) -> None:
    export = desk.ask()
    desk.write(export)
    desk.clock.advance(KEPT_FOR)
    with pytest.raises(NotFound):
        desk.exports.link(desk.who, export.id)
    assert desk.exports.recent(desk.who) == ()


def test_an_export_is_seen_by_who_asked_for_it_alone(desk: Desk) -> None:
    export = desk.ask()
    desk.write(export)
    for stranger in (_colleague(desk.who), principal(Role.OWNER)):
        for attempt in (desk.exports.of, desk.exports.link, desk.exports.again):
            with pytest.raises(NotFound):
                attempt(stranger, export.id)
        assert desk.exports.recent(stranger) == ()
    assert desk.exports.of(desk.who, export.id).status is Status.READY


def test_the_latest_come_first(desk: Desk) -> None:
    asked = []
    for _ in range(3):
        asked.append(desk.ask())
        desk.clock.advance(timedelta(minutes=1))
    assert desk.exports.recent(desk.who) == tuple(asked[::-1])


def test_what_failed_can_be_asked_again(desk: Desk) -> None:
    failed = desk.ask()
    desk.store.fail(failed.id, None, "Away.")
    again = desk.exports.again(desk.who, failed.id)
    assert again.id != failed.id
    assert (again.filters, again.sort, again.status) == (failed.filters, failed.sort, Status.REQUESTED)
    assert desk.queue.tickets[-1] == Ticket(desk.who.workspace_id, again.id)


def test_what_is_stuck_ends_when_it_is_asked_again(desk: Desk) -> None:
    stuck = desk.ask()
    with pytest.raises(Conflict):
        desk.exports.again(desk.who, stuck.id)
    desk.clock.advance(BEGUN_WITHIN + timedelta(seconds=1))
    desk.exports.again(desk.who, stuck.id)
    assert desk.exports.of(desk.who, stuck.id).status is Status.FAILED


def test_what_is_ready_needs_no_second_try(desk: Desk) -> None:
    export = desk.ask()
    desk.write(export)
    with pytest.raises(Conflict):
        desk.exports.again(desk.who, export.id)


@pytest.mark.parametrize("role", [Role.OWNER, Role.MANAGER, Role.ANALYST])
def test_who_sees_analytics_may_export(role: Role) -> None:
    desk = Desk(who=principal(role))
    assert "".join(desk.exports.csv(desk.who, Filters(), Sort.NAME))
    assert desk.exports.of(desk.who, desk.ask().id)


def test_a_chatter_may_do_none_of_it(desk: Desk) -> None:
    chatter, export = _colleague(desk.who, Role.CHATTER), desk.ask()
    for attempt in (
        lambda: desk.exports.csv(chatter, Filters(), Sort.NAME),
        lambda: desk.exports.request(chatter, Filters(), Sort.NAME),
        lambda: desk.exports.of(chatter, export.id),
        lambda: desk.exports.link(chatter, export.id),
        lambda: desk.exports.again(chatter, export.id),
        lambda: desk.exports.recent(chatter),
    ):
        with pytest.raises(Forbidden):
            attempt()
