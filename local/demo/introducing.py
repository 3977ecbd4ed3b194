"""Makes the demo's creators known to the simulated platform, with the fans that the demo's data know."""

from collections.abc import Sequence
from typing import Any

import psycopg
from psycopg.rows import dict_row

from local.demo.creator import Creator
from local.demo.workspaces import DEMO, DemoWorkspace
from local.demo.writing import act_as
from local.simulator.client import Client
from local.stack import Servers

_FANS = """
SELECT platform_id AS id, coalesce(handle, platform_id) AS username, name,
       subscription_status = 'active' AS subscribed, value_cents AS spent_cents,
       to_char(last_seen_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"+00:00"') AS last_seen_at
FROM fans WHERE workspace_id = %(workspace_id)s AND platform = %(platform)s AND deleted_at IS NULL
"""
_EARNED = """
SELECT extract(epoch FROM date_trunc('day', occurred_at))::float AS at,
       CASE kind WHEN 'ppv' THEN 'message' ELSE kind::text END AS kind, sum(amount_cents)::bigint AS cents
FROM transactions WHERE workspace_id = %(workspace_id)s AND platform = %(platform)s
GROUP BY 1, 2 ORDER BY 1, 2
"""


def introduce_creators(servers: Servers) -> None:
    """Make the accounts of the demo known to the platform where they are not; safe to repeat."""
    introduce(servers.database(), Client(servers.platform))


def introduce(conninfo: str, platform: Client, workspaces: Sequence[DemoWorkspace] = DEMO) -> None:
    """The same for any database and any simulator. What an account became since stays as it is."""
    with psycopg.connect(conninfo, row_factory=dict_row) as connection:
        for workspace in workspaces:
            creator = workspace.creator
            act_as(connection, creator.workspace_id)
            for name in creator.accounts:
                _introduce(connection, platform, creator, name)


def _introduce(connection: psycopg.Connection[dict[str, Any]], platform: Client, creator: Creator, name: str) -> None:
    user = creator.user_on(name)
    known = platform.make_account(user, platform=name, username=creator.word)
    if known["fans"]:
        return
    of_account = {"workspace_id": creator.workspace_id, "platform": name}
    fans = connection.execute(_FANS, of_account).fetchall()
    platform.add_fans(user, fans, connection.execute(_EARNED, of_account).fetchall())
