"""What every keeper of notes promises, the real one and the fake alike."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from huntaze.errors import NotFound
from huntaze.ids import new_id
from huntaze.notes.model import Note
from huntaze.notes.service import NoteStore

NOON = datetime(2026, 5, 1, 12, tzinfo=UTC)
HOSTILE = "</textarea><script>alert('x')</script> %s \\ 🎉"


class NoteStoreContract:
    """Subclasses give `notes`, `fan_id`, `other_fan_id` and `author_id`, who are all in one workspace."""

    def test_a_note_comes_back_as_it_went_in(self, notes: NoteStore, fan_id: UUID, author_id: UUID) -> None:
        note_id = new_id()
        added = notes.add(note_id, fan_id, author_id, HOSTILE, NOON)
        assert added == Note(note_id, fan_id, author_id, added.author_name, HOSTILE, NOON, NOON)
        assert list(notes.newest(fan_id, None, 10)) == [notes.get_to_change(fan_id, note_id)] == [added]

    def test_pages_one_behind_the_other_show_every_note_once(
        self, notes: NoteStore, fan_id: UUID, other_fan_id: UUID, author_id: UUID
    ) -> None:
        added = [
            notes.add(new_id(), fan_id, author_id, str(number), NOON + timedelta(seconds=number // 3))
            for number in range(10)
        ]
        notes.add(new_id(), other_fan_id, author_id, "Somebody else's", NOON)
        seen: list[Note] = []
        while page := notes.newest(fan_id, seen[-1].position if seen else None, 4):
            seen += page
        assert seen == sorted(added, key=lambda note: (note.created_at, note.id), reverse=True)

    def test_other_words_are_a_later_version(self, notes: NoteStore, fan_id: UUID, author_id: UUID) -> None:
        note = notes.add(new_id(), fan_id, author_id, "Kind", NOON)
        changed = notes.change(note.id, "Very kind")
        assert (changed.id, changed.text, changed.created_at) == (note.id, "Very kind", NOON)
        assert changed.updated_at > note.updated_at

    def test_what_is_deleted_is_gone(self, notes: NoteStore, fan_id: UUID, author_id: UUID) -> None:
        note = notes.add(new_id(), fan_id, author_id, "Kind", NOON)
        notes.delete(note.id)
        assert not notes.newest(fan_id, None, 10)
        with pytest.raises(NotFound):
            notes.get_to_change(fan_id, note.id)
        with pytest.raises(NotFound):
            notes.change(note.id, "x")

    def test_a_note_is_found_only_with_its_fan(
        self, notes: NoteStore, fan_id: UUID, other_fan_id: UUID, author_id: UUID
    ) -> None:
        note = notes.add(new_id(), fan_id, author_id, "Kind", NOON)
        with pytest.raises(NotFound):
            notes.get_to_change(other_fan_id, note.id)
