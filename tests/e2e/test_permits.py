"""Permits through the deployed queue: one that serves nobody dies, and poison is kept apart.

That permits wait while sending is held is tested with the function alone: a hold would stop the stack that others use.
"""

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


def test_a_permit_of_an_account_that_is_not_there_dies_quietly(deployed: Deployed, sqs: Any) -> None:
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
    nothing = {"Delayed": 0, "": 0, "NotVisible": 0}
    assert _wait_for(sqs, queue, nothing) == nothing


def test_poison_stays_for_the_dead_letters(deployed: Deployed, sqs: Any) -> None:
    queue = deployed.description["queueUrl"]
    sqs.send_message(QueueUrl=queue, MessageBody="poison")
    counts = _wait_for(sqs, queue, {"NotVisible": 1, "": 0})
    assert counts["NotVisible"] == 1, "given back to wait for its next try, not acknowledged"
