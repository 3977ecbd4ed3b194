"""What permits and accounts promise, wherever they are kept."""

from datetime import timedelta
from uuid import UUID

from huntaze.delivery.model import Pace, Sender
from huntaze.ids import new_id
from tests.support.send_path import PLATFORM, AccountFacts, PermitFacts
from tests.support.send_path_contracts import NEVER, NOTHING, PACE, OnGround, seconds


class PermitsContract(OnGround):
    def put(self, message_id: UUID, wait: float = 0, tries: int = 0) -> None:
        self.do("outbox", "put_permit", new_id(), self.account, message_id, seconds(wait), tries)

    def back(self, message_id: UUID, wait: float = 0) -> None:
        self.do("outbox", "put_back", new_id(), self.account, message_id, seconds(wait))

    def permits(self) -> list[PermitFacts]:
        return self.ground.permits(self.account)

    def lacking(self, at_most: int = 100) -> list[UUID]:
        return [each.message_id for each in self.do("outbox", "lacking", self.account, at_most)]

    def test_a_permit_is_waited_for_longer_each_time_it_was_lost(self) -> None:
        message_id = self.add()
        for tries, patience in ((0, 90), (1, 180), (6, 5760)):
            self.put(message_id, 10, tries)
            assert PermitFacts(message_id, seconds(10), seconds(10 + patience), tries) in self.permits()

    def test_a_permit_that_fired_in_vain_is_on_its_way_again(self) -> None:
        message_id = self.add()
        self.put(message_id, 10, 3)
        self.ground.go_on(10)
        self.back(message_id, 20)
        assert self.permits() == [PermitFacts(message_id, seconds(20), seconds(110), 3)]

    def test_also_when_somebody_counted_it_as_lost_but_never_for_no_message(self) -> None:
        message_id = self.add()
        for unknown in (message_id, NEVER):
            self.back(unknown, 20)
        assert self.permits() == [PermitFacts(message_id, seconds(20), seconds(110), 0)]

    def test_of_two_permits_of_a_message_one_fires_at_a_time(self) -> None:
        message_id = self.add()
        self.put(message_id, 10)
        self.put(message_id, 30)
        self.back(message_id, 50)
        assert [each.due_in for each in self.permits()] == [seconds(30), seconds(50)]
        self.do("outbox", "drop_permit", message_id)
        assert [each.due_in for each in self.permits()] == [seconds(50)]
        for _ in range(2):
            self.do("outbox", "drop_permit", message_id)
        assert self.permits() == []

    def test_a_copy_is_told_by_the_slot_of_its_own_and_by_numbers(self) -> None:
        is_a_copy = lambda message: self.do("outbox", "is_a_copy", self.account, message)  # noqa: E731
        first, second = self.add(), self.add()
        self.put(first, 10)
        assert is_a_copy(first)
        assert not is_a_copy(second), "one permit for two that wait"
        self.ground.go_on(9)
        assert not is_a_copy(first)
        self.put(first, 30)
        assert is_a_copy(second), "two permits for two that wait"
        assert not is_a_copy(first), "of two permits one is due"

    def test_permits_that_never_fired_are_forgotten_with_how_often_that_was(self) -> None:
        for wait, tries in ((0, 0), (0, 1), (200, 4)):
            self.put(self.add(), wait, tries)
        assert self.do("outbox", "drop_lost", self.account) == 0
        self.ground.go_on(90)
        assert self.do("outbox", "drop_lost", self.account) == 1
        self.ground.go_on(90)
        assert self.do("outbox", "drop_lost", self.account) == 2
        assert [each.tries for each in self.permits()] == [4]
        assert self.do("outbox", "drop_lost", self.ground.new_account(PACE)) == 0

    def test_what_lacks_permits_is_told_in_the_order_it_leaves(self) -> None:
        campaign, person, urgent = self.add(is_campaign=True), self.add(), self.add(priority=9)
        assert self.lacking() == [urgent, person, campaign]
        [first, *_] = self.do("outbox", "lacking", self.account, 100)
        assert (first.approved_by, first.priority, first.is_campaign) == (self.ground.member_id, 9, False)
        self.put(person)
        assert self.lacking() == [urgent, campaign]
        assert self.lacking(2) == [urgent], "there is one already of the two that may be"
        assert self.lacking(1) == []

    def test_numbers_are_compared_and_not_names(self) -> None:
        for _ in range(2):
            self.put(self.add())
        gone = self.claim_one()
        extra = self.add()
        assert self.status(gone) == "sending"
        assert self.lacking() == [], "the permit of what has left serves what came"
        self.do("outbox", "drop_permit", gone)
        assert self.lacking() == [extra]

    def claim_one(self) -> UUID:
        return self.claimed().message_id

    def test_an_account_that_may_not_send_is_not_woken(self) -> None:
        lock = lambda account: self.do("outbox", "lock_account", account)  # noqa: E731
        assert lock(self.account) == Sender(self.ground.workspace_id, self.account, PLATFORM, PACE)
        self.do("accounts", "hold", self.account, seconds(30), "too_fast")
        assert lock(self.account) is None
        self.ground.go_on(30)
        assert lock(self.account)
        self.do("accounts", "pause", self.account, "forbidden")
        assert lock(self.account) is None
        expired = self.ground.new_account(PACE)
        self.do("accounts", "expire", expired, NEVER)
        assert lock(expired) is None
        assert lock(NEVER) is None

    def test_the_road_tells_who_is_ahead_and_what_is_out(self) -> None:
        self.add(is_campaign=True)
        first, second, urgent = self.add(), self.add(), self.add(priority=9)
        roads = {each: self.do("outbox", "road", each) for each in (first, second, urgent)}
        assert [roads[each].ahead for each in (urgent, first, second)] == [0, 1, 2]
        assert {(road.is_open, road.out, road.next_back) for road in roads.values()} == {(True, 0, None)}
        assert roads[first].sender == Sender(self.ground.workspace_id, self.account, PLATFORM, PACE)
        claimed, _ = self.claimed(), self.claimed()
        self.end("accepted", claimed, "p-1")
        self.ground.go_on(10)
        road = self.do("outbox", "road", second)
        assert (road.ahead, road.out, road.next_back) == (0, 2, seconds(50))
        self.do("accounts", "hold", self.account, seconds(30), "too_fast")
        assert not self.do("outbox", "road", second).is_open


