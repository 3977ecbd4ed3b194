"""What nobody saw the end of: asked after, twice, before it is sent again."""

import time
from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

import pytest

from huntaze.delivery.model import Claimed, Outcome
from huntaze.delivery.reconciling import Reconciling
from huntaze.errors import Conflict, NotFound, Unavailable
from huntaze.ids import new_id
from huntaze.platforms.model import Found, NotOffered
from tests.support.fake_send_path import FakeGround
from tests.support.fake_senders import AWAY, FakeDoors, FakePlatform
from tests.support.send_path import START
from tests.support.send_path_contracts import PACE, seconds


class Desk:
    """Somebody who asks, on a ground whose clock goes on while they sleep."""

    def __init__(self) -> None:
        self.ground, self.platform, self.doors = FakeGround(), FakePlatform(), FakeDoors()
        self.account = self.ground.new_account(PACE)
        self.woken: list[tuple[UUID, UUID]] = []
        self.passes = 0
        self.reconciling = Reconciling(
            accounts=self.ground,
            transactions=self.ground.transaction,
            doors=self.doors,
            platform=self.platform,
            wake=lambda *place: self.woken.append(place),
            sleep=self._sleep,
        )

    def round(self) -> int:
        return self.reconciling.round(time.monotonic() + 60)

    def begun(self, age: float = 60) -> Claimed:
        self.ground.new_message(self.account, self.ground.new_fan())
        claimed = self.ground.stores.claims.claim(self.account, new_id())
        assert isinstance(claimed, Claimed)
        self.ground.go_on(age)
        return claimed

    def in_doubt(self) -> Claimed:
        claimed = self.begun()
        self.ground.stores.attempts.unknown(claimed.attempt_id, claimed.message_id, "no_answer", Outcome.UNKNOWN)
        return claimed

    def status(self, claimed: Claimed) -> str:
        return self.ground.message(claimed.message_id).status

    def look_in(self, claimed: Claimed) -> timedelta | None:
        facts = self.ground.attempt(claimed.attempt_id)
        assert facts is not None
        return facts.look_in

    def _sleep(self, length: float) -> None:
        self.passes += 1
        assert self.passes < 50, "it goes on for ever"
        self.ground.go_on(length)


@pytest.fixture
def desk() -> Desk:
    return Desk()


def test_where_nothing_is_in_doubt_nothing_is_asked(desk: Desk) -> None:
    claimed = desk.begun(25)
    assert desk.round() == 0
    assert (desk.status(claimed), desk.platform.asked, desk.passes) == ("sending", [], 0)


def test_a_lease_that_ran_out_is_a_doubt_and_too_young_to_ask_about(desk: Desk) -> None:
    claimed = desk.begun(26)
    assert desk.round() == 1
    assert (desk.status(claimed), desk.platform.asked) == ("unknown", [])
    facts = desk.ground.attempt(claimed.attempt_id)
    assert facts is not None
    assert facts.outcome is Outcome.LAPSED


def test_what_is_not_there_twice_waits_again_and_its_account_is_woken(desk: Desk) -> None:
    claimed = desk.begun()
    assert desk.round() == 3, "it lapsed, and was asked about twice"
    assert desk.platform.asked == [claimed.message_id] * 2
    facts = desk.ground.message(claimed.message_id)
    assert (facts.status, facts.last_error, facts.attempts) == ("queued", "did_not_arrive", 0)
    assert desk.woken == [(desk.ground.workspace_id, desk.account)]
    assert desk.round() == 0


def test_once_is_no_proof(desk: Desk) -> None:
    claimed = desk.in_doubt()
    answers: list[Found | None] = [None, Found("p-1", START)]
    desk.platform.find = lambda *_: answers.pop(0)  # type: ignore[method-assign]
    assert desk.round() == 2
    facts = desk.ground.message(claimed.message_id)
    assert (facts.status, facts.platform_message_id) == ("sent", "p-1")
    assert desk.woken == []


