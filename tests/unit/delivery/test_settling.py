"""What an answer means for the message, its account, its permits and the figures."""

from typing import Any

import pytest

from huntaze.delivery.model import Claimed
from huntaze.errors import Unavailable
from huntaze.ids import new_id
from huntaze.measures import Count
from huntaze.platforms.model import Accepted, AccountAway, Answer, Away, NotAccepted, Refused, Unknown
from tests.support.send_path import AccountFacts
from tests.support.send_path_contracts import NOTHING, seconds
from tests.unit.delivery.conftest import Sorting

PROCESSED, FAILED, DEFERRED = (Count.PROCESSED, 1), (Count.FAILED, 1), (Count.DEFERRED, 1)
OPEN = AccountFacts("active", None, NOTHING, 0)
FORBIDDEN = AccountAway(Away.FORBIDDEN, "forbidden")
EXPIRED = AccountAway(Away.LOGIN_EXPIRED, "login_expired")


def _claimed(sorting: Sorting) -> Claimed:
    sorting.add()
    claimed = sorting.ground.stores.claims.claim(sorting.account, new_id())
    assert isinstance(claimed, Claimed)
    sorting.ground.stores.outbox.drop_permit(claimed.message_id)
    return claimed


def _settle(sorting: Sorting, answer: Answer) -> Claimed:
    claimed = _claimed(sorting)
    sorting.settling.settle(sorting.ground.sender(sorting.account), claimed, answer)
    return claimed


def _throttled(wait: float | None) -> AccountAway:
    return AccountAway(Away.THROTTLED, "too_fast", None if wait is None else seconds(wait))


# The answer; the message's status and refusals; how the account stands; the permit's wait; the figures.
ANSWERS: list[tuple[Answer, tuple[str, int], AccountFacts, float | None, list[Any]]] = [
    (Accepted("p-1"), ("sent", 0), OPEN, None, [PROCESSED]),
    (Refused("price", for_good=True), ("failed", 1), OPEN, None, [PROCESSED, FAILED]),
    (Refused("recipient_unavailable", for_good=False), ("queued", 1), OPEN, 0, [DEFERRED]),
    (_throttled(40), ("queued", 0), AccountFacts("active", None, seconds(40), 0), 40, [DEFERRED]),
    (_throttled(None), ("queued", 0), AccountFacts("active", None, seconds(30), 0), 30, [DEFERRED]),
    # Beyond the horizon nobody is woken: the relay makes the permit when its time comes.
    (_throttled(9_999), ("queued", 0), AccountFacts("active", None, seconds(900), 0), None, [DEFERRED]),
    (EXPIRED, ("queued", 0), AccountFacts("expired", None, NOTHING, 0), None, [DEFERRED]),
    (FORBIDDEN, ("queued", 0), AccountFacts("active", "forbidden", NOTHING, 0), None, [DEFERRED]),
    (NotAccepted("deadline_passed", asked=True), ("queued", 0), OPEN, 0, [DEFERRED]),
    (NotAccepted("no_connection", asked=False), ("queued", 0), AccountFacts("active", None, NOTHING, 1), 0, [DEFERRED]),
    (Unknown("no_answer"), ("unknown", 0), AccountFacts("active", None, NOTHING, 1), None, [PROCESSED]),
]


@pytest.mark.parametrize("case", ANSWERS, ids=lambda case: str(case[0])[:40])
def test_each_answer_has_its_consequences(
    sorting: Sorting, case: tuple[Answer, tuple[str, int], AccountFacts, float | None, list[Any]]
) -> None:
    answer, message, account, wait, figures = case
    claimed = _settle(sorting, answer)
    facts = sorting.ground.message(claimed.message_id)
    assert (facts.status, facts.attempts) == message
    assert facts.last_error == getattr(answer, "reason", None)
    assert sorting.ground.account(sorting.account) == account
    assert sorting.published.waits == ([] if wait is None else [(claimed.message_id, wait)])
    assert [each.message_id for each in sorting.ground.permits(sorting.account)] == [
        message_id for message_id, _ in sorting.published.waits
    ]
    assert sorting.measures.counts == figures


@pytest.mark.parametrize("answer", [Unknown("no_answer"), NotAccepted("no_connection", asked=False)])
def test_an_account_that_fails_rests_and_longer_each_time(sorting: Sorting, answer: Answer) -> None:
    rests = []
    for _ in range(10):
        _settle(sorting, answer)
        rests.append(sorting.ground.account(sorting.account).held_for.total_seconds())
        sorting.ground.go_on(1_000)
    assert rests == [0, 0, 0, 0, 60, 120, 240, 480, 480, 480]


def test_a_good_answer_begins_the_count_anew(sorting: Sorting) -> None:
    for good in (Accepted("p-1"), Refused("price", for_good=True)):
        for _ in range(4):
            _settle(sorting, Unknown("no_answer"))
            sorting.ground.go_on(100)
        _settle(sorting, good)
    assert sorting.ground.account(sorting.account) == OPEN


def test_what_was_under_way_together_makes_one_rest_and_no_longer(sorting: Sorting) -> None:
    claims = [_claimed(sorting) for _ in range(10)]
    for claimed in claims:
        sorting.settling.settle(sorting.ground.sender(sorting.account), claimed, Unknown("no_answer"))
    assert sorting.ground.account(sorting.account) == AccountFacts("active", None, seconds(60), 5)


def test_an_answer_to_another_does_not_end_what_the_platform_asked_for(sorting: Sorting) -> None:
    _settle(sorting, Unknown("no_answer"))
    slow, quick = _claimed(sorting), _claimed(sorting)
    sender = sorting.ground.sender(sorting.account)
    sorting.settling.settle(sender, slow, _throttled(300))
    sorting.settling.settle(sender, quick, Accepted("p-1"))
    assert sorting.ground.account(sorting.account).held_for == seconds(300)


def test_a_message_to_somebody_to_be_left_alone_now_fails(sorting: Sorting) -> None:
    fan = sorting.ground.new_fan()
    sorting.add(fan)
    claimed = sorting.ground.stores.claims.claim(sorting.account, new_id())
    assert isinstance(claimed, Claimed)
    sorting.ground.leave_alone(fan)
    sorting.settling.settle(sorting.ground.sender(sorting.account), claimed, NotAccepted("too_late", asked=True))
    assert sorting.statuses(claimed.message_id) == ["failed"]
    assert (sorting.published.planned, sorting.measures.counts) == ([], [PROCESSED, FAILED])


def test_all_of_it_is_written_or_nothing(sorting: Sorting) -> None:
    claimed = _claimed(sorting)
    sorting.ground.fails_to_begin = 1
    with pytest.raises(Unavailable):
        sorting.settling.settle(sorting.ground.sender(sorting.account), claimed, _throttled(40))
    assert (sorting.published.planned, sorting.measures.counts) == ([], [])
    attempt = sorting.ground.attempt(claimed.attempt_id)
    assert attempt is not None
    assert (attempt.outcome, sorting.statuses(claimed.message_id)) == (None, ["sending"])
