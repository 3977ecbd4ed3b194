"""What the pages of campaigns receive."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from urllib.parse import urlencode
from uuid import UUID

from huntaze.campaigns.figures import Overlap
from huntaze.campaigns.model import REPLY_HOURS, TIP_HOURS, Outcome, Status
from huntaze.money import Money
from huntaze.web.desk_views import FanChoice, Preview
from huntaze.web.views import Says, TagCount
from huntaze.wording.model import Variable

PATH = "/messages/bulk"
STEPS = ("whom", "what", "when")


def address(path: str, **asked: str) -> str:
    """An address that carries what was asked for."""
    query = urlencode({name: word for name, word in asked.items() if word})
    return f"{path}?{query}" if query else path


@dataclass(frozen=True, slots=True, kw_only=True)
class Left:
    """How many are left out for one reason."""

    says: Says
    count: int


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
        return address(PATH, **{"state": self.status, **more})


@dataclass(frozen=True, slots=True, kw_only=True)
class FilterFields:
    """One filter as it is typed; `name` is before the name of each of its fields."""

    name: str
    tags: str = ""
    min_value: str = ""
    max_value: str = ""
    seen_after: str = ""
    seen_before: str = ""
    platforms: tuple[str, ...] = ()
    subscriptions: tuple[str, ...] = ()
    bought: str = ""
    replied: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReachNow:
    """How many get it, and who is left out and why."""

    recipients: int
    platforms: Mapping[str, int]
    left_out: tuple[Left, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftPage:
    """What the three steps have in common; without an id there is no draft yet."""

    step: str
    id: UUID | None = None
    name: str = ""
    version: str = ""
    problems: Mapping[str, Says] = field(default_factory=dict)
    problem: Says | None = None
    saved: bool = False

    @property
    def here(self) -> str:
        """Where this step is."""
        return f"{PATH}/{self.id}/{self.step}" if self.id else f"{PATH}/new"


@dataclass(frozen=True, slots=True, kw_only=True)
class WhomPage(DraftPage):
    """Whom it is for: those named, or those who match and are not excluded."""

    key: str = ""
    named: int | None = None  # how many were chosen one by one; None where filters choose
    include: FilterFields
    excluded: tuple[FilterFields, ...] = ()
    rules: Mapping[str, str] = field(default_factory=dict)
    tags: tuple[TagCount, ...] = ()
    currency: str = "USD"
    reach: ReachNow | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class VariantFields:
    """One wording as it is typed, and as the chosen fan would get it."""

    place: int
    name: str
    share: str
    content: str = ""
    price: str = ""
    media: str = ""
    preview: Preview = field(default_factory=Preview)
    locked: Money | None = None

    @property
    def addresses(self) -> tuple[str, ...]:
        """The addresses of media."""
        return tuple(self.media.split())


@dataclass(frozen=True, slots=True, kw_only=True)
class WhatPage(DraftPage):
    """What it says, in up to four wordings."""

    variants: tuple[VariantFields, ...]
    may_add: bool = True
    variables: tuple[Variable, ...] = tuple(Variable)
    templates: tuple[FanChoice, ...] = ()
    fans: tuple[FanChoice, ...] = ()
    fan: UUID | None = None
    fan_q: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """One wording as one of those who get it will read it."""

    name: str
    share: int
    text: str
    media: int
    price: Money | None = None
    fan: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Changed:
    """What is not any more as somebody saw it."""

    label: str
    before: str
    now: str


@dataclass(frozen=True, slots=True, kw_only=True)
class WhenPage(DraftPage):
    """When it leaves, and all that is approved with it."""

    fields: Mapping[str, str]
    zone: str
    reach: ReachNow
    finishes_at: datetime | None = None
    overlaps: tuple[Overlap, ...] = ()
    samples: tuple[Sample, ...] = ()
    facts: tuple[tuple[str, str], ...] = ()
    missing: Says | None = None  # why it cannot be approved yet
    seen: str = ""
    saw: str = ""
    changed: tuple[Changed, ...] = ()


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
        return address(self.path, **{"state": self.outcome, **more})
