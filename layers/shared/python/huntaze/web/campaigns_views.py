"""What the list of campaigns and the page of one receive."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from huntaze.campaigns.model import REPLY_HOURS, TIP_HOURS, Outcome, Status
from huntaze.fans.model import Platform
from huntaze.money import Money
from huntaze.web.views import Says, address_of

PATH = "/messages/bulk"


@dataclass(frozen=True, slots=True, kw_only=True)
class Left:
    """How many are left out for one reason."""

    says: Says
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Still:
    """An account that keeps a campaign waiting; until when, if it goes on by itself."""

    platform: Platform
    says: Says
    until: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CampaignRow:
    """A campaign in the list."""

    id: UUID
    name: str
    status: Status
    why: Says | None
    sent: int
    ended: int
    recipients: int
    replies: int
    revenue: Money
    at: datetime
    starts_at: datetime | None = None
    finishes_at: datetime | None = None
    completed_at: datetime | None = None
    is_filled: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class CampaignsPage:
    """A stretch of the list, and the word that names what it tells."""

    rows: tuple[CampaignRow, ...]
    status: str = ""
    states: tuple[str, ...] = tuple(Status)
    any_campaigns: bool = True
    may_run: bool = False
    cursor: str = ""
    next_cursor: str | None = None
    word: str = ""

    @property
    def here(self) -> str:
        """The address of this very stretch."""
        return self.address(cursor=self.cursor)

    def address(self, **more: str) -> str:
        """The address of the list in this state, or with this changed."""
        return address_of(PATH, {"state": self.status, **more})


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """What came of one wording, or of all."""

    name: str
    share: int | None
    sent: int
    failed: int
    unknown: int
    skipped: int
    waiting: int
    replies: int
    buyers: int
    revenue: Money


@dataclass(frozen=True, slots=True, kw_only=True)
class RecipientRow:
    """What became of one recipient."""

    fan_id: UUID
    name: str | None
    outcome: Outcome
    why: Says | None
    variant: str | None
    sent_at: datetime | None
    replied_at: datetime | None
    revenue: Money | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CampaignPage:
    """A campaign that was launched: how far it is, what came of it, and who got it."""

    id: UUID
    name: str
    status: Status
    why: Says | None
    what_to_do: Says | None
    still: tuple[Still, ...]
    facts: tuple[tuple[str, str], ...]
    approver: str | None
    launched_at: datetime | None
    starts_at: datetime | None
    finishes_at: datetime | None
    completed_at: datetime | None
    is_filled: bool
    ended: int
    recipients: int
    waiting: int
    total: Result
    results: tuple[Result, ...]
    left_out: tuple[Left, ...]
    rows: tuple[RecipientRow, ...]
    counts: Mapping[str, int]
    outcome: str = ""
    cursor: str = ""
    next_cursor: str | None = None
    may_run: bool = False
    may_see_fans: bool = False
    reply_hours: int = REPLY_HOURS
    tip_hours: int = TIP_HOURS
    word: str = ""

    @property
    def path(self) -> str:
        """Where it is."""
        return f"{PATH}/{self.id}"

    @property
    def here(self) -> str:
        """The address of this very stretch."""
        return self.address(cursor=self.cursor)

    def address(self, **more: str) -> str:
        """The address of its recipients in this state, or with this changed."""
        return address_of(self.path, {"state": self.outcome, **more})
