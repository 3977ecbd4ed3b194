from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import LiteralString

import psycopg
import pytest

from local.demo.crowd import Amount
from local.demo.loading import load
from local.demo.workspaces import DEMO
from local.demo.writing import act_as
from tests.conftest import Database

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
SMALL = tuple(
    replace(workspace, amount=Amount(fans=60, conversations=30, messages=200, transactions=150)) for workspace in DEMO
)
# Everything but what a workspace is made of before the demo comes.
CHECKSUM = """
SELECT md5(string_agg(row::text, '|' ORDER BY row::text)) FROM (
    SELECT to_jsonb(fans) FROM fans UNION ALL SELECT to_jsonb(fan_notes) FROM fan_notes
    UNION ALL SELECT to_jsonb(conversations) FROM conversations UNION ALL SELECT to_jsonb(messages) FROM messages
    UNION ALL SELECT to_jsonb(message_transitions) FROM message_transitions
    UNION ALL SELECT to_jsonb(transactions) FROM transactions UNION ALL SELECT to_jsonb(drafts) FROM drafts
    UNION ALL SELECT to_jsonb(campaigns) FROM campaigns UNION ALL SELECT to_jsonb(quick_replies) FROM quick_replies
    UNION ALL SELECT to_jsonb(templates) FROM templates UNION ALL SELECT to_jsonb(user_profiles) FROM user_profiles
    UNION ALL SELECT to_jsonb(ai_configs) FROM ai_configs
    UNION ALL SELECT to_jsonb(platform_connections) FROM platform_connections
) AS everything (row)
"""


def everything(database: Database) -> str:
    with psycopg.connect(database.superuser) as connection:
        row = connection.execute(CHECKSUM).fetchone()
    assert row is not None
    return str(row[0])


def change(database: Database, statement: LiteralString) -> None:
    with psycopg.connect(database.app) as connection:
        act_as(connection, SMALL[0].creator.workspace_id)
        connection.execute(statement)


def test_loading_again_changes_nothing(staffed: Database) -> None:
    load(staffed.app, NOW, SMALL)
    before = everything(staffed)
    load(staffed.app, NOW + timedelta(days=3), SMALL)
    assert everything(staffed) == before


DISCONNECT: LiteralString = """
UPDATE platform_connections
SET status = 'revoked', consent_revoked_at = now(), consent_revoked_by = consent_by
"""


@pytest.mark.parametrize(
    "work",
    [
        "UPDATE fans SET name = 'Renamed', tags = '[]'",
        "UPDATE fans SET deleted_at = now()",
        "DELETE FROM quick_replies",
        "DELETE FROM fan_notes",
        DISCONNECT,
    ],
)
def test_what_people_did_since_stays_as_they_left_it(staffed: Database, work: LiteralString) -> None:
    load(staffed.app, NOW, SMALL)
    change(staffed, work)
    before = everything(staffed)
    load(staffed.app, NOW, SMALL)
    assert everything(staffed) == before


def test_two_at_once_load_it_once(staffed: Database) -> None:
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(lambda _: load(staffed.app, NOW, SMALL), range(2)))
    with psycopg.connect(staffed.superuser) as connection:
        assert connection.execute("SELECT count(*) FROM fans").fetchone() == (120,)


def test_a_load_that_breaks_off_leaves_nothing_behind(staffed: Database) -> None:
    with psycopg.connect(staffed.superuser) as connection:
        connection.execute("ALTER TABLE transactions ADD CONSTRAINT none CHECK (false) NOT VALID")
    with pytest.raises(psycopg.errors.CheckViolation):
        load(staffed.app, NOW, SMALL)
    with psycopg.connect(staffed.superuser) as connection:
        assert connection.execute("SELECT count(*) FROM platform_connections").fetchone() == (0,)
        connection.execute("ALTER TABLE transactions DROP CONSTRAINT none")
    load(staffed.app, NOW, SMALL)
    with psycopg.connect(staffed.superuser) as connection:
        assert connection.execute("SELECT count(*) FROM fans").fetchone() == (120,)
