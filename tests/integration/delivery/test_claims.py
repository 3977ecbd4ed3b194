import threading
import time
from concurrent.futures import ThreadPoolExecutor
from uuid import UUID

import pytest
from psycopg import sql

from huntaze.delivery.model import Claimed, Contended, NotYet, Pace
from huntaze.ids import new_id
from tests.support.real_send_path import PostgresGround
from tests.support.send_path_contracts import ClaimsContract, seconds


class TestClaims(ClaimsContract):
    pass


THREADS = 16
OUT_AT_ONCE = """
SELECT max(out) FROM (
    SELECT (
        SELECT count(*) FROM delivery_attempts AS other
        WHERE other.workspace_id = one.workspace_id AND other.account_id = one.account_id
            AND other.claimed_at <= one.claimed_at AND other.token_returns_at > one.claimed_at
    ) AS out FROM delivery_attempts AS one WHERE workspace_id = %(workspace)s
) AS counted
"""


def test_many_at_once_claim_each_message_once_and_never_more_than_the_pace(ground: PostgresGround) -> None:
    account = ground.new_account(Pace(10, 60))
    for _ in range(40):
        ground.new_message(account, ground.new_fan())
    begin = threading.Barrier(THREADS)

    def claim(_: int) -> list[UUID]:
        with ground.connected(standing=False) as connection:
            begin.wait()
            found = [_claim(ground, connection, account) for _ in range(5)]
        assert all(isinstance(one, Claimed | NotYet) for one in found)
        return [one.message_id for one in found if isinstance(one, Claimed)]

    with ThreadPoolExecutor(THREADS) as threads:
        claimed = [message_id for each in threads.map(claim, range(THREADS)) for message_id in each]
    assert len(claimed) == len(set(claimed)) == 10


def test_as_answers_come_and_pace_allows_all_leave_and_never_too_many_are_out(ground: PostgresGround) -> None:
    account = ground.new_account(Pace(5, 1))
    messages = {ground.new_message(account, ground.new_fan()) for _ in range(30)}
    left, lock = set(messages), threading.Lock()

    def work(_: int) -> None:
        with ground.connected(standing=False) as connection:
            while left:
                claim = _claim(ground, connection, account)
                if isinstance(claim, Claimed):
                    with ground.on(connection, ground.workspace_id) as stores:
                        assert stores.attempts.accepted(claim.attempt_id, claim.message_id, str(claim.message_id))
                    with lock:
                        left.remove(claim.message_id)
                else:
                    time.sleep(claim.wait.total_seconds() if isinstance(claim, NotYet) else 0.05)

    with ThreadPoolExecutor(THREADS) as threads:
        list(threads.map(work, range(THREADS)))
    assert ground.run(OUT_AT_ONCE) == [(5,)]
    assert {ground.message(each).status for each in messages} == {"sent"}


def test_a_permit_that_is_being_written_does_not_hide_its_message(ground: PostgresGround) -> None:
    account, fan = ground.new_account(Pace(10, 60)), ground.new_fan()
    first, _ = ground.new_message(account, fan), ground.new_message(account, fan, priority=1)
    with ground.connected() as other, ground.on(other, ground.workspace_id) as stores:
        stores.outbox.put_permit(new_id(), account, first, seconds(0))
        with ground.transaction(ground.workspace_id) as ours:
            claim = ours.claims.claim(account, new_id())
    assert isinstance(claim, Claimed)
    assert claim.message_id == first, "two lines to one fan have changed places"


def test_nothing_leaves_by_a_door_that_was_opened_before_somebody_signed_in_again(ground: PostgresGround) -> None:
    account = ground.new_account(Pace(10, 60))
    message = ground.new_message(account, ground.new_fan())
    ground.sign_in(account)
    with pytest.raises(Contended), ground.transaction(ground.workspace_id) as ours:
        ours.claims.claim(account, new_id(), ground.now - seconds(1))
    with ground.transaction(ground.workspace_id) as ours:
        claim = ours.claims.claim(account, new_id(), ground.now)
    assert isinstance(claim, Claimed)
    assert claim.message_id == message


@pytest.mark.parametrize("held", ["platform_connections", "messages"])
def test_who_holds_what_a_claim_needs_is_not_waited_for_long_and_not_passed_by(
    ground: PostgresGround, held: str
) -> None:
    account, fan = ground.new_account(Pace(10, 60)), ground.new_fan()
    first, _ = ground.new_message(account, fan), ground.new_message(account, fan, priority=1)
    with ground.connected() as frozen, ground.on(frozen, ground.workspace_id):
        row = account if held == "platform_connections" else first
        frozen.execute(sql.SQL("SELECT FROM {} WHERE id = %s FOR UPDATE").format(sql.Identifier(held)), [row])
        with pytest.raises(Contended), ground.transaction(ground.workspace_id) as ours:
            ours.claims.claim(account, new_id())
    with ground.transaction(ground.workspace_id) as ours:
        claim = ours.claims.claim(account, new_id())
    assert isinstance(claim, Claimed)
    assert claim.message_id == first


def _claim(ground: PostgresGround, connection: object, account: UUID) -> object:
    with ground.on(connection, ground.workspace_id) as stores:  # type: ignore[arg-type]
        return stores.claims.claim(account, new_id())
