"""An import: what was chosen, how far it is, and what became of the rows."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from huntaze.fans.model import Platform

REVERSIBLE = timedelta(days=30)  # and what is kept of an import for as long
LARGEST_AT_ONCE = 4 * 1024 * 1024
LARGEST = 512 * 1024 * 1024


class Status(StrEnum):
    """How far an import is. Decision 29 has the ways between them; the database keeps to them."""

    UPLOADING = "uploading"
    PLANNING = "planning"
    MAPPING = "mapping"  # waits for a person to say which column names the fan
    PLANNED = "planned"
    COMMITTING = "committing"
    COMMITTED = "committed"
    FAILED = "failed"
    UNDOING = "undoing"
    UNDONE = "undone"

    @property
    def working(self) -> bool:
        """Whether a worker has something to do."""
        return self in {Status.PLANNING, Status.COMMITTING, Status.UNDOING}


class Field(StrEnum):
    """What a column may say about a fan."""

    USERNAME = "username"
    USER_ID = "userId"
    NAME = "name"
    EMAIL = "email"
    TIER = "tier"
    SPENT = "spent"
    LAST_SEEN = "lastSeen"
    PLATFORM = "platform"
    TAGS = "tags"
    CURRENCY = "currency"
    DO_NOT_CONTACT = "doNotContact"


class Policy(StrEnum):
    """What happens to fans who are known already."""

    SKIP = "skip"
    FILL = "fill"
    OVERWRITE = "overwrite"


class Action(StrEnum):
    """What a row of the plan will do."""

    CREATE = "create"
    UPDATE = "update"
    SKIP = "skip"
    REJECT = "reject"


@dataclass(frozen=True, slots=True, kw_only=True)
class Choices:
    """What a person decides about a file. `mapping` says which header stands for which field; None: as suggested."""

    platform: Platform = Platform.ONLYFANS
    locale: str | None = None
    policy: Policy = Policy.SKIP
    mapping: Mapping[Field, str] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """What a look at the file has shown: never more than a few rows of it."""

    encoding: str
    delimiter: str
    header: tuple[str, ...]
    sample: tuple[tuple[str, ...], ...]
    mapping: Mapping[Field, str]  # what is used: chosen by a person, remembered, or suggested from the header


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """What the plan holds, or what became of it. `reasons` counts skipped and rejected rows by their reason."""

    total: int = 0
    created: int = 0
    updated: int = 0
    skipped: int = 0
    rejected: int = 0
    reasons: Mapping[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Import:
    """An import of this workspace."""

    id: UUID
    requested_by: UUID
    file_name: str | None  # None once a person of the workspace was erased
    file_bytes: int | None
    object_key: str | None  # None: it came within a request
    choices: Choices
    layout: Layout | None
    status: Status
    plan: int  # how many dry runs there have been
    plan_hash: bytes | None
    planned: Counts
    done: Counts  # of the commit; `reasons` also has what has changed since the plan
    undone: Counts  # `skipped` are those who stay because they were edited since
    progress: float  # of the step under way, 0 to 1
    error: str | None  # a code of `reasons.py`, with the row and column it is about
    error_row: int | None
    error_column: str | None
    created_at: datetime
    committed_at: datetime | None
    undone_at: datetime | None

    @property
    def reversible_until(self) -> datetime | None:
        """Until when it can be undone; None unless it is done."""
        return self.committed_at + REVERSIBLE if self.committed_at and self.status is Status.COMMITTED else None


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedRow:
    """One row of the plan as people see it: what will happen and why."""

    number: int
    action: Action
    column: str | None
    reason: str | None
    name: str | None
    changes: tuple[str, ...] = ()
    fan_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Upload:
    """Where a file may be put, once: an address and the fields of its form."""

    address: str
    fields: Mapping[str, str]
