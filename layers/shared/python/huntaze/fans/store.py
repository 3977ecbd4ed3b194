"""Fans in PostgreSQL."""

from datetime import datetime
from typing import Any
from uuid import UUID

from psycopg import Connection
from psycopg.types.json import Jsonb

from huntaze.errors import Conflict
from huntaze.fans.model import Fan, NewFan, Platform, Position, SubscriptionStatus
from huntaze.money import Money

ADD = """
INSERT INTO fans (
    workspace_id, id, name, platform, platform_id, handle, email, phone, avatar, tags, value_cents, currency,
    subscription_status, last_seen_at, do_not_contact, notes, metadata, created_at, updated_at
) VALUES (
    %(workspace_id)s, %(id)s, %(name)s, %(platform)s, %(platform_id)s, %(handle)s, %(email)s, %(phone)s, %(avatar)s,
    %(tags)s, %(value_cents)s,
    coalesce(%(currency)s, (SELECT workspaces.currency FROM workspaces WHERE workspaces.id = %(workspace_id)s)),
    %(subscription_status)s, %(last_seen_at)s, %(do_not_contact)s, %(notes)s, %(metadata)s, %(at)s, %(at)s
)
ON CONFLICT ON CONSTRAINT fans_known_once DO NOTHING
RETURNING
    id, name, platform, platform_id, handle, email, phone, avatar, tags, value_cents, currency,
    subscription_status, last_seen_at, last_message_at, do_not_contact, notes, metadata, created_at, updated_at
"""

# Conditions are put in only when they are asked for: `… IS NULL OR …` would keep a kept plan off the index.
NEWEST = """
SELECT
    id, name, platform, platform_id, handle, email, phone, avatar, tags, value_cents, currency,
    subscription_status, last_seen_at, last_message_at, do_not_contact, notes, metadata, created_at, updated_at
FROM fans
WHERE workspace_id = %(workspace_id)s AND deleted_at IS NULL{conditions}
ORDER BY created_at DESC, id DESC
LIMIT %(limit)s
"""
ON_PLATFORM = " AND platform = %(platform)s"
AFTER = " AND (created_at, id) < (%(after_created_at)s, %(after_id)s)"


class PostgresFans:
    """The fans of one workspace, inside one transaction."""

    def __init__(self, connection: Connection[dict[str, Any]], workspace_id: UUID) -> None:
        self._connection = connection
        self._workspace_id = workspace_id

    def add(self, new: NewFan, fan_id: UUID, at: datetime) -> Fan:
        """Keep a new fan; Conflict when the platform's id is taken."""
        row = self._connection.execute(ADD, self._row(new, fan_id, at)).fetchone()
        if row is None:
            raise Conflict("There is a fan with this platformId on this platform already.")
        return _fan(row)

    def newest(self, limit: int, platform: Platform | None, after: Position | None) -> list[Fan]:
        """Fans from the newest on, or from a place on."""
        parameters: dict[str, object] = {"workspace_id": self._workspace_id, "limit": limit}
        conditions = ""
        if platform is not None:
            conditions += ON_PLATFORM
            parameters |= {"platform": platform}
        if after is not None:
            conditions += AFTER
            parameters |= {"after_created_at": after.created_at, "after_id": after.fan_id}
        return [_fan(row) for row in self._connection.execute(NEWEST.format(conditions=conditions), parameters)]

    def _row(self, new: NewFan, fan_id: UUID, at: datetime) -> dict[str, object]:
        return {
            "workspace_id": self._workspace_id,
            "id": fan_id,
            "name": new.name,
            "platform": new.platform,
            "platform_id": new.platform_id,
            "handle": new.handle,
            "email": new.email,
            "phone": new.phone,
            "avatar": new.avatar,
            "tags": Jsonb(list(new.tags)),
            "value_cents": new.value_cents,
            "currency": new.currency,
            "subscription_status": new.subscription_status,
            "last_seen_at": new.last_seen_at,
            "do_not_contact": new.do_not_contact,
            "notes": new.notes,
            "metadata": Jsonb(dict(new.metadata)),
            "at": at,
        }


def _fan(row: dict[str, Any]) -> Fan:
    cents, currency = row.pop("value_cents"), row.pop("currency")
    return Fan(
        **row
        | {
            "platform": Platform(row["platform"]),
            "subscription_status": SubscriptionStatus(row["subscription_status"]),
            "tags": tuple(row["tags"]),
            "value": Money(cents, currency),
        }
    )
