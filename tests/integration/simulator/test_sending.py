from concurrent.futures import ThreadPoolExecutor

from tests.support.judge import accepted_twice, most_in_any_window
from tests.support.simulator import Caller, Client


def test_every_accepted_send_stands_in_the_log_in_order(caller: Caller, control: Client, account: str) -> None:
    for number in range(3):
        caller.send("4711", reference=f"{number}", text=f"Text {number}", priceCents=number)
    lines = control.log(account)
    assert [(line["clientReference"], line["text"], line["priceCents"]) for line in lines] == [
        (f"{number}", f"Text {number}", number) for number in range(3)
    ]
    assert {(line["account"], line["recipient"]) for line in lines} == {(account, "4711")}
    assert [line["at"] for line in lines] == sorted(line["at"] for line in lines)
    assert control.log(account, since=lines[1]["at"]) == lines[1:]
    assert all(line in control.log() for line in lines)


def test_every_send_request_stands_among_the_attempts(caller: Caller, control: Client, account: str) -> None:
    caller.send(reference="a")
    caller.send(reference="a")
    caller.send(reference="b", deadline=0)
    caller.send(reference="c", deadline=None)
    control.make_account(account, find=False)
    assert [(line["clientReference"], line["outcome"], line["status"]) for line in control.attempts(account)] == [
        ("a", "accepted", 201),
        ("a", "repeated", 200),
        ("b", "deadline_passed", 409),
        ("c", "malformed", 400),
    ]


def test_a_request_of_nobody_is_an_attempt_of_nobody(caller: Caller, control: Client) -> None:
    Caller(caller.address, "wrong").send(reference="of nobody")
    [line] = [line for line in control.attempts() if line["clientReference"] == "of nobody"]
    assert (line["account"], line["outcome"]) == (None, "bad_token")


def test_many_at_once_under_one_reference_are_accepted_once(caller: Caller, control: Client, account: str) -> None:
    with ThreadPoolExecutor(16) as pool:
        answers = list(pool.map(lambda _: caller.send(reference="one"), range(48)))
    assert sorted(answer.status for answer in answers) == [200] * 47 + [201]
    assert len({answer.body["messageId"] for answer in answers}) == 1
    assert len(control.log(account)) == 1
    assert len(control.attempts(account)) == 48


def test_a_reference_belongs_to_its_account(caller: Caller, control: Client) -> None:
    other = Caller(caller.address, control.make_account("another account")["token"])
    assert (caller.send(reference="same").status, other.send(reference="same").status) == (201, 201)


def test_the_pace_is_not_enforced_so_that_breaking_it_is_seen(caller: Caller, control: Client, account: str) -> None:
    assert [caller.send().status for _ in range(12)] == [201] * 12
    assert most_in_any_window(control.attempts(account), 60) == {account: 12}


def test_a_strict_account_takes_no_more_than_its_limit(caller: Caller, control: Client, account: str) -> None:
    control.make_account(account, strict=True, limits={"messages": 3, "seconds": 60})
    answers = [caller.send() for _ in range(5)]
    assert [answer.status for answer in answers] == [201, 201, 201, 429, 429]
    assert 50 < int(answers[-1].headers["retry-after"]) <= 60
    assert len(control.attempts(account)) == 5


def test_side_by_side_each_account_has_its_own_order(simulator_address: str, control: Client) -> None:
    accounts = [control.make_account(f"side {number}") for number in range(8)]

    def send_ten(account: dict[str, object]) -> None:
        one = Caller(simulator_address, str(account["token"]))
        for number in range(10):
            assert one.send(reference=f"{number}").status == 201

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(send_ten, accounts))
    for account in accounts:
        log = control.log(str(account["account"]))
        assert [line["clientReference"] for line in log] == [f"{number}" for number in range(10)]
    assert accepted_twice(control.log()) == {}
