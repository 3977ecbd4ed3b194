"""Queue messages one by one: what fails is given back, the rest of its batch is not."""

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from huntaze.errors import Invalid
from huntaze.runtime.logging import begin_call

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Message:
    """One message of a queue."""

    id: str
    body: str
    attributes: Mapping[str, str]
    queue: str


def each_message(event: Mapping[str, Any], take: Callable[[Message], None]) -> dict[str, list[dict[str, str]]]:
    """Hand every message to `take` and report which failed: the queue brings those again, and buries them one day."""
    begin_call()
    failed = [record["messageId"] for record in event["Records"] if not _taken(record, take)]
    return {"batchItemFailures": [{"itemIdentifier": message_id} for message_id in failed]}


def all_messages(event: Mapping[str, Any], take: Callable[[list[Message]], list[str]]) -> dict[str, Any]:
    """Hand the messages to `take` together; it answers with the ids of those that the queue must bring again."""
    begin_call()
    messages = [_message(record) for record in event["Records"]]
    try:
        failed = take(messages)
    except Exception:  # noqa: BLE001 - the queue brings again what nobody can say anything about
        _log.exception("a batch failed")
        failed = [message.id for message in messages]
    return {"batchItemFailures": [{"itemIdentifier": message_id} for message_id in failed]}


def _taken(record: Mapping[str, Any], take: Callable[[Message], None]) -> bool:
    ids = {"queueMessageId": record["messageId"], "receives": record["attributes"].get("ApproximateReceiveCount")}
    try:
        take(_message(record))
    except Invalid as poison:
        reasons = [f"{failing.field} {failing.message}" for failing in poison.fields]
        _log.warning("message refused: it will not get better", extra={**ids, "reasons": reasons})
    except Exception:  # noqa: BLE001 - one bad message must not take its batch along
        _log.exception("message failed", extra=ids)
    else:
        return True
    return False


def _message(record: Mapping[str, Any]) -> Message:
    attributes = {
        name: attribute["stringValue"]
        for name, attribute in record.get("messageAttributes", {}).items()
        if "stringValue" in attribute
    }
    return Message(record["messageId"], record["body"], attributes, record["eventSourceARN"])
