"""Tombstones in PostgreSQL: hashes alone, which the application adds to and never takes away."""

from collections.abc import Collection
from typing import Any
from uuid import UUID

from psycopg import Connection

from huntaze.tombstones.model import Mark

COUNT = """
SELECT count(*) AS found FROM tombstones WHERE workspace_id = %(workspace_id)s
"""
KNOWN = """
SELECT hash FROM tombstones WHERE workspace_id = %(workspace_id)s AND hash = ANY(%(hashes)s)
"""
# Somebody erased before may be erased again under another name; what is known stays as it is.
KEEP = """
INSERT INTO tombstones (workspace_id, hash, kind, erasure_id)
VALUES (%(workspace_id)s, %(hash)s, %(kind)s, %(erasure_id)s)
ON CONFLICT DO NOTHING
"""


class PostgresTombstones:
    """The tombstones of one workspace, inside one transaction."""

    def __init__(self, connection: Connection[dict[str, Any]], workspace_id: UUID) -> None:
        self._connection = connection
        self._workspace_id = workspace_id

    def count(self) -> int:
        """How many there are: none where nobody was ever erased."""
        (row,) = self._connection.execute(COUNT, {"workspace_id": self._workspace_id}).fetchall()
        return int(row["found"])

    def known(self, hashes: Collection[bytes]) -> frozenset[bytes]:
        """Which of these are there."""
        asked = {"workspace_id": self._workspace_id, "hashes": list(hashes)}
        return frozenset(row["hash"] for row in self._connection.execute(KNOWN, asked))

    def keep(self, erasure_id: UUID, found: Collection[Mark]) -> None:
        """Remember these for good."""
        rows = [
            {"workspace_id": self._workspace_id, "erasure_id": erasure_id, "kind": mark.kind, "hash": mark.hash}
            for mark in found
        ]
        if rows:
            self._connection.cursor().executemany(KEEP, rows)
