"""What it costs writers that numbers are kept: pgbench writes as the application does, with and without."""

import re
import subprocess
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from typing import Any

import psycopg
from psycopg.conninfo import conninfo_to_dict

from bench.large_data import LargeDatabase
from bench.report import Row
from huntaze import wiring
from local.servers import POSTGRES_PROGRAMS

MOST_DEARER = 1 / (1 - 0.15)  # 15 % of the throughput
CLIENTS, ROUNDS, PEOPLE = 8, 3, 20_000
MINUTE = 60  # how often the schedule counts, so how long a round has to be for each to have its share

# A message that a platform tells of, with what is written around it: the event, who was seen, the thread, the fan.
RECEIVED = """
\\set n random(1, {people})
\\set at random(0, 86400)
BEGIN;
SELECT set_config('huntaze.workspace_id', '{workspace}', true);
SELECT fan, talk FROM bench_people WHERE n = :n \\gset
INSERT INTO webhook_events (workspace_id, connection_id, event_id, kind, payload)
    SELECT '{workspace}', id, 'bench ' || gen_random_uuid(), 'message.received', '{{"text": "Hello you"}}'
    FROM platform_connections WHERE workspace_id = '{workspace}' LIMIT 1 RETURNING id AS event \\gset
SELECT id FROM conversations WHERE workspace_id = '{workspace}' AND id = ':talk' FOR UPDATE;
SELECT id FROM fans WHERE workspace_id = '{workspace}' AND id = ':fan' FOR NO KEY UPDATE;
UPDATE fans SET last_seen_at = greatest(last_seen_at, timestamptz '{now}' + :at * interval '1 second')
    WHERE workspace_id = '{workspace}' AND id = ':fan';
INSERT INTO messages (
    workspace_id, id, conversation_id, fan_id, direction, status, text, platform_message_id, occurred_at
) VALUES (
    '{workspace}', gen_random_uuid(), ':talk', ':fan', 'in', 'received', 'Hello you', 'bench ' || gen_random_uuid(),
    timestamptz '{now}' + :at * interval '1 second'
);
UPDATE conversations SET last_message_at = greatest(last_message_at, timestamptz '{now}'),
    unread_count = unread_count + 1, unanswered = true WHERE workspace_id = '{workspace}' AND id = ':talk';
UPDATE fans SET last_message_at = greatest(last_message_at, timestamptz '{now}')
    WHERE workspace_id = '{workspace}' AND id = ':fan';
UPDATE webhook_events SET processed_at = now(), outcome = 'done', payload = '{{}}', emptied_at = now()
    WHERE workspace_id = '{workspace}' AND id = ':event';
COMMIT;
"""
PAID = """
\\set n random(1, {people})
\\set at random(0, 86400)
BEGIN;
SELECT set_config('huntaze.workspace_id', '{workspace}', true);
SELECT fan, talk FROM bench_people WHERE n = :n \\gset
INSERT INTO webhook_events (workspace_id, connection_id, event_id, kind, payload)
    SELECT '{workspace}', id, 'bench ' || gen_random_uuid(), 'tip.received', '{{"amount": 500}}'
    FROM platform_connections WHERE workspace_id = '{workspace}' LIMIT 1 RETURNING id AS event \\gset
SELECT id FROM fans WHERE workspace_id = '{workspace}' AND id = ':fan' FOR NO KEY UPDATE;
UPDATE fans SET last_seen_at = greatest(last_seen_at, timestamptz '{now}' + :at * interval '1 second')
    WHERE workspace_id = '{workspace}' AND id = ':fan';
INSERT INTO transactions (
    workspace_id, id, fan_id, platform, platform_transaction_id, kind, amount_cents, occurred_at
) VALUES (
    '{workspace}', gen_random_uuid(), ':fan', 'onlyfans', 'bench ' || gen_random_uuid(), 'tip', 500,
    timestamptz '{now}' + :at * interval '1 second'
);
UPDATE fans SET value_cents = value_cents + 500 WHERE workspace_id = '{workspace}' AND id = ':fan';
UPDATE webhook_events SET processed_at = now(), outcome = 'done', payload = '{{}}', emptied_at = now()
    WHERE workspace_id = '{workspace}' AND id = ':event';
COMMIT;
"""
WEIGHTS = {"received": (RECEIVED, 6), "paid": (PAID, 2)}

