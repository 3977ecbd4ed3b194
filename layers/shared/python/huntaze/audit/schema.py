"""The audit log as the API gives it."""

from dataclasses import astuple
from datetime import datetime
from typing import Annotated, Any, Self
from uuid import UUID

from pydantic import Field

from huntaze.audit.model import Action, Entry, Link, Reason, Search, Verification
from huntaze.cursors import Bookmarks, Cursors, Position
from huntaze.errors import FieldError, Invalid
from huntaze.paging import Page
from huntaze.schema import Id, Incoming, Moment, Outgoing

_NOBODY = UUID(int=0)  # a place in a verification belongs to no row


class AuditQuery(Incoming):
    """Which entries are wanted."""

    action: Annotated[Action | None, Field(description="Only this kind of action.")] = None
    actor_id: Annotated[Id | None, Field(description="Only what this member did.")] = None
    object_id: Annotated[Id | None, Field(description="Only what was done to this.")] = None
    since: Annotated[Moment | None, Field(alias="from", description="Only from this moment on.")] = None
    until: Annotated[Moment | None, Field(alias="to", description="Only before this moment.")] = None
    limit: Annotated[int, Field(ge=1, le=100, description="How many at most.")] = 50
    cursor: Annotated[str | None, Field(description="`nextCursor` of the page before, with the same filters.")] = None

    def wanted(self) -> Search:
        """The same in the language of the use case."""
        return Search(
            action=self.action,
            actor_id=self.actor_id,
            object_id=self.object_id,
            since=self.since,
            until=self.until,
        )

    def bookmarks(self, cursors: Cursors, workspace_id: UUID) -> Bookmarks:
        """The cursors of this list."""
        return cursors.of(workspace_id, "audit", *astuple(self.wanted()))


class EntryBody(Outgoing):
    """One thing that somebody did."""

    id: UUID
    position: Annotated[int, Field(description="Its place in the workspace's chain, from 1 on without gaps.")]
    at: datetime
    actor_id: Annotated[UUID | None, Field(description="Null when no member acted.")]
    actor_name: str | None
    action: str
    object_kind: str | None
    object_id: UUID | None
    details: dict[str, Any]
    hash: str

    @classmethod
    def of(cls, entry: Entry) -> Self:
        """An entry as the API shows it."""
        return cls(
            id=entry.id,
            position=entry.number,
            at=entry.at,
            actor_id=entry.actor_id,
            actor_name=entry.actor_name,
            action=entry.action,
            object_kind=entry.object_kind,
            object_id=entry.object_id,
            details=dict(entry.details),
            hash=entry.hash.hex(),
        )


class AuditBody(Outgoing):
    """A page of what people did, newest first."""

    entries: list[EntryBody]
    next_cursor: str | None

    @classmethod
    def of(cls, page: Page[Entry], bookmarks: Bookmarks) -> Self:
        """A page as the API shows it."""
        return cls(entries=[EntryBody.of(entry) for entry in page.items], next_cursor=bookmarks.cursor(page.next))


class VerificationQuery(Incoming):
    """From where to check, and an entry that was noted down earlier."""

    position: Annotated[int | None, Field(ge=1, le=2**63 - 1, description="Of an entry noted down earlier.")] = None
    hash: Annotated[
        str | None, Field(pattern="^[0-9a-fA-F]{64}$", description="The hash that was noted down with it.")
    ] = None
    cursor: Annotated[str | None, Field(description="`nextCursor` of the check so far, to go on with it.")] = None

    def noted(self) -> Link | None:
        """What was noted down; Invalid when half of it is missing."""
        if (self.position is None) != (self.hash is None):
            missing = "hash" if self.hash is None else "position"
            raise Invalid([FieldError(missing, "A position and its hash are needed together.")])
        return None if self.position is None or self.hash is None else Link(self.position, bytes.fromhex(self.hash))


def checked_before(position: Position | None) -> Link:
    """How far a check had come."""
    number, _, digest = position.key.partition(":") if position else ("0", "", "")
    return Link(int(number), bytes.fromhex(digest) if digest else None)


class LinkBody(Outgoing):
    """An entry's place and hash: noted down, they prove later that nothing up to there was changed."""

    position: int
    hash: str


class FaultBody(Outgoing):
    """The first place where the chain does not hold, and why."""

    position: int
    reason: Reason


class NotedBody(Outgoing):
    """What became of the entry that was noted down."""

    position: int
    same: bool


class VerificationBody(Outgoing):
    """Whether the chain holds."""

    holds: Annotated[bool | None, Field(description="Null while there is more to check: go on with `nextCursor`.")]
    entries: int
    head: LinkBody | None
    first_break: FaultBody | None
    noted: NotedBody | None
    checked_to: int
    checked_at: datetime
    next_cursor: str | None

    @classmethod
    def of(cls, found: Verification, bookmarks: Bookmarks) -> Self:
        """What was found, as the API shows it."""
        head, fault, noted, checked = found.head, found.fault, found.noted, found.checked_to
        place = Position(f"{checked.number}:{(checked.hash or b'').hex()}", _NOBODY)
        return cls(
            holds=found.holds,
            entries=found.entries,
            head=LinkBody(position=head.number, hash=head.hash.hex()) if head and head.hash else None,
            first_break=FaultBody(position=fault.number, reason=fault.reason) if fault else None,
            noted=NotedBody(position=noted.number, same=noted.same) if noted else None,
            checked_to=checked.number,
            checked_at=found.checked_at,
            next_cursor=None if found.complete else bookmarks.cursor(place),
        )
