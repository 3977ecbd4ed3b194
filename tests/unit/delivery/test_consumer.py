"""Poison among permits, and what the queue must bring again."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import pytest

from huntaze.delivery.consuming import Consumer
from huntaze.delivery.permits import Permit, parse
from huntaze.edge.batch import Message, all_messages
from tests.support import permits
from tests.support.fake_send_path import FakeGround
from tests.support.send_path_contracts import PACE


@dataclass
class Sender:
    """Serves permits; some must come again."""

    again: list[Permit] = field(default_factory=list)
    served: list[Permit] = field(default_factory=list)
    calls: int = 0

    def serve(self, permits: Sequence[Permit], until: float) -> list[Permit]:
        assert until == 7.0
        self.calls += 1
        self.served += permits
        return self.again


@pytest.fixture
def sender() -> Sender:
    return Sender()


@pytest.fixture
def ground() -> FakeGround:
    return FakeGround()


@pytest.fixture
def consumer(sender: Sender, ground: FakeGround) -> Consumer:
    return Consumer(sender, ground.transaction)


def _message(message_id: str, body: str = permits.body(), attributes: Any = permits.ATTRIBUTES) -> Message:
    return Message(message_id, body, attributes, "queue")


def _other(number: int) -> str:
    return permits.body(messageId=permits.IDS[2][:-1] + str(number))


def test_only_what_must_come_again_is_given_back(consumer: Consumer, sender: Sender) -> None:
    bodies = [_other(number) for number in range(4, 8)]
    sender.again = [parse(bodies[2], permits.ATTRIBUTES)]
    messages = [_message(str(place), body) for place, body in enumerate(bodies)]
    assert consumer.receive(messages, 7.0) == ["2"]
    assert sender.served == [parse(body, permits.ATTRIBUTES) for body in bodies]


def test_one_permit_in_two_messages_is_served_twice_and_given_back_twice(consumer: Consumer, sender: Sender) -> None:
    sender.again = [parse(permits.body(), permits.ATTRIBUTES)]
    assert consumer.receive([_message("1"), _message("2")], 7.0) == ["1", "2"]
    assert len(sender.served) == 2


WRONG: tuple[Any, ...] = (5, None, [], {}, "x", 1e999)
POISON = [
    "poison",
    "{}",
    "[]",
    "null",
    "[" * 100_000,
    *(
        permits.body(**{name: value})
        for name in ("workspaceId", "messageId")
        for value in (5, None, [], {}, "x", 1e999)
    ),
    permits.body(v=2),
    permits.body(text="hello"),
]


@pytest.mark.parametrize("body", POISON, ids=lambda body: body[:30])
def test_poison_fails_alone_and_ends_among_the_dead_letters(
    consumer: Consumer, sender: Sender, ground: FakeGround, body: str
) -> None:
    ground.workspace_id = parse(permits.body(), permits.ATTRIBUTES).workspace_id
    assert consumer.receive([_message("1"), _message("2", body), _message("3")], 7.0) == ["2"]
    assert len(sender.served) == 2


@pytest.mark.parametrize(
    ("body", "attributes"), [({"v": 2}, {}), ({}, {"priority": "eleven"}), ({"slotAt": "now"}, {})]
)
def test_its_message_is_told_why_where_it_names_one(
    consumer: Consumer, sender: Sender, ground: FakeGround, body: Any, attributes: Any
) -> None:
    message_id = ground.new_message(ground.new_account(PACE), ground.new_fan())
    text = permits.body(workspaceId=str(ground.workspace_id), messageId=str(message_id), **body)
    assert consumer.receive([_message("1", text, {**permits.ATTRIBUTES, **attributes})], 7.0) == ["1"]
    facts = ground.message(message_id)
    assert (facts.status, facts.last_error, sender.calls) == ("queued", "permit_unreadable", 0)


def test_poison_needs_no_database(consumer: Consumer, ground: FakeGround) -> None:
    ground.fails_to_begin = 1
    text = permits.body(workspaceId=str(ground.workspace_id), v=2)
    assert consumer.receive([_message("1", text)], 7.0) == ["1"]


def test_what_nobody_can_say_anything_about_comes_again_whole() -> None:
    def fails(_: object) -> list[str]:
        raise RuntimeError("a secret")

    records = [
        {"messageId": str(number), "body": permits.body(), "messageAttributes": {}, "eventSourceARN": "queue"}
        for number in range(2)
    ]
    event = json.loads(json.dumps({"Records": records}))
    answer = all_messages(event, fails)
    assert answer == {"batchItemFailures": [{"itemIdentifier": "0"}, {"itemIdentifier": "1"}]}
    assert all_messages(event, lambda messages: [messages[1].id]) == {"batchItemFailures": [{"itemIdentifier": "1"}]}
