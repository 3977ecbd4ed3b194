"""64 who write at once, and whoever counts killed 20 times: in the end the numbers are right."""

import random
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import psycopg

from huntaze.ids import new_id
from tests.conftest import Database
from tests.support.counting_process import a_while, counting_process
from tests.support.creators import Creator

WRITERS, WRITES, KILLS = 64, 25, 20
# Around the night in which Europe's clocks are put back.
BEGIN = datetime(2025, 10, 24, tzinfo=UTC)

SEEN = "UPDATE fans SET last_seen_at = greatest(last_seen_at, %(at)s) WHERE id = %(fan)s"
WORTH = "UPDATE fans SET value_cents = value_cents + %(cents)s WHERE id = %(fan)s"
HIDE = "UPDATE fans SET deleted_at = CASE WHEN deleted_at IS NULL THEN now() END WHERE id = %(fan)s"
PAY = """
INSERT INTO transactions (
    workspace_id, id, fan_id, platform, platform_transaction_id, kind, amount_cents, occurred_at
) VALUES (%(workspace)s, %(id)s, %(fan)s, 'onlyfans', %(id)s, 'tip', %(cents)s, %(at)s)
"""
WRITE = """
INSERT INTO messages (workspace_id, id, conversation_id, fan_id, direction, status, text, occurred_at)
VALUES (%(workspace)s, %(id)s, %(talk)s, %(fan)s, 'in', 'received', 'Hi', %(at)s)
"""
ANSWER = """
INSERT INTO messages (
    workspace_id, id, conversation_id, fan_id, direction, status, sent_elsewhere, text, price_cents,
    platform_message_id, occurred_at, sent_at
) VALUES (
    %(workspace)s, %(id)s, %(talk)s, %(fan)s, 'out', 'sent', true, 'Hello', %(cents)s, %(id)s, %(at)s, %(at)s
)
"""
IMPORT = """
INSERT INTO fans (workspace_id, id, name, platform, value_cents, created_at, last_seen_at)
SELECT %(workspace)s, gen_random_uuid(), 'Imported', 'fansly', %(cents)s + number, now(),
    %(at)s::timestamptz - number * interval '5 hours'
FROM generate_series(1, 20) AS number
"""


def test_whatever_happens_at_once_is_counted(creator: Creator, database: Database) -> None:
    fans = [*creator.fans(30), *creator.fans(10, created_at=BEGIN, last_seen_at=BEGIN)]
    dice = random.Random(9)  # noqa: S311  (to be repeated, not to be secret)
    with ThreadPoolExecutor(WRITERS) as pool:
        writing = [pool.submit(_writer(database, creator, fans, seed)) for seed in range(WRITERS)]
        for _ in range(KILLS):
            with counting_process(database.app, creator.id):
                a_while(dice)
        for writer in writing:
            writer.result()
    creator.counts()
    creator.must_be_true()


def _writer(database: Database, creator: Creator, fans: list[UUID], seed: int) -> Callable[[], None]:
    """Somebody who writes one thing after the other, here and there something that is taken back."""
    dice = random.Random(seed)  # noqa: S311  (to be repeated, not to be secret)

    def write() -> None:
        with psycopg.connect(database.app, autocommit=True) as connection:
            for _ in range(WRITES):
                _write_one(connection, creator, dice.choice(fans), dice)

    return write


def _write_one(connection: psycopg.Connection[Any], creator: Creator, fan: UUID, dice: random.Random) -> None:
    at = BEGIN + timedelta(minutes=dice.randrange(6 * 24 * 60)) - timedelta(days=dice.choice((0, 0, 0, 40, 100)))
    asked = {"workspace": creator.id, "fan": fan, "talk": creator.talks[fan], "at": at}
    statement = dice.choices((SEEN, WORTH, HIDE, PAY, WRITE, ANSWER, IMPORT), (4, 4, 1, 6, 8, 6, 1))[0]
    # PostgreSQL itself may give up where many lock a row after an update of it was taken back ("new multixact has more
    # than one updating member"): one more write that never was.
    with suppress(psycopg.errors.InternalError), connection.transaction(force_rollback=dice.random() < 0.1):
        connection.execute("SELECT set_config('huntaze.workspace_id', %s, true)", [str(creator.id)])
        connection.execute(statement, {**asked, "id": new_id(), "cents": dice.randrange(20_000)})
