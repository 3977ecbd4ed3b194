"""An export: what was asked, how far it is, and where the file lies."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from huntaze import queue_bodies
from huntaze.queue_bodies import id_in

KEPT_FOR = timedelta(days=7)  # the bucket's lifecycle says the same
# After this long nobody works on it any more: its message was lost between commit and queue, or waits with many others.
BEGUN_WITHIN = timedelta(minutes=5)
# A worker that has not been heard of for this long is dead.
LEASE = timedelta(minutes=2)
TICKET_VERSION = 1
_TICKET_FIELDS = frozenset({"workspaceId", "exportId"})


class Status(StrEnum):
    """How far an export is; ready and failed are the end."""

    REQUESTED = "requested"
    WRITING = "writing"
    READY = "ready"
    FAILED = "failed"

    @property
    def final(self) -> bool:
        """Whether nothing changes any more."""
        return self in {Status.READY, Status.FAILED}


@dataclass(frozen=True, slots=True, kw_only=True)
class NewExport:
    """What somebody asks for: filters and sorting as they stand in the address of the table."""

    filters: Mapping[str, str]
    sort: str
    expected_rows: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Export(NewExport):
    """An export of this workspace; `rows` grows while it is written, `error` says why there is no file."""

    id: UUID
    requested_by: UUID
    status: Status
    rows: int
    bytes: int | None
    object_key: str | None
    error: str | None
    lease_until: datetime | None
    created_at: datetime
    expires_at: datetime

    @property
    def file_name(self) -> str:
        """The name of the file for who downloads it."""
        return f"fans-{self.created_at:%Y-%m-%d-%H%M}.csv"

    def stuck(self, now: datetime) -> bool:
        """Whether it waits for somebody who will not come; the page then offers to try again."""
        if self.status is Status.WRITING:
            return self.lease_until is None or self.lease_until < now
        return self.status is Status.REQUESTED and self.created_at + BEGUN_WITHIN < now

    def under_way(self, now: datetime) -> bool:
        """Whether waiting makes sense."""
        return not self.status.final and not self.stuck(now)


@dataclass(frozen=True, slots=True)
class Ticket:
    """What one queue message says: which export is to be written."""

    workspace_id: UUID
    export_id: UUID

    @property
    def group(self) -> str:
        """The queue is fair among workspaces."""
        return str(self.workspace_id)

    def body(self) -> str:
        """The text of the queue message."""
        return queue_bodies.written(TICKET_VERSION, workspaceId=str(self.workspace_id), exportId=str(self.export_id))


def ticket(body: str) -> Ticket:
    """Read a queue message strictly: anything unexpected is poison, told by field and never by value."""
    fields = queue_bodies.read(body, TICKET_VERSION, _TICKET_FIELDS, what="an export's ticket")
    return Ticket(id_in(fields, "workspaceId"), id_in(fields, "exportId"))
