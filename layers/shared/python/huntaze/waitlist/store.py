"""The waitlist in PostgreSQL. It belongs to no workspace, and the application can only add to it."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, LiteralString
from uuid import UUID

from huntaze.waitlist.model import Awaited

# No target: naming one would need the right to read. An outer SELECT, because what looks up expects rows.
ADD = """
WITH added AS (
    INSERT INTO waitlist (id, email, platform, created_at) VALUES (%(id)s, %(email)s, %(platform)s, %(at)s)
    ON CONFLICT DO NOTHING
)
SELECT true AS done
"""

LookUp = Callable[[LiteralString, Mapping[str, object]], list[dict[str, Any]]]


class PostgresWaitlist:
    """Everybody who waits."""

    def __init__(self, look_up: LookUp) -> None:
        self._look_up = look_up

    def add(self, entry_id: UUID, email: str, platform: Awaited, at: datetime) -> None:
        """Keep that this address waits for this platform; nothing happens when it does already."""
        self._look_up(ADD, {"id": entry_id, "email": email, "platform": platform, "at": at})
