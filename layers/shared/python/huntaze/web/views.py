"""What each page receives: plain facts, formatted by the templates in the reader's language."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from urllib.parse import urlencode
from uuid import UUID

from huntaze.fans.model import Platform, SubscriptionStatus
from huntaze.members.model import Permission
from huntaze.money import Money

LONGEST_WAY_BACK = 80  # it stands in the address of every row


def address_of(path: str, asked: Mapping[str, object]) -> str:
    """An address that carries what was asked for; nothing is said of what is empty."""
    query = urlencode({name: str(word) for name, word in asked.items() if word})
    return f"{path}?{query}" if query else path


@dataclass(frozen=True, slots=True)
class Says:
    """A sentence of text/<language>/*.json by its key, with what stands in its gaps."""

    key: str
    gaps: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Who is signed in."""

    name: str
    email: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Workspace:
    """A workspace the person belongs to, and as what."""

    id: UUID
    name: str
    role: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NavItem:
    """A page of the navigation; its words are nav.<key>, its shortcut is g and the letter."""

    key: str
    href: str
    icon: str
    letter: str
    needs: Permission | None = None


# Grows with the pages that exist; nothing is linked before it is there.
NAV = (
    NavItem(key="home", href="/", icon="house", letter="h"),
    NavItem(key="inbox", href="/messages/onlyfans", icon="inbox", letter="i", needs=Permission.READ_INBOX),
    NavItem(key="campaigns", href="/messages/bulk", icon="megaphone", letter="c", needs=Permission.READ_ANALYTICS),
    NavItem(
        key="numbers",
        href="/platforms/onlyfans/analytics",
        icon="chart-column",
        letter="n",
        needs=Permission.READ_ANALYTICS,
    ),
    NavItem(key="fans", href="/fans", icon="users", letter="f"),
    NavItem(key="operations", href="/operations", icon="activity", letter="o", needs=Permission.OPERATE),
    NavItem(key="settings", href="/settings", icon="settings", letter="s"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Undo:
    """A form that takes back what was just done."""

    action: str
    fields: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Toast:
    """What just happened, and its way back if there is one; tone is good, warning or bad."""

    says: Says
    undo: Undo | None = None
    tone: str = "good"


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """What is around every page. Without a person nobody is signed in, without a workspace there is no navigation."""

    locale: str
    csrf: str
    now: datetime
    here: str
    timezone: str = "UTC"
    theme: str = "system"
    person: Person | None = None
    workspace: Workspace | None = None
    workspaces: tuple[Workspace, ...] = ()
    invitations: int = 0
    nav: tuple[NavItem, ...] = NAV
    has_pace: bool = False
    active: str = ""
    toast: Toast | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SignInPage:
    """Email and password; `problem` is about the pair, `problems` about single fields."""

    email: str = ""
    next: str = ""
    problem: Says | None = None
    problems: Mapping[str, Says] = field(default_factory=dict)
    done: Says | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FirstPasswordPage:
    """The password that replaces the one of the invitation."""

    email: str
    shortest: int = 12
    problem: Says | None = None
    problems: Mapping[str, Says] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class ForgottenPasswordPage:
    """First the email; once the code was sent, the code and a new password."""

    email: str = ""
    code_sent: bool = False
    shortest: int = 12
    problem: Says | None = None
    problems: Mapping[str, Says] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class ErrorPage:
    """A page that could not be shown: 400, 403, 404, 429, 500 or 503."""

    status: int
    retry_after: int | None = None
    reference: str | None = None
    stale_form: bool = False

    @property
    def kind(self) -> str:
        """Which words to take: a form that grew too old is a refusal of its own kind."""
        return "form" if self.stale_form else str(self.status)


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """What the list is narrowed to and how it is sorted, as typed in the address."""

    path: str = "/fans"
    q: str = ""
    platform: str = ""
    tag: str = ""
    min_value: str = ""
    seen_after: str = ""
    sort: str = "lastSeenAt"
    problems: Mapping[str, Says] = field(default_factory=dict)

    @property
    def narrowing(self) -> dict[str, str]:
        """What narrows the list; sorting does not."""
        names = ("q", "platform", "tag", "min_value", "seen_after")
        return {name: value for name in names if (value := getattr(self, name))}

    @property
    def query(self) -> str:
        """The address after its question mark, without what is as usual."""
        return urlencode(self.narrowing | ({"sort": self.sort} if self.sort != "lastSeenAt" else {}))

    def address(self, path: str = "", **changed: str) -> str:
        """The address of this list, or of another one with this changed."""
        kept = {name: value for name, value in changed.items() if name != "cursor"}
        query = replace(self, **kept).query if kept else self.query  # type: ignore[arg-type]  # only words are given
        if "cursor" in changed:
            query += "&" * bool(query) + urlencode({"cursor": changed["cursor"]})
        return (path or self.path) + ("?" + query if query else "")

    def fan(self, fan_id: UUID) -> str:
        """The address of a fan's page that knows the way back to this list, if that way is short."""
        page = f"/fans/{fan_id}"
        return self.address(page) if len(self.query) <= LONGEST_WAY_BACK else page


@dataclass(frozen=True, slots=True, kw_only=True)
class Matches:
    """How many fans match and what they are worth, one amount per currency."""

    count: int
    exact: bool = True
    totals: tuple[Money, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class TagCount:
    """A tag and how many fans carry it."""

    tag: str
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class FanRow:
    """A fan in the list."""

    id: UUID
    name: str
    handle: str | None
    platform: Platform
    tags: tuple[str, ...]
    value: Money
    last_seen_at: datetime | None
    created_at: datetime
    do_not_contact: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Export:
    """A large export on its way; `href` is there once it is ready."""

    id: UUID
    rows_done: int
    rows: int
    href: str | None = None
    failed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class FansPage:
    """A stretch of the list of fans."""

    filters: Filters
    rows: tuple[FanRow, ...]
    matches: Matches
    any_fans: bool
    tags: tuple[TagCount, ...] = ()
    next_cursor: str | None = None
    first: bool = True
    may_write: bool = False
    may_export: bool = False
    may_run_campaigns: bool = False
    export_at_once: bool = True
    export: Export | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FanFacts:
    """What is known of one fan."""

    id: UUID
    name: str
    handle: str | None
    platform: Platform
    platform_id: str | None
    email: str | None
    phone: str | None
    subscription_status: SubscriptionStatus
    do_not_contact: bool
    about: str
    tags: tuple[str, ...]
    created_at: datetime
    last_seen_at: datetime | None
    last_message_at: datetime | None
    deleted_at: datetime | None = None
    restorable_until: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Earned:
    """What came in by one kind of purchase: subscription, ppv or tip."""

    kind: str
    amount: Money
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class FanValue:
    """What a fan has brought: over the lifetime, lately, and by kind."""

    lifetime: Money
    last_30_days: Money
    by_kind: tuple[Earned, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """What a member wrote about a fan."""

    id: UUID
    author: str
    at: datetime
    text: str
    may_change: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """Something that happened: subscription, ppv, tip, note, added, or the messages of a day."""

    kind: str
    at: datetime
    amount: Money | None = None
    text: str = ""
    by: str = ""
    received: int = 0
    sent: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Purchase:
    """What a fan bought, or was offered; its kind is subscription, ppv or tip, its text what the message said."""

    kind: str
    amount: Money
    at: datetime
    text: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class MergedFan:
    """Somebody who is shown as the fan of the page, and until when that can be undone."""

    merge_id: UUID
    name: str
    until: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class FanPage:
    """A fan's page; `beside` is the list it was opened from, with `filters` as the way back.

    `next` is where its forms lead to instead of here: the thread that it stands beside.
    """

    fan: FanFacts
    value: FanValue
    filters: Filters = Filters()
    beside: tuple[FanRow, ...] = ()
    notes: tuple[Note, ...] = ()
    events: tuple[Event, ...] = ()
    older_events: str | None = None
    newest_events: bool = True
    known_tags: tuple[TagCount, ...] = ()
    typed: Mapping[str, str] = field(default_factory=dict)
    problems: Mapping[str, Says] = field(default_factory=dict)
    may_write: bool = False
    may_note: bool = False
    may_erase: bool = False
    merged: tuple[MergedFan, ...] = ()
    bought: tuple[Purchase, ...] = ()
    offered: tuple[Purchase, ...] = ()
    version: str = ""
    theirs: Mapping[str, str] = field(default_factory=dict)
    next: str = ""

    @property
    def carried(self) -> dict[str, str]:
        """What every form of it takes along."""
        return {"next": self.next} if self.next else {}


@dataclass(frozen=True, slots=True, kw_only=True)
class FanForm:
    """A fan being added, or edited when there is an id; `values` is what was typed, word for word."""

    values: Mapping[str, str]
    currency: str
    id: UUID | None = None
    name: str = ""
    version: str = ""
    idempotency_key: str = ""
    filters: Filters = Filters()
    known_tags: tuple[TagCount, ...] = ()
    problems: Mapping[str, Says] = field(default_factory=dict)
    problem: Says | None = None
    theirs: Mapping[str, str] = field(default_factory=dict)
