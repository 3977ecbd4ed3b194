"""Long audit logs, made at once: one entry a time would update the end of the chain a hundred thousand times."""

from typing import Any

import psycopg

from tests.support.workspaces import Workspace

# What the trigger does for one entry, for as many as are wanted, behind what is there already.
GROW = """
CREATE OR REPLACE FUNCTION pg_temp.grow_audit(workspace uuid, actor uuid, entries integer) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
    entry audit_log;
    head audit_heads;
BEGIN
    SELECT * INTO head FROM audit_heads WHERE workspace_id = workspace;
    FOR number IN 1..entries LOOP
        entry := (
            workspace, gen_random_uuid(), clock_timestamp(), CASE WHEN number % 3 > 0 THEN actor END, 'fan.updated',
            'fan', gen_random_uuid(), '{"fields": ["name", "notes"]}', coalesce(head.position, 0) + number, head.hash,
            NULL
        );
        entry.hash := audit_hash(entry);
        head.hash := entry.hash;
        INSERT INTO audit_log SELECT entry.*;
    END LOOP;
    INSERT INTO audit_heads VALUES (workspace, entry.position, entry.hash)
    ON CONFLICT (workspace_id) DO UPDATE SET position = excluded.position, hash = excluded.hash;
END
$$
"""


def grow(superuser: psycopg.Connection[Any], workspace: Workspace, entries: int) -> None:
    """Add so many entries to a workspace's log, chained as the trigger would chain them."""
    with superuser.transaction():
        superuser.execute("SET LOCAL session_replication_role = replica")
        superuser.execute(GROW)
        superuser.execute("SELECT pg_temp.grow_audit(%s, %s, %s)", [workspace.id, workspace.of("owner"), entries])
