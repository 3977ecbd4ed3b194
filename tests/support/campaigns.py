"""A workspace that runs campaigns: many fans, accounts, and a process whose clock can be set."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import psycopg
from psycopg.rows import tuple_row

from huntaze import wiring
from huntaze.campaigns.figures import Progress, Standing
from huntaze.campaigns.model import Audience, Bulk, Campaign, Plan, Rules, Schedule, Variant
from huntaze.clock import FixedClock, SystemClock
from huntaze.ids import new_id
from huntaze.members.model import Principal, Role
from tests.conftest import Database
from tests.integration.fans.conftest import add_member, add_workspace
from tests.support.fake_delivery import RecordedQueue, send_without_servers

CONNECT = """
INSERT INTO platform_connections (
    workspace_id, id, platform, platform_user_id, consent_by, consent_at, consent_notice, status, pace_messages,
    pace_seconds
) VALUES (%s, %s, %s, %s, %s, now(), '2026-01', %s, %s, %s)
"""
FANS = """
INSERT INTO fans (workspace_id, id, name, platform, platform_id, created_at)
SELECT %s, id, name, %s, 'of ' || id, now() - interval '1 day' FROM unnest(%s::uuid[], %s::text[]) AS new (id, name)
"""
# As a claim and its end leave it behind.
CLAIMED = """
WITH chosen AS (
    SELECT workspace_id, id, account_id FROM messages
    WHERE workspace_id = %(ws)s AND id = ANY(%(ids)s) AND status = 'queued' ORDER BY id FOR NO KEY UPDATE SKIP LOCKED
), attempt AS (
    INSERT INTO delivery_attempts (workspace_id, id, message_id, account_id, claimed_at, lease_until, token_returns_at)
    SELECT workspace_id, gen_random_uuid(), id, account_id, now(), now() + interval '30 seconds',
        now() + interval '90 seconds'
    FROM chosen
    RETURNING id, message_id
)
UPDATE messages SET status = 'sending', attempt_id = attempt.id, claims = claims + 1
FROM attempt WHERE workspace_id = %(ws)s AND messages.id = message_id
RETURNING messages.id
"""
ENDED = """
UPDATE messages SET status = %(status)s, last_error = %(reason)s,
    sent_at = CASE %(status)s WHEN 'sent' THEN clock_timestamp() END
WHERE workspace_id = %(ws)s AND id = ANY(%(ids)s) AND status = 'sending'
"""
RECOUNT = """
SELECT coalesce(variant, ''), status, coalesce(reason, ''), count(*), count(replied_at),
    count(*) FILTER (WHERE revenue_cents > 0), sum(revenue_cents)::bigint
FROM campaign_recipients WHERE campaign_id = %(id)s GROUP BY 1, 2, 3 ORDER BY 1, 2, 3
"""
TALLIED = """
SELECT coalesce(variant, ''), status, coalesce(reason, ''), sum(recipients), sum(replies), sum(buyers),
    sum(revenue_cents)::bigint