class AccountsContract(OnGround):
    def facts(self) -> AccountFacts:
        return self.ground.account(self.account)

    def test_a_hold_is_never_made_shorter_and_ends_by_itself(self) -> None:
        assert self.facts() == AccountFacts("active", None, NOTHING, 0)
        self.do("accounts", "hold", self.account, seconds(60), "too_fast")
        self.do("accounts", "hold", self.account, seconds(30), "no_answer")
        assert self.facts().held_for == seconds(60)
        self.ground.go_on(60)
        assert self.facts() == AccountFacts("active", None, NOTHING, 0)

    def test_failures_are_counted_in_a_row(self) -> None:
        assert [self.do("accounts", "failed", self.account) for _ in range(3)] == [1, 2, 3]
        self.do("accounts", "works", self.account)
        assert self.do("accounts", "failed", self.account) == 1

    def test_what_was_under_way_when_it_came_to_rest_counts_for_nothing(self) -> None:
        self.do("accounts", "failed", self.account)
        self.do("accounts", "hold", self.account, seconds(60), "no_answer")
        assert self.do("accounts", "failed", self.account) == 0
        assert self.facts().failures == 1
        self.ground.go_on(60)
        assert self.do("accounts", "failed", self.account) == 2

    def test_an_answer_that_was_under_way_ends_no_hold(self) -> None:
        self.do("accounts", "failed", self.account)
        self.do("accounts", "hold", self.account, seconds(60), "too_fast")
        self.do("accounts", "works", self.account)
        assert self.facts() == AccountFacts("active", None, seconds(60), 0)

    def test_a_login_that_has_ended_is_said_once(self) -> None:
        self.do("accounts", "expire", self.account, NEVER)
        assert self.facts().status == "expired"

    def test_an_answer_that_was_under_way_ends_no_login_that_came_after_it(self) -> None:
        self.add(), self.add()
        before = self.claimed()
        self.ground.go_on(5)
        self.ground.sign_in(self.account)
        self.do("accounts", "expire", self.account, before.attempt_id)
        assert self.facts().status == "active"
        self.ground.go_on(1)
        self.do("accounts", "expire", self.account, self.claimed().attempt_id)
        assert self.facts().status == "expired"

    def test_why_it_was_paused_first_stays(self) -> None:
        self.do("accounts", "pause", self.account, "forbidden")
        self.do("accounts", "pause", self.account, "another")
        assert self.facts().pause_reason == "forbidden"

    def test_nobody_elses_account_is_touched(self) -> None:
        other = self.ground.new_account(Pace(5, 30))
        for operation in (("hold", seconds(9), "x"), ("pause", "x"), ("expire", NEVER), ("failed",), ("works",)):
            name, *arguments = operation
            self.do("accounts", name, self.account, *arguments)
        assert self.ground.account(other) == AccountFacts("active", None, timedelta(0), 0)
        assert self.do("accounts", "failed", NEVER) == 0
