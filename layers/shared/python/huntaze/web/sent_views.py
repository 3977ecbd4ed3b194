"""What the log of what was said receives, and where a message of it stands in its thread."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from huntaze.sent.model import Approver
from huntaze.web import inbox_views
from huntaze.web.inbox_views import Line
from huntaze.web.views import Says, address_of

PATH = f"{inbox_views.PATH}/sent"
ELSEWHERE = "elsewhere"  # in the place of a person
_NAMES = ("person", "state", "since", "until")


@dataclass(frozen=True, slots=True, kw_only=True)
class SentFilters:
    """What the log is narrowed to, as it stands in the address."""

    person: str = ""
    state: str = ""
    since: str = ""
    until: str = ""
    problems: Mapping[str, Says] = field(default_factory=dict)

    @property
    def narrowing(self) -> dict[str, str]:
        """What narrows it."""
        return {name: value for name in _NAMES if (value := getattr(self, name))}

    def address(self, **more: str) -> str:
        """The address of this log, from its newest or from a cursor."""
        return address_of(PATH, self.narrowing | more)


@dataclass(frozen=True, slots=True, kw_only=True)
class SentRow:
    """A message with what its thread would show of it, and where it stands there."""

    line: Line
    conversation_id: UUID
    fan: str
    href: str
    campaign: str | None
    by_machine: bool
    approved_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SentPage:
    """A stretch of the log."""

    filters: SentFilters
    rows: tuple[SentRow, ...]
    people: tuple[Approver, ...]
    next_cursor: str | None = None
    first: bool = True


def at_message(conversation_id: UUID, message_id: UUID) -> str:
    """The address of a thread in which this message is in sight."""
    return f"{inbox_views.PATH}/{conversation_id}?at={message_id}#m-{message_id}"
