"""The client and the simulated platform, each made from the contract alone: they must understand one another."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from uuid import UUID, uuid4

import pytest

from huntaze.platforms.bridge import Bridge
from huntaze.platforms.model import (
    Accepted,
    AccessRefused,
    AccountAway,
    Away,
    Capability,
    Credentials,
    Door,
    Letter,
    Limits,
    NotAccepted,
    NotOffered,
    Reason,
    Refused,
    Unknown,
)
from tests.support.bridge_description import OPERATIONS, must_be_answer
from tests.support.bridges import SECRET, client, soon
from tests.support.simulator import Answered, Caller, Client, Simulator, running_simulator
from tests.support.simulator import letter as a_letter

_numbers = count(1)


@pytest.fixture(scope="module")
def simulator(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Simulator]:
    folder: Path = tmp_path_factory.mktemp("simulator")
    with running_simulator(folder) as running:
        yield running


@pytest.fixture
def control(simulator: Simulator) -> Client:
    return simulator.client()


@pytest.fixture
def account() -> str:
    return f"bridge-{next(_numbers)}"


@pytest.fixture
def door(simulator: Simulator, control: Client, account: str) -> Door:
    made = control.make_account(account)
    return Door("onlyfans", simulator.address, Credentials(made["token"], SECRET))


@pytest.fixture
def caller(door: Door) -> Caller:
    return Caller(door.bridge_url, door.credentials.token)


@pytest.fixture
def bridge() -> Bridge:
    return client()


def _letter(reference: UUID | None = None, text: str = "Hello") -> Letter:
    media = ({"url": "https://media.example.com/1.jpg", "type": "image"},)
    return Letter(reference or uuid4(), "4711", text, 500, "USD", media)


def test_an_account_is_told(bridge: Bridge, door: Door, account: str) -> None:
    facts = bridge.account(door)
    assert (facts.user_id, facts.platform, facts.signed_in) == (account, "onlyfans", True)
    assert facts.capabilities == frozenset(Capability)
    assert facts.limits == Limits(10, 60)


def test_a_message_is_accepted_once_and_found(bridge: Bridge, door: Door, control: Client, account: str) -> None:
    letter = _letter()
    assert bridge.find(door, letter.reference) is None
    first = bridge.send(door, letter, soon())
    assert isinstance(first, Accepted)
    assert bridge.send(door, letter, soon()) == first
    found = bridge.find(door, letter.reference)
    assert found is not None
    assert found.platform_message_id == first.platform_message_id
    assert len(control.log(account)) == 1


def test_what_was_said_is_told_in_stretches(bridge: Bridge, door: Door, control: Client, account: str) -> None:
    control.happen("message", account, "4711", text="hi")
    sent = [_letter(text=f"Text {number}") for number in range(60)]
    assert all(isinstance(bridge.send(door, each, soon()), Accepted) for each in sent)
    first = bridge.messages(door, "4711")
    second = bridge.messages(door, "4711", first.next_cursor)
    assert second.next_cursor is None
    told = [*first.items, *second.items]
    assert [each.reference for each in told] == [*(each.reference for each in reversed(sent)), None]
    assert [each.outgoing for each in told] == [True] * 60 + [False]


def test_so_are_fans_content_and_numbers(bridge: Bridge, door: Door, control: Client, account: str) -> None:
    control.happen("subscribe", account, "4711", amountCents=999)
    control.happen("tip", account, "4711", amountCents=500)
    (fan,) = bridge.fans(door).items
    assert (fan.id, fan.subscribed, fan.spent_cents, fan.currency) == ("4711", True, 1499, "USD")
    assert bridge.content(door).items
    now = datetime.now(UTC)
    numbers = bridge.statistics(door, now - timedelta(hours=1), now + timedelta(hours=1))
    assert (numbers.subscription_cents, numbers.tip_cents, numbers.new_fans) == (999, 500, 1)


def test_events_are_wanted_and_wanted_no_more(bridge: Bridge, door: Door) -> None:
    bridge.set_webhook(door, "http://127.0.0.1:9/api/webhooks/onlyfans/1")
    bridge.clear_webhook(door)
    bridge.clear_webhook(door)


def test_a_lost_answer_is_unknown_and_the_look_up_knows(
    bridge: Bridge, door: Door, control: Client, account: str
) -> None:
    letter = _letter()
    control.break_down("drop-reply", account)
    assert bridge.send(door, letter, soon()) == Unknown(Reason.CONNECTION_LOST)
    control.end_faults(account)
    assert bridge.find(door, letter.reference) is not None


def test_a_lost_question_is_unknown_and_the_look_up_knows(
    bridge: Bridge, door: Door, control: Client, account: str
) -> None:
    letter = _letter()
    control.break_down("drop-request", account)
    assert bridge.send(door, letter, soon()) == Unknown(Reason.CONNECTION_LOST)
    control.end_faults(account)
    assert bridge.find(door, letter.reference) is None


def test_trouble_is_understood(bridge: Bridge, door: Door, control: Client, account: str) -> None:
    for kind, expected in {
        "refuse": Refused,
        "forbid": AccountAway,
        "429": AccountAway,
        "5xx": Unknown,
        "expire-login": AccountAway,
    }.items():
        control.break_down(kind, account)
        assert isinstance(bridge.send(door, _letter(), soon()), expected), kind
        control.end_faults(account)
    assert not control.log(account)


def test_a_login_that_expired_keeps_everything_out_but_the_look_up(
    bridge: Bridge, door: Door, control: Client, account: str
) -> None:
    letter = _letter()
    bridge.send(door, letter, soon())
    control.happen("login-expired", account)
    assert bridge.send(door, _letter(), soon()) == AccountAway(Away.LOGIN_EXPIRED, Reason.LOGIN_EXPIRED)
    with pytest.raises(AccessRefused):
        bridge.fans(door)
    assert not bridge.account(door).signed_in
    assert bridge.find(door, letter.reference) is not None


def test_a_token_of_nobody_is_refused(bridge: Bridge, simulator: Simulator) -> None:
    nobodys = Door("onlyfans", simulator.address, Credentials("nobody", SECRET))
    assert bridge.send(nobodys, _letter(), soon()) == AccountAway(Away.LOGIN_EXPIRED, Reason.BAD_TOKEN)
    with pytest.raises(AccessRefused):
        bridge.account(nobodys)


def test_a_bridge_without_the_look_up_says_so(bridge: Bridge, door: Door, control: Client, account: str) -> None:
    control.make_account(account, find=False)
    assert Capability.FIND not in bridge.account(door).capabilities
    with pytest.raises(NotOffered):
        bridge.find(door, uuid4())


@pytest.mark.parametrize("wrong_by", [-3_600_000, 3_600_000])
def test_what_was_learnt_wrongly_of_its_clock_does_no_harm(door: Door, wrong_by: int) -> None:
    """Too early it refuses, too late it refuses as well: in either case its answer says what time it is."""
    now = int(datetime.now(UTC).timestamp() * 1000)
    mistaken = client(knows=[door.bridge_url], at=now + wrong_by)
    letter = _letter()
    assert mistaken.send(door, letter, soon()) == NotAccepted(Reason.DEADLINE_PASSED, asked=True)
    assert mistaken.find(door, letter.reference) is None
    assert isinstance(mistaken.send(door, letter, soon()), Accepted)


TARGETS = {
    "time": "/v1/time",
    "account": "/v1/account",
    "send": "/v1/messages",
    "messages": "/v1/messages?recipient=4711",
    "fans": "/v1/fans",
    "content": "/v1/content",
    "statistics": "/v1/statistics?from=2026-01-01T00:00:00Z&to=2036-01-01T00:00:00Z",
    "setWebhook": "/v1/webhook",
    "clearWebhook": "/v1/webhook",
}
BODIES = {"setWebhook": {"url": "http://127.0.0.1:9/", "secret": SECRET}}


def _asked(caller: Caller, operation_id: str) -> Answered:
    body = a_letter() if operation_id == "send" else BODIES.get(operation_id)
    answered = caller.ask(OPERATIONS[operation_id][1].upper(), TARGETS[operation_id], body)
    must_be_answer(operation_id, answered.status, answered.headers.get("content-type", ""), answered.body)
    return answered


@pytest.mark.parametrize("operation_id", OPERATIONS)
@pytest.mark.parametrize("trouble", [None, "forbid", "refuse", "429", "5xx", "expire-login"])
def test_the_simulator_answers_as_it_is_described(
    caller: Caller, control: Client, account: str, operation_id: str, trouble: str | None
) -> None:
    control.happen("tip", account, "4711", amountCents=500)
    _asked(caller, "send")
    if trouble:
        control.break_down(trouble, account, **({} if trouble == "expire-login" else {"on": "all"}))
    _asked(caller, operation_id)
    control.end_faults(account)


def test_and_so_it_does_to_a_look_up(caller: Caller) -> None:
    caller.send("4711", "0197a000-0000-7000-8000-000000000001")
    found = caller.ask("GET", "/v1/messages?clientReference=0197a000-0000-7000-8000-000000000001")
    assert len(found.body["messages"]) == 1
    must_be_answer("messages", found.status, found.headers["content-type"], found.body)


def test_a_deadline_that_nobody_means_is_refused(caller: Caller) -> None:
    now = caller.ask("GET", "/v1/time").body["now"]
    assert caller.send(deadline=now + 125_000).body["code"] == "deadline_passed"
    assert caller.send(deadline=now + 110_000).status == 201
