from uuid import UUID

import pytest

from huntaze.ids import new_id
from huntaze.notes.service import NoteStore
from tests.support.fake_fans import FakeNotes
from tests.support.note_store_contract import NoteStoreContract


class TestFakeNotes(NoteStoreContract):
    @pytest.fixture
    def notes(self) -> NoteStore:
        return FakeNotes()

    @pytest.fixture
    def fan_id(self) -> UUID:
        return new_id()

    @pytest.fixture
    def other_fan_id(self) -> UUID:
        return new_id()

    @pytest.fixture
    def author_id(self) -> UUID:
        return new_id()
