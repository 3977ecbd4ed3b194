import base64
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from huntaze.cursors import LONGEST_CURSOR, Cursors, Position
from huntaze.errors import Invalid, NotFound
from huntaze.ids import new_id

OURS, THEIRS = new_id(), new_id()
CURSORS = Cursors(lambda: b"a key")
LIST = CURSORS.of(OURS, "fans", None, "vip", "name")
PLACE = Position("zoë 🎉", new_id())


@given(st.text(alphabet=st.characters(codec="utf-8"), max_size=200), st.uuids())
def test_a_cursor_gives_back_what_went_in_and_is_safe_in_an_address(key: str, row: UUID) -> None:
    cursor = LIST.cursor(Position(key, row))
    assert cursor is not None
    assert LIST.position(cursor) == Position(key, row)
    assert set(cursor) <= set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_")


def test_the_longest_name_still_makes_a_cursor_that_is_read() -> None:
    widest = Position("🎉" * 200, new_id())
    assert LIST.position(LIST.cursor(widest)) == widest


def test_without_a_place_there_is_no_cursor_and_the_other_way_round() -> None:
    assert LIST.cursor(None) is None
    assert LIST.position(None) is None


def _refused(cursor: str) -> None:
    with pytest.raises(Invalid) as raised:
        LIST.position(cursor)
    assert [field.field for field in raised.value.fields] == ["cursor"]


@pytest.mark.parametrize("cursor", ["", "!", "a", "é", "AAAA", "\0", "W10", "A" * 100, "A" * (LONGEST_CURSOR + 1)])
def test_what_is_no_cursor_of_ours_is_refused_by_name(cursor: str) -> None:
    _refused(cursor)


def test_no_byte_of_a_cursor_can_be_changed() -> None:
    cursor = LIST.cursor(PLACE) or ""
    raw = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
    for place in range(len(raw)):
        changed = raw[:place] + bytes([raw[place] ^ 1]) + raw[place + 1 :]
        _refused(base64.urlsafe_b64encode(changed).decode().rstrip("="))
    _refused(cursor[:-4])


@pytest.mark.parametrize(
    "question",
    [
        (),
        ("fans",),
        ("fans", None, "vip"),
        ("fans", "vip", None, "name"),
        ("fans", "None", "vip", "name"),
        ("fans", None, "vip", "valueCents"),
        ("fans", None, "vip name"),
        ("notes", None, "vip", "name"),
    ],
)
def test_a_cursor_of_another_list_is_refused_by_name(question: tuple[object, ...]) -> None:
    _refused(CURSORS.of(OURS, *question).cursor(PLACE) or "")


def test_a_cursor_of_another_workspace_is_as_absent_as_an_id_that_never_was() -> None:
    theirs = CURSORS.of(THEIRS, "fans", None, "vip", "name").cursor(PLACE)
    other_list = CURSORS.of(THEIRS, "notes").cursor(PLACE)
    for cursor in (theirs, other_list):
        with pytest.raises(NotFound):
            LIST.position(cursor)


def test_a_cursor_made_with_another_key_is_refused_also_if_it_names_another_workspace() -> None:
    for workspace in (OURS, THEIRS):
        forged = Cursors(lambda: b"another key").of(workspace, "fans", None, "vip", "name").cursor(PLACE)
        _refused(forged or "")
