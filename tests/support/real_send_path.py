"""The send path's stores in PostgreSQL, whose clock stands until it is told to go on.

Nothing of the stores is changed for that: what they call clock_timestamp() is looked for in a schema of ours first.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import psycopg

from huntaze.delivery.model import Outcome, Pace
from huntaze.ids import new_id
from huntaze.runtime.postgres import SET_CONTEXT
from huntaze.runtime.results import Whole, named
from huntaze.stores import Stores
from tests.conftest import Database
from tests.support.send_path import PLATFORM, START, AccountFacts, AttemptFacts, MessageFacts, PermitFacts

CLOCK = """
CREATE SCHEMA standing;
CREATE FUNCTION standing.clock_timestamp() RETURNS timestamptz LANGUAGE sql STABLE AS
    $$ SELECT current_setting('standing.now')::timestamptz $$;
GRANT USAGE ON SCHEMA standing TO huntaze_app;
"""
PEOPLE = """
INSERT INTO workspaces (id, name) VALUES (%(workspace)s, 'Zoe');
INSERT INTO members (workspace_id, id, subject, email, role, joined_at)
VALUES (%(workspace)s, %(member)s, %(subject)s, 'zoe@example.com', 'owner', now());
"""
# One that goes on, for as long as the tests last.
CAMPAIGN = """
SET session_replication_role = replica;
INSERT INTO campaigns (
    workspace_id, id, name, type, status, template, target_audience, content_hash, approved_by, approved_at,
    approved_hash, launched_at
)
SELECT %(workspace)s, %(id)s, 'Spring', 'bulk_message', 'active', '{"content": "Hello"}', '{"recipientIds": []}', hash,
    %(member)s, now(), hash, now()
FROM sha256('Spring') AS hash;
SET session_replication_role = origin;
"""
ACCOUNT = """
INSERT INTO platform_connections (
    workspace_id, id, platform, platform_user_id, consent_by, consent_at, consent_notice, pace_messages, pace_seconds,
    signed_in_at
) VALUES (
    %(workspace)s, %(id)s, %(platform)s, %(id)s, %(member)s, now(), '1', %(messages)s, %(seconds)s, '-infinity'
)
"""
FAN = """
INSERT INTO fans (workspace_id, id, name, platform, platform_id)
VALUES (%(workspace)s, %(id)s, 'Robin', %(platform)s, %(id)s::text);
INSERT INTO conversations (workspace_id, id, fan_id, platform) VALUES (%(workspace)s, %(id)s, %(id)s, %(platform)s);
"""
# As if a person had let it out: the rules of that are tested elsewhere, and none of them applies here.
MESSAGE = """
INSERT INTO messages (
    workspace_id, id, conversation_id, fan_id, account_id, campaign_id, direction, status, text, priority, approved_by,
    approved_at, content_hash, approved_hash, queued_at
)
SELECT
    %(workspace)s, %(id)s, %(fan)s, %(fan)s, %(account)s, %(campaign)s, 'out', 'queued', 'Hello', %(priority)s,
    %(member)s, %(now)s, hash, hash, %(now)s
