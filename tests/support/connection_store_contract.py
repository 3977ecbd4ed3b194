"""What every keeper of connections promises, the real one and the fake alike."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from huntaze.connections.model import Connection, Consent, ConsentEnded, Opening, Pause, Status
from huntaze.connections.service import ConnectionStore
from huntaze.delivery.model import Pace
from huntaze.errors import Conflict, NotFound
from huntaze.fans.model import Platform
from huntaze.ids import new_id
from huntaze.platforms.model import Capability, Limits
from tests.support.fake_connections import ZOE_S

NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)
LATER = NOON + timedelta(hours=1)
BRIDGE = "https://bridge.example.com/zoe"
OPENING = Opening(BRIDGE, b"sealed", ZOE_S, Pace(10, 60))


class ConnectionStoreContract:
    """Given `connections`, a store with nothing in it, and the id of a member."""

    @pytest.fixture
    def consent(self, member_id: UUID) -> Consent:
        return Consent(member_id, NOON, "2026-01")

    @pytest.fixture
    def zoe(self, connections: ConnectionStore, consent: Consent) -> Connection:
        return connections.add(new_id(), Platform.ONLYFANS, OPENING, consent)

    def test_what_was_added_is_kept_whole(
        self, connections: ConnectionStore, zoe: Connection, consent: Consent
    ) -> None:
        assert connections.get(zoe.id) == connections.get_to_change(zoe.id) == zoe
        assert (zoe.platform, zoe.user_id, zoe.username) == (Platform.ONLYFANS, "creator-1", "zoe")
        assert (zoe.status, zoe.consent, zoe.consent_ended) == (Status.ACTIVE, consent, None)
        assert (zoe.pace, zoe.limits) == (Pace(10, 60), Limits(10, 60))
        assert zoe.capabilities == frozenset(Capability)
        assert (zoe.tested_at, zoe.answered_at, zoe.created_at) == (NOON, NOON, NOON)
        assert (zoe.pause, zoe.hold) == (None, None)
        door = connections.door(zoe.id)
        assert (door.connection_id, door.platform, door.bridge_url) == (zoe.id, Platform.ONLYFANS, BRIDGE)
        assert door.credentials == b"sealed"

    def test_what_is_not_there_is_not_found(self, connections: ConnectionStore) -> None:
        for ask in (connections.get, connections.get_to_change, connections.door, connections.resume):
            with pytest.raises(NotFound):
                ask(new_id())
        with pytest.raises(NotFound):
            connections.in_use(Platform.ONLYFANS)
        assert connections.of_account(Platform.ONLYFANS, "creator-1") is None

    def test_an_account_is_found_by_what_its_platform_calls_it(
        self, connections: ConnectionStore, zoe: Connection
    ) -> None:
        assert connections.of_account(Platform.ONLYFANS, "creator-1") == zoe
        assert connections.of_account(Platform.FANSLY, "creator-1") is None
        assert connections.in_use(Platform.ONLYFANS) == zoe

    def test_disconnecting_destroys_what_opens_it_and_keeps_who_took_the_consent_back(
        self, connections: ConnectionStore, zoe: Connection, member_id: UUID, consent: Consent
    ) -> None:
        gone = connections.disconnect(zoe.id, member_id, LATER)
        assert (gone.status, gone.consent, gone.consent_ended) == (
            Status.REVOKED,
            consent,
            ConsentEnded(member_id, LATER),
        )
        for ask in (connections.door, connections.resume):
            with pytest.raises(NotFound):
                ask(zoe.id)
        with pytest.raises(NotFound):
            connections.in_use(Platform.ONLYFANS)
        with pytest.raises(NotFound):
            connections.open(zoe.id, OPENING, LATER)
        assert connections.of_account(Platform.ONLYFANS, "creator-1") == gone

    def test_an_account_comes_back_in_its_old_row(
        self, connections: ConnectionStore, zoe: Connection, member_id: UUID
    ) -> None:
        connections.disconnect(zoe.id, member_id, LATER)
        again = Consent(member_id, LATER, "2027-01")
        back = connections.reopen(zoe.id, replace(OPENING, credentials=b"new"), again)
        assert (back.id, back.status, back.consent, back.consent_ended) == (zoe.id, Status.ACTIVE, again, None)
        assert (back.created_at, back.answered_at) == (NOON, LATER)
        assert connections.door(zoe.id).credentials == b"new"

    def test_an_account_has_one_row(self, connections: ConnectionStore, zoe: Connection, consent: Consent) -> None:
        with pytest.raises(Conflict, match="connected already"):
            connections.add(new_id(), zoe.platform, OPENING, consent)

    def test_a_platform_has_one_account_in_use(
        self, connections: ConnectionStore, zoe: Connection, consent: Consent
    ) -> None:
        other = replace(OPENING, facts=replace(ZOE_S, user_id="creator-2"))
        with pytest.raises(Conflict, match="Another account on this platform"):
            connections.add(new_id(), zoe.platform, other, consent)

    def test_a_failed_test_says_whether_the_login_has_ended(
        self, connections: ConnectionStore, zoe: Connection
    ) -> None:
        silent = connections.note_test(zoe.id, LATER, answered=False, expired=False)
        assert (silent.tested_at, silent.answered_at, silent.status) == (LATER, NOON, Status.ACTIVE)
        ended = connections.note_test(zoe.id, LATER, answered=True, expired=True)
        assert (ended.answered_at, ended.status) == (LATER, Status.EXPIRED)
        assert connections.open(zoe.id, OPENING, LATER).status is Status.ACTIVE

    def test_what_a_bridge_says_is_kept(self, connections: ConnectionStore, zoe: Connection) -> None:
        facts = replace(
            ZOE_S,
            username=None,
            limits=Limits(5, 60),
            capabilities=frozenset({Capability.SEND}),
            session_expires_at=LATER,
        )
        told = connections.note_answer(zoe.id, facts, Pace(5, 60, 2), LATER)
        assert (told.username, told.limits, told.session_ends_at) == (None, Limits(5, 60), LATER)
        assert (told.pace, told.capabilities) == (Pace(5, 60, 2), frozenset({Capability.SEND}))
        assert told.updated_at > zoe.updated_at

    def test_the_pace_is_kept(self, connections: ConnectionStore, zoe: Connection) -> None:
        assert connections.pace(zoe.id, Pace(3, 120, 7)).pace == Pace(3, 120, 7)

    def test_a_pause_lasts_from_its_beginning_until_it_is_ended(
        self, connections: ConnectionStore, zoe: Connection
    ) -> None:
        assert connections.pause(zoe.id, "Holiday", NOON).pause == Pause(NOON, "Holiday")
        assert connections.pause(zoe.id, "Longer holiday", LATER).pause == Pause(NOON, "Longer holiday")
        assert connections.resume(zoe.id).pause is None

    def test_those_in_use_come_first(self, connections: ConnectionStore, zoe: Connection, member_id: UUID) -> None:
        gone = connections.disconnect(zoe.id, member_id, LATER)
        consent = Consent(member_id, LATER, "2026-01")
        other = replace(OPENING, facts=replace(ZOE_S, user_id="creator-2"))
        second = connections.add(new_id(), Platform.ONLYFANS, other, consent)
        fansly = connections.add(new_id(), Platform.FANSLY, OPENING, consent)
        assert list(connections.newest(9)) == [fansly, second, gone]
        assert list(connections.newest(2)) == [fansly, second]
