"""Claim, send side by side, settle: what becomes of tickets, whatever fails around them."""

import logging
import threading
import time
from dataclasses import replace
from datetime import UTC, datetime
from uuid import UUID

import pytest

from huntaze.delivery.handing_over import AT_ONCE, LEAST_TIME
from huntaze.delivery.model import DEADLINE
from huntaze.measures import Time
from huntaze.platforms.model import AccountAway, Away, Letter, NotAccepted, Refused, Unknown
from tests.support.fake_senders import AWAY
from tests.support.send_path_contracts import seconds
from tests.unit.delivery.conftest import Sorting

PATIENCE = 30.0  # seconds that a thread waits for others before the test has failed


def _until() -> float:
    return time.monotonic() + 60


def test_messages_leave_side_by_side(sorting: Sorting) -> None:
    messages = [sorting.add() for _ in range(AT_ONCE)]
    together = threading.Barrier(AT_ONCE, timeout=PATIENCE)
    sorting.platform.while_sending = lambda _: together.wait() and None
    tickets = [sorting.ticket(each) for each in messages]
    assert sorting.handing_over.serve(tickets, _until()) == []
    assert sorting.statuses(*messages) == ["sent"] * AT_ONCE
    assert sorted(sorting.tokens.settled) == sorted(ticket.asked.attempt_id for ticket in tickets)
    assert sorting.tokens.released == []
    assert sorting.ground.permits(sorting.account) == []


def test_what_leaves_is_the_best_message_whoevers_permit_it_is(sorting: Sorting) -> None:
    campaign, reply = sorting.add(is_campaign=True), sorting.add(priority=10)
    sorting.handing_over.serve([sorting.ticket(campaign)], _until())
    assert sorting.statuses(campaign, reply) == ["queued", "sent"]
    assert [each.message_id for each in sorting.ground.permits(sorting.account)] == [reply], "it serves the campaign"


def test_the_letter_says_what_was_approved_and_until_when(sorting: Sorting) -> None:
    message_id = sorting.add()
    before = time.monotonic()
    sorting.handing_over.serve([sorting.ticket(message_id)], _until())
    assert sorting.platform.sent == [Letter(message_id, "robin", "Hello", 0, "USD", ())]
    [give_up_at] = sorting.platform.give_up_at
    assert before + DEADLINE.total_seconds() <= give_up_at <= time.monotonic() + DEADLINE.total_seconds()


def test_near_the_end_of_the_functions_time_a_letter_has_less_of_it(sorting: Sorting) -> None:
    until = time.monotonic() + LEAST_TIME + 3
    sorting.handing_over.serve([sorting.ticket(sorting.add())], until)
    assert sorting.platform.give_up_at == [until]


def test_the_second_line_to_a_fan_waits_for_the_first_one(sorting: Sorting) -> None:
    fan = sorting.ground.new_fan()
    lines = [sorting.add(fan) for _ in range(3)]
    on_the_way: list[int] = []

    def count(_: Letter) -> None:
        on_the_way.append(sum(status == "sending" for status in sorting.statuses(*lines)))

    sorting.platform.while_sending = count
    assert sorting.handing_over.serve([sorting.ticket(each) for each in lines], _until()) == []
    assert [letter.reference for letter in sorting.platform.sent] == lines
    assert on_the_way == [1, 1, 1]
    assert sorting.statuses(*lines) == ["sent"] * 3


def test_a_fan_who_is_in_doubt_elsewhere_does_not_stop_the_others(sorting: Sorting) -> None:
    fan = sorting.ground.new_fan()
    doubtful, behind, other = sorting.add(fan), sorting.add(fan), sorting.add()
    sorting.platform.answers[doubtful] = Unknown("no_answer")
    tickets = [sorting.ticket(each) for each in (doubtful, behind, other)]
    assert sorting.handing_over.serve(tickets, _until()) == []
    assert sorting.statuses(doubtful, behind, other) == ["unknown", "queued", "sent"]
    [(message_id, wait)] = sorting.published.waits
    assert (message_id, wait) in {(each, 6) for each in (doubtful, behind, other)}
    assert len(sorting.tokens.released) == 1, "its ticket had no use for the token"
    assert len(sorting.tokens.settled) == 1, "and the token of the doubt stays out"


