"""Imports as the API shows them: how far one is, what happens to its rows, and what came of a small file."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Annotated, Self
from uuid import UUID

from pydantic import Field

from huntaze.cursors import Bookmarks
from huntaze.imports.model import Import, PlannedRow, Status, Upload
from huntaze.imports.reasons import words
from huntaze.imports.schema import ImportStatus, RowAction, place
from huntaze.imports.told import ChoicesBody, Column, CountsBody, FailureBody, LayoutBody, Row
from huntaze.schema import Outgoing


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
            choices=ChoicesBody.model_validate(known.choices),
            layout=LayoutBody.model_validate(known.layout) if known.layout else None,
            plan=known.plan,
            plan_hash=known.plan_hash.hex() if known.plan_hash else None,
            planned=CountsBody.of(known.planned),
            done=CountsBody.of(known.done),
            undone=CountsBody.of(known.undone),
            error=FailureBody.of(known),
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
