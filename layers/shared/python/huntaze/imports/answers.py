"""Imports as the API shows them: how far one is, what it found, and what became of its rows."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Annotated, Self
from uuid import UUID

from pydantic import Field

from huntaze.cursors import Bookmarks
from huntaze.errors import Invalid
from huntaze.fans.model import Platform
from huntaze.imports.model import Choices, Counts, Import, Layout, PlannedRow, Policy, Status, Upload
from huntaze.imports.reasons import words
from huntaze.imports.schema import ImportStatus, Meaning, RowAction, place
from huntaze.schema import Outgoing

_MENDED_BY_MAPPING = frozenset({"no_name_column", "unknown_column"})

Row = Annotated[int, Field(description="Counted from 1 after the header.")]
Column = Annotated[str | None, Field(description="The header of the column that it is about.")]


class ReasonBody(Outgoing):
    """How many rows have one reason."""

    reason: str
    message: str
    count: int


class CountsBody(Outgoing):
    """Rows in numbers."""

    total: int
    created: int
    updated: int
    skipped: int
    rejected: int
    reasons: list[ReasonBody]

    @classmethod
    def of(cls, counts: Counts) -> Self:
        """The same in the language of the API, the most frequent reason first."""
        frequent = sorted(counts.reasons.items(), key=lambda found: (-found[1], found[0]))
        return cls(
            total=counts.total,
            created=counts.created,
            updated=counts.updated,
            skipped=counts.skipped,
            rejected=counts.rejected,
            reasons=[ReasonBody(reason=code, message=words(code), count=count) for code, count in frequent],
        )


class LayoutBody(Outgoing):
    """What a look at the file has shown."""

    encoding: str
    delimiter: str
    header: Sequence[str]
    sample: Annotated[Sequence[Sequence[str]], Field(description="Its first rows.")]
    mapping: Annotated[Mapping[Meaning, str], Field(description="Which header stands for which field.")]


class ChoicesBody(Outgoing):
    """What was chosen about the file."""

    platform: Platform
    locale: str | None
    policy: Policy
    mapping: Mapping[Meaning, str] | None


class FailureBody(Outgoing):
    """Why a whole file could not be read."""

    code: str
    message: str
    row: Annotated[int | None, Field(description="Counted from 1 after the header; 0 is the header itself.")]
    column: Column


class PlannedRowBody(Outgoing):
    """What happens to one row, and why."""

    row: Row
    action: RowAction
    column: Column
    reason: str | None
    message: str | None
    name: str | None
    changes: Annotated[Sequence[str], Field(description="What an update will change.")]
    fan_id: UUID | None

    @classmethod
    def of(cls, planned: PlannedRow) -> Self:
        """The same in the language of the API."""
        return cls(
            row=planned.number,
            action=planned.action,
            column=planned.column,
            reason=planned.reason,
            message=words(planned.reason) if planned.reason else None,
            name=planned.name,
            changes=planned.changes,
            fan_id=planned.fan_id,
        )


class ImportBody(Outgoing):
    """An import, and how far it is."""

    id: UUID
    requested_by: UUID
    file_name: Annotated[str | None, Field(description="Nothing once a person of the workspace was erased.")]
    file_bytes: int | None
    status: ImportStatus
    progress: Annotated[float, Field(description="Of the step under way, from 0 to 1.")]
    choices: ChoicesBody
    layout: LayoutBody | None
    plan: Annotated[int, Field(description="How many dry runs there have been.")]
    plan_hash: Annotated[str | None, Field(description="Names the plan to commit.")]
    planned: Annotated[CountsBody, Field(description="What a commit would do.")]
    done: Annotated[CountsBody, Field(description="What the commit did; its reasons also tell what changed since.")]
    undone: Annotated[CountsBody, Field(description="What undoing did; `skipped` are fans who stay, edited since.")]
    error: FailureBody | None
    undoable_until: datetime | None
    created_at: datetime
    committed_at: datetime | None
    undone_at: datetime | None

    @classmethod
    def of(cls, known: Import) -> Self:
        """The same in the language of the API."""
        return cls(
            id=known.id,
            requested_by=known.requested_by,
            file_name=known.file_name,
            file_bytes=known.file_bytes,
            status=known.status,
            progress=known.progress,
            choices=_choices(known.choices),
            layout=_layout(known.layout) if known.layout else None,
            plan=known.plan,
            plan_hash=known.plan_hash.hex() if known.plan_hash else None,
            planned=CountsBody.of(known.planned),
            done=CountsBody.of(known.done),
            undone=CountsBody.of(known.undone),
            error=failure(known),
            undoable_until=known.reversible_until,
            created_at=known.created_at,
            committed_at=known.committed_at,
            undone_at=known.undone_at,
        )


class ImportsBody(Outgoing):
    """The latest imports."""

    imports: list[ImportBody]

    @classmethod
    def of(cls, known: Sequence[Import]) -> Self:
        """The same in the language of the API."""
        return cls(imports=[ImportBody.of(each) for each in known])


class UploadBody(Outgoing):
    """A form of multipart/form-data that takes the file: these fields first, then `file`."""

    url: str
    fields: Mapping[str, str]


class BegunImportBody(Outgoing):
    """An import that waits for its file, and where the file may be put within 15 minutes."""

    model_config = Outgoing.model_config

    import_: Annotated[ImportBody, Field(serialization_alias="import")]
    upload: UploadBody

    @classmethod
    def of(cls, begun: Import, upload: Upload) -> Self:
        """The same in the language of the API."""
        return cls(import_=ImportBody.of(begun), upload=UploadBody(url=upload.address, fields=upload.fields))


class RowsBody(Outgoing):
    """A page of rows of the plan, in the order of the file."""

    rows: list[PlannedRowBody]
    next_cursor: str | None

    @classmethod
    def of(cls, found: Sequence[PlannedRow], limit: int, import_id: UUID, bookmarks: Bookmarks) -> Self:
        """The same in the language of the API; `found` has one more than fits where it goes on."""
        shown = found[:limit]
        last = place(shown[-1].number, import_id) if len(found) > limit else None
        return cls(rows=[PlannedRowBody.of(row) for row in shown], next_cursor=bookmarks.cursor(last))


class SummaryBody(Outgoing):
    """What came of a small file."""

    total_rows: int
    successful_inserts: int
    updated: int
    skipped: int
    errors: int


class RowErrorBody(Outgoing):
    """Why one row did not come along."""

    row: Row
    column: Column
    error: str


class ImportedBody(Outgoing):
    """What came of a small file, so far: while `status` is not `committed`, it goes on by itself."""

    import_id: UUID
    status: ImportStatus
    summary: SummaryBody
    errors: Annotated[list[RowErrorBody], Field(description="The first 1,000 rows that did not come along.")]

    @property
    def goes_on(self) -> bool:
        """Whether it could not be finished within the request."""
        return self.status is not Status.COMMITTED

    @classmethod
    def of(cls, known: Import, rejected: Sequence[PlannedRow]) -> Self:
        """The same in the language of the API."""
        done = known.done
        summary = SummaryBody(
            total_rows=known.planned.total,
            successful_inserts=done.created,
            updated=done.updated,
            skipped=done.skipped,
            errors=known.planned.rejected,
        )
        errors = [
            RowErrorBody(row=row.number, column=row.column, error=words(row.reason))
            for row in rejected
            if row.reason is not None
        ]
        return cls(import_id=known.id, status=known.status, summary=summary, errors=errors)


def must_have_been_readable(known: Import) -> None:
    """Go on only with an import that has a plan; Invalid, by the name of the field that mends it, with another one."""
    if known.status is Status.MAPPING:
        raise Invalid.field("mapping", words("no_name_column"))
    failed = failure(known)
    if failed is not None:
        raise Invalid.field("mapping" if failed.code in _MENDED_BY_MAPPING else "file", _told(failed))


def _told(failed: FailureBody) -> str:
    """`Row 7, column Total Spent: …`."""
    places = [f"row {failed.row}"] if failed.row is not None else []
    places += [f"column {failed.column}"] if failed.column is not None else []
    place = ", ".join(places)
    return f"{place[:1].upper()}{place[1:]}: {failed.message}" if place else failed.message


def failure(known: Import) -> FailureBody | None:
    """Why a whole file could not be read, if it could not."""
    if known.error is None:
        return None
    return FailureBody(code=known.error, message=words(known.error), row=known.error_row, column=known.error_column)


def _choices(chosen: Choices) -> ChoicesBody:
    return ChoicesBody(platform=chosen.platform, locale=chosen.locale, policy=chosen.policy, mapping=chosen.mapping)


def _layout(layout: Layout) -> LayoutBody:
    return LayoutBody(
        encoding=layout.encoding,
        delimiter=layout.delimiter,
        header=layout.header,
        sample=layout.sample,
        mapping=layout.mapping,
    )
