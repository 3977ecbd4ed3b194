"""A workspace that is written to in bulk, and counted."""

import time
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import psycopg

from huntaze import wiring
from huntaze.ids import new_id
from tests.support.recount import kept, recounted

A_MINUTE = 60.0

# One statement for many rows, as an import or a backfill would write them.
PAY_OFTEN = """
INSERT INTO transactions (
    workspace_id, id, fan_id, platform, platform_transaction_id, kind, amount_cents, currency, occurred_at
)
SELECT %(workspace)s, id, %(fan)s, 'onlyfans', id::text, (ARRAY['tip', 'ppv', 'subscription'])[1 + cents %% 3], cents,
    (ARRAY['USD', 'EUR'])[1 + cents %% 2], at
FROM unnest(%(ids)s::uuid[], %(at)s::timestamptz[], %(cents)s::bigint[]) AS made (id, at, cents)
"""
WRITE_OFTEN = """
INSERT INTO messages (workspace_id, id, conversation_id, fan_id, direction, status, text, occurred_at)
SELECT %(workspace)s, id, %(talk)s, %(fan)s, 'in', 'received', 'Hi', at
FROM unnest(%(ids)s::uuid[], %(at)s::timestamptz[]) AS made (id, at)
"""
OFFER_OFTEN = """
INSERT INTO messages (
    workspace_id, id, conversation_id, fan_id, direction, status, sent_elsewhere, text, price_cents, currency,
    platform_message_id, bought_at, occurred_at, sent_at
)
SELECT %(workspace)s, gen_random_uuid(), %(talk)s, %(fan)s, 'out', 'sent', true, 'Hello', cents %% 7 * cents,
    (ARRAY['USD', 'EUR'])[1 + cents %% 2], 'offer ' || id, CASE WHEN cents %% 4 = 0 THEN at END,
    at + cents * interval '41 seconds', at
FROM unnest(%(ids)s::uuid[], %(at)s::timestamptz[], %(cents)s::bigint[]) AS made (id, at, cents)
"""


class Creator:
    """One creator with a member, some fans, and conversations with all of them."""

    def __init__(self, superuser: psycopg.Connection[Any], parts: wiring.Wiring, zone: str = "Europe/Paris") -> None:
        self._superuser = superuser
        self._parts = parts
        self.id, self.owner, self.chatter = new_id(), new_id(), new_id()
        self.talks: dict[UUID, UUID] = {}
        superuser.execute("INSERT INTO workspaces (id, name, timezone) VALUES (%s, 'A creator', %s)", [self.id, zone])
        for member, role in ((self.owner, "owner"), (self.chatter, "chatter")):
            superuser.execute(
                "INSERT INTO members (workspace_id, id, subject, email, display_name, role)"
                " VALUES (%s, %s, %s, %s, %s, %s)",
                [self.id, member, role, f"{role}@example.com", role.title(), role],
            )

    def fans(self, how_many: int, platform: str = "onlyfans", **more: object) -> list[UUID]:
        """Fans with a conversation each, by one statement."""
        made = [new_id() for _ in range(how_many)]
        values = {"value_cents": 0, "currency": "USD", "created_at": None, "last_seen_at": None, "tags": "[]", **more}
        self._superuser.execute(
            """
            INSERT INTO fans (workspace_id, id, name, platform, value_cents, currency, created_at, last_seen_at, tags)
            SELECT %(workspace)s, id, 'Fan', %(platform)s, %(value_cents)s, %(currency)s,
                coalesce(%(created_at)s::timestamptz, now()), %(last_seen_at)s::timestamptz, %(tags)s::jsonb
            FROM unnest(%(ids)s::uuid[]) AS made (id)
            """,
            {"workspace": self.id, "ids": made, "platform": platform, **values},
        )
        talks = {fan: new_id() for fan in made}
        self._superuser.execute(
            "INSERT INTO conversations (workspace_id, id, fan_id, platform)"
            " SELECT %s, talk, fan, %s FROM unnest(%s::uuid[], %s::uuid[]) AS made (fan, talk)",
            [self.id, platform, list(talks), list(talks.values())],
        )
        self.talks |= talks
        return made

    def pays(self, fan: UUID, cents: int, at: datetime, kind: str = "tip", **more: Any) -> UUID:
        """One payment."""
        made = new_id()
        row = {"platform": "onlyfans", "currency": "USD", **more}
        self._superuser.execute(
            "INSERT INTO transactions (workspace_id, id, fan_id, platform, platform_transaction_id, kind, amount_cents,"
            " currency, occurred_at) VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s)",
            [self.id, made, fan, row["platform"], str(made), kind, cents, row["currency"], at],
        )
        return made

    def writes(self, fan: UUID, at: datetime) -> None:
        """The fan says something."""
        self._superuser.execute(
            "INSERT INTO messages (workspace_id, id, conversation_id, fan_id, direction, status, text, occurred_at)"
            " VALUES (%s, %s, %s, %s, 'in', 'received', 'Hi', %s)",
            [self.id, new_id(), self.talks[fan], fan, at],
        )

    def is_answered(self, fan: UUID, at: datetime, cents: int = 0, currency: str = "USD") -> UUID:
        """Somebody answers in the platform's own app."""
        made = new_id()
        self._superuser.execute(
            "INSERT INTO messages (workspace_id, id, conversation_id, fan_id, direction, status, sent_elsewhere, text,"
            " price_cents, currency, platform_message_id, occurred_at, sent_at)"
            " VALUES (%s, %s, %s, %s, 'out', 'sent', true, 'Hello', %s, %s, %s, %s, %s)",
            [self.id, made, self.talks[fan], fan, cents, currency, str(made), at, at],
        )
        return made

    def lives(self, fan: UUID, moments: Sequence[datetime], cents: Sequence[int]) -> None:
        """At each of these moments the fan pays and says something, and is offered something a little later."""
        ids = [new_id() for _ in moments]
        asked = {"workspace": self.id, "fan": fan, "talk": self.talks[fan], "at": list(moments), "cents": list(cents)}
        for statement in (PAY_OFTEN, WRITE_OFTEN, OFFER_OFTEN):
            self._superuser.execute(statement, {**asked, "ids": ids})

    def counts(self) -> None:
        """Whoever counts does so until nothing is stale."""
        stale = "SELECT topic FROM analytics_stale WHERE workspace_id = %s LIMIT 1"
        while self._superuser.execute(stale, [self.id]).fetchone():
            self._parts.counting.count(self.id, time.monotonic() + A_MINUTE, rest=False)

    def must_be_true(self) -> None:
        """The roll-ups say what a recount says, to the last row."""
        found, expected = kept(self._superuser, self.id), recounted(self._superuser, self.id)
        for table, rows in expected.items():
            assert found[table] == rows, table


def every(step: timedelta, since: datetime, how_many: int) -> Sequence[datetime]:
    """Moments one after the other."""
    return [since + number * step for number in range(how_many)]
