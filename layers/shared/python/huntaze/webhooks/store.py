"""What platforms told, in PostgreSQL."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, LiteralString
from uuid import UUID

from psycopg import Connection, Cursor
from psycopg.types.json import Jsonb

from huntaze.webhooks.model import Kept, Outcome, Ticket, Told

KEEP = """
INSERT INTO webhook_events (workspace_id, connection_id, event_id, id, kind, payload)
VALUES (%(workspace_id)s, %(connection_id)s, %(event_id)s, %(id)s, %(kind)s, %(payload)s)
ON CONFLICT (workspace_id, connection_id, event_id) DO NOTHING
"""

# Two workers with one event: the second waits, and then finds it done. Not the row is locked, because erasing a person
# holds people before events, and a worker would hold them the other way round.
WAIT = """
SELECT pg_advisory_xact_lock(
    hashtextextended(concat_ws(' ', 'webhook event', %(workspace_id)s::text, %(id)s::text), 0)
)
"""
# Through which account it came is found through the event's own workspace, so one filter keeps both.
TO_DO = """
SELECT webhook_events.id, connection_id, platform, kind, received_at, payload
FROM webhook_events JOIN platform_connections USING (workspace_id)
WHERE workspace_id = %(workspace_id)s AND webhook_events.id = %(id)s AND processed_at IS NULL
    AND platform_connections.id = connection_id
"""
END = """
UPDATE webhook_events SET
    processed_at = %(at)s, outcome = %(outcome)s, last_error = %(note)s,
    payload = CASE WHEN %(keeps_words)s THEN payload ELSE '{}' END,
    emptied_at = CASE WHEN NOT %(keeps_words)s THEN %(at)s END
WHERE workspace_id = %(workspace_id)s AND id = %(id)s AND processed_at IS NULL
"""
COUNT_TRY = """
UPDATE webhook_events SET tries = least(tries + 1, 32767), last_error = %(note)s
WHERE workspace_id = %(workspace_id)s AND id = %(id)s AND processed_at IS NULL
"""
EMPTY = """
UPDATE webhook_events SET
    payload = '{}', emptied_at = %(at)s, processed_at = coalesce(processed_at, %(at)s),
    outcome = coalesce(outcome, 'failed')
WHERE workspace_id = %(workspace_id)s AND emptied_at IS NULL AND received_at < %(received_before)s
"""

# Who signed in again since then is signed in. That the session ended is where its end is kept.
SIGNED_OUT = """
UPDATE platform_connections SET status = 'expired', token_expires_at = %(at)s
WHERE workspace_id = %(workspace_id)s AND id = %(connection_id)s AND status = 'active' AND signed_in_at < %(at)s
"""

# Asked outside any workspace; the functions behind them answer ids alone.
WORKSPACE_OF = "SELECT workspace_id FROM workspace_of_connection(%(connection_id)s, %(platform)s)"
FORGOTTEN = """
SELECT workspace_id, connection_id, event_id
FROM webhook_events_forgotten(%(received_before)s, %(most_tries)s, %(at_most)s)
"""
WITH_OLD_WORDS = "SELECT workspace_id FROM workspaces_with_old_words(%(received_before)s, %(at_most)s)"

LookUp = Callable[[LiteralString, Mapping[str, object]], list[dict[str, Any]]]


class PostgresWebhooks:
    """What platforms told one workspace, inside one transaction."""

    def __init__(self, connection: Connection[dict[str, Any]], workspace_id: UUID) -> None:
        self._connection = connection
        self._workspace_id = workspace_id

    def keep(self, connection_id: UUID, event_id: str, told: Told, new_id: UUID) -> bool:
        """Keep what was told, once for each id of the sender's; whether it is news."""
        about = {"kind": told.kind, "payload": Jsonb(dict(told.payload))}
        return self._run(KEEP, connection_id=connection_id, event_id=event_id, id=new_id, **about).rowcount > 0

    def to_do(self, event_id: UUID) -> Kept | None:
        """An event that nobody else does meanwhile; None when it is done, or gone with a person who was erased."""
        self._run(WAIT, id=event_id)
        row = self._run(TO_DO, id=event_id).fetchone()  # it sees what was committed while we waited
        return Kept(**row) if row else None

    def end(self, event_id: UUID, outcome: Outcome, note: str | None, at: datetime) -> bool:
        """It is done; False when it is gone. What it said is forgotten where nobody may want to see it again."""
        ended = {"outcome": outcome, "note": note, "keeps_words": outcome.keeps_words, "at": at}
        return self._run(END, id=event_id, **ended).rowcount > 0

    def count_try(self, event_id: UUID, note: str) -> None:
        """It could not be done, for a reason that is ours."""
        self._run(COUNT_TRY, id=event_id, note=note)

    def signed_out(self, connection_id: UUID, at: datetime) -> bool:
        """The platform has signed the account out; False when it is out already, or in again since."""
        return self._run(SIGNED_OUT, connection_id=connection_id, at=at).rowcount > 0

    def empty(self, received_before: datetime, at: datetime) -> int:
        """Forget what those that came before this moment said, done or not; how many there were."""
        return self._run(EMPTY, received_before=received_before, at=at).rowcount

    def _run(self, statement: str, **parameters: object) -> Cursor[dict[str, Any]]:
        return self._connection.execute(statement, {"workspace_id": self._workspace_id, **parameters})


class ConnectionsOfAll:
    """Finds whose connection it is, in all workspaces."""

    def __init__(self, look_up: LookUp) -> None:
        self._look_up = look_up

    def workspace_of(self, connection_id: UUID, platform: str) -> UUID | None:
        """Whose connection to this platform it is; None when there is none that is in use."""
        found = self._look_up(WORKSPACE_OF, {"connection_id": connection_id, "platform": platform})
        workspace_id: UUID | None = found[0]["workspace_id"] if len(found) == 1 else None
        return workspace_id


class ForgottenEvents:
    """Finds events that nobody has done, in all workspaces."""

    def __init__(self, look_up: LookUp) -> None:
        self._look_up = look_up

    def waiting(self, received_before: datetime, most_tries: int, at_most: int) -> list[Ticket]:
        """Those that came before this moment and are not done, the oldest first."""
        asked = {"received_before": received_before, "most_tries": most_tries, "at_most": at_most}
        return [Ticket(**row) for row in self._look_up(FORGOTTEN, asked)]

    def with_old_words(self, received_before: datetime, at_most: int) -> list[UUID]:
        """The workspaces that still keep the words of such."""
        rows = self._look_up(WITH_OLD_WORDS, {"received_before": received_before, "at_most": at_most})
        return [row["workspace_id"] for row in rows]
