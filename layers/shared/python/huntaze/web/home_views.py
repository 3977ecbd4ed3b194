"""What home and its lists receive."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from huntaze.connections.model import ConnectionState
from huntaze.fans.model import Platform
from huntaze.money import Money
from huntaze.web.views import Says

PATH = "/"
SHORTCUT = "/onlyfans"
DRAFTS = "/messages/onlyfans/drafts"
MOST_TOLD = 99


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One thing that needs somebody, and where it is; `says` is in our words, `text` in somebody else's."""

    id: UUID
    href: str
    name: str
    text: str = ""
    says: Says | None = None
    why: Says | None = None
    at: datetime | None = None
    failed: bool = False  # then `says` is why
    mine: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """What needs somebody in one way: how much there is, the newest few, and where all of it is."""

    key: str
    count: int
    href: str
    items: tuple[Item, ...]
    hint: Says | None = None

    @property
    def number(self) -> int:
        """How many are told."""
        return min(self.count, MOST_TOLD)


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """What came in, and what had come in by the same moment before."""

    amount: Money
    before: Money

    @property
    def percent(self) -> int | None:
        """How much more it is, or less; nobody can say of nothing."""
        if not self.before.cents:
            return None
        return round(100 * (self.amount.cents - self.before.cents) / self.before.cents)


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """What came in by one kind of payment."""

    kind: str
    today: Money
    month: Money


@dataclass(frozen=True, slots=True, kw_only=True)
class Income:
    """What came in in one currency."""

    today: Compared
    month: Compared
    kinds: tuple[Kind, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """How an account stands; what nobody knows at the moment is not there."""

    id: UUID
    platform: Platform
    state: ConnectionState
    messages: int  # that the pace has at most
    left: int | None
    may_send_now: bool
    next_slot_at: datetime | None  # when it may not
    waiting: int
    why: Says | None = None
    held_until: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """Something to begin with."""

    key: str
    href: str
    icon: str
    done: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class HomePage:
    """What needs somebody, what came in, and how the accounts stand: each for those whom it concerns."""

    groups: tuple[Group, ...] = ()
    may_see_inbox: bool = False
    steps: tuple[Step, ...] = ()
    may_see_money: bool = False
    incomes: tuple[Income, ...] = ()  # none: nothing is known of this month and the last
    may_connect: bool = False
    accounts: tuple[Account, ...] = ()
    word: str = ""  # names what was told


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftsPage:
    """Everything that waits to be read and approved."""

    drafts: tuple[Item, ...]
    next_cursor: str | None = None
    first: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """How the account stands, in the frame of every page: very short, and in a sentence for who points at it."""

    word: str = ""
    short: Says | None = None
    platform: Platform = Platform.ONLYFANS
    tone: str = ""
    waiting: int = 0
