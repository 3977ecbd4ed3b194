"""Outgoing messages for tests that need one in a certain state, brought there by the ways that are allowed."""

from contextlib import nullcontext
from datetime import timedelta
from typing import Any
from uuid import UUID

import psycopg
from psycopg.rows import tuple_row
from psycopg.types.json import Jsonb

from tests.support.workspaces import NOON, Row, Workspace, acting, draft_message, insert

Connection = psycopg.Connection[Any]

HASH = """
SELECT message_hash(%(fan_id)s, %(account_id)s, %(text)s, %(price_cents)s, %(currency)s, %(attachments)s)
"""
STEP = """
UPDATE messages SET status = %(to)s, queued_at = now(), sent_at = now(), approved_by = %(approver)s,
    approved_at = coalesce(approved_at, %(at)s), approved_hash = content_hash
WHERE workspace_id = %(workspace_id)s AND id = %(id)s
"""
LAUNCH = """
UPDATE campaigns SET status = 'active', approved_by = %(by)s, approved_at = %(at)s, approved_hash = content_hash,
    launched_at = %(at)s, started_at = %(at)s, filled_at = %(at)s
WHERE workspace_id = %(workspace_id)s AND id = %(id)s
"""
# The steps from a draft to each state. A claim needs an attempt, so `move` makes one where it says sending.
ROUTES = {
    "draft": (),
    "queued": ("queued",),
    "sending": ("queued", "sending"),
    "sent": ("queued", "sending", "sent"),
    "failed": ("queued", "sending", "failed"),
    "unknown": ("queued", "sending", "unknown"),
    "cancelled": ("queued", "cancelled"),
}


def approved_message(connection: Connection, workspace: Workspace, **changes: object) -> Row:
    """A message as a use case inserts it: queued, with the hash of what the person saw, who is to act meanwhile."""
    content = {"price_cents": 0, "currency": "USD", "attachments": Jsonb([])}
    row = {**draft_message(workspace), **content, "id": workspace.of("approved message"), **changes}
    found = connection.cursor(row_factory=tuple_row).execute(HASH, row).fetchone()
    assert found is not None
    approval = {"approved_by": workspace.of("chatter"), "approved_at": NOON, "approved_hash": found[0]}
    return {**row, "status": "queued", "queued_at": NOON, **approval, **changes}


def recipient(connection: Connection, workspace: Workspace) -> None:
    """The fan gets the seeded campaign, which has been launched; the database makes the words."""
    ids = {"workspace_id": workspace.id, "campaign_id": workspace.of("campaign"), "fan_id": workspace.of("fan")}
    insert(connection, "campaign_recipients", {**ids, "account_id": workspace.of("account")})


def launch(connection: Connection, workspace: Workspace) -> None:
    """The manager launches the seeded campaign, and the fan is its recipient."""
    with acting(connection, workspace.of("manager")):
        ids = {"workspace_id": workspace.id, "id": workspace.of("campaign"), "by": workspace.of("manager")}
        connection.execute(LAUNCH, {**ids, "at": NOON})
    recipient(connection, workspace)


def campaign_message(connection: Connection, workspace: Workspace) -> UUID:
    """What the seeded campaign, launched now, has let out to the fan."""
    launch(connection, workspace)
    act = {"approved_by": workspace.of("manager"), "approved_at": NOON, "campaign_id": workspace.of("campaign")}
    new = workspace.of("a campaign's message")
    row = approved_message(connection, workspace, **act, id=new)
    insert(connection, "messages", row)
    connection.execute(
        "UPDATE campaign_recipients SET message_id = %s, status = 'queued' WHERE workspace_id = %s AND fan_id = %s",
        [new, workspace.id, workspace.of("fan")],
    )
    return new


def campaign_under_way(connection: Connection, workspace: Workspace, name: str, *, paused: bool = False) -> None:
    """A campaign that the manager has launched and that has failed with the one fan it is for."""
    ids = {"workspace_id": workspace.id, "id": workspace.of(name)}
    words = {"template": Jsonb({"content": "Hello"}), "target_audience": Jsonb({"recipientIds": []})}
    insert(connection, "campaigns", {**ids, "name": name, "type": "campaign", **words})
    with acting(connection, workspace.of("manager")):
        connection.execute(LAUNCH, {**ids, "by": workspace.of("manager"), "at": NOON})
    row = {"workspace_id": workspace.id, "campaign_id": ids["id"], "fan_id": workspace.of("fan")}
    insert(connection, "campaign_recipients", {**row, "account_id": workspace.of("account")})
    act = {"approved_by": workspace.of("manager"), "approved_at": NOON, "campaign_id": ids["id"]}
    message = workspace.of(f"a message of {name}")
    insert(connection, "messages", approved_message(connection, workspace, **act, id=message))
    connection.execute(
        "UPDATE campaign_recipients SET message_id = %s, status = 'queued'"
        " WHERE workspace_id = %s AND campaign_id = %s",
        [message, workspace.id, ids["id"]],
    )
    claim(connection, workspace, message)
    for status in ("sending", "failed"):
        connection.execute(
            "UPDATE messages SET status = %s, last_error = 'refused' WHERE workspace_id = %s AND id = %s",
            [status, workspace.id, message],
        )
    if paused:
        connection.execute(
            "UPDATE campaigns SET status = 'paused', pause_reason = 'person' WHERE workspace_id = %s AND id = %s",
            [workspace.id, ids["id"]],
        )


def message_in(
    connection: Connection, workspace: Workspace, status: str, message_id: UUID | None = None, **changes: object
) -> UUID:
    """A message that went the shortest way from draft to this state; inside the workspace's transaction."""
    new = message_id or workspace.of(f"a {status} message")
    insert(connection, "messages", draft_message(workspace, id=new, **changes))
    for step in ROUTES[status]:
        move(connection, workspace, new, step)
    return new


def move(connection: Connection, workspace: Workspace, message_id: UUID, to: str) -> None:
    """One step, with everything else in place that the new state asks for; the chatter approves, a machine sends."""
    if to == "sending":
        claim(connection, workspace, message_id)
    step = {"to": to, "approver": workspace.of("chatter"), "at": NOON, "workspace_id": workspace.id, "id": message_id}
    with acting(connection, workspace.of("chatter")) if to == "queued" else nullcontext():
        connection.execute(STEP, step)


def claim(connection: Connection, workspace: Workspace, message_id: UUID) -> UUID:
    """An attempt of this message, noted on it."""
    attempt = {
        "workspace_id": workspace.id,
        "id": workspace.of(f"attempt at {message_id}"),
        "message_id": message_id,
        "account_id": workspace.of("account"),
        "claimed_at": NOON,
        "lease_until": NOON + timedelta(seconds=30),
        "token_returns_at": NOON + timedelta(seconds=90),
    }
    insert(connection, "delivery_attempts", attempt)
    connection.execute(
        "UPDATE messages SET attempt_id = %s, claims = claims + 1 WHERE workspace_id = %s AND id = %s",
        [attempt["id"], workspace.id, message_id],
    )
    return workspace.of(f"attempt at {message_id}")
