"""What the pages of the inbox receive."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from urllib.parse import urlencode
from uuid import UUID

from huntaze.fans.model import Platform
from huntaze.messages.model import Status
from huntaze.money import Money
from huntaze.web.views import FanPage, Says, TagCount

PATH = "/messages/onlyfans"
SHORTCUT = "/onlyfans/inbox"


# What narrows the list, in the order of the address. The first is typed above the list, the last are switches.
CHOSEN = ("platform", "tag", "min_value", "since", "until")
SWITCHES = ("unread", "unanswered", "archived")
NARROWING = ("q", *CHOSEN, *SWITCHES)


@dataclass(frozen=True, slots=True, kw_only=True)
class InboxFilters:
    """What the list is narrowed to, as it stands in the address; `cursor` is where its page begins."""

    q: str = ""
    platform: str = ""
    tag: str = ""
    min_value: str = ""
    since: str = ""  # days of the last message, as a form writes them
    until: str = ""
    unread: str = ""  # a switch is "1" or off
    unanswered: str = ""
    archived: str = ""
    cursor: str = ""
    problems: Mapping[str, Says] = field(default_factory=dict)

    @property
    def narrowing(self) -> Mapping[str, str]:
        """What is asked for and was understood, without where the page begins: an address leads to no problem."""
        return {name: value for name in NARROWING if (value := getattr(self, name)) and name not in self.problems}

    @property
    def query(self) -> str:
        """The address after its question mark."""
        return urlencode({**self.narrowing, **({"cursor": self.cursor} if self.cursor else {})})

    def address(self, path: str = PATH, **changed: str) -> str:
        """The address of the list from its beginning, or of a page beside it, with this changed."""
        query = replace(self, **{"cursor": "", **changed}).query  # type: ignore[arg-type]  # words alone are changed
        return path + ("?" + query if query else "")

    def switched(self, name: str, path: str = PATH) -> str:
        """The same with one switch turned."""
        return self.address(path, **{name: "" if getattr(self, name) else "1"})

    @property
    def threads(self) -> str:
        """What the address of every conversation begins with; `here` is what it ends with beside this very page."""
        return f"{PATH}/"

    @property
    def here(self) -> str:
        """The end of an address that keeps this very page of the list."""
        return f"?{self.query}" if self.query else ""

    def thread(self, conversation_id: UUID) -> str:
        """The address of a conversation beside this very page of the list."""
        return f"{self.threads}{conversation_id}{self.here}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Chip:
    """A condition that holds, and the list without it."""

    says: Says
    without: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ConversationRow:
    """A conversation in the list; `mine` says that we had the last word. Who may not see fans sees no value."""

    id: UUID
    name: str
    preview: str
    mine: bool
    trouble: bool
    at: datetime | None
    place: str  # the newer, the larger
    unread: int
    platform: Platform
    value: Money | None


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
    by_another: bool = False  # a person who is not the reader
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
class Company:
    """Who else has a conversation open, and who else answers it."""

    conversation_id: UUID
    others: tuple[str, ...] = ()
    answering: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptPart:
    """What who types is told: who else answers, and what the fan will see."""

    company: Company
    sight: Sight


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """A conversation that holds something unread: what a toast says when it was not so a moment ago."""

    id: UUID
    name: str
    words: str
    unread: int
    at: datetime


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
    company: Company
    drafts: tuple[DraftCard, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """The pane about the fan of a thread, its own address and that of the thread. Without `fan` it is still to come."""

    name: str
    address: str
    back: str
    fan: FanPage | None = None

    @classmethod
    def of(cls, conversation_id: UUID, name: str, filters: InboxFilters) -> "About":
        """The pane as it stands beside a thread that has just been opened."""
        address = filters.address(f"{PATH}/{conversation_id}/about", cursor=filters.cursor)
        return cls(name=name, address=address, back=filters.thread(conversation_id))


@dataclass(frozen=True, slots=True, kw_only=True)
class AboutPart:
    """The pane without the page around it."""

    about: About


@dataclass(frozen=True, slots=True, kw_only=True)
class InboxPage:
    """The list, and perhaps a thread beside it. `live` is where news are asked for, `pulse` the last that were told.

    `fan_pulse` is the last that was told of the fan; `folded` says that its reader wants nothing beside the thread.
    """

    filters: InboxFilters
    chips: tuple[Chip, ...]
    rows: tuple[ConversationRow, ...]
    next_cursor: str | None
    unread: int
    any_conversations: bool
    may_see_fans: bool = True
    open_id: UUID | None = None
    talk: Talk | None = None
    live: str = ""
    pulse: str = ""
    fan_pulse: str = ""
    composer: Composer | None = None
    about: About | None = None
    folded: bool = False
    arrivals: tuple[Arrival, ...] = ()

    @property
    def company(self) -> Company | None:
        """Who else is at the thread that is open."""
        return self.talk.company if self.talk else None

    @property
    def path(self) -> str:
        """Where the list is searched without leaving the thread."""
        return f"{PATH}/{self.open_id}" if self.open_id else PATH


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownTags:
    """The tags of the workspace, to choose from."""

    tags: tuple[TagCount, ...]
