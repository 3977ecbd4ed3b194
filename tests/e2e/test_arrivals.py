"""Sending through the deployed stack, judged by the platform's own log. What takes minutes was begun with the run."""

import time

import pytest

from tests.support.arrivals import ELEVEN, FORTY, Begun
from tests.support.judge import accepted_twice, out_of_order, windows_over
from tests.support.post_office import Creator

pytestmark = pytest.mark.turn(2)

CLAIMED_BEFORE = """
SELECT count(*) FROM delivery_attempts AS other
JOIN delivery_attempts AS its ON its.message_id = %(reply)s AND its.account_id = other.account_id
JOIN message_transitions AS written ON written.message_id = its.message_id AND written.from_status IS NULL
WHERE other.claimed_at > written.at AND other.claimed_at < its.claimed_at
"""


def _arrive(begun: Begun, creator: Creator) -> list[dict[str, object]]:
    """What arrived, once nothing of this creator waits any more."""
    while begun.people.waiting(creator.workspace_id):
        time.sleep(0.5)
    return begun.people.platform.log(creator.user_id)


def test_forty_at_the_real_pace_arrive_once_in_order_and_never_eleven_in_a_minute(begun: Begun) -> None:
    arrived = _arrive(begun, begun.real)
    account = begun.real.user_id
    assert {line["clientReference"] for line in arrived} == set(begun.let_out[account])
    assert len(arrived) == FORTY
    assert accepted_twice(arrived) == {}
    threads = {(account, f"on-{fan}"): begun.let_out[account][place::4] for place, fan in enumerate(begun.real.fans)}
    assert out_of_order(arrived, threads) == []
    assert windows_over(begun.people.platform.attempts(account), 10, 60) == []


def test_thirty_accounts_side_by_side_do_not_slow_each_other(begun: Begun) -> None:
    """Eleven need one token to come back; thirty-one need twenty-one, two windows more, and so long nobody may take.

    The account that sends so many at the same pace is measured beside them: a slow machine is slow for all.
    """
    its = [float(str(line["at"])) for line in _arrive(begun, begun.real)]
    for creator in begun.neighbours:
        arrived = _arrive(begun, creator)
        assert [line["clientReference"] for line in arrived] == begun.let_out[creator.user_id]
        times = [float(str(line["at"])) for line in arrived]
        assert len(times) == ELEVEN
        assert times[-1] - times[0] < its[30] - its[0]
        assert windows_over(begun.people.platform.attempts(creator.user_id), 10, 60) == []


def test_a_reply_overtakes_a_hundred_that_wait(begun: Begun) -> None:
    arrived = [line["clientReference"] for line in _arrive(begun, begun.behind)]
    assert sorted(arrived) == sorted(begun.let_out[begun.behind.user_id])
    # Whatever was claimed after it was written, and before it, was claimed while it was not yet committed.
    [(before,)] = begun.people.run(CLAIMED_BEFORE, reply=begun.reply)
    assert before <= 3, "it leaves at the account's next slot, before the hundred that wait"
    assert windows_over(begun.people.platform.attempts(begun.behind.user_id), 10, 5) == []
