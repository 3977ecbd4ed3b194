"""SQS, through a client that is made when the first message goes out."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from huntaze.errors import Denied, Unavailable
from huntaze.runtime.aws import patience

if TYPE_CHECKING:
    from mypy_boto3_sqs import SQSClient
    from mypy_boto3_sqs.type_defs import MessageAttributeValueTypeDef

_RETRY_AFTER = 5
# Rights and credentials: no second try mends them.
_DENIED = frozenset(
    {
        "AccessDenied",
        "AccessDeniedException",
        "ExpiredToken",
        "ExpiredTokenException",
        "InvalidClientTokenId",
        "SignatureDoesNotMatch",
        "UnrecognizedClientException",
    }
)


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

    def __init__(self, make_client: "Callable[[], SQSClient] | None" = None, *, attempts: int = 3) -> None:
        self._make_client = make_client or (lambda: _sqs(attempts))
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

    def send_all(self, queue_url: str, letters: Sequence[Letter]) -> list[int]:
        """Put up to ten messages into a queue in one call; the places of those that it did not take."""
        with _unavailable_when_away():
            answer = self._client.send_message_batch(
                QueueUrl=queue_url,
                Entries=[
                    {
                        "Id": str(place),
                        "MessageBody": letter.body,
                        "MessageAttributes": {name: _attribute(value) for name, value in letter.attributes.items()},
                        "MessageGroupId": letter.group,
                        "DelaySeconds": letter.delay_seconds,
                    }
                    for place, letter in enumerate(letters)
                ],
            )
        return [int(failed["Id"]) for failed in answer.get("Failed", [])]

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
    except ClientError as error:
        if error.response["Error"]["Code"].rpartition(".")[2] in _DENIED:
            raise Denied("The queue refuses us.", retry_after=_RETRY_AFTER) from error
        raise Unavailable("The queue cannot be reached right now.", retry_after=_RETRY_AFTER) from error
    except BotoCoreError as error:
        raise Unavailable("The queue cannot be reached right now.", retry_after=_RETRY_AFTER) from error


def _sqs(attempts: int) -> "SQSClient":
    import boto3  # noqa: PLC0415  (a third of a second that most cold starts must not pay)

    return boto3.client("sqs", config=patience(attempts=attempts))


def _attribute(value: Text | Number) -> "MessageAttributeValueTypeDef":
    if isinstance(value, Number):
        return {"DataType": "Number", "StringValue": str(value.value)}
    return {"DataType": "String", "StringValue": value.value}
