import time
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from typing import Any

import pytest

from local.simulator.client import Refused
from tests.support.simulator import Caller, Client, running_simulator, wait_for
from tests.support.webhooks import SECRET, Receiver, is_signed

FAN = {"id": "4711", "username": "robin", "name": "Robin"}


@pytest.fixture
def told(caller: Caller, webhook: Receiver) -> Receiver:
    """A webhook that the account's events go to."""
    caller.ask("PUT", "/v1/webhook", {"url": webhook.url, "secret": SECRET})
    return webhook


@pytest.fixture
def robin(control: Client, account: str) -> str:
    control.add_fans(account, [FAN])
    return FAN["id"]


def after(receiver: Receiver, count: int = 1) -> list[Any]:
    wait_for(lambda: len(receiver.told) >= count)
    return receiver.events()


def test_what_a_fan_writes_is_told_and_stands_in_the_thread(
    caller: Caller, control: Client, account: str, robin: str, told: Receiver
) -> None:
    control.happen("message", account, robin, text="Hello you")
    [event] = after(told)
    [message] = caller.ask("GET", f"/v1/messages?recipient={robin}").body["messages"]
    assert datetime.fromisoformat(event["at"]).tzinfo
    assert event["type"] == "message.received"
    assert event["data"] == {
        "messageId": message["messageId"],
        "fan": FAN,
        "text": "Hello you",
        "media": [],
        "priceCents": 0,
    }
    assert (message["text"], message["direction"]) == ("Hello you", "in")


def test_what_is_typed_in_the_app_is_told_without_a_reference(
    caller: Caller, control: Client, account: str, robin: str, told: Receiver
) -> None:
    control.happen("sent", account, robin, text="By hand", amountCents=700)
    [event] = after(told)
    data = event["data"]
    assert event["type"] == "message.sent"
    assert (data["clientReference"], data["fan"], data["text"]) == (None, FAN, "By hand")
    assert (data["priceCents"], data["currency"], data["media"]) == (700, "USD", [])
    assert caller.ask("GET", f"/v1/messages?recipient={robin}").body["messages"][0]["direction"] == "out"
    assert control.log(account) == []


def test_a_purchase_is_of_the_last_offer(
    caller: Caller, control: Client, account: str, robin: str, told: Receiver
) -> None:
    offer = caller.send(robin, priceCents=1500).body["messageId"]
    caller.send(robin)
    control.happen("purchase", account, robin)
    [event] = after(told)
    assert event["type"] == "message.purchased"
    assert event["data"].pop("purchaseId")
    assert event["data"] == {"fan": FAN, "messageId": offer, "amountCents": 1500, "currency": "USD"}


def test_a_purchase_of_nothing_must_say_how_much(control: Client, account: str, robin: str) -> None:
    with pytest.raises(Refused):
        control.happen("purchase", account, robin)


def test_tips_and_subscriptions_are_told(
    caller: Caller, control: Client, account: str, robin: str, told: Receiver
) -> None:
    control.happen("tip", account, robin, amountCents=800)
    control.happen("subscribe", account, robin, amountCents=1299)
    control.happen("unsubscribe", account, robin)
    tip, begun, ended = after(told, 3)
    assert (tip["type"], tip["data"]["amountCents"], tip["data"]["messageId"]) == ("tip.received", 800, None)
    assert (begun["type"], begun["data"]["amountCents"]) == ("subscription.started", 1299)
    assert (ended["type"], ended["data"]) == (
        "subscription.ended",
        {"fan": FAN, "subscriptionId": begun["data"]["subscriptionId"]},
    )
    [fan] = caller.ask("GET", "/v1/fans").body["fans"]
    assert (fan["spentCents"], fan["subscribed"]) == (2099, False)


def test_fans_at_the_same_moment_lose_nothing(caller: Caller, control: Client, account: str, robin: str) -> None:
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda _: control.happen("tip", account, robin, amountCents=100), range(40)))
    assert caller.ask("GET", "/v1/fans").body["fans"][0]["spentCents"] == 4000


def test_an_expired_login_is_told_and_lasts_until_it_is_renewed(
    caller: Caller, control: Client, account: str, told: Receiver
) -> None:
    control.happen("login-expired", account)
    [event] = after(told)
    assert (event["type"], event["data"]) == ("account.login_expired", {})
    assert caller.send().body["code"] == "login_expired"
    assert caller.ask("GET", "/v1/account").body["sessionExpiresAt"] is None
    control.renew_login(account)
    assert caller.send().status == 201


def test_a_fault_that_ends_a_login_is_told_too(control: Client, account: str, told: Receiver) -> None:
    control.break_down("expire-login", account)
    assert after(told)[0]["type"] == "account.login_expired"


