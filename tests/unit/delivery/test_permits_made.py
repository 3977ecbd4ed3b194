"""Permits as they are planned, queued, put back and made anew."""

import math
from datetime import timedelta
from uuid import UUID

import pytest

from huntaze.delivery.model import HORIZON, Pace, Road, Sender
from huntaze.delivery.permits import Permit
from huntaze.delivery.planning import Planner
from huntaze.delivery.postponing import Postponing
from huntaze.delivery.publishing import Publishing
from huntaze.delivery.relay import Relay
from huntaze.errors import Denied, Unavailable
from huntaze.ids import new_id
from tests.support.fake_delivery import RecordedMeasures
from tests.support.fake_send_path import FakeGround
from tests.support.fake_send_stores import FakePermits
from tests.support.fake_senders import (
    AWAY,
    FakePermitQueue,
    FakePlans,
    GroundClock,
    Published,
    permit_of,
    planned,
    waiting_of,
)
from tests.support.send_path import PLATFORM, PermitFacts
from tests.support.send_path_contracts import PACE, seconds


@pytest.fixture
def ground() -> FakeGround:
    return FakeGround()


@pytest.fixture
def account(ground: FakeGround) -> UUID:
    return ground.new_account(PACE)


@pytest.fixture
def plans() -> FakePlans:
    return FakePlans()


@pytest.fixture
def planner(ground: FakeGround, plans: FakePlans) -> Planner:
    return Planner(plans, GroundClock(ground), new_id)


@pytest.fixture
def published() -> Published:
    return Published()


def _add(ground: FakeGround, account: UUID, *, is_campaign: bool = False) -> UUID:
    return ground.new_message(account, ground.new_fan(), is_campaign=is_campaign)


class TestPlanner:
    def test_people_burst_and_campaigns_flow(
        self, ground: FakeGround, account: UUID, plans: FakePlans, planner: Planner
    ) -> None:
        for is_campaign, wait in ((False, 0), (True, 6)):
            message_id = _add(ground, account, is_campaign=is_campaign)
            waiting = waiting_of(ground, message_id, is_campaign=is_campaign)
            [made] = planner.plan(ground.stores.outbox, ground.sender(account), waiting)
            assert (made.wait, made.permit) == (
                seconds(wait),
                Permit(
                    workspace_id=ground.workspace_id,
                    account_id=account,
                    message_id=message_id,
                    slot_at=ground.now + seconds(wait),
                    user_id=str(ground.member_id),
                    message_type=PLATFORM,
                    priority=5,
                    timestamp=ground.now.isoformat(),
                ),
            )
            assert PermitFacts(message_id, seconds(wait), seconds(wait + 90), 0) in ground.permits(account)
        assert [kind for kind, _ in plans.asked] == ["burst", "flow"]

    def test_who_must_wait_goes_behind_all_others(
        self, ground: FakeGround, account: UUID, plans: FakePlans, planner: Planner
    ) -> None:
        waiting = waiting_of(ground, _add(ground, account))
        [made] = planner.plan(ground.stores.outbox, ground.sender(account), waiting, not_before=seconds(30), tries=2)
        assert made.wait == seconds(30)
        assert plans.asked == [("flow", seconds(30))]
        [facts] = ground.permits(account)
        assert facts.tries == 2

    def test_beyond_the_horizon_no_permit_is_made(
        self, ground: FakeGround, account: UUID, plans: FakePlans, planner: Planner
    ) -> None:
        plans.burst = plans.flow = HORIZON
        message_id = _add(ground, account)
        outbox, sender = ground.stores.outbox, ground.sender(account)
        assert planner.plan(outbox, sender, waiting_of(ground, message_id)) == []
        assert ground.permits(account) == []
        outbox.put_permit(new_id(), account, message_id, seconds(0))
        assert planner.plan_again(outbox, sender, permit_of(ground, account, message_id), seconds(1)) == []
        assert ground.permits(account) == [], "the relay makes it when its time comes"

    def test_without_redis_everybody_is_woken_as_soon_as_may_be(
        self, ground: FakeGround, account: UUID, plans: FakePlans, planner: Planner
    ) -> None:
        plans.is_away = True
        message_id = _add(ground, account)
        outbox, sender = ground.stores.outbox, ground.sender(account)
        [made] = planner.plan(outbox, sender, waiting_of(ground, message_id))
        [again] = planner.plan_again(outbox, sender, made.permit, seconds(30))
        assert (made.wait, again.wait) == (seconds(0), seconds(30))

    def test_a_permit_that_is_made_again_keeps_its_words(
        self, ground: FakeGround, account: UUID, planner: Planner
    ) -> None:
        permit = permit_of(ground, account, _add(ground, account), priority=9)
        ground.go_on(2)
        [again] = planner.plan_again(ground.stores.outbox, ground.sender(account), permit, seconds(1))
        assert again.permit == permit.at(ground.now + seconds(6))

    def test_one_that_comes_twice_waits_once(
        self, ground: FakeGround, account: UUID, plans: FakePlans, planner: Planner
    ) -> None:
        outbox, sender = ground.stores.outbox, ground.sender(account)
        permit = permit_of(ground, account, _add(ground, account))
        outbox.put_permit(new_id(), account, permit.message_id, seconds(0))
        [again] = planner.plan_again(outbox, sender, permit, seconds(30))
        plans.asked.clear()
        assert planner.plan_again(outbox, sender, permit, seconds(30)) == []
        assert plans.asked == [], "a copy takes nobody's place behind the others"
        ground.go_on(again.wait.total_seconds() - 1)
        assert len(planner.plan_again(outbox, sender, again.permit, seconds(30))) == 1, "a second early is in time"

    def test_one_that_was_replaced_as_lost_waits_no_more(
        self, ground: FakeGround, account: UUID, planner: Planner
    ) -> None:
        outbox, sender = ground.stores.outbox, ground.sender(account)
        lost = permit_of(ground, account, _add(ground, account))
        gone = _add(ground, account)
        outbox.put_permit(new_id(), account, gone, seconds(0))
        assert len(planner.plan_again(outbox, sender, lost, seconds(1))) == 1, "two wait, and one has a permit"
        outbox.drop_permit(lost.message_id)
        outbox.put_permit(new_id(), account, gone, seconds(0))
        assert planner.plan_again(outbox, sender, lost, seconds(1)) == []