PREPARE = """
CREATE TABLE bench_people AS SELECT row_number() OVER () AS n, fan_id AS fan, c.id AS talk, f.last_seen_at,
    f.value_cents, f.last_message_at, c.last_message_at AS talk_message_at, c.unread_count, c.unanswered
FROM conversations AS c JOIN fans AS f ON f.workspace_id = c.workspace_id AND f.id = c.fan_id
WHERE c.workspace_id = %(workspace)s LIMIT %(people)s;
CREATE UNIQUE INDEX ON bench_people (n);
GRANT SELECT ON bench_people TO huntaze_app;
ANALYZE bench_people;
"""
# Everything is as it was, and says so to whoever counts.
CLEAN_UP = (
    "DELETE FROM messages WHERE workspace_id = %(workspace)s AND platform_message_id LIKE 'bench %%'",
    "DELETE FROM transactions WHERE workspace_id = %(workspace)s AND platform_transaction_id LIKE 'bench %%'",
    "DELETE FROM webhook_events WHERE workspace_id = %(workspace)s AND event_id LIKE 'bench %%'",
    """
    UPDATE fans SET last_seen_at = b.last_seen_at, value_cents = b.value_cents, last_message_at = b.last_message_at
    FROM bench_people AS b WHERE workspace_id = %(workspace)s AND id = b.fan
    """,
    """
    UPDATE conversations AS c SET last_message_at = b.talk_message_at, unread_count = b.unread_count,
        unanswered = b.unanswered
    FROM bench_people AS b WHERE c.workspace_id = %(workspace)s AND c.id = b.talk
    """,
    "DROP TABLE bench_people",
)
TABLES = ("fans", "messages", "transactions")
TRIGGERS = """
SELECT tgname FROM pg_trigger WHERE tgrelid = %s::regclass AND NOT tgisinternal AND tgname LIKE '%%count%%'
"""


def writes_with_and_without(database: LargeDatabase) -> list[Row]:
    """How long a write takes while numbers are kept, while they are only noted as stale, and while they are neither."""
    bare, noted, kept = [], [], []
    with psycopg.connect(database.superuser, autocommit=True) as superuser, _scripts(database, superuser) as scripts:
        for _ in range(ROUNDS):
            with _without_triggers(superuser):
                bare.append(_milliseconds_a_write(database, scripts))
            noted.append(_milliseconds_a_write(database, scripts))
            with _counting_once(database):
                kept.append(_milliseconds_a_write(database, scripts))
    return [
        Row("a write that notes what is stale", median(noted), median(bare), "ms"),
        Row("a write while numbers are kept", median(kept), median(bare), "ms", MOST_DEARER),
    ]


@contextmanager
def _scripts(database: LargeDatabase, superuser: psycopg.Connection[Any]) -> Iterator[list[str]]:
    asked = {"workspace": database.workspace, "people": PEOPLE}
    for statement in PREPARE.split(";\n"):
        if statement.strip():
            psycopg.ClientCursor(superuser).execute(statement, asked)
    [(people,)] = superuser.execute("SELECT count(*) FROM bench_people").fetchall()
    words = {"workspace": database.workspace, "people": people, "now": "2026-06-01 00:00+00"}
    try:
        with tempfile.TemporaryDirectory() as folder:
            options = []
            for name, (script, weight) in WEIGHTS.items():
                path = Path(folder) / f"{name}.sql"
                path.write_text(script.format(**words))
                options += ["-f", f"{path}@{weight}"]
            yield options
    finally:
        for statement in CLEAN_UP:
            psycopg.ClientCursor(superuser).execute(statement, asked)


@contextmanager
def _without_triggers(superuser: psycopg.Connection[Any]) -> Iterator[None]:
    for act in ("DISABLE", "ENABLE"):
        for table in TABLES:
            for (trigger,) in superuser.execute(TRIGGERS, [table]).fetchall():
                superuser.execute(f"ALTER TABLE {table} {act} TRIGGER {trigger}")
        if act == "DISABLE":
            yield


@contextmanager
def _counting_once(database: LargeDatabase) -> Iterator[None]:
    """As the schedule does, once in a minute: what was noted since the last time, and what has rested."""

    def count() -> None:
        own = wiring.Wiring({"DATABASE_URL": database.app})
        own.counting.count(database.workspace, time.monotonic() + MINUTE)
        own.postgres.close()

    counting = threading.Timer(MINUTE / 4, count)
    counting.start()
    try:
        yield
    finally:  # whoever counts must not outlive the database
        counting.join()


def _milliseconds_a_write(database: LargeDatabase, scripts: list[str]) -> float:
    way = conninfo_to_dict(database.app)
    told = subprocess.run(
        [
            *(str(POSTGRES_PROGRAMS / "pgbench"), "-n", "-c", str(CLIENTS), "-j", "2", "-T", str(MINUTE), *scripts),
            *("-h", str(way["host"]), "-p", str(way["port"]), "-U", str(way["user"]), str(way["dbname"])),
        ],
        env={"PGPASSWORD": str(way["password"]), "PATH": "/usr/bin"},
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    found = re.search(r"tps = ([\d.]+)", told)
    if found is None:
        raise AssertionError(told)
    return CLIENTS * 1000 / float(found.group(1))
