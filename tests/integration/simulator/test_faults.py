import http.client
import time
from typing import Any

import pytest

from local.simulator.client import Refused
from tests.support.judge import uncertain
from tests.support.simulator import Caller, Client


def hangs_up(caller: Caller, **letter: Any) -> bool:
    try:
        caller.send(**letter)
    except (ConnectionError, http.client.HTTPException):
        return True
    return False


def outcomes(control: Client, account: str) -> list[tuple[str, int | None]]:
    return [(line["outcome"], line["status"]) for line in control.attempts(account)]


def test_drop_reply_does_the_work_and_says_nothing(caller: Caller, control: Client, account: str) -> None:
    control.break_down("drop-reply", account)
    assert hangs_up(caller, reference="one")
    assert hangs_up(caller, reference="one")
    assert [line["clientReference"] for line in control.log(account)] == ["one"]
    assert outcomes(control, account) == [("accepted", None), ("repeated", None)]
    assert uncertain(control.attempts(account)) == {"one"}
    control.end_faults(account)
    assert caller.send(reference="one").status == 200


def test_drop_request_reads_it_and_does_nothing(caller: Caller, control: Client, account: str) -> None:
    control.break_down("drop-request", account)
    assert hangs_up(caller, reference="one")
    assert control.log(account) == []
    assert outcomes(control, account) == [("dropped", None)]
    control.end_faults(account)
    assert caller.send(reference="one").status == 201


def test_a_broken_server_did_nothing_unless_told_otherwise(caller: Caller, control: Client, account: str) -> None:
    control.break_down("5xx", account)
    assert caller.send(reference="not done").status >= 500
    control.end_faults(account)
    control.break_down("5xx", account, accepts=True)
    assert caller.send(reference="done").status >= 500
    assert [line["clientReference"] for line in control.log(account)] == ["done"]
    assert uncertain(control.attempts(account)) == {"not done", "done"}


def test_a_slow_platform_comes_to_it_after_the_deadline(caller: Caller, control: Client, account: str) -> None:
    control.break_down("slow", account, delay=0.3)
    assert caller.send(deadline=int(time.time() * 1000) + 100).status == 409
    assert caller.send().status == 201
    attempt = control.attempts(account)[-1]
    assert attempt["endedAt"] - attempt["at"] >= 0.3


def test_a_slow_reply_comes_after_the_work(caller: Caller, control: Client, account: str) -> None:
    control.break_down("slow-reply", account, delay=1.2)
    begun = time.monotonic()
    assert caller.send(deadline=int(time.time() * 1000) + 1000).status == 201
    assert time.monotonic() - begun >= 1.2


def test_slow_goes_together_with_another_fault(caller: Caller, control: Client, account: str) -> None:
    control.break_down("slow", account, delay=0.2)
    control.break_down("429", account)
    assert caller.send().status == 429
    attempt = control.attempts(account)[-1]
    assert attempt["endedAt"] - attempt["at"] >= 0.2


def test_a_fault_strikes_as_often_as_it_may(caller: Caller, control: Client, account: str) -> None:
    control.break_down("429", account, times=2)
    assert [caller.send().status for _ in range(3)] == [429, 429, 201]
    assert all(fault["account"] != account for fault in control.faults())


def test_a_fault_ends_by_itself(caller: Caller, control: Client, account: str) -> None:
    control.break_down("429", account, seconds=1)
    assert caller.send().status == 429
    time.sleep(1.05)
    assert caller.send().status == 201


def test_chance_is_the_same_for_the_same_seed(caller: Caller, control: Client, account: str) -> None:
    def run(seed: int) -> list[int]:
        control.break_down("429", account, probability=0.5, seed=seed)
        statuses = [caller.send().status for _ in range(24)]
        control.end_faults(account)
        return statuses

    first = run(7)
    assert run(7) == first
    assert run(8) != first
    assert set(first) == {201, 429}


def test_a_seed_that_was_not_chosen_is_told(control: Client, account: str) -> None:
    assert control.break_down("429", account)["seed"] > 0
    assert control.break_down("429", account, seed=0)["seed"] == 0


def test_what_was_accepted_is_never_said_not_to_be(caller: Caller, control: Client, account: str) -> None:
    caller.send(reference="one")
    for kind in ("429", "refuse", "forbid", "expire-login"):
        control.break_down(kind, account)
        assert caller.send(reference="one").status == 200


def test_a_fault_concerns_its_account_alone_and_a_star_everybody(caller: Caller, control: Client, account: str) -> None:
    other = Caller(caller.address, control.make_account("somebody else")["token"])
    control.break_down("429", account)
    assert (caller.send().status, other.send().status) == (429, 201)
    control.break_down("429", times=1)
    assert other.send().status == 429
    control.end_faults()
    assert caller.send().status == 201
    assert control.faults() == []


def test_looking_up_fails_only_where_that_was_ordered(caller: Caller, control: Client, account: str) -> None:
    look = "/v1/messages?clientReference=one"
    control.break_down("5xx", account)
    assert caller.ask("GET", look).status == 200
    control.break_down("5xx", account, on="find", times=1)
    assert caller.ask("GET", look).status >= 500
    control.break_down("drop-reply", account, on="all", times=1)
    with pytest.raises((ConnectionError, http.client.HTTPException)):
        caller.ask("GET", "/v1/fans")


def test_an_expired_login_is_over_when_the_fault_is(caller: Caller, control: Client, account: str) -> None:
    control.break_down("expire-login", account)
    assert caller.ask("GET", "/v1/account").body["signedIn"] is False
    assert caller.ask("GET", "/v1/fans").body["code"] == "login_expired"
    assert caller.ask("GET", "/v1/messages?clientReference=one").status == 200
    assert caller.send().body["code"] == "login_expired"
    control.end_faults(account)
    assert caller.ask("GET", "/v1/account").body["signedIn"] is True
    assert caller.send().status == 201


def test_an_expired_login_is_over_when_it_is_renewed(caller: Caller, control: Client, account: str) -> None:
    control.break_down("expire-login", account)
    assert caller.send().status == 401
    control.renew_login(account)
    assert caller.send().status == 201


def test_a_login_that_expires_by_chance_stays_expired(simulator_address: str, control: Client) -> None:
    account = "unlucky one day"  # chance hangs on the name too
    caller = Caller(simulator_address, control.make_account(account)["token"])
    control.break_down("expire-login", account, probability=0.2, seed=4)
    statuses = [caller.send().status for _ in range(40)]
    expired = statuses.index(401)
    assert expired > 0
    assert set(statuses[:expired]) == {201}
    assert set(statuses[expired:]) == {401}
    assert [each["type"] for each in control.deliveries(account)] == ["account.login_expired"]
    control.end_faults(account)


@pytest.mark.parametrize(
    "fault",
    [
        {"kind": "earthquake"},
        {"kind": "429", "probability": 2},
        {"kind": "429", "seconds": -1},
        {"kind": "429", "times": 0},
        {"kind": "429", "on": "sunday"},
        {"kind": "429", "surprise": 1},
        {"kind": "expire-login", "times": 1},
    ],
)
def test_a_fault_that_is_not_understood_is_none(control: Client, account: str, fault: dict[str, Any]) -> None:
    with pytest.raises(Refused):
        control.break_down(account=account, **fault)
    assert all(each["account"] != account for each in control.faults())