class TestRoad:
    SENDER = Sender(new_id(), new_id(), PLATFORM, PACE)

    def _leaves_in(self, ahead: int, out: int, next_back: timedelta | None = None, *, is_open: bool = True) -> object:
        return Road(self.SENDER, is_open, ahead, out, next_back).leaves_in

    def test_at_once_while_tokens_are_left(self) -> None:
        assert self._leaves_in(0, 0) == self._leaves_in(9, 0) == self._leaves_in(4, 5, seconds(3)) == seconds(0)

    def test_then_with_the_next_token_and_one_spacing_each(self) -> None:
        assert self._leaves_in(0, 10, seconds(7)) == seconds(7)
        assert self._leaves_in(2, 10, seconds(7)) == seconds(7) + 2 * PACE.spacing
        assert self._leaves_in(10, 0) == PACE.window, "the tokens that those ahead take come back first"
        assert self._leaves_in(0, 12, seconds(7)) == seconds(7) + 2 * PACE.spacing, "the pace was lowered"

    def test_nobody_can_say_while_nothing_is_sent(self) -> None:
        assert self._leaves_in(0, 0, is_open=False) is None

    def test_permits_of_campaigns_are_a_little_slower_than_the_pace_and_never_closer_than_the_gap(self) -> None:
        assert PACE.spacing == seconds(6.15)
        assert Pace(10, 60, 9).spacing == seconds(9)


