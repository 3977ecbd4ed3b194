"""Our client of the bridge contract and the simulator were written apart from each other: here they meet."""

import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from huntaze.ids import new_id
from huntaze.platforms.bridge import Bridge
from huntaze.platforms.model import (
    Accepted,
    AccessRefused,
    AccountAway,
    Answer,
    Away,
    Capability,
    Credentials,
    Door,
    Letter,
    Limits,
    NotAccepted,
    NotOffered,
    Refused,
    Unknown,
)
from huntaze.runtime.guarded_http import GuardedHttp
from huntaze.runtime.guarded_network import GuardedNetwork
from tests.support.simulator import Caller, Client, wait_for
from tests.support.webhooks import SECRET, Receiver, is_signed

BRIDGE = Bridge(GuardedHttp(GuardedNetwork(private=True)))


@pytest.fixture
def door(caller: Caller) -> Door:
    return Door("onlyfans", caller.address, Credentials(str(caller.token), SECRET))


def send(door: Door, reference: UUID | None = None, *, seconds: float = 10) -> Answer:
    letter = Letter(
        reference or new_id(), "4711", "Hello 🙂", 500, "USD", ({"url": "https://media.example.com/1.jpg"},)
    )
    return BRIDGE.send(door, letter, time.monotonic() + seconds)


def test_the_account_is_understood(door: Door, account: str) -> None:
    facts = BRIDGE.account(door)
    assert (facts.user_id, facts.platform, facts.signed_in) == (account, "onlyfans", True)
    assert facts.capabilities == frozenset(Capability)
    assert facts.limits == Limits(10, 60)
    assert facts.session_expires_at


def test_a_message_is_accepted_and_found(door: Door, control: Client, account: str) -> None:
    reference = new_id()
    accepted = send(door, reference)
    found = BRIDGE.find(door, reference)
    assert isinstance(accepted, Accepted)
    assert found
    assert accepted.platform_message_id == found.platform_message_id
    assert send(door, reference) == accepted
    [line] = control.log(account)
    assert (line["clientReference"], line["recipient"], line["text"]) == (str(reference), "4711", "Hello 🙂")
    assert BRIDGE.find(door, new_id()) is None


@pytest.mark.parametrize(
    ("kind", "means"),
    [
        ("refuse", Refused),
        ("forbid", AccountAway),
        ("429", AccountAway),
        ("expire-login", AccountAway),
        ("5xx", Unknown),
        ("drop-reply", Unknown),
        ("drop-request", Unknown),
    ],
)
def test_each_fault_is_understood(door: Door, control: Client, account: str, kind: str, means: type[Answer]) -> None:
    BRIDGE.account(door)
    control.break_down(kind, account)
    assert isinstance(send(door), means)


def test_waiting_is_understood(door: Door, control: Client, account: str) -> None:
    control.break_down("429", account, retryAfter=17)
    answer = send(door)
    assert isinstance(answer, AccountAway)
    assert (answer.why, answer.retry_after) == (Away.THROTTLED, timedelta(seconds=17))


def test_a_platform_that_is_too_slow_leaves_doubt_and_has_not_accepted(
    door: Door, control: Client, account: str
) -> None:
    BRIDGE.account(door)
    control.break_down("slow", account, delay=1.5)
    reference = new_id()
    assert isinstance(send(door, reference, seconds=1), Unknown)
    wait_for(lambda: control.attempts(account)[-1]["outcome"] == "deadline_passed")
    assert BRIDGE.find(door, reference) is None


def test_a_refusal_after_the_deadline_is_no_doubt(door: Door, control: Client, account: str) -> None:
    BRIDGE.account(door)
    control.break_down("slow", account, delay=2.4)  # the bridge is told to take three quarters of the time
    answer = send(door, seconds=3)
    assert isinstance(answer, NotAccepted)
    assert answer.asked


def test_lists_and_numbers_are_understood(door: Door, control: Client, account: str) -> None:
    control.happen("tip", account, "4711", amountCents=300, name="Robin", username="robin")
    control.happen("message", account, "4711", text="Hello you")
    send(door)
    sent, received = BRIDGE.messages(door, "4711").items
    assert (received.text, received.outgoing, sent.outgoing, sent.price_cents) == ("Hello you", False, True, 500)
    [fan] = BRIDGE.fans(door).items
    assert (fan.id, fan.name, fan.username, fan.spent_cents) == ("4711", "Robin", "robin", 300)
    assert len(BRIDGE.content(door).items) > 0
    now = datetime.now(UTC)
    numbers = BRIDGE.statistics(door, now - timedelta(hours=1), now + timedelta(hours=1))
    assert (numbers.tip_cents, numbers.currency, numbers.fans) == (300, "USD", 1)


def test_what_is_missing_is_understood(door: Door, control: Client, account: str) -> None:
    control.make_account(account, find=False)
    assert Capability.FIND not in BRIDGE.account(door).capabilities
    with pytest.raises(NotOffered):
        BRIDGE.find(door, new_id())
    with pytest.raises(AccessRefused):
        BRIDGE.account(replace(door, credentials=Credentials("wrong", SECRET)))


def test_events_come_to_the_webhook_that_was_set(door: Door, control: Client, account: str, webhook: Receiver) -> None:
    BRIDGE.set_webhook(door, webhook.url)
    control.happen("message", account, "4711")
    wait_for(lambda: webhook.told)
    assert is_signed(webhook.told[0], SECRET)
    BRIDGE.clear_webhook(door)
    assert control.happen("message", account, "4711")["state"] == "nobody-listened"
