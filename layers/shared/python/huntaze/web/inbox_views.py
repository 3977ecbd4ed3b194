"""What the pages of the inbox receive."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from urllib.parse import urlencode
from uuid import UUID

from huntaze.fans.model import Platform
from huntaze.messages.model import Status
from huntaze.money import Money
from huntaze.web.views import Says

PATH = "/messages/onlyfans"
SHORTCUT = "/onlyfans/inbox"


@dataclass(frozen=True, slots=True, kw_only=True)
class InboxFilters:
    """What the list is narrowed to, as it stands in the address; `cursor` is where its page begins."""

    q: str = ""
    platform: str = ""
    show: str = ""  # unread or archived
    cursor: str = ""

    @property
    def query(self) -> str:
        """The address after its question mark."""
        names = ("q", "platform", "show", "cursor")
        return urlencode({name: value for name in names if (value := getattr(self, name))})

    def address(self, path: str = PATH, **changed: str) -> str:
        """The address of the list from its beginning, or of a page beside it, with this changed."""
        query = replace(self, **{"cursor": "", **changed}).query
        return path + ("?" + query if query else "")

    def thread(self, conversation_id: UUID, **changed: str) -> str:
        """The address of a conversation beside this very page of the list."""
        return self.address(f"{PATH}/{conversation_id}", **{"cursor": self.cursor, **changed})


@dataclass(frozen=True, slots=True, kw_only=True)
class ConversationRow:
    """A conversation in the list; `mine` says that we had the last word."""

    id: UUID
    name: str
    preview: str
    mine: bool
    trouble: bool
    at: datetime | None
    unread: int
    platform: Platform


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """When a message leaves, and how many leave before it."""

    place: int
    at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A message in its thread; `day` is there where a day begins. `reason` is why it was not sent."""

    id: UUID
    out: bool
    text: str
    media: tuple[str, ...]
    price: Money | None
    bought_at: datetime | None
    status: Status
    at: datetime
    day: datetime | None = None
    leaving: Place | None = None
    reason: Says | None = None
    approver: str | None = None
    elsewhere: bool = False
    may_decide: bool = False
    may_change: bool = False
    may_check: bool = False  # the platform can be asked whether it arrived
    is_asked: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftCard:
    """A draft that waits for a person. `seen` names exactly these words: it is what an approval is about."""

    id: UUID
    text: str
    media: tuple[str, ...]
    price: Money | None
    by_machine: bool
    at: datetime
    seen: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """A quick reply or a template, as it would read to this fan; only templates have names, prices and media."""

    id: UUID
    text: str
    category: str
    name: str = ""
    price: Money | None = None
    typed_price: str = ""
    media: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Sight:
    """What the fan will see of price and media, or why the platform would not take the price."""

    price: Says | None = None
    problem: Says | None = None
    media: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Composer:
    """The field to answer in, with what was typed; `key` lets a form that is sent twice say it once.

    `changes` is the message that gets these words, as it was seen at `version`.
    """

    key: str
    replies: tuple[Reply, ...] = ()
    templates: tuple[Reply, ...] = ()
    can_send: bool = True
    currency: str = "USD"
    values: Mapping[str, str] = field(default_factory=dict)
    sight: Sight = Sight()
    draft_id: UUID | None = None
    reply_id: UUID | None = None
    template_id: UUID | None = None
    changes: UUID | None = None
    changes_unsent: bool = False
    version: str = ""
    problem: Says | None = None
    problems: Mapping[str, Says] = field(default_factory=dict)

    @property
    def shelves(self) -> tuple[tuple[str, tuple[Reply, ...]], ...]:
        """What is at hand to use again, by its kind; in an address one is named by the kind's first word."""
        return (("quick_replies", self.replies), ("templates", self.templates))


@dataclass(frozen=True, slots=True, kw_only=True)
class Talk:
    """The thread that is open."""

    id: UUID
    fan_id: UUID
    name: str
    handle: str | None
    platform: Platform
    do_not_contact: bool
    archived: bool
    lines: tuple[Line, ...]
    older: str | None
    is_end: bool
    may_answer: bool
    may_see_fan: bool
    drafts: tuple[DraftCard, ...] = ()
    answering: str = ""  # who else


@dataclass(frozen=True, slots=True, kw_only=True)
class InboxPage:
    """The list, and perhaps a thread beside it. `live` is where news are asked for, `pulse` the last that were told."""

    filters: InboxFilters
    rows: tuple[ConversationRow, ...]
    next_cursor: str | None
    unread: int
    any_conversations: bool
    talk: Talk | None = None
    live: str = ""
    pulse: str = ""
    composer: Composer | None = None

    @property
    def path(self) -> str:
        """Where the list is searched without leaving the thread."""
        return f"{PATH}/{self.talk.id}" if self.talk else PATH
