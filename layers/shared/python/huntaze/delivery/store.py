"""The outbox in PostgreSQL: what is put on queues once the transaction that wrote it has committed."""

from datetime import datetime
from typing import Any
from uuid import UUID

from psycopg import Connection

PUT_PERMIT = """
INSERT INTO outbox (workspace_id, id, kind, account_id, message_id, due_at)
VALUES (%(workspace_id)s, %(id)s, 'permit', %(account_id)s, %(message_id)s, %(due_at)s)
"""


class PostgresOutbox:
    """The outbox of one workspace, inside one transaction."""

    def __init__(self, connection: Connection[dict[str, Any]], workspace_id: UUID) -> None:
        self._connection = connection
        self._workspace_id = workspace_id

    def put_permit(self, permit_id: UUID, account_id: UUID, message_id: UUID, due_at: datetime) -> None:
        """Wake the sender for this message."""
        permit = {"id": permit_id, "account_id": account_id, "message_id": message_id, "due_at": due_at}
        self._connection.execute(PUT_PERMIT, {"workspace_id": self._workspace_id, **permit})
