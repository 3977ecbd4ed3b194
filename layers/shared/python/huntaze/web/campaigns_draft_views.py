"""What the three steps of a campaign receive."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from huntaze.money import Money
from huntaze.web.campaigns_views import PATH, Left
from huntaze.web.desk_views import FanChoice, Preview
from huntaze.web.views import Says, TagCount
from huntaze.wording.model import Variable

if TYPE_CHECKING:
    from huntaze.campaigns.figures import Overlap

STEPS = ("whom", "what", "when")


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
    overlaps: tuple["Overlap", ...] = ()
    samples: tuple[Sample, ...] = ()
    facts: tuple[tuple[str, str], ...] = ()
    missing: Says | None = None  # why it cannot be approved yet
    seen: str = ""
    saw: str = ""
    changed: tuple[Changed, ...] = ()
