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
    """The lines of the sender's log that hold this word, once there is one: others send, so no count tells."""
    logs = client("logs", deployed.servers.aws_endpoint)

    def lines() -> list[str]:
        streams = logs.describe_log_streams(logGroupName=LOG)["logStreams"]
        events = [
            event["message"]
            for stream in streams
            for event in logs.get_log_events(logGroupName=LOG, logStreamName=stream["logStreamName"])["events"]
        ]
        return [line for line in events if word in line]

    return list(wait_for(lines, seconds=60))


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
    [line] = _logged(deployed, ids["accountId"])
    assert "a permit of no account" in line
    assert ids["messageId"] not in "".join(_logged(deployed, "permit")), "it was not put back"


def test_poison_stays_for_the_dead_letters(deployed: Deployed, sqs: Any) -> None:
    queue = deployed.description["queueUrl"]
    poison = sqs.send_message(QueueUrl=queue, MessageBody="poison")["MessageId"]
    assert any("it will not get better" in line for line in _logged(deployed, poison))
    assert _counts(sqs, queue)["NotVisible"] >= 1, "given back to wait for its next try, not acknowledged"
