"""What claims and their ends promise, wherever they are kept."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from huntaze.delivery.model import Busy, Claim, Claimed, NothingDue, NotYet, Out, Outcome, Pace, Shut
from huntaze.ids import new_id
from tests.support.send_path import START, AttemptFacts, Ground

PACE = Pace(10, 60)
NOTHING = timedelta(0)
NEVER = UUID("01900000-0000-7000-8000-00000000ffff")


def seconds(number: float) -> timedelta:
    """So many."""
    return timedelta(seconds=number)


class OnGround:
    """Shorthands of the suites."""

    @pytest.fixture(autouse=True)
    def _stand_on(self, ground: Ground) -> None:
        self.ground = ground
        self.account = ground.new_account(PACE)

    def do(self, store: str, operation: str, *arguments: Any, **named: Any) -> Any:
        """One operation in a transaction of its own."""
        with self.ground.transaction(self.ground.workspace_id) as stores:
            return getattr(getattr(stores, store), operation)(*arguments, **named)

    def claim(self, account: UUID | None = None) -> Claim:
        found: Claim = self.do("claims", "claim", account or self.account, new_id())
        return found

    def claimed(self, account: UUID | None = None) -> Claimed:
        found = self.claim(account)
        assert isinstance(found, Claimed), found
        return found

    def end(self, operation: str, claimed: Claimed, *arguments: Any, **named: Any) -> Any:
        """What became of a claim."""
        return self.do("attempts", operation, claimed.attempt_id, claimed.message_id, *arguments, **named)

    def add(self, fan: int | None = None, **about: Any) -> UUID:
        number = self.ground.new_fan() if fan is None else fan
        message_id = self.ground.new_message(self.account, number, **about)
        self.ground.go_on(0.001)
        return message_id

    def status(self, message_id: UUID) -> str:
        return self.ground.message(message_id).status

    def attempt(self, claimed: Claimed) -> AttemptFacts:
        facts = self.ground.attempt(claimed.attempt_id)
        assert facts is not None
        return facts


class ClaimsContract(OnGround):
    def test_people_go_before_campaigns_then_priority_then_age(self) -> None:
        campaign = self.add(is_campaign=True, priority=10)
        older, newer, urgent = self.add(), self.add(), self.add(priority=9)
        assert [self.claimed().message_id for _ in range(4)] == [urgent, older, newer, campaign]
        assert self.claim() == NothingDue()

    def test_of_the_same_moment_the_smaller_id_goes_first(self) -> None:
        ids = sorted(new_id() for _ in range(3))
        for message_id in reversed(ids):
            self.ground.new_message(self.account, self.ground.new_fan(), message_id=message_id)
        assert [self.claimed().message_id for _ in range(3)] == ids

    def test_what_is_claimed_tells_all_that_sending_needs_and_how_it_waited(self) -> None:
        message_id = self.add(priority=7, is_campaign=True)
        claimed = self.claimed()
        assert (claimed.message_id, claimed.text, claimed.price_cents, claimed.currency, claimed.media) == (
            *(message_id, "Hello", 0, "USD"),
            (),
        )
        assert claimed.recipient
        waiting = claimed.waiting
        assert (waiting.message_id, waiting.approved_by, waiting.priority) == (message_id, self.ground.member_id, 7)
        assert (waiting.queued_at, waiting.is_campaign) == (START, True)
        facts = self.ground.message(message_id)
        assert (facts.status, facts.attempt_id) == ("sending", claimed.attempt_id)
        assert self.attempt(claimed) == AttemptFacts(None, seconds(85), None, 0)

    def test_the_next_line_to_a_fan_waits_for_the_one_on_its_way(self) -> None:
        fan = self.ground.new_fan()
        first, second, other = self.add(fan), self.add(fan, priority=9), self.add()
        assert self.claimed().message_id == second, "which line is first is said by its priority"
        assert self.claimed().message_id == other
        assert self.claim() == Busy()
        assert self.status(first) == "queued"

    @pytest.mark.parametrize("outcome", [Outcome.UNKNOWN, Outcome.LAPSED])
    def test_and_for_the_one_in_doubt_as_long_as_somebody_asks(self, outcome: Outcome) -> None:
        fan = self.ground.new_fan()
        first, second = self.add(fan), self.add(fan)
        claimed = self.claimed()
        self.end("unknown", claimed, "no_answer", outcome)
        assert self.claim() == Busy()
        self.do("attempts", "look_no_more", claimed.attempt_id)
        assert self.claimed().message_id == second, "a person decides, and that may take days"
        assert self.status(first) == "unknown"

    def test_a_line_that_was_sent_lets_the_next_one_go(self) -> None:
        fan = self.ground.new_fan()
        first, second = self.add(fan), self.add(fan)
        claimed = self.claimed()
        assert claimed.message_id == first
        self.end("accepted", claimed, "p-1")
        assert self.claimed().message_id == second

    def test_as_many_are_claimed_as_the_pace_has_and_one_more_when_a_token_is_back(self) -> None:
        self.ground.set_pace(self.account, Pace(3, 60))
        for _ in range(5):
            self.add()
        begun = self.ground.now
        claims = [self.claimed() for _ in range(3)]
        assert self.claim() == NotYet(seconds(85))
        self.ground.go_on(2)
        self.end("accepted", claims[1], "p-1")
        assert self.claim() == NotYet(seconds(60)), "one window after the answer"
        self.ground.go_on(59.999999)
        assert self.claim() == NotYet(timedelta(microseconds=1))
        self.ground.go_on(0.000001)
        assert self.claimed()
        self.ground.go_on((begun + seconds(85) - self.ground.now).total_seconds())
        assert self.claimed(), "its worker may be dead: lease and window have passed"
        assert self.claim() == NothingDue()

    def test_a_pace_that_was_lowered_counts_what_is_out(self) -> None:
        for _ in range(8):
            self.add()
        for number in range(5):
            self.end("accepted", self.claimed(), f"p-{number}")
            self.ground.go_on(1)
        self.ground.set_pace(self.account, Pace(2, 60))
        assert self.claim() == NotYet(seconds(58)), "until one of two is left"
        self.ground.set_pace(self.account, Pace(6, 60))
        assert self.claimed()
        assert isinstance(self.claim(), NotYet)

    def test_a_window_that_was_made_longer_counts_from_the_next_claim_on(self) -> None:
        self.add()
        self.ground.set_pace(self.account, Pace(1, 600))
        claimed = self.claimed()
        assert self.attempt(claimed).token_back_in == seconds(625)
        self.ground.set_pace(self.account, Pace(1, 10))
        self.end("accepted", claimed, "p-1")
        assert self.attempt(claimed).token_back_in == seconds(10)

    def test_tokens_of_other_accounts_are_theirs(self) -> None:
        other = self.ground.new_account(Pace(1, 60))
        self.ground.set_pace(self.account, Pace(1, 60))
        self.add()
        message_id = self.ground.new_message(other, self.ground.new_fan())
        self.add()
        self.claimed()
        assert isinstance(self.claim(), NotYet)
        assert self.claimed(other).message_id == message_id

    def test_which_tokens_are_out_is_told(self) -> None:
        self.add(), self.add()
        settled, open_ = self.claimed(), self.claimed()
        self.end("accepted", settled, "p-1")
        self.ground.go_on(10)
        out = self.do("claims", "tokens_out", self.account)
        expected = [Out(settled.attempt_id, seconds(50)), Out(open_.attempt_id, seconds(75))]
        assert sorted(out, key=lambda one: one.back_in) == expected
        self.ground.go_on(75)
        assert self.do("claims", "tokens_out", self.account) == []

    def test_an_account_that_may_not_send_claims_nothing(self) -> None:
        message_id = self.add()
        self.do("accounts", "hold", self.account, seconds(30), "too_fast")
        assert self.claim() == NotYet(seconds(30))
        self.ground.go_on(30)
        self.do("accounts", "pause", self.account, "forbidden")
        assert self.claim() == Shut()
        expired = self.ground.new_account(PACE)
        self.do("accounts", "expire", expired, NEVER)
        assert self.claim(expired) == Shut()
        assert self.claim(NEVER) == Shut()
        assert self.status(message_id) == "queued"

    def test_after_a_rest_one_message_tries_at_a_time(self) -> None:
        for _ in range(7):
            self.add()
        for _ in range(5):
            self.end("unknown", self.claimed(), "no_answer", Outcome.UNKNOWN)
            self.do("accounts", "failed", self.account)
        tries = self.claimed()
        self.ground.go_on(5)
        assert self.claim() == NotYet(seconds(20)), "until its lease ends"
        self.end("accepted", tries, "p-1")
        self.do("accounts", "works", self.account)
        assert self.claimed()

    def test_what_is_no_longer_wanted_ends_and_the_next_is_taken(self) -> None:
        deleted, forgotten = self.ground.new_fan(), self.ground.new_fan()
        gone, lost, good = self.add(deleted), self.add(forgotten), self.add()
        self.ground.delete_fan(deleted)
        self.ground.forget_recipient(forgotten)
        assert self.claimed().message_id == good
        facts = [self.ground.message(message_id) for message_id in (gone, lost)]
        assert [(each.status, each.last_error) for each in facts] == [
            ("cancelled", "fan_deleted"),
            ("failed", "recipient_unknown"),
        ]

    def test_a_message_whose_workers_die_each_time_ends(self) -> None:
        message_id = self.add()
        for _ in range(4):
            claimed = self.claimed()
            self.ground.go_on(200)
            self.end("unknown", claimed, "sender_ended", Outcome.LAPSED)
            assert self.end("proven_absent", claimed, "did_not_arrive")
        assert self.claim() == NothingDue()
        facts = self.ground.message(message_id)
        assert (facts.status, facts.last_error) == ("failed", "sender_ended_each_time")

    def test_what_the_platform_did_not_answer_is_not_the_messages_fault(self) -> None:
        self.add()
        for _ in range(6):
            claimed = self.claimed()
            self.ground.go_on(200)
            self.end("unknown", claimed, "no_answer", Outcome.UNKNOWN)
            assert self.end("proven_absent", claimed, "did_not_arrive")
        assert self.claimed()


class AttemptsContract(OnGround):
    def begun(self) -> Claimed:
        self.add()
        return self.claimed()

    def test_what_arrived_is_sent(self) -> None:
        claimed = self.begun()
        self.ground.go_on(3)
        assert self.end("accepted", claimed, "p-1")
        facts = self.ground.message(claimed.message_id)
        assert (facts.status, facts.platform_message_id, facts.last_error) == ("sent", "p-1", None)
        assert facts.sent_at == self.ground.now
        assert self.attempt(claimed) == AttemptFacts(Outcome.ACCEPTED, seconds(60), None, 0)
        assert not self.end("accepted", claimed, "p-1"), "no news"

    def test_when_it_arrived_is_kept_where_the_platform_says_it(self) -> None:
        claimed = self.begun()
        self.end("accepted", claimed, "p-1", START)
        assert self.ground.message(claimed.message_id).sent_at == START

    def test_a_refusal_counts_and_the_third_is_the_last(self) -> None:
        message_id = self.add()
        for number in (1, 2):
            claimed = self.claimed()
            assert self.end("refused", claimed, "recipient_unavailable", for_good=False)
            facts = self.ground.message(message_id)
            assert (facts.status, facts.attempts, facts.last_error) == ("queued", number, "recipient_unavailable")
            assert self.attempt(claimed) == AttemptFacts(Outcome.REFUSED, seconds(60), None, 0)
        assert not self.end("refused", self.claimed(), "recipient_unavailable", for_good=False)
        facts = self.ground.message(message_id)
        assert (facts.status, facts.attempts, facts.last_error) == ("failed", 3, "recipient_unavailable")

    def test_a_refusal_for_good_is_the_first_and_last(self) -> None:
        claimed = self.begun()
        assert not self.end("refused", claimed, "price", for_good=True)
        facts = self.ground.message(claimed.message_id)
        assert (facts.status, facts.attempts, facts.last_error) == ("failed", 1, "price")

    @pytest.mark.parametrize(("reached", "token"), [(True, 60), (False, 0)])
    def test_what_is_not_to_blame_waits_again_and_counts_nothing(self, reached: bool, token: int) -> None:  # noqa: FBT001
        claimed = self.begun()
        assert self.end("not_accepted", claimed, "too_fast", reached=reached)
        facts = self.ground.message(claimed.message_id)
        assert (facts.status, facts.attempts, facts.last_error) == ("queued", 0, "too_fast")
        assert self.attempt(claimed) == AttemptFacts(Outcome.NOT_ACCEPTED, seconds(token), None, 0)
        assert self.claimed().attempt_id != claimed.attempt_id

    def test_nobody_knows_keeps_the_token_and_says_when_to_ask(self) -> None:
        claimed = self.begun()
        self.ground.go_on(20)
        assert self.end("unknown", claimed, "no_answer", Outcome.UNKNOWN)
        facts = self.ground.message(claimed.message_id)
        assert (facts.status, facts.last_error) == ("unknown", "no_answer")
        assert self.attempt(claimed) == AttemptFacts(Outcome.UNKNOWN, seconds(65), seconds(10), 0)
        assert not self.end("unknown", claimed, "sender_ended", Outcome.LAPSED)
        assert self.attempt(claimed).outcome is Outcome.UNKNOWN, "the worker's own word stays"

    def test_a_late_answer_counts_for_its_attempt_wherever_the_message_stands(self) -> None:
        fan = self.ground.new_fan()
        for number, step in enumerate(("sending", "unknown", "queued")):
            message_id = self.add(fan)
            claimed = self.claimed()
            self.ground.go_on(100)
            if step != "sending":
                self.end("unknown", claimed, "sender_ended", Outcome.LAPSED)
            if step == "queued":
                self.end("proven_absent", claimed, "did_not_arrive")
            assert self.status(message_id) == step
            assert self.end("accepted", claimed, f"p-{number}")
            facts = self.ground.message(message_id)
            assert (facts.status, facts.last_error, facts.platform_message_id) == ("sent", None, f"p-{number}")
            assert self.attempt(claimed) == AttemptFacts(Outcome.ACCEPTED, seconds(60), None, 0)

    def test_an_answer_after_another_claim_changes_nothing_of_the_message(self) -> None:
        message_id = self.add()
        first = self.claimed()
        self.ground.go_on(100)
        self.end("unknown", first, "sender_ended", Outcome.LAPSED)
        self.end("proven_absent", first, "did_not_arrive")
        second = self.claimed()
        before = self.ground.message(message_id)
        assert not self.end("accepted", first, "p-1")
        assert not self.end("refused", first, "price", for_good=True)
        assert not self.end("not_accepted", first, "too_fast", reached=True)
        assert not self.end("unknown", first, "no_answer", Outcome.UNKNOWN)
        assert not self.end("proven_absent", first, "did_not_arrive")
        assert self.ground.message(message_id) == before
        assert self.end("accepted", second, "p-2")

    def test_a_refusal_that_comes_when_it_waits_again_does_not_end_it(self) -> None:
        claimed = self.begun()
        self.ground.go_on(100)
        self.end("unknown", claimed, "sender_ended", Outcome.LAPSED)
        self.end("proven_absent", claimed, "did_not_arrive")
        assert not self.end("refused", claimed, "price", for_good=True)
        assert self.status(claimed.message_id) == "queued"

    @pytest.mark.parametrize("operation", ["refused", "not_accepted", "proven_absent"])
    def test_nobody_is_written_to_who_has_come_to_be_left_alone(self, operation: str) -> None:
        fan = self.ground.new_fan()
        message_id = self.add(fan)
        claimed = self.claimed()
        self.ground.leave_alone(fan)
        if operation == "proven_absent":
            self.end("unknown", claimed, "no_answer", Outcome.UNKNOWN)
        named = {"refused": {"for_good": False}, "not_accepted": {"reached": True}}.get(operation, {})
        assert not self.end(operation, claimed, "why", **named)
        facts = self.ground.message(message_id)
        assert (facts.status, facts.last_error) == ("failed", "do_not_contact")

    def test_the_platforms_id_is_left_to_whoever_told_it_first(self) -> None:
        fan = self.ground.new_fan()
        first, second = self.add(fan), self.add(fan)
        self.end("accepted", self.claimed(), "p-1")
        assert self.end("accepted", self.claimed(), "p-1")
        assert [self.ground.message(each).platform_message_id for each in (first, second)] == ["p-1", None]
        assert self.status(second) == "sent"

    def test_the_platform_may_tell_by_itself(self) -> None:
        claimed = self.begun()
        self.ground.go_on(10)
        assert self.do("attempts", "told", claimed.message_id, "p-1", START)
        facts = self.ground.message(claimed.message_id)
        assert (facts.status, facts.platform_message_id, facts.sent_at) == ("sent", "p-1", START)
        assert self.attempt(claimed) == AttemptFacts(Outcome.ACCEPTED, seconds(60), None, 0)
        self.ground.go_on(10)
        assert not self.do("attempts", "told", claimed.message_id, "p-1", START)
        assert self.attempt(claimed).token_back_in == seconds(50), "what is known already costs nothing"
        assert not self.end("accepted", claimed, "p-1")
        assert self.ground.message(claimed.message_id) == facts

    def test_what_was_never_claimed_cannot_have_arrived(self) -> None:
        message_id = self.add()
        assert not self.do("attempts", "told", message_id, "p-1", START)
        assert self.status(message_id) == "queued"

    def test_an_id_that_another_line_has_does_not_keep_the_platform_from_telling(self) -> None:
        fan = self.ground.new_fan()
        self.add(fan), self.add(fan)
        self.end("accepted", self.claimed(), "p-1")
        claimed = self.claimed()
        assert self.do("attempts", "told", claimed.message_id, "p-1", START)
        facts = self.ground.message(claimed.message_id)
        assert (facts.status, facts.platform_message_id) == ("sent", None)

    def test_what_was_typed_elsewhere_spends_a_token_from_when_it_was(self) -> None:
        self.ground.set_pace(self.account, Pace(2, 60))
        elsewhere, waiting = self.add(), self.add()
        self.do("attempts", "not_queued", elsewhere)
        spent = lambda at: self.do("attempts", "spent_elsewhere", new_id(), self.account, elsewhere, at)  # noqa: E731
        now = self.ground.now
        assert spent(now - seconds(60)) is None, "long back"
        assert spent(now - seconds(20)) == Pace(2, 60)
        assert spent(now + seconds(999)) == Pace(2, 60), "a clock that is ahead is not believed"
        assert self.claim() == NotYet(seconds(40))
        self.ground.go_on(40)
        assert self.claimed().message_id == waiting
        assert self.do("attempts", "spent_elsewhere", new_id(), NEVER, elsewhere, now) is None

    def test_absences_are_counted_while_somebody_asks(self) -> None:
        claimed = self.begun()
        self.end("unknown", claimed, "no_answer", Outcome.UNKNOWN)
        assert [self.do("attempts", "absent", claimed.attempt_id) for _ in range(2)] == [1, 2]
        assert self.attempt(claimed) == AttemptFacts(Outcome.UNKNOWN, seconds(85), seconds(1), 2)
        self.do("attempts", "look_again", claimed.attempt_id, seconds(30))
        assert self.attempt(claimed).look_in == seconds(30)
        self.end("accepted", claimed, "p-1")
        assert self.do("attempts", "absent", claimed.attempt_id) == 0
        self.do("attempts", "look_again", claimed.attempt_id, seconds(30))
        assert self.attempt(claimed).look_in is None

    def test_what_was_proven_absent_waits_again(self) -> None:
        claimed = self.begun()
        self.end("unknown", claimed, "no_answer", Outcome.UNKNOWN)
        assert self.end("proven_absent", claimed, "did_not_arrive")
        facts = self.ground.message(claimed.message_id)
        assert (facts.status, facts.attempts, facts.last_error) == ("queued", 0, "did_not_arrive")
        assert self.attempt(claimed) == AttemptFacts(Outcome.UNKNOWN, seconds(85), None, 0)
        assert not self.end("proven_absent", claimed, "did_not_arrive")

    def test_only_what_waits_fails_for_want_of_a_queue(self) -> None:
        leaving, waiting = self.add(), self.add()
        assert self.claimed().message_id == leaving
        assert not self.do("attempts", "not_queued", leaving)
        assert self.do("attempts", "not_queued", waiting)
        facts = self.ground.message(waiting)
        assert (facts.status, facts.last_error) == ("failed", "queue_unreachable")
        assert not self.do("attempts", "not_queued", NEVER)

    def test_a_reason_is_kept_on_what_waits(self) -> None:
        first, second = self.add(), self.add()
        self.claimed()
        for message_id in (first, second, NEVER):
            self.do("attempts", "note", message_id, "permit_unreadable")
        assert [self.ground.message(each).last_error for each in (first, second)] == [None, "permit_unreadable"]
