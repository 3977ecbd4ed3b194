"""The workspace in PostgreSQL."""

from typing import Any
from uuid import UUID

from psycopg import Connection

from huntaze.errors import NotFound
from huntaze.workspaces.model import Changes, NewWorkspace, Workspace

GET = """
SELECT id, name, timezone, currency, created_at, updated_at FROM workspaces WHERE workspaces.id = %(workspace_id)s
"""
TO_CHANGE = " FOR NO KEY UPDATE"
CHANGE = """
UPDATE workspaces SET {changes} WHERE workspaces.id = %(workspace_id)s
RETURNING id, name, timezone, currency, created_at, updated_at
"""
ADD = """
INSERT INTO workspaces (id, name, timezone, currency) VALUES (%(workspace_id)s, %(name)s, %(timezone)s, %(currency)s)
ON CONFLICT (id) DO NOTHING
"""
CHANGEABLE = Changes.__annotations__.keys()  # also the names of the columns


class PostgresWorkspace:
    """One workspace, inside one transaction."""

    def __init__(self, connection: Connection[dict[str, Any]], workspace_id: UUID) -> None:
        self._connection = connection
        self._workspace_id = workspace_id

    def add(self, new: NewWorkspace) -> bool:
        """Keep it, whole and empty; whether it was not there before."""
        about = {"name": new.name, "timezone": new.timezone, "currency": new.currency}
        return self._connection.execute(ADD, {"workspace_id": self._workspace_id, **about}).rowcount == 1

    def get(self) -> Workspace:
        """The workspace."""
        return self._one(GET)

    def get_to_change(self) -> Workspace:
        """The same, and nobody else changes it before this transaction ends."""
        return self._one(GET + TO_CHANGE)

    def change(self, changes: Changes) -> Workspace:
        """Change what is in `changes`."""
        values = {column: value for column, value in changes.items() if column in CHANGEABLE}
        return self._one(CHANGE.format(changes=", ".join(f"{column} = %({column})s" for column in values)), **values)

    def _one(self, statement: str, **parameters: object) -> Workspace:
        row = self._connection.execute(statement, {"workspace_id": self._workspace_id, **parameters}).fetchone()
        if row is None:
            raise NotFound
        return Workspace(**row)
