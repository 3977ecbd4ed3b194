"""What every keeper of sessions promises, the real one and the fake alike."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from huntaze.ids import new_id
from huntaze.sessions.model import IDLE, LONGEST, Preferences, Proven, Session, Theme, hash_of
from huntaze.sessions.service import SessionStore
from tests.support.sessions import a_session

NOON = datetime(2026, 5, 1, 12, tzinfo=UTC)
ANA = Proven("ana", "ana@example.com")
TOM = Proven("tom", "tom@example.com")
SECOND = timedelta(seconds=1)


class SessionStoreContract:
    """Subclasses give `store`, a keeper that holds nothing yet."""

    @pytest.fixture
    def store(self) -> SessionStore:
        raise NotImplementedError

    @pytest.fixture
    def anas(self, store: SessionStore) -> Session:
        session = a_session("a token", ANA, NOON)
        store.begin(session)
        return session

    def test_a_session_comes_back_by_the_hash_of_its_token(self, store: SessionStore, anas: Session) -> None:
        assert store.find(hash_of("a token"), NOON) == anas
        assert store.find(hash_of("another token"), NOON) is None

    def test_preferences_come_back_as_they_went_in(self, store: SessionStore) -> None:
        wanted = Preferences(locale="fr", theme=Theme.DARK)
        session = Session.begun("a token", ANA, wanted, NOON)
        store.begin(session)
        assert store.find(session.token_hash, NOON) == session

    def test_it_ends_when_it_was_not_used_for_long(self, store: SessionStore, anas: Session) -> None:
        assert store.find(anas.token_hash, NOON + IDLE - SECOND) == anas
        assert store.find(anas.token_hash, NOON + IDLE) is None

    def test_use_keeps_it_but_not_for_ever(self, store: SessionStore, anas: Session) -> None:
        session, at = anas, NOON
        while at + IDLE < anas.ends_at:
            at += IDLE - SECOND
            store.note_use(session, at)
            session = store.find(anas.token_hash, at) or pytest.fail("it ended although it was used")
        assert session.seen_at == at
        assert store.find(anas.token_hash, NOON + LONGEST - SECOND) is not None
        assert store.find(anas.token_hash, NOON + LONGEST) is None

    def test_what_was_chosen_is_remembered(self, store: SessionStore, anas: Session) -> None:
        workspace_id, preferences = new_id(), Preferences(locale="en", theme=Theme.LIGHT)
        store.choose(anas, workspace_id, preferences)
        expected = replace(anas, chosen_workspace_id=workspace_id, preferences=preferences)
        assert store.find(anas.token_hash, NOON) == expected

    def test_ending_one_leaves_the_others(self, store: SessionStore, anas: Session) -> None:
        other = a_session("elsewhere", ANA, NOON)
        store.begin(other)
        store.end(anas)
        store.end(anas)
        assert store.find(anas.token_hash, NOON) is None
        assert store.find(other.token_hash, NOON) == other

    def test_ending_the_others_leaves_this_one_and_those_of_others(self, store: SessionStore, anas: Session) -> None:
        elsewhere, toms = a_session("elsewhere", ANA, NOON), a_session("toms", TOM, NOON)
        store.begin(elsewhere)
        store.begin(toms)
        store.end_others(anas)
        found = [store.find(session.token_hash, NOON) for session in (anas, elsewhere, toms)]
        assert found == [anas, None, toms]

    def test_ending_all_leaves_those_of_others(self, store: SessionStore, anas: Session) -> None:
        elsewhere, toms = a_session("elsewhere", ANA, NOON), a_session("toms", TOM, NOON)
        store.begin(elsewhere)
        store.begin(toms)
        store.end_all(ANA.subject)
        found = [store.find(session.token_hash, NOON) for session in (anas, elsewhere, toms)]
        assert found == [None, None, toms]
