"""What platforms and accounts do to senders: nothing that can wait is lost, and nothing leaves twice or late."""

import signal
import time
from datetime import timedelta

import pytest

from huntaze.delivery import settling
from local.processes import free_port
from tests.support.post_office import Creator
from tests.support.simulator import wait_for
from tests.support.troubled_office import TEXT, TroubledOffice
from tests.support.worker_process import IMPATIENT, Times


@pytest.fixture
def times() -> Times:
    return IMPATIENT


def account(office: TroubledOffice, creator: Creator, column: str) -> object:
    """What the account's row says."""
    [row] = office.run("SELECT to_jsonb(c) FROM platform_connections AS c WHERE id = %(id)s", id=creator.account_id)
    return row[0][column]


def change_account(office: TroubledOffice, creator: Creator, **columns: object) -> None:
    """As somebody does who mends it."""
    for column, value in columns.items():
        change = f"UPDATE platform_connections SET {column} = %(value)s WHERE id = %(id)s"  # noqa: S608
        office.run(change, value=value, id=creator.account_id)


def arrivals(office: TroubledOffice, creator: Creator) -> int:
    """How many requests the platform has seen."""
    return len(office.platform.attempts(creator.user_id))


def test_a_login_that_expires_holds_all_and_loses_none(trouble: TroubledOffice) -> None:
    creator = trouble.creator(messages=20, seconds=1, fans=20)
    trouble.send_many(creator, 100)
    trouble.go_on(lambda: trouble.statuses(creator).get("sent", 0) >= 10)
    trouble.platform.break_down("expire-login", creator.user_id)
    trouble.go_on(lambda: account(trouble, creator, "status") == "expired")
    held = trouble.statuses(creator)
    assert held["queued"] + held["sent"] == 100
    assert trouble.run("SELECT count(*) > 0 FROM messages WHERE last_error = 'login_expired'") == [(True,)]
    seen = arrivals(trouble, creator)
    trouble.work(seconds=2)
    trouble.mend()
    trouble.work(seconds=1)
    assert (trouble.statuses(creator), arrivals(trouble, creator)) == (held, seen)

    trouble.platform.renew_login(creator.user_id)
    change_account(trouble, creator, status="active")
    trouble.parts.relay.wake(creator.workspace_id, creator.account_id)
    trouble.go_on(lambda: trouble.ended)
    trouble.judge()
    assert trouble.statuses(creator) == {"sent": 100}
    assert trouble.dead() == []


CLAIMED_WHILE_HELD = """
SELECT count(*) FROM delivery_attempts AS throttled JOIN delivery_attempts AS late
    ON late.account_id = throttled.account_id AND late.id <> throttled.id
WHERE throttled.detail = 'too_fast' AND late.claimed_at > throttled.settled_at + interval '20 milliseconds'
    AND late.claimed_at < throttled.settled_at + %(wait)s * interval '1 second'
"""


def test_a_storm_of_429_fails_none_and_is_obeyed(trouble: TroubledOffice) -> None:
    creator = trouble.creator(messages=10, seconds=1, fans=10)
    trouble.platform.break_down("429", creator.user_id, probability=0.5, retryAfter=2, times=8, seed=1)
    trouble.send_many(creator, 30)
    trouble.go_on(lambda: trouble.ended)
    trouble.judge()
    assert trouble.statuses(creator) == {"sent": 30}
    assert trouble.run("SELECT max(attempts) FROM messages") == [(0,)]
    assert trouble.run("SELECT count(*) FROM delivery_attempts WHERE detail = 'too_fast'") == [(8,)]
    assert trouble.run(CLAIMED_WHILE_HELD, wait=2) == [(0,)]


def test_one_good_answer_does_not_end_the_wait_that_the_platform_asked_for(trouble: TroubledOffice) -> None:
    creator = trouble.creator(messages=20, seconds=1, fans=20)
    change_account(trouble, creator, failures=2)
    trouble.platform.break_down("429", creator.user_id, times=1, retryAfter=3)
    trouble.platform.break_down("slow", creator.user_id, delay=0.3)  # the good answers come after it
    trouble.send_many(creator, 15)
    trouble.go_on(lambda: trouble.ended)
    assert account(trouble, creator, "failures") == 0
    assert trouble.run(CLAIMED_WHILE_HELD, wait=3) == [(0,)]
    trouble.judge()