def test_what_is_there_was_sent_when_the_platform_took_it(desk: Desk) -> None:
    claimed = desk.begun()
    desk.platform.found[claimed.message_id] = Found("p-1", START)
    desk.round()
    facts = desk.ground.message(claimed.message_id)
    assert (facts.status, facts.platform_message_id, facts.sent_at) == ("sent", "p-1", START)
    assert (desk.platform.asked, desk.woken) == ([claimed.message_id], [])


@pytest.mark.parametrize("error", [NotFound, lambda: NotOffered("No look-up here.", retry_after=1)])
def test_what_nobody_can_be_asked_about_is_left_to_a_person(desk: Desk, error: Callable[[], Exception]) -> None:
    claimed = desk.in_doubt()
    desk.platform.found[claimed.message_id] = error()
    assert desk.round() == 1
    assert (desk.status(claimed), desk.look_in(claimed)) == ("unknown", None)
    assert desk.round() == 0


def test_so_is_an_account_that_was_disconnected(desk: Desk) -> None:
    claimed = desk.in_doubt()
    desk.doors.troubles[desk.account] = NotFound()
    desk.round()
    assert (desk.status(claimed), desk.look_in(claimed), desk.platform.asked) == ("unknown", None, [])


@pytest.mark.parametrize("error", [AWAY, Conflict("Nothing can be sent there."), RuntimeError("a secret")])
def test_a_platform_that_cannot_be_asked_is_asked_later_and_keeps_nobody_else(desk: Desk, error: Exception) -> None:
    claimed, other = desk.in_doubt(), desk.in_doubt()
    desk.platform.found = {claimed.message_id: error, other.message_id: Found("p-1", START)}
    assert desk.round() == 2
    assert [desk.status(each) for each in (claimed, other)] == ["unknown", "sent"]
    assert desk.look_in(claimed) == seconds(29), "thirty seconds, of which one has passed"
    desk.platform.found[claimed.message_id] = Found("p-2", START)
    desk.ground.go_on(29)
    desk.round()
    assert desk.status(claimed) == "sent"


def test_a_database_that_fails_for_one_keeps_nobody_else(desk: Desk) -> None:
    first, second = desk.in_doubt(), desk.in_doubt()
    desk.platform.found = {each.message_id: Found(f"p-{each.message_id}", START) for each in (first, second)}
    desk.ground.fails_to_begin = 1
    assert desk.round() == 2
    assert [desk.status(each) for each in (first, second)] == ["sent", "sent"]


def test_somebody_to_be_left_alone_by_now_is_not_written_to(desk: Desk) -> None:
    claimed = desk.in_doubt()
    desk.ground.leave_alone(0)
    desk.round()
    facts = desk.ground.message(claimed.message_id)
    assert (facts.status, facts.last_error, desk.woken) == ("failed", "do_not_contact", [])


def test_it_stops_when_its_time_is_over(desk: Desk) -> None:
    doubts = [desk.in_doubt() for _ in range(3)]
    assert desk.reconciling.round(time.monotonic() - 1) == 1
    assert len(desk.platform.asked) == 1
    assert [desk.status(each) for each in doubts] == ["unknown"] * 3


def test_an_answer_that_came_meanwhile_is_not_undone(desk: Desk) -> None:
    claimed = desk.in_doubt()

    def find(*_: object) -> None:
        desk.ground.stores.attempts.accepted(claimed.attempt_id, claimed.message_id, "p-1")

    desk.platform.find = find  # type: ignore[method-assign,assignment]
    desk.round()
    assert (desk.status(claimed), desk.woken) == ("sent", [])


def test_when_nobody_knows_what_is_in_doubt_that_is_said(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    def away(_: object) -> None:
        raise AWAY

    monkeypatch.setattr(desk.ground, "in_doubt", away)
    with pytest.raises(Unavailable):
        desk.round()
