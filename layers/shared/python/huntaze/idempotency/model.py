"""What is remembered of a request."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Keyed:
    """A request under a key of its sender's; the fingerprint tells it from another one under the same key."""

    key: str
    fingerprint: bytes


@dataclass(frozen=True, slots=True)
class Answer:
    """What was answered, byte for byte."""

    status: int
    headers: Mapping[str, str]
    body: str


@dataclass(frozen=True, slots=True)
class Kept:
    """An answer that was given, and to which request."""

    fingerprint: bytes
    answer: Answer
    undone_message_id: UUID | None = None  # it told of a message that the queue could not be told of afterwards
