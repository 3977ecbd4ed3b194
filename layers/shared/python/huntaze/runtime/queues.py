"""SQS, through a client that is made when the first message goes out."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from huntaze.errors import Unavailable
from huntaze.runtime.aws import patience

if TYPE_CHECKING:
    from mypy_boto3_sqs import SQSClient
    from mypy_boto3_sqs.type_defs import MessageAttributeValueTypeDef

_RETRY_AFTER = 5


@dataclass(frozen=True, slots=True)
class Text:
    """A message attribute that is a word."""

    value: str


@dataclass(frozen=True, slots=True)
class Number:
    """A message attribute that is a number."""

    value: int


@dataclass(frozen=True, slots=True)
class Letter:
    """What goes into a queue: a body, attributes, the group it is served fairly with, and how long it waits first."""

    body: str
    attributes: dict[str, Text | Number]
    group: str
    delay_seconds: int = 0


class Queues:
    """Puts messages into queues."""

    def __init__(self, make_client: "Callable[[], SQSClient] | None" = None) -> None:
        self._make_client = make_client or _sqs
        self._addresses: dict[str, str] = {}

    @cached_property
    def _client(self) -> "SQSClient":
        return self._make_client()

    def send(self, queue_url: str, letter: Letter) -> None:
        """Put one message into a queue, or say that the queue is away."""
        with _unavailable_when_away():
            self._client.send_message(
                QueueUrl=queue_url,
                MessageBody=letter.body,
                MessageAttributes={name: _attribute(value) for name, value in letter.attributes.items()},
                MessageGroupId=letter.group,
                DelaySeconds=letter.delay_seconds,
            )

    def address_of(self, arn: str) -> str:
        """The address of the queue with this ARN; asked once."""
        if arn not in self._addresses:
            account, name = arn.split(":")[-2:]
            with _unavailable_when_away():
                answer = self._client.get_queue_url(QueueName=name, QueueOwnerAWSAccountId=account)
            self._addresses[arn] = answer["QueueUrl"]
        return self._addresses[arn]


@contextmanager
def _unavailable_when_away() -> Iterator[None]:
    from botocore.exceptions import BotoCoreError, ClientError  # noqa: PLC0415  (loaded with the client anyway)

    try:
        yield
    except (BotoCoreError, ClientError) as error:
        raise Unavailable("The queue cannot be reached right now.", retry_after=_RETRY_AFTER) from error


def _sqs() -> "SQSClient":
    import boto3  # noqa: PLC0415  (a third of a second that most cold starts must not pay)

    return boto3.client("sqs", config=patience())


def _attribute(value: Text | Number) -> "MessageAttributeValueTypeDef":
    if isinstance(value, Number):
        return {"DataType": "Number", "StringValue": str(value.value)}
    return {"DataType": "String", "StringValue": value.value}
