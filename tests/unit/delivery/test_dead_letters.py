"""The queue of permits and its dead letters, on moto."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import boto3
import pytest
from moto import mock_aws

from huntaze.delivery.dead_letters import SqsPermitQueue
from huntaze.delivery.model import QueueFigures
from huntaze.delivery.permits import Planned, parse
from huntaze.delivery.queue import SqsPermits
from huntaze.errors import Unavailable
from huntaze.runtime.queue_care import QueueCare
from huntaze.runtime.queues import Queues
from tests.support.permits import ATTRIBUTES, body


@dataclass
class Stage:
    """Both queues, looked at by their own client."""

    client: Any
    queue: str
    dead: str

    @property
    def care(self) -> SqsPermitQueue:
        return SqsPermitQueue(QueueCare(lambda: self.client), self.queue, self.dead)

    def bury(self, times: int) -> None:
        """Permits that failed ten times, as they were queued."""
        permit = parse(body(), ATTRIBUTES)
        SqsPermits(Queues(lambda: self.client), lambda: self.dead).put([Planned(permit, timedelta())] * times)

    def lying(self, url: str) -> list[dict[str, Any]]:
        names = {"MessageAttributeNames": ["All"], "AttributeNames": ["All"], "MaxNumberOfMessages": 10}
        return list(self.client.receive_message(QueueUrl=url, **names).get("Messages", []))


@pytest.fixture
def stage(monkeypatch: pytest.MonkeyPatch) -> Iterator[Stage]:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "testing")
    with mock_aws():
        client = boto3.client("sqs", "us-east-1")
        urls = [client.create_queue(QueueName=name)["QueueUrl"] for name in ("permits", "permits-dlq")]
        yield Stage(client, *urls)


def test_a_permit_comes_back_exactly_as_it_was(stage: Stage) -> None:
    stage.bury(1)
    [letter] = stage.care.take()
    assert parse(letter.body, letter.attributes) == parse(body(), ATTRIBUTES)
    assert stage.care.take() == []  # nobody else is given it meanwhile
    assert stage.care.put_back([letter]) == 1
    [message] = stage.lying(stage.queue)
    told = {name: (value["DataType"], value["StringValue"]) for name, value in message["MessageAttributes"].items()}
    assert told == {name: ("Number" if name == "priority" else "String", word) for name, word in ATTRIBUTES.items()}
    assert (message["Body"], message["Attributes"]["MessageGroupId"]) == (
        parse(body(), ATTRIBUTES).body(),
        str(parse(body(), ATTRIBUTES).account_id),
    )
    assert stage.care.figures().dead_letters == 0


def test_figures_are_those_of_both_queues(stage: Stage) -> None:
    assert stage.care.figures() == QueueFigures(0, 0, 0)
    stage.bury(3)
    for delay in (0, 0, 300):
        stage.client.send_message(QueueUrl=stage.queue, MessageBody="x", DelaySeconds=delay)
    stage.client.receive_message(QueueUrl=stage.queue, MaxNumberOfMessages=1)
    assert stage.care.figures() == QueueFigures(waiting=2, in_flight=1, dead_letters=3)


def test_ten_are_taken_at_a_time_and_none_is_put_back_for_nothing(stage: Stage) -> None:
    stage.bury(10)
    stage.bury(3)
    taken = stage.care.take()
    assert len(taken) == 10
    assert stage.care.put_back([]) == 0
    assert stage.care.put_back(taken[:4]) == 4
    assert stage.care.figures().dead_letters == 9


def test_what_the_queue_does_not_take_stays_among_the_dead(stage: Stage) -> None:
    stage.bury(2)
    taken = stage.care.take()
    stage.client.delete_queue(QueueUrl=stage.queue)
    with pytest.raises(Unavailable):
        stage.care.put_back(taken)
    figures = stage.client.get_queue_attributes(QueueUrl=stage.dead, AttributeNames=["All"])["Attributes"]
    assert figures["ApproximateNumberOfMessagesNotVisible"] == "2"


def test_a_queue_that_is_away_or_was_never_there_says_so(stage: Stage) -> None:
    stage.client.delete_queue(QueueUrl=stage.dead)
    with pytest.raises(Unavailable):
        stage.care.figures()
    nowhere = SqsPermitQueue(QueueCare(lambda: stage.client), None, None)
    for act in (nowhere.figures, nowhere.take):
        with pytest.raises(Unavailable):
            act()
