"""A permit: the right to send one message for an account at a time. It holds no text and nothing about a person."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

from huntaze import queue_bodies
from huntaze.errors import Invalid
from huntaze.queue_bodies import id_in

VERSION = 1
_BODY_FIELDS = frozenset({"workspaceId", "accountId", "messageId", "slotAt"})
_LONGEST_WORD = 256
_PRIORITIES = range(1, 11)


@dataclass(frozen=True, slots=True)
class Permit:
    """What one queue message says: the body's fields, and the attributes that travel beside it."""

    workspace_id: UUID
    account_id: UUID
    message_id: UUID
    slot_at: datetime
    user_id: str
    message_type: str
    priority: int
    timestamp: str

    def at(self, slot_at: datetime) -> "Permit":
        """The same permit for another moment."""
        return replace(self, slot_at=slot_at)

    def body(self) -> str:
        """The text of the queue message."""
        return queue_bodies.written(
            VERSION,
            workspaceId=str(self.workspace_id),
            accountId=str(self.account_id),
            messageId=str(self.message_id),
            slotAt=self.slot_at.isoformat(),
        )


@dataclass(frozen=True, slots=True)
class Planned:
    """A permit and how long it waits before it fires."""

    permit: Permit
    wait: timedelta


def parse(body: str, attributes: Mapping[str, str]) -> Permit:
    """Read a queue message strictly: anything unexpected is poison, told by field and never by value."""
    fields = queue_bodies.read(body, VERSION, _BODY_FIELDS, what="a permit")
    return Permit(
        workspace_id=id_in(fields, "workspaceId"),
        account_id=id_in(fields, "accountId"),
        message_id=id_in(fields, "messageId"),
        slot_at=_moment(fields, "slotAt"),
        user_id=_word(attributes, "userId"),
        message_type=_word(attributes, "messageType"),
        priority=_priority(attributes),
        timestamp=_word(attributes, "timestamp"),
    )


def _moment(fields: Mapping[str, object], name: str) -> datetime:
    value = fields[name]
    try:
        moment = datetime.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        moment = None
    if moment is None or moment.utcoffset() is None:
        raise Invalid.field(name, "is not a time with an offset")
    return moment


def _word(attributes: Mapping[str, str], name: str) -> str:
    value = attributes.get(name, "")
    if not 0 < len(value) <= _LONGEST_WORD:
        raise Invalid.field(name, "is missing or too long")
    return value


def _priority(attributes: Mapping[str, str]) -> int:
    value = attributes.get("priority", "")
    priority = int(value) if value.isascii() and value.isdigit() and len(value) <= len(str(_PRIORITIES[-1])) else 0
    if priority not in _PRIORITIES:
        raise Invalid.field("priority", "is not a number from 1 to 10")
    return priority
