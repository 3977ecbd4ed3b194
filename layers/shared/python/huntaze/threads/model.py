"""A conversation as people read it."""

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from huntaze.conversations.model import Conversation, Filters
from huntaze.cursors import Position
from huntaze.messages.model import Message


@dataclass(frozen=True, slots=True)
class Aside:
    """What a message does not tell of itself: who approved it, when the fan bought it, what can still be done."""

    approver: str | None = None
    bought_at: datetime | None = None
    may_change: bool = False  # it waits, or was not sent, and the platform has none of it
    can_ask: bool = False  # nobody knows whether it arrived, and the platform can tell
    is_asked: bool = False  # it will be asked about, or is


@dataclass(frozen=True, slots=True)
class Leaving:
    """How a message that waits stands: the first in line has place 1; nobody can say when while nothing leaves."""

    place: int
    at: datetime | None


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that was said, and everything that is shown beside it."""

    message: Message
    aside: Aside
    leaving: Leaving | None


@dataclass(frozen=True, slots=True)
class Thread:
    """The end of a conversation, or a stretch before it: the oldest line first."""

    conversation: Conversation
    lines: tuple[Line, ...]
    has_older: bool


@dataclass(frozen=True, slots=True)
class Window:
    """What somebody looks at: a page of one list of the inbox, and perhaps the end of one conversation."""

    listed: Filters = field(default_factory=Filters)
    after: Position | None = None
    rows: int = 50
    conversation_id: UUID | None = None
    lines: int = 0


@dataclass(frozen=True, slots=True)
class Onlooker:
    """Who looks at a window. They count as being there until then; without a time nobody sees the window just now."""

    member_id: UUID
    here_until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Pulse:
    """A word that is another one as soon as anything in a window is; and whether something in it waits to leave.

    `about` is such a word for what is known of the fan of the conversation.
    """

    word: str
    something_waits: bool
    about: str = ""
