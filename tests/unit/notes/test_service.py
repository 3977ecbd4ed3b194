from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from huntaze.clock import FixedClock
from huntaze.errors import Forbidden, NotFound
from huntaze.fans.service import Fans
from huntaze.ids import new_id
from huntaze.members.model import Principal, Role
from huntaze.notes.model import Note
from huntaze.notes.service import Notes
from tests.support.fakes import FakeDatabase
from tests.support.people import new_fan, principal

WORKSPACE = new_id()
OWNER, MANAGER, CHATTER, OTHER_CHATTER, ANALYST = (
    principal(role, WORKSPACE) for role in (Role.OWNER, Role.MANAGER, Role.CHATTER, Role.CHATTER, Role.ANALYST)
)


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock(datetime(2026, 5, 1, 12, tzinfo=UTC))


@pytest.fixture
def database() -> FakeDatabase:
    return FakeDatabase()


@pytest.fixture
def fan_id(database: FakeDatabase, clock: FixedClock) -> UUID:
    return Fans(database.in_workspace, clock, new_id).create(OWNER, new_fan()).id


@pytest.fixture
def notes(database: FakeDatabase, clock: FixedClock) -> Notes:
    return Notes(database.in_workspace, clock, new_id)


def _write(notes: Notes, clock: FixedClock, fan_id: UUID, who: Principal, text: str = "Kind") -> Note:
    clock.advance(timedelta(minutes=1))
    return notes.add(who, fan_id, text)


def test_a_note_has_its_author_and_its_time(notes: Notes, clock: FixedClock, fan_id: UUID) -> None:
    note = _write(notes, clock, fan_id, CHATTER)
    assert (note.fan_id, note.author_id, note.created_at) == (fan_id, CHATTER.member_id, clock.now())
    assert notes.page(CHATTER, fan_id, 50).items == (note,)


def test_pages_follow_each_other_newest_first(notes: Notes, clock: FixedClock, fan_id: UUID) -> None:
    written = [_write(notes, clock, fan_id, CHATTER, str(number)) for number in range(5)]
    first = notes.page(OWNER, fan_id, 3)
    second = notes.page(OWNER, fan_id, 3, first.next)
    assert [*first.items, *second.items] == written[::-1]
    assert second.next is None


@pytest.mark.parametrize("who", [CHATTER, MANAGER, OWNER])
def test_its_author_managers_and_owners_change_and_delete_a_note(
    notes: Notes, clock: FixedClock, fan_id: UUID, who: Principal
) -> None:
    note = _write(notes, clock, fan_id, CHATTER)
    changed = notes.change(who, fan_id, note.id, "Very kind")
    assert (changed.text, changed.author_id) == ("Very kind", CHATTER.member_id)
    notes.delete(who, fan_id, note.id)
    assert notes.page(who, fan_id, 50).items == ()


def test_other_chatters_do_not(notes: Notes, clock: FixedClock, fan_id: UUID) -> None:
    note = _write(notes, clock, fan_id, CHATTER)
    with pytest.raises(Forbidden):
        notes.change(OTHER_CHATTER, fan_id, note.id, "Mine now")
    with pytest.raises(Forbidden):
        notes.delete(OTHER_CHATTER, fan_id, note.id)
    assert notes.page(OWNER, fan_id, 50).items == (note,)


def test_analysts_see_no_notes(notes: Notes, fan_id: UUID) -> None:
    for act in (lambda: notes.page(ANALYST, fan_id, 50), lambda: notes.add(ANALYST, fan_id, "x")):
        with pytest.raises(Forbidden):
            act()


def test_about_who_is_not_there_nothing_is_written(notes: Notes, clock: FixedClock, fan_id: UUID) -> None:
    note = _write(notes, clock, fan_id, OWNER)
    nobody = new_id()
    for act in (
        lambda: notes.page(OWNER, nobody, 50),
        lambda: notes.add(OWNER, nobody, "x"),
        lambda: notes.change(OWNER, nobody, note.id, "x"),
        lambda: notes.delete(OWNER, nobody, note.id),
        lambda: notes.change(OWNER, fan_id, new_id(), "x"),
    ):
        with pytest.raises(NotFound):
            act()