class TestPublishing:
    @pytest.fixture
    def queue(self) -> FakePermitQueue:
        return FakePermitQueue()

    @pytest.fixture
    def publishing(self, queue: FakePermitQueue) -> Publishing:
        self.slept: list[float] = []
        self.time = 0.0
        return Publishing(queue, self.slept.append, lambda: self.time)

    def test_nothing_asks_nothing(self, publishing: Publishing, queue: FakePermitQueue) -> None:
        assert publishing.publish([]) == []
        assert queue.calls == []

    def test_ten_at_a_time(self, publishing: Publishing, queue: FakePermitQueue) -> None:
        many = planned(25)
        assert publishing.publish(many) == []
        assert (queue.calls, queue.put_in) == ([10, 10, 5], many)
        assert self.slept == [0]

    def test_only_what_the_queue_did_not_take_is_tried_again(
        self, publishing: Publishing, queue: FakePermitQueue
    ) -> None:
        many = planned(12)
        queue.troubles = [{0, 9}, AWAY, {1}, {0}]
        assert publishing.publish(many) == [many[9].permit]
        assert queue.calls == [10, 2, 4, 1], "ten, two that met a queue away, the four of these, and one once more"
        assert {one.permit for one in queue.put_in} == {one.permit for one in many if one is not many[9]}

    def test_a_queue_that_is_away_is_asked_once_an_attempt_however_many_there_are(
        self, publishing: Publishing, queue: FakePermitQueue
    ) -> None:
        many = planned(146)
        queue.troubles = [None, AWAY, AWAY, AWAY]
        assert publishing.publish(many) == [one.permit for one in many[10:]]
        assert queue.calls == [10, 10, 10, 10]

    def test_three_attempts_with_longer_waits(self, publishing: Publishing, queue: FakePermitQueue) -> None:
        [one] = planned()
        queue.troubles = [AWAY, AWAY, AWAY]
        assert publishing.publish([one]) == [one.permit]
        assert queue.calls == [1, 1, 1]
        assert [0, 1, 2] <= self.slept <= [0, 1.25, 2.5]

    @pytest.mark.parametrize("place", [0, 1])
    def test_a_refusal_is_not_tried_again_and_what_was_taken_is_no_failure(
        self, publishing: Publishing, queue: FakePermitQueue, place: int
    ) -> None:
        many = planned(25)
        queue.troubles = [None] * place + [Denied("No.", retry_after=1)]
        assert publishing.publish(many) == [one.permit for one in many[place * 10 :]]
        assert len(queue.calls) == place + 1

    def test_a_queue_that_takes_nothing_is_left_alone_for_a_minute(
        self, publishing: Publishing, queue: FakePermitQueue
    ) -> None:
        [one] = planned()
        queue.troubles = [AWAY] * 18
        for _ in range(6):
            assert publishing.publish([one]) == [one.permit]
        assert len(queue.calls) == 15, "the sixth was not even asked"
        self.time = 59.9
        publishing.publish([one])
        assert len(queue.calls) == 15
        self.time = 60
        assert publishing.publish([one]) == [one.permit]
        assert len(queue.calls) == 18, "one tries"
        publishing.publish([one])
        assert len(queue.calls) == 18, "and in vain: another minute"
        self.time = 120
        assert publishing.publish([one]) == []
        assert publishing.publish([one]) == []

    def test_failures_count_in_a_row(self, publishing: Publishing, queue: FakePermitQueue) -> None:
        [one] = planned()
        for _ in range(3):
            queue.troubles = [AWAY] * 12
            for _ in range(4):
                publishing.publish([one])
            assert publishing.publish([one]) == []


class TestPostponing:
    @pytest.fixture
    def postponing(self, ground: FakeGround, planner: Planner, published: Published) -> Postponing:
        return Postponing(ground.transaction, planner, published.publish, RecordedMeasures())

    def test_a_permit_waits_behind_all_others(
        self, ground: FakeGround, account: UUID, postponing: Postponing, published: Published
    ) -> None:
        message_id = _add(ground, account)
        permit = permit_of(ground, account, message_id)
        assert postponing.until(ground.sender(account), permit, seconds(2)) == []
        assert published.waits == [(message_id, 6)]
        assert ground.permits(account) == [PermitFacts(message_id, seconds(6), seconds(96), 0)]

    def test_without_the_database_it_waits_a_moment(
        self, ground: FakeGround, account: UUID, postponing: Postponing, published: Published
    ) -> None:
        ground.fails_to_begin = 1
        permit = permit_of(ground, account, _add(ground, account))
        assert postponing.until(ground.sender(account), permit, seconds(2)) == []
        [one] = published.planned
        assert one.permit == permit
        assert seconds(5) <= one.wait <= seconds(20)

    def test_what_even_the_queue_does_not_take_comes_again_by_itself(
        self, ground: FakeGround, account: UUID, postponing: Postponing, published: Published
    ) -> None:
        published.refuses = True
        permit = permit_of(ground, account, _add(ground, account))
        assert postponing.until(ground.sender(account), permit, seconds(2)) == [permit], "its queue knows it as it came"
        assert postponing.for_a_moment([permit]) == [permit]

    def test_those_put_back_together_do_not_come_back_together(
        self, ground: FakeGround, account: UUID, postponing: Postponing, published: Published
    ) -> None:
        postponing.for_a_moment([permit_of(ground, account, new_id()) for _ in range(100)])
        waits = {wait for _, wait in published.waits}
        assert len(waits) > 8
        assert (min(waits), max(waits)) >= (5, 5)
        assert max(waits) <= 20


