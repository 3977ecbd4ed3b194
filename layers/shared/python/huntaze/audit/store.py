"""The audit log in PostgreSQL. The database adds who acts, when, and the entry's place in the chain."""

from typing import Any
from uuid import UUID

from psycopg import Connection
from psycopg.types.json import Jsonb

from huntaze.audit.model import Action
from huntaze.ids import new_id

RECORD = """
INSERT INTO audit_log (workspace_id, id, action, object_kind, object_id, details)
VALUES (%(workspace_id)s, %(id)s, %(action)s, %(object_kind)s, %(object_id)s, %(details)s)
"""


class PostgresAuditTrail:
    """The audit log of one workspace, inside one transaction."""

    def __init__(self, connection: Connection[dict[str, Any]], workspace_id: UUID) -> None:
        self._connection = connection
        self._workspace_id = workspace_id

    def record(self, action: Action, object_id: UUID | None = None, **details: Any) -> None:
        """Keep what the one who acts in this transaction has just done, as the last thing that a use case writes."""
        entry = {
            "workspace_id": self._workspace_id,
            "id": new_id(),
            "action": action,
            "object_kind": action.object_kind,
            "object_id": object_id,
            "details": Jsonb(details),
        }
        self._connection.execute(RECORD, entry)
