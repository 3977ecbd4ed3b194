"""Permits through the deployed queue: one that serves nobody dies, and poison is kept apart.

That permits wait while sending is held is tested with the function alone: a hold would stop the stack that others use.
"""

import json
import uuid
from typing import Any

import pytest

from local.local_aws import client
from tests.support.deployed import Deployed
from tests.support.simulator import wait_for

LOG = "/aws/lambda/local-huntaze-rate-limiter"
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


def _logged(deployed: Deployed, word: str) -> list[str]:
    """The lines of the sender's log that hold this word: others send meanwhile, so no count tells."""
    logs = client("logs", deployed.servers.aws_endpoint)
    found = logs.filter_log_events(logGroupName=LOG, filterPattern=f'"{word}"')
    return [event["message"] for event in found["events"]]


def test_a_permit_of_an_account_that_is_not_there_dies_quietly(deployed: Deployed, sqs: Any) -> None:
    ids = {name: str(uuid.uuid4()) for name in ("workspaceId", "accountId", "messageId")}
    sqs.send_message(
        QueueUrl=deployed.description["queueUrl"],
        MessageBody=json.dumps({"v": 1, **ids, "slotAt": NOW}),
        MessageAttributes={
            "userId": {"DataType": "String", "StringValue": ids["accountId"]},
            "messageType": {"DataType": "String", "StringValue": "onlyfans"},
            "priority": {"DataType": "Number", "StringValue": "5"},
            "timestamp": {"DataType": "String", "StringValue": NOW},
        },
    )
    [line] = wait_for(lambda: _logged(deployed, ids["accountId"]), seconds=60)
    assert "a permit of no account" in line
    assert _logged(deployed, ids["messageId"]) == [], "it was not put back"


def test_poison_stays_for_the_dead_letters(deployed: Deployed, sqs: Any) -> None:
    queue = deployed.description["queueUrl"]
    poison = sqs.send_message(QueueUrl=queue, MessageBody="poison")["MessageId"]
    lines = wait_for(lambda: _logged(deployed, poison), seconds=60)
    assert any("it will not get better" in line for line in lines)
    assert _counts(sqs, queue)["NotVisible"] >= 1, "given back to wait for its next try, not acknowledged"
