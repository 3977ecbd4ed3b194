"""Permits through the deployed queue: nothing sends yet, so each goes back to wait, and poison is kept apart."""

import json
import time
import uuid
from typing import Any

import pytest

from local.local_aws import client
from tests.support.deployed import Deployed

NOW = "2026-01-01T00:00:00Z"


@pytest.fixture(scope="module")
def sqs(deployed: Deployed) -> Any:
    return client("sqs", deployed.servers.aws_endpoint)


def _counts(sqs: Any, queue: str) -> dict[str, int]:
    return {
        name.removeprefix("ApproximateNumberOfMessages"): int(count)
        for name, count in sqs.get_queue_attributes(QueueUrl=queue, AttributeNames=["All"])["Attributes"].items()
        if name.startswith("ApproximateNumberOfMessages")
    }


def _wait_for(sqs: Any, queue: str, wanted: dict[str, int]) -> dict[str, int]:
    for _ in range(100):
        if wanted.items() <= (counts := _counts(sqs, queue)).items():
            break
        time.sleep(0.2)
    return counts


def test_a_permit_is_put_back_delayed_while_delivery_is_held(deployed: Deployed, sqs: Any) -> None:
    queue = deployed.description["queueUrl"]
    ids = {name: str(uuid.uuid4()) for name in ("workspaceId", "accountId", "messageId")}
    sqs.send_message(
        QueueUrl=queue,
        MessageBody=json.dumps({"v": 1, **ids, "slotAt": NOW}),
        MessageAttributes={
            "userId": {"DataType": "String", "StringValue": ids["accountId"]},
            "messageType": {"DataType": "String", "StringValue": "onlyfans"},
            "priority": {"DataType": "Number", "StringValue": "5"},
            "timestamp": {"DataType": "String", "StringValue": NOW},
        },
    )
    assert _wait_for(sqs, queue, {"Delayed": 1, "": 0, "NotVisible": 0}) == {"Delayed": 1, "": 0, "NotVisible": 0}


def test_poison_stays_for_the_dead_letters(deployed: Deployed, sqs: Any) -> None:
    queue = deployed.description["queueUrl"]
    sqs.send_message(QueueUrl=queue, MessageBody="poison")
    counts = _wait_for(sqs, queue, {"NotVisible": 1, "": 0})
    assert counts["NotVisible"] == 1, "given back to wait for its next try, not acknowledged"
