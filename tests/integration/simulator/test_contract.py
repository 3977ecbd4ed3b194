"""What the bridge's table says, asked of the simulator over HTTP."""

import re
import time
from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest

from tests.support.simulator import Answered, Caller, Client, letter, wait_for
from tests.support.webhooks import SECRET, Receiver

DIGITS = re.compile(r"\d+")

AUTHORIZED = [
    ("GET", "/v1/account", None),
    ("POST", "/v1/messages", letter()),
    ("GET", "/v1/messages?clientReference=x", None),
    ("GET", "/v1/messages?recipient=4711", None),
    ("GET", "/v1/fans", None),
    ("GET", "/v1/content", None),
    ("GET", "/v1/statistics", None),
    ("PUT", "/v1/webhook", {"url": "http://127.0.0.1/hook", "secret": SECRET}),
    ("DELETE", "/v1/webhook", None),
]


def is_problem(answer: Answered, status: int, code: str) -> bool:
    return (answer.status, answer.body["code"], answer.headers["content-type"]) == (
        status,
        code,
        "application/problem+json",
    )


def is_moment(value: str) -> bool:
    return datetime.fromisoformat(value).tzinfo is not None


def test_the_time_needs_no_token_and_stands_on_every_answer(caller: Caller) -> None:
    answer = Caller(caller.address).ask("GET", "/v1/time")
    now = time.time() * 1000
    assert abs(answer.body["now"] - now) < 5000
    for answered in (answer, caller.ask("GET", "/v1/account"), Caller(caller.address).send(), caller.ask("GET", "/no")):
        assert DIGITS.fullmatch(answered.headers["bridge-time"])


@pytest.mark.parametrize(("method", "target", "body"), AUTHORIZED)
@pytest.mark.parametrize("token", [None, "wrong"])
def test_nothing_else_is_answered_without_the_right_token(
    caller: Caller, method: str, target: str, body: Any, token: str | None
) -> None:
    assert is_problem(Caller(caller.address, token).ask(method, target, body), 401, "bad_token")


def test_an_account_says_who_it_is_and_what_it_can_do(caller: Caller, account: str) -> None:
    said = caller.ask("GET", "/v1/account").body
    assert is_moment(said.pop("sessionExpiresAt"))
    assert said == {
        "userId": account,
        "username": account,
        "platform": "onlyfans",
        "capabilities": ["send", "find", "messages", "fans", "content", "statistics", "events"],
        "limits": {"messages": 10, "seconds": 60},
        "signedIn": True,
    }


def test_a_message_is_accepted_once_whatever_the_body_says_later(caller: Caller) -> None:
    first = caller.send(reference="one", text="First")
    assert first.status == 201
    assert is_moment(first.body["acceptedAt"])
    again = caller.send(reference="one", text="Second", recipient="another", deadline=0)
    assert (again.status, again.body) == (200, first.body)


def test_a_message_is_found_by_its_reference(caller: Caller) -> None:
    accepted = caller.send("4712", reference="one").body
    [found] = caller.ask("GET", "/v1/messages?clientReference=one").body["messages"]
    assert accepted == {name: found[name] for name in accepted}
    assert (found["clientReference"], found["recipient"]) == ("one", "4712")
    assert caller.ask("GET", "/v1/messages?clientReference=two").body == {"messages": []}


def test_a_bridge_without_look_up_says_so(caller: Caller, control: Client, account: str) -> None:
    control.make_account(account, find=False)
    assert "find" not in caller.ask("GET", "/v1/account").body["capabilities"]
    assert is_problem(caller.ask("GET", "/v1/messages?clientReference=one"), 501, "not_supported")


def test_a_thread_is_told_newest_first_in_pages(caller: Caller, control: Client, account: str) -> None:
    for text in "abc":
        caller.send(text=text, priceCents=500, media=[{"url": "https://media.example.com/1.jpg", "type": "image"}])
    control.happen("message", account, "4711", text="d")
    caller.send("another")
    first = caller.ask("GET", "/v1/messages?recipient=4711&limit=3").body
    control.happen("message", account, "4711", text="e")  # what comes in between moves no page
    rest = caller.ask("GET", f"/v1/messages?recipient=4711&limit=3&cursor={first['nextCursor']}").body
    assert [message["text"] for message in first["messages"] + rest["messages"]] == list("dcba")
    assert rest["nextCursor"] is None
    received, sent = first["messages"][:2]
    assert (received["direction"], received["clientReference"], received["priceCents"]) == ("in", None, 0)
    assert (sent["direction"], sent["priceCents"], sent["currency"]) == ("out", 500, "USD")
    assert is_moment(sent["at"])


def test_fans_are_told_in_pages(caller: Caller, control: Client, account: str) -> None:
    fans = [{"id": f"{number}", "username": f"u{number}", "name": f"N{number}"} for number in range(5)]
    control.add_fans(account, fans)
    first = caller.ask("GET", "/v1/fans?limit=3").body
    rest = caller.ask("GET", f"/v1/fans?limit=3&cursor={first['nextCursor']}").body
    told = first["fans"] + rest["fans"]
    assert [{"id": fan["id"], "username": fan["username"], "name": fan["name"]} for fan in told] == fans
    assert rest["nextCursor"] is None


