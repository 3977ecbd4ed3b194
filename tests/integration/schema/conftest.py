from collections.abc import Iterator
from typing import Any

import psycopg
import pytest

from local.servers import Postgres
from tests.conftest import Database
from tests.support.workspaces import A_HASH, MAX, ZOE, Workspace, seed_two_workspaces

CROWD = """
INSERT INTO fans (workspace_id, id, name, platform, handle, tags, value_cents, last_seen_at)
SELECT %s, gen_random_uuid(), 'Fan ' || number, 'onlyfans', md5(number::text), jsonb_build_array('t' || number),
       number, now() - number * interval '1 hour'
FROM generate_series(1, 3000) AS number
"""
# As if the campaign had been launched: its rules are tested elsewhere.
RECIPIENTS = """
INSERT INTO campaign_recipients (workspace_id, campaign_id, fan_id, status, reason, account_id, content_hash)
SELECT workspace_id, %s, id, CASE WHEN value_cents %% 2 = 0 THEN 'pending' ELSE 'skipped' END, 'odd', %s, %s FROM fans
WHERE workspace_id = %s AND id <> %s
"""
TIPS = """
INSERT INTO transactions
    (workspace_id, id, fan_id, platform, platform_transaction_id, kind, amount_cents, occurred_at)
SELECT workspace_id, gen_random_uuid(), id, platform, id, 'tip', 500, seen_key FROM fans
WHERE workspace_id = %s AND last_seen_at IS NOT NULL
"""

# Some unread, some archived, some on a platform of few.
TALK = """
INSERT INTO conversations (workspace_id, id, fan_id, platform, unread_count, unanswered, archived, last_message_at)
SELECT workspace_id, id, id, CASE WHEN value_cents %% 40 = 2 THEN 'patreon' ELSE platform END,
    CASE WHEN value_cents %% 50 = 1 THEN 1 ELSE 0 END, value_cents %% 40 = 1, value_cents %% 5 = 0, seen_key
FROM fans WHERE workspace_id = %s AND last_seen_at IS NOT NULL
"""
WORDS = """
INSERT INTO messages (workspace_id, id, conversation_id, fan_id, direction, status, text, occurred_at)
SELECT workspace_id, gen_random_uuid(), id, id, 'in', 'received', 'Hi', seen_key FROM fans
WHERE workspace_id = %s AND last_seen_at IS NOT NULL
"""
TRIES = """
INSERT INTO delivery_attempts (
    workspace_id, id, message_id, account_id, claimed_at, lease_until, token_returns_at, answered_at, settled_at,
    outcome
)
SELECT workspace_id, gen_random_uuid(), messages.id, %s, at, at, at, at, at, 'refused'
FROM messages, generate_series(1, 2), LATERAL (SELECT occurred_at AS at) AS tried WHERE workspace_id = %s
"""


@pytest.fixture
def workspaces(database: Database) -> tuple[Workspace, Workspace]:
    return seed_two_workspaces(database.hand.connection)


@pytest.fixture
def zoe(workspaces: tuple[Workspace, Workspace]) -> Workspace:
    return workspaces[0]


@pytest.fixture
def app(database: Database) -> Iterator[psycopg.Connection[Any]]:
    """The database as the functions see it."""
    with psycopg.connect(database.app, autocommit=True) as connection:
        yield connection


@pytest.fixture
def superuser(database: Database) -> Iterator[psycopg.Connection[Any]]:
    """The database without any rule: to look at what is really there."""
    with psycopg.connect(database.superuser, autocommit=True) as connection:
        yield connection


@pytest.fixture
def catalog(postgres: Postgres, migrated_template: str) -> Iterator[psycopg.Connection[Any]]:
    """The migrated schema to read in: no copy is made of it."""
    with psycopg.connect(postgres.superuser_conninfo(migrated_template), autocommit=True) as connection:
        connection.execute("SET default_transaction_read_only = on")
        yield connection


@pytest.fixture(scope="session")
def seeded(postgres: Postgres, migrated_template: str) -> str:
    """A database with two workspaces in it, shared by the tests that leave no trace."""
    postgres.create_database("seeded", template=migrated_template)
    with psycopg.connect(postgres.superuser_conninfo("seeded"), autocommit=True) as connection:
        seed_two_workspaces(connection)
    return "seeded"


@pytest.fixture
def trial(postgres: Postgres, seeded: str) -> Iterator[psycopg.Connection[Any]]:
    """The functions' connection to the seeded workspaces; whatever a test does there is undone."""
    with (
        psycopg.connect(postgres.app_conninfo(seeded), autocommit=True) as connection,
        connection.transaction(force_rollback=True),
    ):
        yield connection


@pytest.fixture(scope="session")
def crowded(postgres: Postgres, migrated_template: str) -> Iterator[str]:
    """Two workspaces with some thousand fans in each."""
    postgres.create_database("crowded", template=migrated_template)  # "seeded" grows by what tests undo in it
    conninfo = postgres.superuser_conninfo("crowded")
    with psycopg.connect(conninfo, autocommit=True) as connection:
        seed_two_workspaces(connection)
        for workspace in (ZOE, MAX):
            connection.execute(CROWD, [workspace.id])
            connection.execute(TIPS, [workspace.id])
            connection.execute(TALK, [workspace.id])
            connection.execute(WORDS, [workspace.id])
            connection.execute(TRIES, [workspace.of("account"), workspace.id])
            connection.execute("SET session_replication_role = replica")
            recipients = [
                workspace.of("campaign"),
                workspace.of("account"),
                A_HASH,
                workspace.id,
                workspace.of("merged fan"),
            ]
            connection.execute(RECIPIENTS, recipients)
            connection.execute("SET session_replication_role = origin")
        connection.execute("VACUUM ANALYZE")
    yield conninfo
    postgres.drop_database("crowded")


@pytest.fixture
def planning(crowded: str) -> Iterator[psycopg.Connection[Any]]:
    with psycopg.connect(crowded, autocommit=True) as connection:
        yield connection
