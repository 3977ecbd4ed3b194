"""What a fan is."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

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
class Position:
    """A place in the list of fans, newest first: right after this one."""

    created_at: datetime
    fan_id: UUID

    @classmethod
    def of(cls, fan: Fan) -> "Position":
        """The place right after this fan."""
        return cls(fan.created_at, fan.id)


@dataclass(frozen=True, slots=True)
class Listing:
    """Which stretch of the list is wanted."""

    limit: int
    platform: Platform | None = None
    after: Position | None = None


@dataclass(frozen=True, slots=True)
class Page:
    """A stretch of the list, and where the next one begins if there is more."""

    fans: tuple[Fan, ...]
    next: Position | None