def test_content_is_told(caller: Caller) -> None:
    told = caller.ask("GET", "/v1/content?limit=2").body
    assert len(told["content"]) == 2
    assert told["nextCursor"]


def test_statistics_count_what_was_earned_in_a_stretch_of_time(caller: Caller, control: Client, account: str) -> None:
    control.add_fans(account, [], [{"at": 86_400.0, "kind": "tip", "cents": 250}])
    control.happen("tip", account, "4711", amountCents=300)
    control.happen("subscribe", account, "4711", amountCents=999)
    everything = caller.ask("GET", "/v1/statistics").body
    assert (everything["tipCents"], everything["subscriptionCents"], everything["newFans"]) == (550, 999, 1)
    long_ago = caller.ask("GET", "/v1/statistics?from=1970-01-01T00:00:00Z&to=1970-01-03T00:00:00Z").body
    assert (long_ago["tipCents"], long_ago["subscriptionCents"], long_ago["newFans"]) == (250, 0, 0)


def test_events_go_where_they_were_last_wanted(
    caller: Caller, control: Client, account: str, webhook: Receiver
) -> None:
    assert caller.ask("PUT", "/v1/webhook", {"url": webhook.url, "secret": SECRET}).status == 204
    control.happen("message", account, "4711", text="One")
    wait_for(lambda: webhook.told)
    assert caller.ask("DELETE", "/v1/webhook").status == 204
    assert control.happen("message", account, "4711", text="Two")["state"] == "nobody-listened"


REFUSALS: list[tuple[dict[str, Any], dict[str, object]]] = [
    ({"kind": "refuse"}, {"status": 422, "code": "refused", "forGood": True, "reason": "content"}),
    (
        {"kind": "refuse", "forGood": False, "reason": "price"},
        {"status": 422, "code": "refused", "forGood": False, "reason": "price"},
    ),
    ({"kind": "forbid"}, {"status": 403, "code": "forbidden"}),
    ({"kind": "429", "retryAfter": 7}, {"status": 429, "code": "too_fast"}),
    ({"kind": "expire-login"}, {"status": 401, "code": "login_expired"}),
]


@pytest.mark.parametrize(("fault", "said"), REFUSALS)
def test_each_refusal_has_its_status_and_code(
    caller: Caller, control: Client, account: str, fault: dict[str, Any], said: dict[str, object]
) -> None:
    control.break_down(account=account, **fault)
    refused = caller.send(reference="one")
    assert refused.status == said["status"]
    assert refused.body | said == refused.body
    assert refused.headers["content-type"] == "application/problem+json"
    assert refused.headers.get("retry-after") == ("7" if fault["kind"] == "429" else None)
    assert control.log(account) == []
    control.end_faults(account)
    assert caller.send(reference="one").status == 201


def test_what_comes_after_its_deadline_is_not_accepted(caller: Caller, control: Client, account: str) -> None:
    now = caller.ask("GET", "/v1/time").body["now"]
    assert is_problem(caller.send(reference="late", deadline=now - 1), 409, "deadline_passed")
    assert caller.ask("GET", "/v1/messages?clientReference=late").body == {"messages": []}
    assert control.log(account) == []


UNREADABLE: list[Callable[[Caller], Answered]] = [
    lambda caller: caller.ask("POST", "/v1/messages", b"no JSON"),
    lambda caller: caller.ask("POST", "/v1/messages", [1]),
    lambda caller: caller.send(deadline="soon"),
    lambda caller: caller.send(priceCents=-1),
    lambda caller: caller.send(surprise=1),
    lambda caller: caller.ask("PUT", "/v1/webhook", {"url": "ftp://x", "secret": SECRET}),
    lambda caller: caller.ask("PUT", "/v1/webhook", {"url": "http://127.0.0.1/", "secret": "whsec_&"}),
    lambda caller: caller.ask("GET", "/v1/fans?limit=many"),
    lambda caller: caller.ask("GET", "/v1/statistics?from=yesterday"),
]


@pytest.mark.parametrize("ask", UNREADABLE)
def test_what_cannot_be_understood_is_said_to_be_so(caller: Caller, ask: Callable[[Caller], Answered]) -> None:
    assert is_problem(ask(caller), 400, "malformed")


def test_an_empty_message_is_refused_for_good(caller: Caller) -> None:
    answer = caller.send(text=" ")
    assert is_problem(answer, 422, "refused")
    assert answer.body["forGood"] is True
    assert caller.send(text="", media=[{"url": "https://media.example.com/1.jpg"}]).status == 201


def test_what_is_not_there_is_not_found(caller: Caller) -> None:
    assert is_problem(caller.ask("GET", "/v1/nothing"), 404, "not_found")
    assert is_problem(caller.ask("DELETE", "/v1/messages"), 405, "method_not_allowed")
