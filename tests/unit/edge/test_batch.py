import logging
from typing import Any

import pytest

from huntaze.edge.batch import Message, each_message
from huntaze.errors import Invalid

QUEUE = "arn:aws:sqs:us-east-1:123456789012:queue"


def _record(message_id: str, body: str = "body") -> dict[str, Any]:
    return {
        "messageId": message_id,
        "body": body,
        "attributes": {"ApproximateReceiveCount": "3"},
        "messageAttributes": {
            "userId": {"stringValue": "u", "dataType": "String"},
            "blob": {"binaryValue": "AA==", "dataType": "Binary"},
        },
        "eventSourceARN": QUEUE,
    }


def _failed(answer: dict[str, list[dict[str, str]]]) -> list[str]:
    return [failure["itemIdentifier"] for failure in answer["batchItemFailures"]]


def test_a_message_arrives_with_its_attributes_and_its_queue() -> None:
    taken: list[Message] = []
    assert each_message({"Records": [_record("1")]}, taken.append) == {"batchItemFailures": []}
    assert taken == [Message("1", "body", {"userId": "u"}, QUEUE)]


def test_only_what_fails_is_given_back() -> None:
    def take(message: Message) -> None:
        if message.body != "good":
            raise ValueError(message.body)

    records = [_record("1", "good"), _record("2", "bad"), _record("3", "good"), _record("4", "worse")]
    assert _failed(each_message({"Records": records}, take)) == ["2", "4"]


def test_when_all_fail_all_are_given_back_and_nothing_is_raised() -> None:
    def take(_: Message) -> None:
        raise RuntimeError

    assert _failed(each_message({"Records": [_record("1"), _record("2")]}, take)) == ["1", "2"]


def test_poison_is_told_by_id_and_field(caplog: pytest.LogCaptureFixture) -> None:
    def take(_: Message) -> None:
        raise Invalid.field("slotAt", "is not a time with an offset")

    with caplog.at_level(logging.INFO):
        assert _failed(each_message({"Records": [_record("1", "text nobody may read")]}, take)) == ["1"]
    (line,) = caplog.records
    assert line.__dict__["queueMessageId"] == "1"
    assert line.__dict__["reasons"] == ["slotAt is not a time with an offset"]
    assert "nobody may read" not in str(line.__dict__)


def test_a_failure_is_logged_with_its_stack(caplog: pytest.LogCaptureFixture) -> None:
    def take(_: Message) -> None:
        raise RuntimeError

    each_message({"Records": [_record("1")]}, take)
    (line,) = caplog.records
    assert line.exc_info is not None
    assert line.__dict__["receives"] == "3"
