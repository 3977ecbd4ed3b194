"""Erasures as the API takes and gives them."""

from datetime import datetime
from typing import Annotated, Literal, Self
from uuid import UUID

from pydantic import Field

from huntaze.cursors import Bookmarks
from huntaze.erasures.model import Erasure, State
from huntaze.paging import Page
from huntaze.schema import Incoming, Outgoing


class ErasureConfirmation(Incoming):
    """Said on purpose: there is no way back."""

    confirm: Annotated[Literal[True], Field(description="Nobody can undo this.")]


class ErasuresQuery(Incoming):
    """Which stretch of the erasures is wanted."""

    limit: Annotated[int, Field(ge=1, le=100, description="How many at most.")] = 50
    cursor: Annotated[str | None, Field(description="`nextCursor` of the page before.")] = None


class ErasureBody(Outgoing):
    """Somebody was forgotten. The rows are gone; `sweeping` while files that may hold them are being deleted."""

    id: UUID
    fan_id: UUID
    requested_by: UUID
    requested_by_name: str
    requested_at: datetime
    state: State
    removed: Annotated[dict[str, int], Field(description="How many records of which kind.")]
    files_deleted_at: datetime | None
    done_at: datetime | None

    @classmethod
    def of(cls, erasure: Erasure) -> Self:
        """An erasure as the API shows it."""
        return cls(
            id=erasure.id,
            fan_id=erasure.fan_id,
            requested_by=erasure.requested_by,
            requested_by_name=erasure.requested_by_name,
            requested_at=erasure.requested_at,
            state=erasure.state,
            removed=dict(erasure.removed),
            files_deleted_at=erasure.swept_at,
            done_at=erasure.done_at,
        )


class ErasuresBody(Outgoing):
    """A page of erasures."""

    erasures: list[ErasureBody]
    next_cursor: str | None

    @classmethod
    def of(cls, page: Page[Erasure], bookmarks: Bookmarks) -> Self:
        """A page as the API shows it."""
        found = [ErasureBody.of(erasure) for erasure in page.items]
        return cls(erasures=found, next_cursor=bookmarks.cursor(page.next))
