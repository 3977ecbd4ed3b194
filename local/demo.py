"""The demo's data: the same on every machine, loaded once."""

import random
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import psycopg
from psycopg.types.json import Jsonb

from local.people import MAX, ZOE
from local.stack import Servers

FANS_PER_WORKSPACE = {ZOE: 120, MAX: 60}
FIRST_NAMES = ("Alex", "Björn", "Chloé", "Dmitri", "Elena", "Finn", "Grace", "Hugo", "Iris", "Jonas", "Kenji", "Lucía")
LAST_NAMES = ("Abbott", "Bianchi", "Castro", "Dubois", "Eriksen", "Fischer", "García", "Hughes", "Ivanov", "Jansen")
TAGS = ("vip", "new", "quiet", "tips", "ppv", "birthday")
PAYING = 0.7
BEGINNING = datetime(2026, 1, 1, tzinfo=UTC)


def load_demo(servers: Servers) -> None:
    """Load the demo's fans where they are missing; what somebody changed since stays as it is."""
    with psycopg.connect(servers.database()) as connection:
        for workspace_id, count in FANS_PER_WORKSPACE.items():
            with connection.transaction(), connection.cursor() as cursor:
                cursor.execute("SELECT set_config('huntaze.workspace_id', %s, true)", [str(workspace_id)])
                cursor.executemany(ADD_FAN, list(_fans(workspace_id, count)))


def _fans(workspace_id: uuid.UUID, count: int) -> Iterator[dict[str, object]]:
    dice = random.Random(workspace_id.int)  # noqa: S311  (the same demo everywhere, nothing secret)
    for number in range(count):
        first, last = dice.choice(FIRST_NAMES), dice.choice(LAST_NAMES)
        joined = BEGINNING + timedelta(minutes=dice.randrange(400_000))
        yield {
            "workspace_id": workspace_id,
            "id": uuid.uuid5(workspace_id, f"fan {number}"),
            "name": f"{first} {last}",
            "platform_id": str(100_000 + number),
            "handle": f"{first}_{last}{number}".lower(),
            "tags": Jsonb(sorted(dice.sample(TAGS, dice.randrange(3)))),
            "value_cents": int(dice.paretovariate(1.2) * 900) if dice.random() < PAYING else 0,
            "joined": joined,
            "last_seen_at": joined + timedelta(minutes=dice.randrange(60_000)),
        }


ADD_FAN = """
INSERT INTO fans (workspace_id, id, name, platform, platform_id, handle, tags, value_cents, last_seen_at, created_at)
VALUES (%(workspace_id)s, %(id)s, %(name)s, 'onlyfans', %(platform_id)s, %(handle)s, %(tags)s, %(value_cents)s,
        %(last_seen_at)s, %(joined)s)
ON CONFLICT DO NOTHING
"""
