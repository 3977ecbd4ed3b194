"""SQS for those who look after a queue: its figures, and its messages taken out and put in again."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from huntaze.errors import Unavailable
from huntaze.runtime.aws import patience

if TYPE_CHECKING:
    from mypy_boto3_sqs import SQSClient
    from mypy_boto3_sqs.literals import QueueAttributeNameType
    from mypy_boto3_sqs.type_defs import (
        MessageAttributeValueOutputTypeDef,
        MessageTypeDef,
        SendMessageBatchRequestEntryTypeDef,
    )

_A_BATCH = 10
_HIDDEN_SECONDS = 60  # as long as somebody who took a message may need to move it
_RETRY_AFTER = 5
_FIGURES: "list[QueueAttributeNameType]" = [
    "ApproximateNumberOfMessages",
    "ApproximateNumberOfMessagesDelayed",
    "ApproximateNumberOfMessagesNotVisible",
]


@dataclass(frozen=True, slots=True)
class Figures:
    """How many messages of a queue are due, wait for their time, and are being worked on: all approximate."""

    due: int
    delayed: int
    in_flight: int


@dataclass(frozen=True, slots=True)
class Taken:
    """A message that was taken out for a while, exactly as it lay there."""

    handle: str
    group: str | None
    body: str
    attributes: "dict[str, MessageAttributeValueOutputTypeDef]"


class QueueCare:
    """Looks after queues. It asks once and with little patience, for somebody waits and may ask again."""

    def __init__(self, make_client: "Callable[[], SQSClient] | None" = None, *, seconds: int = 3) -> None:
        self._make_client = make_client or (lambda: _impatient(seconds))

    @cached_property
    def _client(self) -> "SQSClient":
        return self._make_client()

    def prepare(self) -> None:
        """Load what asking needs, so that the time for an answer is spent on the answer."""
        _ = self._client

    def figures(self, queue_url: str) -> Figures:
        """What a queue says of itself."""
        with _unavailable_when_away():
            answer = self._client.get_queue_attributes(QueueUrl=queue_url, AttributeNames=_FIGURES)
        return Figures(*(int(answer["Attributes"][name]) for name in _FIGURES))

    def take(self, queue_url: str) -> list[Taken]:
        """Up to ten messages, which nobody else is given for a minute."""
        with _unavailable_when_away():
            answer = self._client.receive_message(
                QueueUrl=queue_url,
                MaxNumberOfMessages=_A_BATCH,
                VisibilityTimeout=_HIDDEN_SECONDS,
                WaitTimeSeconds=1,  # asks all of the queue's servers: without it some would say that there is none
                MessageAttributeNames=["All"],
                MessageSystemAttributeNames=["MessageGroupId"],
            )
        return [_taken(message) for message in answer.get("Messages", [])]

    def move(self, messages: Sequence[Taken], from_url: str, to_url: str) -> int:
        """Put up to ten into another queue, and only then take them out of the first; how many arrived.

        Who dies in between leaves a message in both.
        """
        if not messages:
            return 0
        with _unavailable_when_away():
            entries = [_entry(str(place), message) for place, message in enumerate(messages)]
            sent = self._client.send_message_batch(QueueUrl=to_url, Entries=entries)
            arrived = [messages[int(entry["Id"])] for entry in sent.get("Successful", [])]
            if arrived:
                self._client.delete_message_batch(
                    QueueUrl=from_url,
                    Entries=[{"Id": str(place), "ReceiptHandle": each.handle} for place, each in enumerate(arrived)],
                )
        return len(arrived)


def _taken(message: "MessageTypeDef") -> Taken:
    group = message.get("Attributes", {}).get("MessageGroupId")
    return Taken(message["ReceiptHandle"], group, message["Body"], dict(message.get("MessageAttributes", {})))


def _entry(name: str, message: Taken) -> "SendMessageBatchRequestEntryTypeDef":
    attributes = {
        attribute: {"DataType": value["DataType"], "StringValue": value["StringValue"]}
        for attribute, value in message.attributes.items()
    }
    entry: SendMessageBatchRequestEntryTypeDef = {
        "Id": name,
        "MessageBody": message.body,
        "MessageAttributes": attributes,  # type: ignore[typeddict-item]  # what we put in were words and numbers
    }
    if message.group is not None:
        entry["MessageGroupId"] = message.group
    return entry


@contextmanager
def _unavailable_when_away() -> Iterator[None]:
    from botocore.exceptions import BotoCoreError, ClientError  # noqa: PLC0415  (loaded with the client anyway)

    try:
        yield
    except (BotoCoreError, ClientError) as error:
        raise Unavailable("The queue cannot be reached right now.", retry_after=_RETRY_AFTER) from error


def _impatient(seconds: int) -> "SQSClient":
    import boto3  # noqa: PLC0415  (a third of a second that most cold starts must not pay)

    return boto3.client("sqs", config=patience(connect=1, read=seconds, attempts=1))
