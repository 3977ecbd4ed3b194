"""The queue's side of sending: reads permits strictly, and knows which messages the queue must bring again."""

import json
import logging
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from typing import Protocol
from uuid import UUID

from huntaze.delivery.permits import Permit, parse
from huntaze.errors import Invalid, Unavailable

_log = logging.getLogger(__name__)


class Message(Protocol):
    """A message of the queue."""

    @property
    def id(self) -> str:
        """The queue's own name for it."""
        ...

    @property
    def body(self) -> str:
        """What it says."""
        ...

    @property
    def attributes(self) -> Mapping[str, str]:
        """What travels beside it."""
        ...


class Sender(Protocol):
    """What becomes of permits."""

    def serve(self, permits: Sequence[Permit], until: float) -> Sequence[Permit]:
        """Do what they allow; those that must come again as they are."""
        ...


class Poisoned(Protocol):
    """The attempts of one workspace, inside one transaction."""

    def note(self, message_id: UUID, reason: str) -> None:
        """Keep a reason on a message that waits."""
        ...


class Stores(Protocol):
    """What a transaction gives to this."""

    @property
    def attempts(self) -> Poisoned:
        """What becomes of messages."""
        ...


class Consumer:
    """Serves a batch of queue messages."""

    def __init__(self, sender: Sender, transactions: Callable[[UUID], AbstractContextManager[Stores]]) -> None:
        self._sender = sender
        self._transactions = transactions

    def receive(self, messages: Sequence[Message], until: float) -> list[str]:
        """Serve them before this moment of `time.monotonic`; the ids of those that the queue must bring again."""
        permits: dict[str, Permit] = {}
        for message in messages:
            try:
                permits[message.id] = parse(message.body, message.attributes)
            except Invalid as poison:
                self._refused(message, poison)
        again = set(self._sender.serve(list(permits.values()), until)) if permits else set()
        return [message.id for message in messages if message.id not in permits or permits[message.id] in again]

    def _refused(self, message: Message, poison: Invalid) -> None:
        """It will not get better and goes to the dead letters; its message, if it names one, is told why."""
        reasons = [f"{failing.field} {failing.message}" for failing in poison.fields]
        _log.warning("permit refused: it will not get better", extra={"queueMessageId": message.id, "reasons": reasons})
        try:
            told = json.loads(message.body)
            workspace_id, message_id = UUID(told["workspaceId"]), UUID(told["messageId"])
            with self._transactions(workspace_id) as stores:
                stores.attempts.note(message_id, "permit_unreadable")
        except (ValueError, TypeError, KeyError, AttributeError, RecursionError, Unavailable):
            return
