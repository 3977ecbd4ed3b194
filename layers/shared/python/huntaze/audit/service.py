"""Keeping what people did, in the transaction in which they did it."""

from typing import Any, Protocol
from uuid import UUID

from huntaze.audit.model import Action


class AuditTrail(Protocol):
    """The audit log of one workspace, inside one transaction."""

    def record(self, action: Action, object_id: UUID | None = None, **details: Any) -> None:
        """Keep what the one who acts in this transaction has just done, as the last thing that a use case writes.

        Whoever writes an entry holds the end of the workspace's chain until the transaction ends: what comes after it
        makes others wait, and what locks after it could make two wait for each other. Details are ids, numbers and our
        own words, never what somebody wrote or who somebody is: an entry cannot be erased.
        """
        ...
