"""What a queue says to whoever counts: which workspace, and nothing else."""

from dataclasses import dataclass
from uuid import UUID

from huntaze.queue_bodies import id_in, read, written

_FIELDS = frozenset({"workspaceId"})


@dataclass(frozen=True, slots=True)
class Ticket:
    """Something is to be counted in a workspace."""

    workspace_id: UUID

    @property
    def group(self) -> str:
        """The queue is fair among workspaces."""
        return str(self.workspace_id)

    def body(self) -> str:
        """The text of the queue message."""
        return written(1, workspaceId=str(self.workspace_id))

    @classmethod
    def read(cls, body: str) -> "Ticket":
        """From the text of a queue message; Invalid where it is no such text."""
        return cls(id_in(read(body, 1, _FIELDS, what="a workspace to count"), "workspaceId"))
