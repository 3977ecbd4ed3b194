"""What a fan is."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, TypedDict
from uuid import UUID

from huntaze.cursors import Position
from huntaze.money import Money


class Platform(StrEnum):
    """Where a fan follows the creator."""

    ONLYFANS = "onlyfans"
    FANSLY = "fansly"
    PATREON = "patreon"
    OTHER = "other"


class SubscriptionStatus(StrEnum):
    """What is known of a fan's subscription."""

    UNKNOWN = "unknown"
    NONE = "none"
    ACTIVE = "active"
    EXPIRED = "expired"


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """What people write down about a fan."""

    name: str
    platform: Platform
    platform_id: str | None
    handle: str | None
    email: str | None
    phone: str | None
    avatar: str | None
    tags: tuple[str, ...]
    subscription_status: SubscriptionStatus
    last_seen_at: datetime | None
    do_not_contact: bool
    notes: str
    metadata: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class NewFan(About):
    """A fan about to be added; without a currency the amount is in the workspace's own."""

    value_cents: int
    currency: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Fan(About):
    """A fan of this workspace."""

    id: UUID
    value: Money
    last_message_at: datetime | None
    created_at: datetime
    updated_at: datetime


@dataclass(frozen=True, slots=True)
class DeletedFan:
    """A fan who was deleted, and when."""

    fan: Fan
    deleted_at: datetime

    @property
    def position(self) -> Position:
        """The place right after this one, the last deleted first."""
        return Position(self.deleted_at.isoformat(), self.fan.id)


@dataclass(frozen=True, slots=True)
class Filters:
    """Which fans are meant; without any, all. `q` is part of the name, handle or email, in any case."""

    q: str | None = None
    platform: Platform | None = None
    tag: str | None = None
    min_value_cents: int | None = None
    seen_after: datetime | None = None


class Sort(StrEnum):
    """What the list is ordered by: the newest, most valuable and last seen come first, names from A on."""

    LAST_SEEN = "lastSeenAt"
    VALUE = "valueCents"
    CREATED = "createdAt"
    NAME = "name"


@dataclass(frozen=True, slots=True)
class Listing:
    """Which stretch of the list is wanted."""

    limit: int
    filters: Filters = Filters()
    sort: Sort = Sort.CREATED
    after: Position | None = None


@dataclass(frozen=True, slots=True)
class Placed:
    """A fan in a list, with the sort key that it stands there by."""

    fan: Fan
    key: str

    @property
    def position(self) -> Position:
        """The place right after."""
        return Position(self.key, self.fan.id)


@dataclass(frozen=True, slots=True)
class Page:
    """A stretch of the list, and where the next one begins if there is more."""

    fans: tuple[Fan, ...]
    next: Position | None

    @classmethod
    def of(cls, found: Sequence[Placed], limit: int) -> "Page":
        """A page from what was found; one more than the page holds tells that there is a next one."""
        shown = found[:limit]
        return cls(tuple(placed.fan for placed in shown), shown[-1].position if len(found) > limit else None)


@dataclass(frozen=True, slots=True)
class Totals:
    """How many fans match, and what they are worth together."""

    count: int
    value_cents: int


@dataclass(frozen=True, slots=True)
class Selection:
    """Fans to do something with: these, or all that match."""

    ids: tuple[UUID, ...] | None = None
    filters: Filters | None = None

    def __post_init__(self) -> None:
        if (self.ids is None) == (self.filters is None):
            raise ValueError("a selection is either ids or filters")


class Changes(TypedDict, total=False):
    """What is to be different about a fan; what is not in it stays. Who the fan is on the platform never changes."""

    name: str
    handle: str | None
    email: str | None
    phone: str | None
    avatar: str | None
    tags: tuple[str, ...]
    value_cents: int
    currency: str
    subscription_status: SubscriptionStatus
    last_seen_at: datetime | None
    do_not_contact: bool
    notes: str
    metadata: Mapping[str, Any]
