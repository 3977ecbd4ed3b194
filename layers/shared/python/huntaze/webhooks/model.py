"""What a platform tells us, from how it comes in to what it says."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

from huntaze import queue_bodies
from huntaze.queue_bodies import id_in

TICKET_VERSION = 1
_TICKET_FIELDS = frozenset({"workspaceId", "eventId"})

# Words of what could not be done, or is of a type that we do not know, are kept so long; those of the rest go at once.
WORDS_KEPT_FOR = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Delivered:
    """A request as it came in, with what it claims to be signed by; None where it says nothing of it."""

    event_id: str | None
    timestamp: str | None
    signatures: str | None
    body: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Told:
    """An event before anybody looked at what it says: its kind, and everything that it says."""

    kind: str
    payload: Mapping[str, Any] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Kept:
    """An event that is still to be done, and through which account it came."""

    id: UUID
    connection_id: UUID
    platform: str
    kind: str
    received_at: datetime
    payload: Mapping[str, Any] = field(repr=False)


class Outcome(StrEnum):
    """What became of an event."""

    DONE = "done"
    KNOWN = "known"
    DROPPED = "dropped"
    UNKNOWN_TYPE = "unknown_type"
    MALFORMED = "malformed"
    FAILED = "failed"

    @property
    def keeps_words(self) -> bool:
        """Whether somebody may still want to see what it said."""
        return self in {Outcome.UNKNOWN_TYPE, Outcome.MALFORMED}


@dataclass(frozen=True, slots=True)
class Ticket:
    """What one queue message says: which event is to be done. No word of the event is in it."""

    workspace_id: UUID
    connection_id: UUID  # served fairly by it
    event_id: UUID

    def body(self) -> str:
        """The text of the queue message."""
        return queue_bodies.written(TICKET_VERSION, workspaceId=str(self.workspace_id), eventId=str(self.event_id))


def ticket(body: str) -> tuple[UUID, UUID]:
    """The workspace and the event of a queue message; anything unexpected is poison, told by field."""
    fields = queue_bodies.read(body, TICKET_VERSION, _TICKET_FIELDS, what="a ticket of an event")
    return id_in(fields, "workspaceId"), id_in(fields, "eventId")