FROM (SELECT message_hash(%(fan)s, %(account)s, 'Hello', 0, 'USD', '[]') AS hash) AS approved
"""
OF_MESSAGE = """
SELECT status, attempt_id, attempts, last_error, platform_message_id, sent_at FROM messages
WHERE workspace_id = %(workspace)s AND id = %(id)s
"""
OF_ATTEMPT = """
SELECT outcome, greatest(token_returns_at - %(now)s, interval '0') AS token, look_at - %(now)s AS look, absences
FROM delivery_attempts WHERE workspace_id = %(workspace)s AND id = %(id)s
"""
OF_ACCOUNT = """
SELECT status, pause_reason, greatest(held_until - %(now)s, interval '0') AS held, failures
FROM platform_connections WHERE workspace_id = %(workspace)s AND id = %(id)s
"""
PERMITS = """
SELECT message_id, due_at - %(now)s AS due_in, expires_at - %(now)s AS expires_in, tries FROM outbox
WHERE workspace_id = %(workspace)s AND account_id = %(id)s AND kind = 'permit'
"""


class PostgresGround:
    """A workspace in a database."""

    def __init__(self, database: Database) -> None:
        self.workspace_id, self.member_id, self._campaign_id = new_id(), new_id(), new_id()
        self.now: datetime = START
        self._conninfo = database.app
        self._fans: list[UUID] = []
        self._superuser = psycopg.connect(database.superuser, autocommit=True, cursor_factory=psycopg.ClientCursor)
        if not self.run("SELECT oid FROM pg_namespace WHERE nspname = 'standing'"):
            self.run(CLOCK)
        self.run(PEOPLE, member=self.member_id, subject=str(self.member_id))
        self.run(CAMPAIGN, id=self._campaign_id, member=self.member_id)
        self._app = self.connected()

    def close(self) -> None:
        """Give the connections back."""
        self._app.close()
        self._superuser.close()

    def connected(self, *, standing: bool = True) -> psycopg.Connection[dict[str, Any]]:
        """One more connection of the application, made as a function makes its own."""
        found: psycopg.Connection[dict[str, Any]] = psycopg.connect(
            self._conninfo, autocommit=True, row_factory=named, cursor_factory=Whole
        )
        if standing:
            found.execute("SET search_path = standing, pg_catalog, public")
        return found

    def transaction(self, workspace_id: UUID) -> Any:
        """The stores, inside one transaction."""
        return self.on(self._app, workspace_id)

    @contextmanager
    def on(self, connection: psycopg.Connection[dict[str, Any]], workspace_id: UUID) -> Iterator[Stores]:
        """The same on a connection of one's own."""
        with connection.transaction():
            connection.execute(SET_CONTEXT, {"workspace_id": str(workspace_id), "actor": ""})
            connection.execute("SELECT set_config('standing.now', %s, true)", [self.now.isoformat()])
            yield Stores(connection, workspace_id)

    def go_on(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)

    def new_account(self, pace: Pace) -> UUID:
        account_id = new_id()
        [(accounts,)] = self.run("SELECT count(*) FROM platform_connections WHERE workspace_id = %(workspace)s")
        about = {"platform": "fansly" if accounts else PLATFORM, "messages": pace.messages, "seconds": pace.seconds}
        self.run(ACCOUNT, id=account_id, member=self.member_id, **about)
        return account_id

    def new_fan(self) -> int:
        self._fans.append(new_id())
        self.run(FAN, id=self._fans[-1], platform=PLATFORM)
        return len(self._fans) - 1

    def new_message(
        self,
        account_id: UUID,
        fan: int,
        *,
        priority: int = 5,
        is_campaign: bool = False,
        message_id: UUID | None = None,
    ) -> UUID:
        key = message_id or new_id()
        campaign = self._campaign_id if is_campaign else None
        words = {"id": key, "fan": self._fans[fan], "account": account_id, "campaign": campaign, "priority": priority}
        self._superuser.execute("SET session_replication_role = replica")
        self.run(MESSAGE, member=self.member_id, **words)
        self._superuser.execute("SET session_replication_role = origin")
        return key

    def delete_fan(self, fan: int) -> None:
        self.run("UPDATE fans SET deleted_at = now() WHERE id = %(id)s", id=self._fans[fan])

    def forget_recipient(self, fan: int) -> None:
        self.run("UPDATE fans SET platform_id = NULL, handle = NULL WHERE id = %(id)s", id=self._fans[fan])

    def leave_alone(self, fan: int) -> None:
        with self.transaction(self.workspace_id):
            self._app.execute("UPDATE fans SET do_not_contact = true WHERE id = %s", [self._fans[fan]])

    def set_pace(self, account_id: UUID, pace: Pace) -> None:
        self.run(
            "UPDATE platform_connections SET pace_messages = %(messages)s, pace_seconds = %(seconds)s"
            " WHERE id = %(id)s",
            id=account_id,
            messages=pace.messages,
            seconds=pace.seconds,
        )

    def sign_in(self, account_id: UUID) -> None:
        self.run(
            "UPDATE platform_connections SET signed_in_at = %(now)s WHERE id = %(id)s", id=account_id, now=self.now
        )

    def message(self, message_id: UUID) -> MessageFacts:
        [facts] = self.run(OF_MESSAGE, id=message_id)
        return MessageFacts(*facts)

    def attempt(self, attempt_id: UUID) -> AttemptFacts | None:
        found = self.run(OF_ATTEMPT, id=attempt_id)
        if not found:
            return None
        [(outcome, token, look, absences)] = found
        return AttemptFacts(Outcome(outcome) if outcome else None, token, look, absences)

    def account(self, account_id: UUID) -> AccountFacts:
        [facts] = self.run(OF_ACCOUNT, id=account_id)
        return AccountFacts(*facts)

    def permits(self, account_id: UUID) -> list[PermitFacts]:
        return sorted(PermitFacts(*row) for row in self.run(PERMITS, id=account_id))

    def fan(self, number: int) -> UUID:
        """The id of a fan, and of their conversation."""
        return self._fans[number]

    def run(self, statement: str, **parameters: object) -> list[tuple[Any, ...]]:
        """Something that no rule stands in the way of."""
        cursor = self._superuser.execute(statement, {"workspace": self.workspace_id, "now": self.now, **parameters})
        return cursor.fetchall() if cursor.description else []
