"""What the pages of imports receive."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from huntaze.fans.model import Platform
from huntaze.imports.model import LARGEST, LARGEST_AT_ONCE, Action, Edit, Field, Policy, Status
from huntaze.web.connections_views import PATH as CONNECTIONS
from huntaze.web.settings import Around
from huntaze.web.views import Says, address_of

PATH = f"{CONNECTIONS}/onlyfans/imports"
# One of each kind that is read alike. Nobody has to know what their way of writing is called.
LOCALES = ("", "en-US", "en-GB", "fr-FR", "en-CA")
MEGABYTE = 1024 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """What is chosen about a file, as it stands in the form."""

    platform: str = Platform.ONLYFANS
    locale: str = ""
    policy: str = Policy.SKIP

    @property
    def locales(self) -> tuple[str, ...]:
        """What can be chosen, and what was chosen by a program."""
        return LOCALES if self.locale in LOCALES else (*LOCALES, self.locale)

    @property
    def platforms(self) -> tuple[Platform, ...]:
        """Where fans may be."""
        return tuple(Platform)

    @property
    def policies(self) -> tuple[Policy, ...]:
        """What may happen to fans who are known already."""
        return tuple(Policy)


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportRow:
    """An import in the list."""

    id: UUID
    file_name: str
    status: Status
    percent: int
    says: tuple[Says, ...]  # what it would do, did, or why it failed
    by: str
    at: datetime
    until: datetime | None = None  # it can be undone

    @property
    def path(self) -> str:
        """Where it is."""
        return f"{PATH}/{self.id}"


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportsPage:
    """The form that brings a file, and what was brought lately."""

    around: Around
    may_import: bool = True
    rows: tuple[ImportRow, ...] = ()
    chosen: Chosen = field(default_factory=Chosen)
    problem: Says | None = None
    any_under_way: bool = False
    largest: int = LARGEST
    largest_megabytes: int = LARGEST // MEGABYTE
    largest_at_once: int = LARGEST_AT_ONCE // MEGABYTE
    word: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Why:
    """How many rows are left alone, or did not come along, for one reason."""

    code: str
    action: Action
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RowOfFile:
    """One row of the file: whom it is about, and what becomes of it."""

    number: int
    action: Action
    name: str
    column: str | None
    reason: str | None
    edits: tuple[Edit, ...] = ()
    fan_id: UUID | None = None  # of a fan who is there


@dataclass(frozen=True, slots=True, kw_only=True)
class Columns:
    """Which column of the file is what, and its first rows to see whether that is right."""

    header: tuple[str, ...]
    sample: tuple[tuple[str, ...], ...]
    mapping: Mapping[str, str]
    fields: tuple[Field, ...] = tuple(Field)

    @property
    def names(self) -> tuple[str, ...]:
        """Columns that can be chosen: those that are called something."""
        return tuple(name for name in self.header if name)


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportPage:
    """One import, in whatever state it is."""

    id: UUID
    file_name: str
    status: Status
    percent: int
    rows_done: int
    rows_in_all: int
    by: str
    created_at: datetime
    committed_at: datetime | None
    undone_at: datetime | None
    until: datetime | None
    chosen: Chosen
    counts: Mapping[str, int]  # rows by what the plan does with them
    created: int = 0  # what came of it, or will
    updated: int = 0
    skipped: int = 0
    rejected: int = 0
    stayed: int = 0  # fans whom undoing has left alone
    whys: tuple[Why, ...] = ()
    ambiguous: int = 0  # rows that another choice would understand
    plan_hash: str = ""
    failure: str = ""
    row: int | None = None
    column: str | None = None
    may_plan: bool = False
    columns: Columns | None = None
    changing: bool = False  # somebody is choosing anew
    rows: tuple[RowOfFile, ...] = ()
    show: str = ""
    why: str = ""
    after: int = 0
    next_after: int | None = None
    may_see_fans: bool = False
    problem: Says | None = None
    days: int = 30
    word: str = ""

    @property
    def path(self) -> str:
        """Where it is."""
        return f"{PATH}/{self.id}"

    @property
    def here(self) -> str:
        """The address of this very stretch of rows."""
        return self.address(show=self.show, why=self.why, after=self.after)

    @property
    def tens(self) -> int:
        """How far it is, as it is read out now and then."""
        return self.percent // 10 * 10

    @property
    def moves(self) -> bool:
        """Whether something happens by itself."""
        return self.status.working or self.status is Status.UPLOADING

    def address(self, **asked: object) -> str:
        """The address of its rows that do this, for this reason, behind this one."""
        return address_of(self.path, asked)
