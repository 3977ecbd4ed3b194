"""Loads the demo the way the application writes: as its role, under row-level security, by the rules of messages."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import psycopg

from local.demo.generator import generate
from local.demo.launching import complete, launch, reach
from local.demo.rows import TABLES, Row, Story
from local.demo.sending import write_messages
from local.demo.unfinished import leave_unfinished
from local.demo.workplace import workplace
from local.demo.workspaces import DEMO, DemoWorkspace
from local.demo.writing import Connection, act_as, insert
from local.stack import Servers

SEED = 1

# Accounts are never deleted, so they tell for good that the demo has been here.
_LOADED = "SELECT FROM platform_connections WHERE workspace_id = %(workspace_id)s AND id = ANY(%(accounts)s)"
_LEAVE_ALONE = """
UPDATE fans SET do_not_contact = true WHERE workspace_id = %(workspace_id)s AND id = ANY(%(ids)s::uuid[])
"""
_ONE_AT_A_TIME = "SELECT pg_advisory_xact_lock(hashtextextended(%(workspace_id)s, 0))"


def load_demo(servers: Servers) -> None:
    """Load the demo where it is missing; what somebody changed since stays as it is."""
    load(servers.database(), datetime.now(UTC))


def load(conninfo: str, now: datetime, workspaces: Sequence[DemoWorkspace] = DEMO) -> None:
    """The same into any database whose workspaces have their members; the demo's year ends now."""
    with ThreadPoolExecutor(len(workspaces)) as pool:
        list(pool.map(lambda workspace: _load(conninfo, now, workspace), workspaces))


def _load(conninfo: str, now: datetime, workspace: DemoWorkspace) -> None:
    """Everything or nothing: one transaction."""
    creator = workspace.creator
    marks = {"workspace_id": creator.workspace_id, "accounts": list(creator.accounts.values())}
    with psycopg.connect(conninfo) as connection:
        connection.execute(_ONE_AT_A_TIME, marks)
        act_as(connection, creator.workspace_id)
        if connection.execute(_LOADED, marks).fetchone() is not None:
            return
        for table, rows in workplace(workspace, now):
            insert(connection, table, rows)
        stories = list(generate(creator, workspace.amount, seed=SEED, now=now))
        leave_unfinished(stories, creator, now, drafts=workspace.drafts, in_trouble=workspace.in_trouble)
        _write(connection, workspace, now, stories)


def _write(connection: Connection, workspace: DemoWorkspace, now: datetime, stories: Sequence[Story]) -> None:
    creator = workspace.creator
    threads = [story.thread for story in stories if story.thread]
    recipients = [story.recipient for story in stories if story.recipient]
    _insert(connection, [story.fan._replace(do_not_contact=False) for story in stories])
    _insert(connection, [thread.conversation for thread in threads])
    if creator.campaign:
        launch(connection, creator, creator.campaign, now, recipients)
        _insert(connection, recipients)
    write_messages(
        connection,
        creator.workspace_id,
        [message for thread in threads for message in thread.messages],
        [attempt for thread in threads for attempt in thread.attempts],
    )
    if creator.campaign:
        reach(connection, creator, creator.campaign)
    # They asked for it one day; what was written to them before had been welcome.
    unwanted = [story.fan.id for story in stories if story.fan.do_not_contact]
    connection.execute(_LEAVE_ALONE, {"workspace_id": creator.workspace_id, "ids": unwanted})
    # What a payment was for is found by the platform's id, as it is when the platform tells of it.
    _insert(connection, [paid._replace(message_id=None) for story in stories for paid in story.transactions])
    _insert(connection, [note for story in stories for note in story.notes])
    _insert(connection, [draft for story in stories for draft in story.drafts])
    if creator.campaign:
        complete(connection, creator, creator.campaign, recipients)


def _insert(connection: Connection, rows: Sequence[Row]) -> None:
    if rows:
        insert(connection, TABLES[type(rows[0])], [row._asdict() for row in rows])
