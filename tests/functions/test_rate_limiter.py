"""The queue of permits through the handler, on moto."""

import json
import logging
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import boto3
import pytest
from moto import mock_aws

from tests.functions.conftest import Stage
from tests.support import permits
from tests.support.functions import Context, load

pytestmark = pytest.mark.usefixtures("gate")


@pytest.fixture
def gate(stage: Stage) -> None:
    """As the settings say it."""
    del stage.parts.gate


@dataclass
class Queue:
    """A queue on moto, and what lies in it."""

    client: Any
    url: str
    arn: str

    def receive(self) -> list[dict[str, Any]]:
        found = self.client.receive_message(
            QueueUrl=self.url, MaxNumberOfMessages=10, MessageAttributeNames=["All"], AttributeNames=["All"]
        )
        return list(found.get("Messages", []))

    def waiting(self) -> int:
        names = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesDelayed"]
        found = self.client.get_queue_attributes(QueueUrl=self.url, AttributeNames=names)["Attributes"]
        return sum(map(int, found.values()))


@pytest.fixture
def queue() -> Iterator[Queue]:
    with mock_aws():
        client = boto3.client("sqs")
        url = client.create_queue(QueueName="huntaze-rate-limiter-queue")["QueueUrl"]
        arn = client.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
        yield Queue(client, url, arn)


def _record(queue: Queue, message_id: str, body: str) -> dict[str, Any]:
    kinds = {"priority": "Number"}
    return {
        "messageId": message_id,
        "receiptHandle": "handle",
        "body": body,
        "attributes": {"ApproximateReceiveCount": "1", "SentTimestamp": "1795000000000"},
        "messageAttributes": {
            name: {"stringValue": value, "dataType": kinds.get(name, "String"), "binaryListValues": []}
            for name, value in permits.ATTRIBUTES.items()
        },
        "eventSource": "aws:sqs",
        "eventSourceARN": queue.arn,
        "awsRegion": "us-east-1",
    }


def _handled(*records: dict[str, Any]) -> list[str]:
    event = json.loads(json.dumps({"Records": records}))
    answer = load("rate_limiter").handler(event, Context())
    return [failure["itemIdentifier"] for failure in answer["batchItemFailures"]]


def test_a_held_permit_goes_back_as_a_new_message_that_waits(queue: Queue) -> None:
    assert _handled(_record(queue, "1", permits.body())) == []
    assert queue.waiting() == 1
    assert queue.receive() == [], "not before its delay is over"


def test_the_new_message_is_the_same_permit(queue: Queue, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("huntaze.delivery.hold._SHORTEST_WAIT_SECONDS", 0)
    monkeypatch.setattr("huntaze.delivery.hold._JITTER_SECONDS", 1)
    _handled(_record(queue, "1", permits.body()))
    (message,) = queue.receive()
    assert json.loads(message["Body"]) == permits.BODY
    attributes = {
        name: (value["DataType"], value["StringValue"]) for name, value in message["MessageAttributes"].items()
    }
    assert attributes == {
        "userId": ("String", "member-1"),
        "messageType": ("String", "onlyfans"),
        "priority": ("Number", "5"),
        "timestamp": ("String", "2026-05-01T10:00:00Z"),
    }
    assert message["Attributes"]["MessageGroupId"] == permits.IDS[1], "served fairly by account"


def test_poison_among_good_permits_fails_alone(queue: Queue) -> None:
    records = [
        _record(queue, "1", permits.body()),
        _record(queue, "2", "poison"),
        _record(queue, "3", permits.body(v=2)),
        _record(queue, "4", permits.body()),
    ]
    assert _handled(*records) == ["2", "3"]
    assert queue.waiting() == 2


def test_a_permit_that_cannot_be_put_back_is_not_lost(queue: Queue) -> None:
    queue.client.delete_queue(QueueUrl=queue.url)
    assert _handled(_record(queue, "1", permits.body())) == ["1"]


@pytest.mark.parametrize("missing", ["REDIS_ENDPOINT", "SQS_RATE_LIMITER_QUEUE_URL"])
def test_a_missing_setting_is_warned_of_by_name_once_and_holds(
    queue: Queue, missing: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    complete = {
        "SQS_RATE_LIMITER_QUEUE_URL": queue.url,
        "SQS_RATE_LIMITER_DLQ_URL": queue.url,
        "REDIS_ENDPOINT": "cache.example:6379",
        "REDIS_AUTH_TOKEN": "token",
    }
    for name, value in {**complete, missing: ""}.items():
        monkeypatch.setenv(name, value)
    with caplog.at_level(logging.INFO):
        for message_id in ("1", "2"):
            assert _handled(_record(queue, message_id, permits.body())) == []
    warnings = [line.getMessage() for line in caplog.records if line.levelno == logging.WARNING]
    assert warnings == [f"The setting {missing} is missing: nothing is sent."]
    assert queue.waiting() == 2


def test_the_switch_holds_without_a_warning(
    queue: Queue, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setenv("RATE_LIMITER_ENABLED", "false")
    with caplog.at_level(logging.INFO):
        _handled(_record(queue, "1", permits.body()))
    (line,) = caplog.records
    assert line.__dict__["reason"] == "RATE_LIMITER_ENABLED is false."