def test_who_finds_nothing_gives_the_token_back_and_the_permit_dies(sorting: Sorting) -> None:
    message_id = sorting.add()
    sorting.handing_over.serve([sorting.ticket(message_id)], _until())
    duplicate = sorting.ticket(message_id)
    assert sorting.handing_over.serve([duplicate], _until()) == []
    assert sorting.tokens.released == [duplicate.asked.attempt_id]
    assert sorting.published.planned == []


def test_the_database_has_the_last_word_on_the_pace(sorting: Sorting) -> None:
    for _ in range(10):
        sorting.handing_over.serve([sorting.ticket(sorting.add())], _until())
    late = sorting.add()
    ticket = sorting.ticket(late)
    assert sorting.handing_over.serve([ticket], _until()) == []
    assert sorting.statuses(late) == ["queued"]
    assert sorting.tokens.released == [ticket.asked.attempt_id]
    [(message_id, wait)] = sorting.published.waits
    assert message_id == late
    assert 59 < wait <= 60


def test_an_account_that_is_shut_lets_the_permit_die(sorting: Sorting) -> None:
    message_id = sorting.add()
    sorting.ground.stores.accounts.pause(sorting.account, "forbidden")
    ticket = sorting.ticket(message_id)
    assert sorting.handing_over.serve([ticket], _until()) == []
    assert sorting.tokens.released == [ticket.asked.attempt_id]
    assert sorting.ground.permits(sorting.account) == []
    assert sorting.statuses(message_id) == ["queued"]


@pytest.mark.parametrize("trouble", ["fails_to_begin", "fails_to_commit"])
def test_a_claim_that_may_have_been_made_keeps_its_token(sorting: Sorting, trouble: str) -> None:
    message_id = sorting.add()
    setattr(sorting.ground, trouble, 1)
    assert sorting.handing_over.serve([sorting.ticket(message_id)], _until()) == []
    assert (sorting.tokens.released, sorting.tokens.settled, sorting.platform.sent) == ([], [], [])
    [(postponed, wait)] = sorting.published.waits
    assert postponed == message_id
    assert 5 <= wait <= 20


def test_without_time_nothing_is_claimed_and_the_token_is_free(sorting: Sorting) -> None:
    message_id = sorting.add()
    ticket = sorting.ticket(message_id)
    assert sorting.handing_over.serve([ticket], time.monotonic() + LEAST_TIME - 0.001) == []
    assert (sorting.statuses(message_id), sorting.platform.sent) == (["queued"], [])
    assert sorting.tokens.released == [ticket.asked.attempt_id]
    assert [each for each, _ in sorting.published.waits] == [message_id]


def test_what_even_the_queue_does_not_take_comes_again(sorting: Sorting) -> None:
    sorting.published.refuses = True
    ticket = sorting.ticket(sorting.add())
    assert sorting.handing_over.serve([ticket], time.monotonic()) == [ticket.permit]


def test_a_sender_that_fails_leaves_a_doubt_and_the_others_alone(
    sorting: Sorting, caplog: pytest.LogCaptureFixture
) -> None:
    broken, good = sorting.add(), sorting.add()
    sorting.platform.answers[broken] = RuntimeError("a secret")
    with caplog.at_level(logging.ERROR):
        assert sorting.handing_over.serve([sorting.ticket(each) for each in (broken, good)], _until()) == []
    assert sorting.statuses(broken, good) == ["unknown", "sent"]
    assert sorting.ground.message(broken).last_error == "sender_failed"