FROM campaign_tallies WHERE campaign_id = %(id)s GROUP BY 1, 2, 3
HAVING (sum(recipients), sum(replies), sum(buyers), sum(revenue_cents)) <> (0, 0, 0, 0) ORDER BY 1, 2, 3
"""
NO_RULES = Rules(active_chat_minutes=0)


def parts_of(database: Database) -> tuple[wiring.Wiring, RecordedQueue]:
    """A process without Redis and SQS."""
    parts = wiring.Wiring({"DATABASE_URL": database.app, "ERASURE_KEY": "a key"})
    parts.clock = FixedClock(SystemClock().now())
    return parts, send_without_servers(parts)


@dataclass
class Ground:
    """A creator with accounts and fans; every question is asked without any rule, to see what is really there."""

    database: Database
    parts: wiring.Wiring
    queue: RecordedQueue
    owner: Principal
    fans: list[UUID] = field(default_factory=list)

    @property
    def workspace_id(self) -> UUID:
        return self.owner.workspace_id

    @property
    def clock(self) -> FixedClock:
        assert isinstance(self.parts.clock, FixedClock)
        return self.parts.clock

    def connect(
        self, platform: str = "onlyfans", *, status: str = "active", messages: int = 10, seconds: int = 60
    ) -> UUID:
        """An account."""
        account_id = new_id()
        about = (platform, str(account_id), self.owner.member_id, status, messages, seconds)
        self.run(CONNECT, self.workspace_id, account_id, *about)
        return account_id

    def more_fans(self, count: int, platform: str = "onlyfans", name: str = "Robin {0}") -> list[UUID]:
        """So many fans more, who were there yesterday."""
        new = [new_id() for _ in range(count)]
        names = [name.format(len(self.fans) + number) for number in range(count)]
        self.run(FANS, self.workspace_id, platform, new, names)
        self.fans += new
        return new

    def draft(self, content: str = "Hi {name|you}", **about: Any) -> Campaign:
        """A draft; every rule that leaves people out is off unless it is named."""
        audience = about.pop("audience", Audience(rules=about.pop("rules", NO_RULES)))
        variants = about.pop("variants", (Variant(content=content),))
        plan = Plan(name=about.pop("name", "Spring"), variants=variants, audience=audience, **about)
        return self.parts.campaigns.create(self.owner, plan)

    def launch(self, campaign: Campaign) -> Standing:
        """The owner launches what they see."""
        return self.parts.launching.launch(self.owner, campaign.id, campaign.content_hash)

    def launched(self, content: str = "Hi {name|you}", **about: Any) -> Campaign:
        """A draft that was launched."""
        return self.launch(self.draft(content, **about)).campaign

    def bulk(self, *recipients: object, content: str = "Hello", **about: Any) -> Standing:
        """One message to a few."""
        words = tuple(map(str, recipients))
        return self.parts.launching.bulk(self.owner, Bulk(recipient_ids=words, content=content, **about))

    def minute(self) -> int:
        """The schedule, once."""
        return self.parts.flowing.round(float("inf"))

    def sends(self, count: int | None = None, *, status: str = "sent", reason: str | None = None) -> int:
        """The platform takes so many of what waits, in its order; how many that were."""
        waiting = self.run(
            "SELECT id FROM messages WHERE workspace_id = %s AND status = 'queued' ORDER BY queued_at, id LIMIT %s",
            self.workspace_id,
            count,
        )
        told = {"ws": self.workspace_id, "ids": [message_id for (message_id,) in waiting]}
        for statement, more in ((CLAIMED, {}), (ENDED, {"status": status, "reason": reason})):  # each for itself
            with self.inside() as connection:
                connection.execute(statement, told | more)
        return len(waiting)

    def progress(self, campaign: Campaign) -> Progress:
        """Its numbers, as people see them."""
        return self.parts.campaigns.get(self.owner, campaign.id).progress

    def status(self, campaign: Campaign) -> str:
        """How far it is."""
        return str(self.parts.campaigns.get(self.owner, campaign.id).campaign.status)

    def outcomes(self, campaign: Campaign) -> dict[str, int]:
        """How many of its recipients' rows stand in which way."""
        return dict(
            self.run("SELECT status, count(*) FROM campaign_recipients WHERE campaign_id = %s GROUP BY 1", campaign.id)
        )

    def texts(self, campaign: Campaign) -> list[str]:
        """What was written, in the order in which it leaves."""
        found = self.run("SELECT text FROM messages WHERE campaign_id = %s ORDER BY queued_at, id", campaign.id)
        return [text for (text,) in found]

    def must_add_up(self, campaign: Campaign) -> None:
        """The tallies are what a recount finds."""
        assert self.database.run(TALLIED, id=campaign.id) == self.database.run(RECOUNT, id=campaign.id)

    @contextmanager
    def inside(self, actor: UUID | None = None) -> Iterator[psycopg.Connection[Any]]:
        """A transaction of the application's in this workspace."""
        with psycopg.connect(self.database.app, row_factory=tuple_row) as connection:
            connection.execute(
                "SELECT set_config('huntaze.workspace_id', %s, true), set_config('huntaze.actor_id', %s, true)",
                [str(self.workspace_id), str(actor or "")],
            )
            yield connection

    def run(self, statement: str, *values: object) -> list[tuple[Any, ...]]:
        """One statement without any rule."""
        return self.database.run(statement, *values)

    def another_process(self) -> wiring.Wiring:
        """Somebody else's."""
        parts, _ = parts_of(self.database)
        parts.clock = self.parts.clock
        return parts


@contextmanager
def ground_in(database: Database) -> Iterator[Ground]:
    """A workspace of its own in a database."""
    workspace_id = add_workspace(database)
    parts, queue = parts_of(database)
    owner = Principal("zoe", workspace_id, add_member(database, workspace_id, Role.OWNER), Role.OWNER)
    yield Ground(database, parts, queue, owner)
    parts.postgres.close()


def later(hours: float) -> datetime:
    """So many hours from now."""
    return SystemClock().now() + timedelta(hours=hours)


def named(*fans: Sequence[UUID] | UUID) -> Audience:
    """These, and no rule that leaves anybody out."""
    ids = [str(one) for each in fans for one in ([each] if isinstance(each, UUID) else each)]
    return Audience(recipient_ids=tuple(ids), rules=NO_RULES)


def at(**times: Any) -> Schedule:
    """When it begins and ends, and when it rests."""
    return Schedule(**times)
