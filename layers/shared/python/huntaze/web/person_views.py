"""What the pages around one person receive: merging, erasing, the list of the deleted, the settings of privacy."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from huntaze.fans.model import Platform
from huntaze.money import Money
from huntaze.web.settings import Around
from huntaze.web.views import FanRow, MergedFan, Says


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """One thing about a fan before and after the merge; the words of its name are form.field.<name>."""

    name: str
    before: str | Money | None
    after: str | Money | None


@dataclass(frozen=True, slots=True, kw_only=True)
class MergePage:
    """Somebody to merge into the fan: searched for, then looked at before it happens."""

    fan: FanRow
    q: str = ""
    found: tuple[FanRow, ...] = ()
    other: FanRow | None = None
    facts: tuple[Fact, ...] = ()
    problem: Says | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ErasePage:
    """The last look at somebody before they are erased; `typed` is what stood in the field."""

    fan: FanRow
    merged: tuple[MergedFan, ...] = ()
    typed: str = ""
    problem: Says | None = None
    problems: Mapping[str, Says] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class DeletedFan:
    """A fan who was deleted and can be restored."""

    id: UUID
    name: str
    handle: str | None
    platform: Platform
    value: Money
    deleted_at: datetime
    until: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class DeletedPage:
    """A stretch of the deleted fans."""

    fans: tuple[DeletedFan, ...]
    next_cursor: str | None = None
    first: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Erasure:
    """Somebody was erased; `removed` counts what was held, by kind."""

    fan_id: UUID
    by: str
    at: datetime
    done: bool
    removed: Mapping[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class PrivacyPage:
    """The settings of privacy."""

    around: Around
    erasures: tuple[Erasure, ...]
    next_cursor: str | None = None
    first: bool = True
