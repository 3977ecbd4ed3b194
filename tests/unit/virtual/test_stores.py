"""The stores of the simulation keep what PostgreSQL keeps: the same suites, with indexes beneath."""

from random import Random

import pytest

from bench.virtual.stores import QuickGround
from bench.virtual.time import VirtualTime
from huntaze.delivery.model import HORIZON, Outcome, Pace
from huntaze.ids import new_id
from tests.support.permit_contracts import AccountsContract, PermitsContract
from tests.support.send_path_contracts import PACE, AttemptsContract, ClaimsContract, seconds


class StandingTime(VirtualTime):
    """Transactions take no time here: the suites say when it goes on."""

    def sleep(self, seconds: float) -> None:
        pass


@pytest.fixture
def ground() -> QuickGround:
    return QuickGround(StandingTime(), Random(1))  # noqa: S311 - dice


class TestClaims(ClaimsContract):
    pass


class TestAttempts(AttemptsContract):
    pass


class TestPermits(PermitsContract):
    pass


class TestAccounts(AccountsContract):
    pass


def test_an_account_is_woken_when_it_lacks_permits_of_the_next_quarter_of_an_hour_or_lost_some(
    ground: QuickGround,
) -> None:
    account, outbox = ground.new_account(PACE), ground.stores.outbox
    is_woken = lambda: (ground.workspace_id, account) in ground.to_wake(10)  # noqa: E731
    assert not is_woken()
    messages = [ground.write(account, new_id(), ground.now, is_campaign=True) for _ in range(200)]
    for place, message in enumerate(messages):
        assert is_woken() is (place < HORIZON // PACE.spacing)
        outbox.put_permit(new_id(), account, message, seconds(0))
    ground.stores.accounts.hold(account, seconds(30), "too_fast")
    ground.go_on(90)
    assert is_woken(), "all were lost"
    ground.stores.accounts.pause(account, "forbidden")
    assert not is_woken()


def test_what_has_ended_is_forgotten_and_nothing_else(ground: QuickGround) -> None:
    account, claims, attempts = ground.new_account(Pace(3, 60)), ground.stores.claims, ground.stores.attempts
    sent, doubtful, waits = (ground.write(account, new_id(), ground.now, is_campaign=False) for _ in range(3))
    ids = [new_id(), new_id()]
    for attempt_id in ids:
        claims.claim(account, attempt_id)
    attempts.accepted(ids[0], sent, "p-1")
    attempts.unknown(ids[1], doubtful, "no_answer", Outcome.UNKNOWN)
    ground.forget()
    assert [len(claims.tokens_out(account)), set(ground.state.messages)] == [2, {doubtful, waits}]
    ground.go_on(61)
    ground.forget()
    assert set(ground.state.attempts) == {ids[1]}
    assert sent in ground.state.messages, "a permit that comes back to it is still one of a message"
