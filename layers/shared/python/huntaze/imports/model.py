"""An import: what was chosen, how far it is, and what became of the rows."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import TypedDict
from urllib.parse import unquote_plus
from uuid import UUID

from huntaze import queue_bodies
from huntaze.errors import Invalid
from huntaze.fans.model import Platform
from huntaze.money import Money
from huntaze.queue_bodies import id_in

REVERSIBLE = timedelta(days=30)  # and what is kept of an import for as long
LARGEST_AT_ONCE = 4 * 1024 * 1024
LARGEST = 512 * 1024 * 1024
CHUNK_ROWS = 5_000  # what one transaction does
TICKET_VERSION = 1
_TICKET_FIELDS = frozenset({"workspaceId", "importId"})


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

    version: str  # which file it was: another one in its place is read from its beginning, or not at all
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

    def plus(self, other: "Counts") -> "Counts":
        """Both together."""
        reasons = {
            code: self.reasons.get(code, 0) + other.reasons.get(code, 0) for code in {**self.reasons, **other.reasons}
        }
        return Counts(
            total=self.total + other.total,
            created=self.created + other.created,
            updated=self.updated + other.updated,
            skipped=self.skipped + other.skipped,
            rejected=self.rejected + other.rejected,
            reasons={code: count for code, count in reasons.items() if count},
        )


NOTHING = Counts(reasons={})


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
    last_row: int  # the last one that the plan knows
    position: int  # the last one committed, or undone
    bytes_read: int
    rejected_key: str | None  # the file of what was rejected, where that is too much for one answer
    error: str | None  # a code of `reasons.py`, with the row and column it is about
    error_row: int | None
    error_column: str | None
    created_at: datetime
    committed_at: datetime | None
    undone_at: datetime | None

    @property
    def progress(self) -> float:
        """How much of the step under way is done, 0 to 1."""
        done, whole = (
            (self.bytes_read, self.file_bytes or 0)
            if self.status is Status.PLANNING
            else (self.position, self.last_row)
        )
        return min(1.0, done / whole) if whole else float(not self.status.working)

    @property
    def reversible_until(self) -> datetime | None:
        """Until when it can be undone; None unless it is done."""
        return self.committed_at + REVERSIBLE if self.committed_at and self.status is Status.COMMITTED else None


Told = str | Money | datetime | tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Edit:
    """One thing that an update changes about a fan. Nothing is told of what is only yes or no."""

    field: str
    before: Told | None = None
    after: Told | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedRow:
    """One row of the plan as people see it: what will happen and why."""

    number: int
    action: Action
    column: str | None
    reason: str | None
    name: str | None
    changes: tuple[str, ...] = ()
    edits: tuple[Edit, ...] = ()  # the same changes, from what to what
    fan_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class PlannedChunk:
    """Some rows that have just been planned: how many do what, the plan's hash so far, and which only we reject."""

    counts: Counts
    hash: bytes
    refused: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class RejectedRow:
    """A row that did not come along, as it was in the file."""

    number: int
    column: str | None
    reason: str
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretch:
    """Rows of a plan that one transaction does: those after one number, up to another."""

    import_id: UUID
    plan: int
    after: int
    to: int


@dataclass(frozen=True, slots=True)
class Upload:
    """Where a file may be put, once: an address and the fields of its form."""

    address: str
    fields: Mapping[str, str]


class Changes(TypedDict, total=False):
    """What is to be different about an import: names of columns."""

    status: Status
    layout: Layout
    plan_hash: bytes
    last_row: int
    bytes_read: int
    position: int
    planned: Counts
    done: Counts
    undone: Counts
    rejected_key: str
    error: str
    error_row: int | None
    error_column: str | None
    committed_at: datetime
    undone_at: datetime


class Contended(Exception):
    """Two transactions were in each other's way, and this one gives way: the same again will do."""


class Displaced(Exception):
    """Somebody else works on this import, or it has ended: it is not where this worker has it."""


@dataclass(frozen=True, slots=True)
class Ticket:
    """What one queue message says: which import has something to do."""

    workspace_id: UUID
    import_id: UUID

    @property
    def key(self) -> str:
        """Where its file lies."""
        return f"imports/{self.workspace_id}/{self.import_id}/file.csv"

    @property
    def group(self) -> str:
        """The queue is fair among workspaces."""
        return str(self.workspace_id)

    def body(self) -> str:
        """The text of the queue message."""
        return queue_bodies.written(TICKET_VERSION, workspaceId=str(self.workspace_id), importId=str(self.import_id))


def tickets(body: str) -> Sequence[Ticket]:
    """Read a queue message: a ticket of ours, strictly, or what the bucket tells of files that have come."""
    told = _told_by_the_bucket(body)
    if told is not None:
        return [found for found in map(_ticket_of, told) if found]
    fields = queue_bodies.read(body, TICKET_VERSION, _TICKET_FIELDS, what="an import's ticket")
    return [Ticket(id_in(fields, "workspaceId"), id_in(fields, "importId"))]


def _told_by_the_bucket(body: str) -> list[str] | None:
    """Keys of files; None when it is not the bucket that speaks. Asked to notify, it begins with a word for trying."""
    try:
        match json.loads(body):
            case {"Records": [*records]}:
                return [unquote_plus(record["s3"]["object"]["key"]) for record in records]
            case {"Event": "s3:TestEvent"}:
                return []
    except (ValueError, RecursionError):
        return None  # and the reader of tickets says what is wrong
    except (KeyError, TypeError):
        raise Invalid.field("body", "is no notification of a file") from None
    return None


def _ticket_of(key: str) -> Ticket | None:
    """The import that a file belongs to; None for files that we write ourselves."""
    try:
        _, workspace_id, import_id, _ = key.split("/")
        ticket = Ticket(UUID(workspace_id), UUID(import_id))
    except ValueError:
        return None
    return ticket if ticket.key == key else None