def test_a_claim_is_told_since_when_its_door_is_the_way(sorting: Sorting, monkeypatch: pytest.MonkeyPatch) -> None:
    message, since, told = sorting.add(), datetime(2026, 5, 1, tzinfo=UTC), []
    really = type(sorting.ground.stores.claims).claim

    def claim(claims: object, account_id: UUID, attempt_id: UUID, signed_in_at: object) -> object:
        told.append(signed_in_at)
        return really(claims, account_id, attempt_id)  # type: ignore[arg-type]

    monkeypatch.setattr(type(sorting.ground.stores.claims), "claim", claim)
    ticket = sorting.ticket(message)
    sorting.handing_over.serve([replace(ticket, door=replace(ticket.door, signed_in_at=since))], _until())
    assert told == [since]


def test_a_claim_that_fails_as_it_should_not_leaves_the_others_alone(
    sorting: Sorting, monkeypatch: pytest.MonkeyPatch
) -> None:
    good, other = sorting.add(), sorting.account_of_its_own()
    bad = sorting.add(account=other)
    really = type(sorting.ground.stores.claims).claim

    def claim(claims: object, account_id: UUID, *more: object) -> object:
        if account_id == other:
            raise RuntimeError("a constraint that nobody thought of")
        return really(claims, account_id, *more)  # type: ignore[arg-type]

    monkeypatch.setattr(type(sorting.ground.stores.claims), "claim", claim)
    tickets = [sorting.ticket(good), sorting.ticket(bad, other)]
    assert sorting.handing_over.serve(tickets, _until()) == [tickets[1].permit], "which ends among the dead letters"
    assert sorting.statuses(good, bad) == ["sent", "queued"]
    assert sorting.tokens.released == []


@pytest.mark.parametrize("error", [AWAY, RuntimeError("a constraint that nobody thought of")])
def test_an_answer_that_cannot_be_written_leaves_the_others_alone(sorting: Sorting, error: Exception) -> None:
    lost, good = sorting.add(), sorting.add()
    together, really = threading.Barrier(2, timeout=PATIENCE), sorting.settling.settle

    def settle(sender: object, claimed: object, answer: object) -> None:
        if claimed.message_id == lost:  # type: ignore[attr-defined]
            raise error
        really(sender, claimed, answer)  # type: ignore[arg-type]

    sorting.settling.settle = settle  # type: ignore[method-assign,assignment]
    sorting.platform.while_sending = lambda _: together.wait() and None
    assert sorting.handing_over.serve([sorting.ticket(each) for each in (lost, good)], _until()) == []
    assert sorting.statuses(lost, good) == ["sending", "sent"], "its lease will run out"


@pytest.mark.parametrize(
    ("answer", "settled", "released"),
    [
        (Refused("price", for_good=True), 1, 0),
        (AccountAway(Away.THROTTLED, "too_fast"), 1, 0),
        (NotAccepted("deadline_passed", asked=True), 1, 0),
        (NotAccepted("no_connection", asked=False), 0, 1),
        (Unknown("no_answer"), 0, 0),
    ],
)
def test_what_reached_the_platform_counts(
    sorting: Sorting, answer: Refused | AccountAway | NotAccepted | Unknown, settled: int, released: int
) -> None:
    message_id = sorting.add()
    sorting.platform.answers[message_id] = answer
    sorting.handing_over.serve([sorting.ticket(message_id)], _until())
    assert (len(sorting.tokens.settled), len(sorting.tokens.released)) == (settled, released)


def test_redis_need_not_hear_what_happened(sorting: Sorting) -> None:
    messages = [sorting.add() for _ in range(2)]
    sorting.tokens.is_away = True
    tickets = [sorting.ticket(each) for each in (*messages, messages[0])]
    assert sorting.handing_over.serve(tickets, _until()) == []
    assert sorting.statuses(*messages) == ["sent", "sent"]


def test_figures_tell_how_late_it_left_and_how_long_it_took(sorting: Sorting) -> None:
    ticket = sorting.ticket(sorting.add())
    sorting.ground.go_on(7)
    sorting.platform.while_sending = lambda _: sorting.ground.go_on(100)
    sorting.handing_over.serve([ticket], _until())
    [(slot, late), (processing, took)] = sorting.measures.times
    assert (slot, late, processing) == (Time.SLOT_DELAY, seconds(7).total_seconds(), Time.PROCESSING)
    assert took >= 0
