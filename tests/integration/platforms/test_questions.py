"""All that is asked beside sending, over a real socket."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from uuid import UUID

import pytest

from huntaze.errors import Unavailable
from huntaze.platforms.bridge import Bridge
from huntaze.platforms.model import (
    AccessRefused,
    AccountFacts,
    Away,
    Capability,
    Door,
    Found,
    Limits,
    NotOffered,
    Passage,
    PlatformContent,
    PlatformFan,
    PlatformMessage,
    Statistics,
)
from tests.support.bridges import (
    FAN,
    LETTER,
    SECRET,
    TOKEN,
    Act,
    Heard,
    Line,
    ScriptedBridge,
    answers,
    client,
    door,
    nobody,
    refuses,
)

AT = datetime(2026, 5, 1, 10, tzinfo=UTC)
ISO = "2026-05-01T10:00:00Z"
ACCOUNT = {
    "userId": "42",
    "username": "zoe",
    "platform": "onlyfans",
    "capabilities": ["send", "find", "to be invented"],
    "limits": {"messages": 10, "seconds": 60},
    "signedIn": True,
    "sessionExpiresAt": ISO,
}
MESSAGE = {
    "messageId": "m-1",
    "clientReference": str(LETTER.reference),
    "recipient": FAN,
    "direction": "out",
    "text": "hi \u0000there",
    "priceCents": 0,
    "currency": None,
    "at": ISO,
}
FANS = {"fans": [{"id": FAN, "username": "rob", "subscribed": True, "spentCents": 100, "currency": "USD"}]}
CONTENT = {"content": [{"id": "c-1", "kind": "image", "title": "Beach", "priceCents": 0, "publishedAt": ISO}]}
NUMBERS = {
    "from": ISO,
    "to": ISO,
    "currency": "USD",
    "subscriptionCents": 1,
    "messageCents": 2,
    "tipCents": 3,
    "otherCents": 4,
    "fans": 5,
    "newFans": 6,
    "lostFans": None,
}

Ask = Callable[[Bridge, Door], object]


def _find(bridge: Bridge, at: Door) -> object:
    return bridge.find(at, LETTER.reference)


def _messages(bridge: Bridge, at: Door) -> object:
    return bridge.messages(at, FAN, "c 2")


def _statistics(bridge: Bridge, at: Door) -> object:
    return bridge.statistics(at, AT, AT)


def _set_webhook(bridge: Bridge, at: Door) -> object:
    bridge.set_webhook(at, "https://api.example.com/hook")
    return None


EVERYTHING: list[Ask] = [
    Bridge.account,
    _find,
    _messages,
    Bridge.fans,
    Bridge.content,
    _statistics,
    _set_webhook,
    Bridge.clear_webhook,
]


def _message(reference: UUID | None, *, outgoing: bool) -> PlatformMessage:
    return PlatformMessage("m-1", reference, FAN, outgoing, "hi there", 0, None, AT)


@pytest.fixture
def bridge() -> Iterator[ScriptedBridge]:
    with ScriptedBridge() as listening:
        yield listening


def _asked(bridge: ScriptedBridge, ask: Ask, act: Act) -> object:
    bridge.act = act
    return ask(client(), door(bridge.url))


def test_an_account_is_told(bridge: ScriptedBridge) -> None:
    assert _asked(bridge, Bridge.account, answers(200, ACCOUNT)) == AccountFacts(
        "42", "zoe", "onlyfans", frozenset({Capability.SEND, Capability.FIND}), Limits(10, 60), signed_in=True,
        session_expires_at=AT,
    )  # fmt: skip
    assert bridge.heard[0].target == "/v1/account"
    assert bridge.heard[0].headers["authorization"] == f"Bearer {TOKEN}"


def test_a_message_is_found_by_its_reference(bridge: ScriptedBridge) -> None:
    known = {**MESSAGE, "acceptedAt": ISO}
    assert _asked(bridge, _find, answers(200, {"messages": [known]})) == Found("m-1", AT)
    assert bridge.heard[0].target == f"/v1/messages?clientReference={LETTER.reference}"


def test_or_is_not_there(bridge: ScriptedBridge) -> None:
    assert _asked(bridge, _find, answers(200, {"messages": []})) is None


@pytest.mark.parametrize(
    "body",
    [
        {"messages": [{**MESSAGE, "acceptedAt": ISO, "clientReference": "0197a000-0000-7000-8000-000000000002"}]},
        {"messages": [{**MESSAGE, "acceptedAt": ISO, "clientReference": None}]},
        {"messages": [{**MESSAGE, "acceptedAt": ISO}] * 2},
        {"messages": [{**MESSAGE, "acceptedAt": "yesterday"}]},
        {"messages": [{**MESSAGE, "acceptedAt": "2026-05-01T10:00:00"}]},
        {"messages": None},
        {},
        [],
    ],
)
def test_an_answer_to_another_question_proves_nothing(bridge: ScriptedBridge, body: object) -> None:
    """A bridge that passes over the reference shows some other message, or all of them."""
    with pytest.raises(Unavailable, match="do not understand"):
        _asked(bridge, _find, answers(200, body))


def test_what_was_said_comes_in_stretches(bridge: ScriptedBridge) -> None:
    body = {"messages": [MESSAGE, {**MESSAGE, "clientReference": "typed", "direction": "in"}], "nextCursor": "c 3"}
    assert _asked(bridge, _messages, answers(200, body)) == Passage(
        (
            _message(LETTER.reference, outgoing=True),
            _message(None, outgoing=False),
        ),
        "c 3",
    )
    assert bridge.heard[0].target == f"/v1/messages?recipient={FAN}&limit=50&cursor=c+2"


def test_so_do_fans(bridge: ScriptedBridge) -> None:
    fan = PlatformFan(FAN, "rob", None, None, subscribed=True, spent_cents=100, currency="USD", last_seen_at=None)
    assert _asked(bridge, Bridge.fans, answers(200, FANS)) == Passage((fan,), None)
    assert bridge.heard[0].target == "/v1/fans?limit=50"


def test_and_what_was_published(bridge: ScriptedBridge) -> None:
    thing = PlatformContent("c-1", "image", "Beach", 0, None, AT)
    assert _asked(bridge, Bridge.content, answers(200, CONTENT)) == Passage((thing,), None)


def test_numbers_are_those_of_a_stretch_of_time(bridge: ScriptedBridge) -> None:
    assert _asked(bridge, _statistics, answers(200, NUMBERS)) == Statistics(AT, AT, "USD", 1, 2, 3, 4, 5, 6, None)
    assert bridge.heard[0].target == (
        "/v1/statistics?from=2026-05-01T10%3A00%3A00%2B00%3A00&to=2026-05-01T10%3A00%3A00%2B00%3A00"
    )


def test_events_go_where_they_are_wanted(bridge: ScriptedBridge) -> None:
    _asked(bridge, _set_webhook, answers(204))
    _asked(bridge, Bridge.clear_webhook, answers(204))
    put, delete = bridge.heard
    assert (put.method, put.target, put.json()) == (
        "PUT",
        "/v1/webhook",
        {"url": "https://api.example.com/hook", "secret": SECRET},
    )
    assert (delete.method, delete.target, delete.body) == ("DELETE", "/v1/webhook", b"")


def _resets(line: Line, _: Heard) -> None:
    line.reset()


@pytest.mark.parametrize("ask", EVERYTHING)
@pytest.mark.parametrize("code", ["login_expired", "bad_token"])
def test_an_account_that_must_sign_in_again_says_so(bridge: ScriptedBridge, ask: Ask, code: str) -> None:
    with pytest.raises(AccessRefused) as refused:
        _asked(bridge, ask, refuses(401, code))
    assert refused.value.why is Away.LOGIN_EXPIRED


@pytest.mark.parametrize("ask", EVERYTHING)
def test_so_does_one_that_may_not(bridge: ScriptedBridge, ask: Ask) -> None:
    with pytest.raises(AccessRefused) as refused:
        _asked(bridge, ask, refuses(403, "forbidden"))
    assert refused.value.why is Away.FORBIDDEN


@pytest.mark.parametrize("ask", EVERYTHING)
def test_what_a_bridge_cannot_do_is_told_apart(bridge: ScriptedBridge, ask: Ask) -> None:
    with pytest.raises(NotOffered):
        _asked(bridge, ask, refuses(501, "not_offered"))


@pytest.mark.parametrize("ask", EVERYTHING)
@pytest.mark.parametrize(
    "act",
    [
        _resets,
        answers(500),
        answers(302, None, Location="https://elsewhere.example.com/"),
        answers(401, {"code": "bad_token"}),
        answers(404),
        answers(200, b"{", Content_Length="100"),
    ],
)
def test_everything_else_is_no_answer(bridge: ScriptedBridge, ask: Ask, act: Act) -> None:
    with pytest.raises(Unavailable) as away:
        _asked(bridge, ask, act)
    assert type(away.value) is Unavailable
    assert away.value.retry_after == 30


@pytest.mark.parametrize("ask", EVERYTHING)
def test_a_bridge_that_is_asked_too_often_says_when_to_come_back(bridge: ScriptedBridge, ask: Ask) -> None:
    with pytest.raises(Unavailable) as away:
        _asked(bridge, ask, answers(429, None, Retry_After="17"))
    assert away.value.retry_after == 17


@pytest.mark.parametrize("ask", EVERYTHING)
def test_where_nobody_listens_there_is_none(ask: Ask) -> None:
    with nobody() as url, pytest.raises(Unavailable):
        ask(client(), door(url))


@pytest.mark.parametrize("ask", [*EVERYTHING])
def test_a_token_that_no_header_can_hold_goes_nowhere(bridge: ScriptedBridge, ask: Ask) -> None:
    with pytest.raises(AccessRefused):
        ask(client(), door(bridge.url, "one\r\nX-Injected: yes"))
    assert not bridge.connections
