"""What every keeper of exports promises, the real one and the fake alike."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from huntaze.exports.model import Export, NewExport, Status
from huntaze.exports.service import ExportStore
from huntaze.ids import new_id

NOON = datetime(2026, 5, 1, 12, tzinfo=UTC)
LATER = NOON + timedelta(minutes=2)
WEEK = timedelta(days=7)
HOSTILE = "Robert'); DROP TABLE exports;-- %s %(name)s {0} \\ \" 🎉"
WANTED = NewExport(filters={"q": HOSTILE, "platform": "onlyfans"}, sort="valueCents", expected_rows=12_345)


class ExportStoreContract:
    """Subclasses give `exports`, an empty store of a workspace, and `member`, who may ask in it."""

    @pytest.fixture
    def exports(self) -> ExportStore:
        raise NotImplementedError

    @pytest.fixture
    def member(self) -> UUID:
        raise NotImplementedError

    @pytest.fixture
    def asked(self, exports: ExportStore, member: UUID) -> Export:
        return exports.add(WANTED, new_id(), member, NOON, NOON + WEEK)

    def test_what_was_asked_comes_back_as_it_went_in(self, exports: ExportStore, member: UUID) -> None:
        export_id = new_id()
        added = exports.add(WANTED, export_id, member, NOON, NOON + WEEK)
        assert added == Export(
            filters=WANTED.filters,
            sort="valueCents",
            expected_rows=12_345,
            id=export_id,
            requested_by=member,
            status=Status.REQUESTED,
            rows=0,
            bytes=None,
            object_key=None,
            error=None,
            lease_until=None,
            created_at=NOON,
            expires_at=NOON + WEEK,
        )
        assert exports.find(export_id) == added

    def test_what_never_was_is_not_found(self, exports: ExportStore) -> None:
        assert exports.find(new_id()) is None

    def test_a_persons_newest_come_first_and_expired_ones_not_at_all(self, exports: ExportStore, member: UUID) -> None:
        times = [NOON + timedelta(minutes=minute) for minute in range(4)]
        added = [exports.add(WANTED, new_id(), member, at, at + WEEK) for at in times]
        assert list(exports.newest_of(member, 10, NOON)) == added[::-1]
        assert list(exports.newest_of(member, 2, NOON)) == [added[3], added[2]]
        assert list(exports.newest_of(member, 10, times[1] + WEEK)) == [added[3], added[2]]
        assert list(exports.newest_of(new_id(), 10, NOON)) == []

    def test_what_has_expired_is_forgotten_and_nothing_else(self, exports: ExportStore, member: UUID) -> None:
        old, young = (exports.add(WANTED, new_id(), member, NOON, NOON + WEEK * weeks) for weeks in (1, 2))
        exports.forget_expired(NOON + WEEK)
        assert exports.find(old.id) is None
        assert exports.find(young.id) == young

    def test_a_worker_claims_what_was_requested(self, exports: ExportStore, asked: Export) -> None:
        claimed = exports.claim(asked.id, new_id(), NOON, LATER)
        assert claimed == replace(asked, status=Status.WRITING, lease_until=LATER)
        assert exports.find(asked.id) == claimed

    def test_nobody_claims_what_somebody_alive_is_writing(self, exports: ExportStore, asked: Export) -> None:
        exports.claim(asked.id, new_id(), NOON, LATER)
        assert exports.claim(asked.id, new_id(), LATER, LATER) is None

    def test_what_a_dead_worker_left_is_claimed_and_begun_anew(self, exports: ExportStore, asked: Export) -> None:
        dead, alive, now = new_id(), new_id(), LATER + timedelta(seconds=1)
        exports.claim(asked.id, dead, NOON, LATER)
        exports.renew(asked.id, dead, 500, LATER)
        again = exports.claim(asked.id, alive, now, now + WEEK)
        assert again is not None
        assert again.rows == 0
        assert not exports.renew(asked.id, dead, 600, LATER)
        assert not exports.finish(asked.id, dead, "its-file", 1, 1)
        assert not exports.fail(asked.id, dead, "too late")
        assert exports.finish(asked.id, alive, "a-file", 1, 1)

    def test_progress_is_seen_and_the_lease_grows(self, exports: ExportStore, asked: Export) -> None:
        claim_id = new_id()
        exports.claim(asked.id, claim_id, NOON, LATER)
        assert exports.renew(asked.id, claim_id, 500, LATER + WEEK)
        found = exports.find(asked.id)
        assert found is not None
        assert (found.rows, found.lease_until) == (500, LATER + WEEK)

    def test_its_holder_makes_it_ready(self, exports: ExportStore, asked: Export) -> None:
        claim_id = new_id()
        exports.claim(asked.id, claim_id, NOON, LATER)
        assert exports.finish(asked.id, claim_id, "a-file", 3, 99)
        ready = exports.find(asked.id)
        assert ready is not None
        assert (ready.status, ready.object_key, ready.rows, ready.bytes) == (Status.READY, "a-file", 3, 99)

    @pytest.mark.parametrize("as_holder", [True, False])
    def test_it_fails_with_a_reason(self, exports: ExportStore, asked: Export, *, as_holder: bool) -> None:
        claim_id = new_id()
        exports.claim(asked.id, claim_id, NOON, LATER)
        assert exports.fail(asked.id, claim_id if as_holder else None, "Something was away.")
        failed = exports.find(asked.id)
        assert failed is not None
        assert (failed.status, failed.error) == (Status.FAILED, "Something was away.")

    def test_it_may_fail_before_it_was_begun(self, exports: ExportStore, asked: Export) -> None:
        assert exports.fail(asked.id, None, "Never begun.")

    @pytest.mark.parametrize("end", ["ready", "failed"])
    def test_what_has_ended_stays_as_it_is(self, exports: ExportStore, asked: Export, end: str) -> None:
        claim_id = new_id()
        exports.claim(asked.id, claim_id, NOON, LATER)
        assert (
            exports.finish(asked.id, claim_id, "a-file", 3, 99)
            if end == "ready"
            else exports.fail(asked.id, claim_id, "Away.")
        )
        before = exports.find(asked.id)
        assert exports.claim(asked.id, new_id(), LATER + WEEK, LATER + WEEK) is None
        assert not exports.renew(asked.id, claim_id, 9, LATER + WEEK)
        assert not exports.finish(asked.id, claim_id, "another", 9, 9)
        assert not exports.fail(asked.id, None, "Another reason.")
        assert exports.find(asked.id) == before

    def test_nothing_is_done_to_what_never_was(self, exports: ExportStore) -> None:
        nobody = new_id()
        assert exports.claim(nobody, new_id(), NOON, LATER) is None
        assert not exports.renew(nobody, new_id(), 1, LATER)
        assert not exports.finish(nobody, new_id(), "a-file", 1, 1)
        assert not exports.fail(nobody, None, "Away.")