def test_a_stranger_has_a_name_too(control: Client, account: str, told: Receiver) -> None:
    control.happen("message", account, "99")
    control.happen("message", account, "98", name="Kim", username="kim")
    first, second = after(told, 2)
    assert first["data"]["fan"] == {"id": "99", "username": "fan99", "name": "Fan 99"}
    assert second["data"]["fan"] == {"id": "98", "username": "kim", "name": "Kim"}


def test_each_delivery_is_signed_and_tells_when(control: Client, account: str, told: Receiver) -> None:
    event_id = control.happen("message", account, "4711", text="Ünïcödé 🙂")["eventId"]
    after(told)
    [delivery] = told.told
    assert delivery.id == event_id
    assert delivery.path == "/hook?of=zoe"
    assert abs(int(delivery.headers["webhook-timestamp"]) - time.time()) < 60
    assert is_signed(delivery)
    assert not is_signed(delivery, "whsec_" + "A" * 32)


@pytest.mark.parametrize("answer", [500, 401, 302, 0])
def test_an_event_is_told_again_until_it_is_taken(control: Client, account: str, told: Receiver, answer: int) -> None:
    told.answers += [answer, answer]
    event_id = control.happen("message", account, "4711")["eventId"]
    after(told, 3)
    assert {delivery.id for delivery in told.told} == {event_id}
    assert len({delivery.body for delivery in told.told}) == 1
    assert all(map(is_signed, told.told))
    [state] = wait_for(lambda: [each for each in control.deliveries(account) if each["state"] == "delivered"])
    assert (state["tries"], state["lastAnswer"]) == (3, "204")


def test_an_event_that_is_not_taken_does_not_keep_others_waiting(control: Client, account: str, told: Receiver) -> None:
    told.refuses = b"First"
    control.happen("message", account, "4711", text="First")
    after(told)
    control.happen("message", account, "4711", text="Second")
    wait_for(lambda: [each["state"] for each in control.deliveries(account)] == ["pending", "delivered"])
    told.refuses = None
    wait_for(lambda: [each["state"] for each in control.deliveries(account)] == ["delivered", "delivered"])


def test_events_of_one_account_arrive_in_order(control: Client, account: str, told: Receiver) -> None:
    for number in range(20):
        control.happen("message", account, "4711", text=f"{number}")
    assert [event["data"]["text"] for event in after(told, 20)] == [f"{number}" for number in range(20)]


def test_a_restart_goes_on_telling(tmp_path_factory: pytest.TempPathFactory, webhook: Receiver) -> None:
    with running_simulator(tmp_path_factory.mktemp("own")) as own:
        caller = Caller(own.address, own.client().make_account("zoe")["token"])
        caller.ask("PUT", "/v1/webhook", {"url": webhook.url, "secret": SECRET})
        webhook.answers += [503] * 3
        event_id = own.client().happen("message", "zoe", "4711")["eventId"]
        after(webhook, 1)
        own.kill()
        own.start()
        after(webhook, 4)
        wait_for(lambda: own.client().deliveries("zoe")[0]["state"] == "delivered")
        assert {delivery.id for delivery in webhook.told} == {event_id}


def test_without_a_webhook_nobody_is_told_and_the_thread_still_knows(
    caller: Caller, control: Client, account: str
) -> None:
    control.happen("message", account, "4711", text="Hello")
    assert [each["state"] for each in control.deliveries(account)] == ["nobody-listened"]
    assert caller.ask("GET", "/v1/messages?recipient=4711").body["messages"][0]["text"] == "Hello"


def test_a_fan_may_answer_by_itself(caller: Caller, control: Client, account: str, told: Receiver) -> None:
    control.make_account(account, echo=0.05)
    caller.send("4711", reference="one")
    [event] = after(told)
    assert (event["type"], event["data"]["fan"]["id"]) == ("message.received", "4711")
    assert event["data"]["text"]
    caller.send("4711", reference="one")
    time.sleep(0.2)
    assert len(told.told) == 1  # a repetition is nothing new to the fan


def test_accepted_sends_are_told_where_that_is_wanted(
    caller: Caller, control: Client, account: str, told: Receiver
) -> None:
    control.make_account(account, reports=True)
    accepted = caller.send("4711", reference="one", text="Mine").body
    [event] = after(told)
    assert event["type"] == "message.sent"
    assert (event["data"]["messageId"], event["data"]["clientReference"]) == (accepted["messageId"], "one")


@pytest.mark.parametrize(
    "event",
    [
        {"kind": "dance", "recipient": "4711"},
        {"kind": "message"},
        {"kind": "message", "recipient": "4711", "amountCents": -1},
        {"kind": "message", "recipient": "4711", "surprise": 1},
    ],
)
def test_what_is_not_understood_does_not_happen(control: Client, account: str, event: dict[str, Any]) -> None:
    with pytest.raises(Refused):
        control.happen(account=account, **event)
    assert control.deliveries(account) == []