class TestRelay:
    @pytest.fixture
    def relay(self, ground: FakeGround, planner: Planner, published: Published) -> Relay:
        return Relay(ground, ground.transaction, planner, published.publish)

    def test_whatever_lacks_a_permit_gets_one(
        self, ground: FakeGround, account: UUID, relay: Relay, published: Published
    ) -> None:
        people, campaign = [_add(ground, account) for _ in range(2)], _add(ground, account, is_campaign=True)
        assert relay.round(math.inf) == 3
        assert published.waits == [(people[0], 0), (people[1], 0), (campaign, 6)]
        assert relay.round(math.inf) == 0

    def test_nothing_is_made_while_redis_is_away(
        self, ground: FakeGround, account: UUID, plans: FakePlans, relay: Relay, published: Published
    ) -> None:
        _add(ground, account)
        plans.is_away = True
        assert relay.round(math.inf) == 0
        assert published.waits == []
        plans.is_away = False
        assert relay.round(math.inf) == 1

    def test_what_was_lost_is_waited_for_longer(self, ground: FakeGround, account: UUID, relay: Relay) -> None:
        _add(ground, account)
        for tries in (0, 1, 2, 3, 4, 5, 6, 6):
            assert relay.round(math.inf) == 1
            [permit] = ground.permits(account)
            assert (permit.tries, permit.expires_in) == (tries, permit.due_in + seconds(90) * 2**tries)
            ground.go_on(permit.expires_in.total_seconds())

    def test_lost_permits_of_an_account_in_which_nothing_waits_are_forgotten(
        self, ground: FakeGround, account: UUID, relay: Relay, published: Published
    ) -> None:
        ground.stores.outbox.put_permit(new_id(), account, new_id(), seconds(0))
        ground.go_on(90)
        assert relay.round(math.inf) == 0
        assert (ground.permits(account), published.planned) == ([], [])

    def test_an_account_that_fails_each_time_keeps_nobody_else_asleep(
        self, ground: FakeGround, account: UUID, relay: Relay, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        other = ground.new_account(PACE)
        for each in (account, other):
            _add(ground, each)
        drop_lost = FakePermits.drop_lost

        def broken(permits: FakePermits, account_id: UUID) -> int:
            if account_id == account:
                raise RuntimeError("a secret")
            return drop_lost(permits, account_id)

        monkeypatch.setattr(FakePermits, "drop_lost", broken)
        assert relay.round(math.inf) == 1
        assert len(ground.permits(other)) == 1

    def test_it_stops_when_its_time_is_over(self, ground: FakeGround, account: UUID, relay: Relay) -> None:
        _add(ground, account)
        assert relay.round(0) == 0
        assert relay.round(math.inf) == 1

    def test_permits_of_what_has_left_serve_what_came(self, ground: FakeGround, account: UUID, relay: Relay) -> None:
        first, _ = _add(ground, account), relay.round(math.inf)
        ground.stores.claims.claim(account, new_id())
        assert ground.message(first).status == "sending"
        _add(ground, account)
        assert relay.round(math.inf) == 0

    def test_no_farther_than_permits_are_made(
        self, ground: FakeGround, account: UUID, plans: FakePlans, relay: Relay, published: Published
    ) -> None:
        for _ in range(200):
            _add(ground, account, is_campaign=True)
        assert relay.wake(ground.workspace_id, account) == HORIZON // PACE.spacing == 146
        assert relay.wake(ground.workspace_id, account) == 0
        for message_id, _ in published.waits[:6]:
            ground.stores.outbox.drop_permit(message_id)
        plans.flow, asked = HORIZON, len(plans.asked)
        assert relay.wake(ground.workspace_id, account) == 0
        assert len(plans.asked) == asked + 1, "nothing behind it is nearer"

    def test_who_may_not_send_is_left_alone(self, ground: FakeGround, account: UUID, relay: Relay) -> None:
        _add(ground, account)
        ground.stores.accounts.hold(account, seconds(60), "too_fast")
        assert relay.round(math.inf) == relay.wake(ground.workspace_id, account) == 0
        ground.go_on(60)
        assert relay.round(math.inf) == 1

    def test_nothing_is_queued_that_was_not_committed(
        self, ground: FakeGround, account: UUID, relay: Relay, published: Published
    ) -> None:
        _add(ground, account)
        ground.fails_to_commit = 1
        with pytest.raises(Unavailable):
            relay.wake(ground.workspace_id, account)
        assert published.planned == []
