"""Notes as the API takes and gives them."""

from datetime import datetime
from typing import Annotated, Self
from uuid import UUID

from pydantic import Field

from huntaze.cursors import Bookmarks
from huntaze.notes.model import Note
from huntaze.paging import Page
from huntaze.schema import Incoming, Outgoing, text


class NotesQuery(Incoming):
    """Which stretch of the notes is wanted."""

    limit: Annotated[int, Field(ge=1, le=100, description="How many at most.")] = 50
    cursor: Annotated[str | None, Field(description="`nextCursor` of the page before.")] = None


class NewNoteBody(Incoming):
    """The words of a note."""

    text: Annotated[str, text(shortest=1, longest=5_000)]


class NoteBody(Outgoing):
    """A note."""

    id: UUID
    fan_id: UUID
    author_id: UUID
    author_name: str
    text: str
    created_at: datetime
    updated_at: datetime

    @classmethod
    def of(cls, note: Note) -> Self:
        """A note as the API shows it."""
        return cls(**{name: getattr(note, name) for name in cls.model_fields})


class NotesBody(Outgoing):
    """A page of notes."""

    notes: list[NoteBody]
    next_cursor: str | None

    @classmethod
    def of(cls, page: Page[Note], bookmarks: Bookmarks) -> Self:
        """A page as the API shows it."""
        return cls(notes=[NoteBody.of(note) for note in page.items], next_cursor=bookmarks.cursor(page.next))