def test_an_account_that_fails_rests_and_recovers(trouble: TroubledOffice, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        settling, "FIRST_REST", timedelta(seconds=5)
    )  # longer than a busy machine keeps us from looking
    creator = trouble.creator(messages=10, seconds=1, fans=10)
    trouble.platform.break_down("5xx", creator.user_id, accepts=True)
    trouble.send_many(creator, 20)
    trouble.go_on(lambda: account(trouble, creator, "held_reason") is not None)
    trouble.go_on(lambda: trouble.statuses(creator).get("sending", 0) == 0)
    assert account(trouble, creator, "held_reason") == "server_error"
    # Ten were on their way when it broke: that is one time, and the first rest is the shortest.
    [(rest,)] = trouble.run("SELECT held_until - now() FROM platform_connections WHERE held_until IS NOT NULL")
    assert rest <= timedelta(seconds=5)
    tried = arrivals(trouble, creator)
    assert tried <= 10
    trouble.go_on(lambda: account(trouble, creator, "failures") == 6)  # one tries again, and the others wait for it
    assert arrivals(trouble, creator) == tried + 1
    trouble.platform.end_faults()
    trouble.go_on(lambda: trouble.ended)
    trouble.judge()
    assert trouble.statuses(creator) == {"sent": 20}
    assert account(trouble, creator, "failures") == 0


def test_a_bridge_that_is_down_costs_no_message(trouble: TroubledOffice, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settling, "FIRST_REST", timedelta(seconds=1))
    creator = trouble.creator(messages=10, seconds=1, fans=5)
    change_account(trouble, creator, bridge_url=f"http://127.0.0.1:{free_port()}")
    trouble.send_many(creator, 10)
    trouble.go_on(lambda: account(trouble, creator, "held_reason") == "no_connection")
    assert set(trouble.statuses(creator)) == {"queued"}
    change_account(trouble, creator, bridge_url=trouble.simulator.address)
    trouble.go_on(lambda: trouble.ended)
    trouble.judge()
    assert trouble.statuses(creator) == {"sent": 10}
    assert trouble.run("SELECT max(attempts) FROM messages") == [(0,)]


def test_where_nobody_can_tell_it_stays_unknown_and_stops_nobody(trouble: TroubledOffice) -> None:
    creator = trouble.creator(messages=10, seconds=1, fans=1, find=False)
    trouble.platform.break_down("drop-reply", creator.user_id, times=1)
    trouble.send_many(creator, 3)
    trouble.go_on(lambda: trouble.ended)
    assert trouble.statuses(creator) == {"unknown": 1, "sent": 2}
    trouble.judge(look_up=False)


@pytest.mark.parametrize("moment", ["after_claim_commit", "before_first_byte", "after_answer"])
def test_a_worker_that_was_frozen_never_sends_late(trouble: TroubledOffice, moment: str) -> None:
    creator = trouble.creator(messages=10, seconds=1, fans=2)
    # One alone: whoever is frozen in the middle of a transaction has its account locked until the database ends that.
    trouble.send_many(creator, 1)
    frozen = trouble.start_worker(dies=moment, by=signal.SIGSTOP)
    wait_for(lambda: frozen.frozen)
    trouble.send_many(creator, 3)
    trouble.told.kills += 1
    trouble.go_on(lambda: trouble.ended)
    seen = arrivals(trouble, creator)
    frozen.signal(signal.SIGCONT)
    time.sleep(0.5)
    frozen.stop()
    trouble.go_on(lambda: trouble.ended)
    assert arrivals(trouble, creator) == seen
    trouble.judge()
    assert trouble.statuses(creator) == {"sent": 4}
    assert account(trouble, creator, "held_reason") is None


@pytest.mark.parametrize("hours", [-1, 1])
def test_a_clock_that_is_wrong_changes_nothing(trouble: TroubledOffice, hours: int) -> None:
    creator = trouble.creator(messages=10, seconds=2, fans=5)
    trouble.send_many(creator, 15)
    trouble.start_worker(clock=hours * 3600)
    trouble.go_on(lambda: trouble.ended, serve=False)
    trouble.judge()
    assert trouble.statuses(creator) == {"sent": 15}


def test_poison_goes_to_the_dead_letters_and_its_message_says_why(trouble: TroubledOffice) -> None:
    creator = trouble.creator(messages=10, seconds=1, fans=2)
    [poisoned] = trouble.send_many(creator, 1)
    trouble.sqs.purge_queue(QueueUrl=trouble.queue_url)  # its own permit is lost
    trouble.sqs.set_queue_attributes(QueueUrl=trouble.queue_url, Attributes={"VisibilityTimeout": "0"})
    body = f'{{"v": 9, "workspaceId": "{creator.workspace_id}", "messageId": "{poisoned}"}}'
    for poison in (body, "[" * 5000, "no permit at all"):
        trouble.sqs.send_message(QueueUrl=trouble.queue_url, MessageBody=poison)
    trouble.go_on(lambda: len(trouble.dead()) == 3, late=100)
    assert trouble.run("SELECT status, last_error FROM messages") == [("queued", "permit_unreadable")]
    trouble.send_many(creator, 3)  # the good ones go on
    trouble.go_on(lambda: trouble.ended)
    trouble.judge()
    assert trouble.statuses(creator) == {"sent": 4}
    assert TEXT not in str(trouble.dead())
