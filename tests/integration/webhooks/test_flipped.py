"""Signed events with bits flipped on the way, through the handler to real PostgreSQL: nobody but their sender is heard.

A single bit, or a few, of the body, the id, the time or the signature; and headers under each other's names, shifted,
cut off or left out. With --deep 10,000 of them, else 1,000; the seed makes all runs alike. Bytes that are no text are
refused as such, before anybody asks whose they are; everything else is told that nobody signed it.
"""

import base64
import json
import random
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

import pytest

from huntaze import wiring
from tests.integration.webhooks.conftest import ROBIN, House
from tests.support.fake_webhooks import event
from tests.support.functions import Context, load
from tests.support.logs import forget_logger

SEED = 11
HEADERS = ("webhook-id", "webhook-timestamp", "webhook-signature")
SAID = "Hello, it is me 🎉"
EVENTS = (
    event("message.received", {"messageId": "m1", "fan": ROBIN, "text": SAID}),
    event("tip.received", {"tipId": "t1", "fan": ROBIN, "amount": {"cents": 700, "currency": "USD"}}),
    event("subscription.started", {"subscriptionId": "s1", "fan": ROBIN}),
    '{ "type" : "message.received",\n\t"data": {"text": "Zoë \\u00e9"} }\n',
)


@dataclass(frozen=True)
class Signed:
    """One request as it stands on the wire."""

    path: str
    headers: Mapping[str, bytes]
    body: bytes

    def call(self) -> dict[str, Any]:
        """Send it as the gateway hands it over: headers as text, a body that may be no text in base64."""
        http = {"method": "POST", "path": self.path, "protocol": "HTTP/1.1", "sourceIp": "127.0.0.1"}
        asked = {
            "version": "2.0",
            "routeKey": "POST /api/webhooks/{platform}/{connectionId}",
            "rawPath": self.path,
            "rawQueryString": "",
            "headers": {"content-type": "application/json"}
            | {name: value.decode("latin-1") for name, value in self.headers.items()},
            "requestContext": {"stage": "$default", "requestId": "test-request", "http": http},
            "isBase64Encoded": True,
            "body": base64.b64encode(self.body).decode(),
        }
        return dict(load("webhooks_in").handler(json.loads(json.dumps(asked)), Context()))


Flip = Callable[[Signed, random.Random], Signed]


def _flipped(raw: bytes, chance: random.Random) -> bytes:
    """One bit in half of all cases, else up to eight; never all back in their places."""
    bits = chance.sample(range(len(raw) * 8), 1 if chance.random() < 0.5 else chance.randint(2, 8))
    turned = bytearray(raw)
    for bit in bits:
        turned[bit // 8] ^= 1 << bit % 8
    return bytes(turned)


def _in_the_body(signed: Signed, chance: random.Random) -> Signed:
    return replace(signed, body=_flipped(signed.body, chance))


def _in(name: str) -> Flip:
    def flip(signed: Signed, chance: random.Random) -> Signed:
        return replace(signed, headers={**signed.headers, name: _flipped(signed.headers[name], chance)})

    return flip


def _without_one(signed: Signed, chance: random.Random) -> Signed:
    gone = chance.choice(HEADERS)
    return replace(signed, headers={name: value for name, value in signed.headers.items() if name != gone})


def _crossed(signed: Signed, chance: random.Random) -> Signed:
    """The values under each other's names."""
    values = [signed.headers[name] for name in HEADERS]
    turn = chance.choice([(1, 0, 2), (0, 2, 1), (2, 1, 0), (1, 2, 0), (2, 0, 1)])
    return replace(signed, headers=dict(zip(HEADERS, [values[place] for place in turn], strict=True)))


def _shifted(signed: Signed, chance: random.Random) -> Signed:
    """What belongs to the time moves to the id, and the other way: what is signed must not run together."""
    event_id, timestamp = signed.headers["webhook-id"], signed.headers["webhook-timestamp"]
    if chance.random() < 0.5:
        moved = {"webhook-id": event_id + b"." + timestamp[:1], "webhook-timestamp": timestamp[1:]}
        return replace(signed, headers={**signed.headers, **moved})
    moved = {"webhook-timestamp": timestamp + b"." + signed.body[:1]}
    return replace(signed, headers={**signed.headers, **moved}, body=signed.body[1:])


def _shortened(signed: Signed, chance: random.Random) -> Signed:
    return replace(signed, body=signed.body[: chance.randrange(len(signed.body))])


FLIPS: dict[str, Flip] = {
    "body": _in_the_body,
    **{name: _in(name) for name in HEADERS},
    "without one": _without_one,
    "crossed": _crossed,
    "shifted": _shifted,
    "shortened": _shortened,
}


@pytest.fixture
def heard(house: House, monkeypatch: pytest.MonkeyPatch) -> Iterator[House]:
    """The house behind the function that the gateway calls."""
    monkeypatch.setenv("STAGE", "test")
    monkeypatch.setattr(wiring, "current", lambda: house.parts)
    function = load("webhooks_in")
    monkeypatch.setattr(function.app, "_parts", lambda: house.parts)
    yield house
    forget_logger()


def _signed(house: House, number: int) -> Signed:
    body = EVENTS[number % len(EVENTS)]
    headers = {name: value.encode() for name, value in house.bridge.headers(body).items()}
    return Signed(house.bridge.path, headers, body.encode())


def _is_text(body: bytes) -> bool:
    try:
        body.decode()
    except ValueError:
        return False
    return True


def _kept(house: House) -> int:
    return len(house.rows("id", "webhook_events"))


def test_what_was_not_flipped_is_heard_in_any_order_of_its_headers(heard: House) -> None:
    """Without this the refusals would prove nothing."""
    for number in range(2 * len(EVENTS)):
        signed = _signed(heard, number)
        answer = replace(signed, headers=dict(reversed(signed.headers.items()))).call()
        assert answer["statusCode"] == 204, answer
    assert _kept(heard) == len(heard.queue.tickets) == 2 * len(EVENTS)


def test_none_that_was_flipped_is_heard(heard: House, pytestconfig: pytest.Config) -> None:
    chance, told = random.Random(SEED), Counter[str]()  # noqa: S311  (equal runs)
    answers: set[tuple[int, str]] = set()
    for number in range(10_000 if pytestconfig.getoption("--deep") else 1_000):
        name = list(FLIPS)[number % len(FLIPS)]
        signed = _signed(heard, number)
        flipped = FLIPS[name](signed, chance)
        assert flipped != signed
        answer = flipped.call()
        assert answer["statusCode"] == (401 if _is_text(flipped.body) else 400), (SEED, number, name, flipped, answer)
        answers.add((answer["statusCode"], answer["body"]))
        told[name] += 1
    assert len(answers) == 2, "all are told the same"
    assert min(told.values()) >= 100
    assert (_kept(heard), heard.queue.tickets) == (0, [])
