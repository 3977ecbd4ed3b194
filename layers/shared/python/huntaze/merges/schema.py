"""Merges as the API takes and gives them."""

from datetime import datetime
from typing import Annotated, Self
from uuid import UUID

from pydantic import Field

from huntaze.cursors import Bookmarks
from huntaze.merges.model import NamedMerge
from huntaze.paging import Page
from huntaze.schema import Id, Incoming, Outgoing


class MergesQuery(Incoming):
    """Which stretch of the merges is wanted."""

    limit: Annotated[int, Field(ge=1, le=100, description="How many at most.")] = 50
    cursor: Annotated[str | None, Field(description="`nextCursor` of the page before.")] = None


class NewMergeBody(Incoming):
    """Two fans who are one person."""

    kept_id: Annotated[Id, Field(description="Who is shown for both from now on.")]
    merged_id: Annotated[Id, Field(description="Who is hidden, and whose past shows with the kept fan's.")]


class MergeBody(Outgoing):
    """A merge that can be undone."""

    id: UUID
    kept_id: UUID
    kept_name: str
    merged_id: UUID
    merged_name: str
    merged_by: UUID
    merged_by_name: str
    merged_at: datetime
    reversible_until: datetime

    @classmethod
    def of(cls, named: NamedMerge) -> Self:
        """A merge as the API shows it."""
        merge = named.merge
        return cls(
            id=merge.id,
            kept_id=merge.kept_id,
            kept_name=named.kept_name,
            merged_id=merge.merged_id,
            merged_name=named.merged_name,
            merged_by=merge.merged_by,
            merged_by_name=named.merged_by_name,
            merged_at=merge.merged_at,
            reversible_until=merge.reversible_until,
        )


class MergesBody(Outgoing):
    """A page of merges."""

    merges: list[MergeBody]
    next_cursor: str | None

    @classmethod
    def of(cls, page: Page[NamedMerge], bookmarks: Bookmarks) -> Self:
        """A page as the API shows it."""
        return cls(merges=[MergeBody.of(merge) for merge in page.items], next_cursor=bookmarks.cursor(page.next))
