"""Connections in PostgreSQL. Credentials are read by one statement alone, and only as they are sealed."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, LiteralString, TypeVar
from uuid import UUID

from psycopg import Connection as Database
from psycopg.errors import UniqueViolation

from huntaze.connections.model import (
    Connection,
    ConnectionRefused,
    Consent,
    ConsentEnded,
    Hold,
    Opening,
    Pause,
    Refusal,
    SealedDoor,
    Status,
)
from huntaze.delivery.model import Pace
from huntaze.errors import NotFound
from huntaze.fans.model import Platform
from huntaze.platforms.model import AccountFacts, Capability, Limits

CONNECTIONS = """
SELECT id, platform, platform_user_id, platform_username, status, bridge_url, token_expires_at, consent_by, consent_at,
    consent_notice, consent_revoked_by, consent_revoked_at, pace_messages, pace_seconds, pace_gap_seconds,
    limit_messages, limit_seconds, capabilities, paused_at, pause_reason, held_until, held_reason, last_tested_at,
    last_answered_at, created_at, updated_at
FROM platform_connections
WHERE workspace_id = %(workspace_id)s
"""
ONE = " AND id = %(id)s"
OF_PLATFORM = " AND platform = %(platform)s AND status <> 'revoked'"
OF_ACCOUNT = " AND platform = %(platform)s AND platform_user_id = %(user_id)s"
NEWEST = " ORDER BY (status = 'revoked'), platform, created_at DESC, id DESC LIMIT %(limit)s"
TO_CHANGE = " FOR NO KEY UPDATE"

DOOR = """
SELECT id, platform, bridge_url, credentials, signed_in_at FROM platform_connections
WHERE workspace_id = %(workspace_id)s AND id = %(id)s AND status <> 'revoked'
    AND credentials IS NOT NULL AND bridge_url IS NOT NULL
"""
ADD = """
INSERT INTO platform_connections (
    workspace_id, id, platform, platform_user_id, platform_username, status, bridge_url, credentials, token_expires_at,
    consent_by, consent_at, consent_notice, pace_messages, pace_seconds, pace_gap_seconds, limit_messages,
    limit_seconds, capabilities, last_tested_at, last_answered_at, created_at, updated_at
) VALUES (
    %(workspace_id)s, %(id)s, %(platform)s, %(user_id)s, %(username)s, 'active', %(bridge_url)s, %(credentials)s,
    %(session_ends_at)s, %(consent_by)s, %(at)s, %(consent_notice)s, %(pace_messages)s, %(pace_seconds)s,
    %(pace_gap_seconds)s, %(limit_messages)s, %(limit_seconds)s, %(capabilities)s, %(at)s, %(at)s, %(at)s, %(at)s
)
"""
CONSENT = """
UPDATE platform_connections SET
    consent_by = %(consent_by)s, consent_at = %(at)s, consent_notice = %(consent_notice)s, consent_revoked_by = NULL,
    consent_revoked_at = NULL, status = 'active'
WHERE workspace_id = %(workspace_id)s AND id = %(id)s
"""
OPEN = """
UPDATE platform_connections SET status = 'active', bridge_url = %(bridge_url)s, credentials = %(credentials)s
WHERE workspace_id = %(workspace_id)s AND id = %(id)s AND status <> 'revoked'
"""
NOTE_ANSWER = """
UPDATE platform_connections SET
    platform_username = %(username)s, token_expires_at = %(session_ends_at)s, pace_messages = %(pace_messages)s,
    pace_seconds = %(pace_seconds)s, pace_gap_seconds = %(pace_gap_seconds)s, limit_messages = %(limit_messages)s,
    limit_seconds = %(limit_seconds)s, capabilities = %(capabilities)s, last_tested_at = %(at)s,
    last_answered_at = %(at)s
WHERE workspace_id = %(workspace_id)s AND id = %(id)s AND status <> 'revoked'
"""
# What was asked before somebody signed in again tells of the login before.
NOTE_TEST = """
UPDATE platform_connections SET
    last_tested_at = %(at)s,
    last_answered_at = CASE WHEN %(answered)s THEN %(at)s::timestamptz ELSE last_answered_at END,
    status = CASE WHEN %(expired)s AND signed_in_at = coalesce(%(signed_in_at)s, signed_in_at) THEN 'expired'
        ELSE status END
WHERE workspace_id = %(workspace_id)s AND id = %(id)s AND status <> 'revoked'
"""
PACE = """
UPDATE platform_connections SET
    pace_messages = %(pace_messages)s, pace_seconds = %(pace_seconds)s, pace_gap_seconds = %(pace_gap_seconds)s
WHERE workspace_id = %(workspace_id)s AND id = %(id)s AND status <> 'revoked'
"""
# Whoever pauses again says why anew; since when it stands still does not change by that.
PAUSE = """
UPDATE platform_connections SET paused_at = coalesce(paused_at, %(at)s), pause_reason = %(reason)s
WHERE workspace_id = %(workspace_id)s AND id = %(id)s AND status <> 'revoked'
"""
RESUME = """
UPDATE platform_connections SET paused_at = NULL, pause_reason = NULL
WHERE workspace_id = %(workspace_id)s AND id = %(id)s AND status <> 'revoked'
"""
DISCONNECT = """
UPDATE platform_connections SET
    status = 'revoked', credentials = NULL, token_expires_at = NULL, consent_revoked_by = %(by)s,
    consent_revoked_at = %(at)s
WHERE workspace_id = %(workspace_id)s AND id = %(id)s AND status <> 'revoked'
"""
_LONGEST_WINDOW = 32_767  # what a pace can be kept in

_TAKEN = {"connections_one_active": Refusal.ELSEWHERE, "connections_one_per_platform": Refusal.OCCUPIED}

Part = TypeVar("Part")


class PostgresConnections:
    """The connections of one workspace, inside one transaction."""

    def __init__(self, connection: Database[dict[str, Any]], workspace_id: UUID) -> None:
        self._connection = connection
        self._workspace_id = workspace_id

    def newest(self, limit: int) -> list[Connection]:
        """Those in use, then those that were disconnected, the newest first."""
        return [_connection(row) for row in self._run(CONNECTIONS + NEWEST, limit=limit)]

    def get(self, connection_id: UUID) -> Connection:
        """One; NotFound when there is none."""
        return self._one(ONE, id=connection_id)

    def get_to_change(self, connection_id: UUID) -> Connection:
        """The same, and nobody else changes it before this transaction ends."""
        return self._one(ONE + TO_CHANGE, id=connection_id)

    def in_use(self, platform: Platform) -> Connection:
        """The one on a platform that is not disconnected; NotFound when there is none."""
        return self._one(OF_PLATFORM, platform=platform)

    def of_account(self, platform: Platform, user_id: str) -> Connection | None:
        """The row of an account, in use or not, which nobody else changes before this transaction ends."""
        rows = self._run(CONNECTIONS + OF_ACCOUNT + TO_CHANGE, platform=platform, user_id=user_id).fetchall()
        return _connection(rows[0]) if rows else None

    def door(self, connection_id: UUID) -> SealedDoor:
        """How it is reached; NotFound when it was disconnected or has no credentials."""
        row = self._run(DOOR, id=connection_id).fetchone()
        if row is None:
            raise NotFound
        platform = Platform(row["platform"])
        return SealedDoor(row["id"], platform, row["bridge_url"], row["credentials"], row["signed_in_at"])

    def add(self, connection_id: UUID, platform: Platform, opening: Opening, consent: Consent) -> Connection:
        """Keep a new one; Conflict when the account, or the platform's place, is taken."""
        account = {"platform": platform, "user_id": opening.facts.user_id, **_consented(consent)}
        reached = {"bridge_url": opening.bridge_url, "credentials": opening.credentials}
        told = {**_told(opening.facts), **_paced(opening.pace)}
        self._claim(ADD, id=connection_id, at=consent.at, **account, **reached, **told)
        return self.get(connection_id)

    def reopen(self, connection_id: UUID, opening: Opening, consent: Consent) -> Connection:
        """Use the row of an account again, under a new consent; Conflict as above."""
        self._claim(CONSENT, id=connection_id, at=consent.at, **_consented(consent))
        return self.open(connection_id, opening, consent.at)

    def open(self, connection_id: UUID, opening: Opening, at: datetime) -> Connection:
        """Keep how an account is reached from now on; Conflict when it is in use elsewhere."""
        self._claim(OPEN, id=connection_id, bridge_url=opening.bridge_url, credentials=opening.credentials)
        return self.note_answer(connection_id, opening.facts, opening.pace, at)

    def note_answer(self, connection_id: UUID, facts: AccountFacts, pace: Pace, at: datetime) -> Connection:
        """Keep what its bridge said when it was tested."""
        return self._changed(NOTE_ANSWER, connection_id, **_told(facts), **_paced(pace), at=at)

    def note_test(
        self, connection_id: UUID, at: datetime, *, answered: bool, expired: bool, signed_in_at: datetime | None = None
    ) -> Connection:
        """Keep that a test failed, and whether it shows that the login of then has ended, if it is still in force."""
        told = {"answered": answered, "expired": expired, "signed_in_at": signed_in_at}
        return self._changed(NOTE_TEST, connection_id, at=at, **told)

    def pace(self, connection_id: UUID, pace: Pace) -> Connection:
        """Let it send at this pace."""
        return self._changed(PACE, connection_id, **_paced(pace))

    def pause(self, connection_id: UUID, reason: str, at: datetime) -> Connection:
        """Let nothing leave until a person resumes it."""
        return self._changed(PAUSE, connection_id, reason=reason, at=at)

    def resume(self, connection_id: UUID) -> Connection:
        """End a pause."""
        return self._changed(RESUME, connection_id)

    def disconnect(self, connection_id: UUID, by: UUID, at: datetime) -> Connection:
        """Destroy what opens it, and keep who took the consent back."""
        return self._changed(DISCONNECT, connection_id, by=by, at=at)

    def _one(self, which: LiteralString, **values: object) -> Connection:
        row = self._run(CONNECTIONS + which, **values).fetchone()
        if row is None:
            raise NotFound
        return _connection(row)

    def _changed(self, statement: LiteralString, connection_id: UUID, **values: object) -> Connection:
        if not self._run(statement, id=connection_id, **values).rowcount:
            raise NotFound
        return self.get(connection_id)

    def _claim(self, statement: LiteralString, **values: object) -> None:
        """Run what may meet somebody else's claim. The transaction is lost then, and with it whatever was begun."""
        try:
            if not self._run(statement, **values).rowcount:
                raise NotFound
        except UniqueViolation as taken:
            raise ConnectionRefused(_TAKEN.get(taken.diag.constraint_name or "", Refusal.CONNECTED)) from None

    def _run(self, statement: LiteralString, **values: object) -> Any:
        return self._connection.execute(statement, {"workspace_id": self._workspace_id, **values})


def _told(facts: AccountFacts) -> dict[str, object]:
    return {
        "username": facts.username,
        "session_ends_at": facts.session_expires_at,
        "limit_messages": facts.limits.messages,
        "limit_seconds": min(facts.limits.seconds, _LONGEST_WINDOW),
        "capabilities": sorted(facts.capabilities),
    }


def _paced(pace: Pace) -> dict[str, object]:
    return {
        "pace_messages": pace.messages,
        "pace_seconds": int(pace.seconds),
        "pace_gap_seconds": int(pace.gap_seconds),
    }


def _consented(consent: Consent) -> dict[str, object]:
    return {"consent_by": consent.by, "consent_notice": consent.notice}


def _connection(row: Mapping[str, Any]) -> Connection:
    known = {capability.value for capability in Capability}
    return Connection(
        id=row["id"],
        platform=Platform(row["platform"]),
        user_id=row["platform_user_id"],
        username=row["platform_username"],
        status=Status(row["status"]),
        bridge_url=row["bridge_url"],
        session_ends_at=row["token_expires_at"],
        consent=_present(Consent, row["consent_by"], row["consent_at"], row["consent_notice"]),
        consent_ended=_present(ConsentEnded, row["consent_revoked_by"], row["consent_revoked_at"]),
        pace=Pace(row["pace_messages"], row["pace_seconds"], row["pace_gap_seconds"]),
        limits=_present(Limits, row["limit_messages"], row["limit_seconds"]),
        # A newer version may have written one that we do not know.
        capabilities=frozenset(Capability(word) for word in row["capabilities"] if word in known),
        pause=_present(Pause, row["paused_at"], row["pause_reason"]),
        hold=Hold(row["held_until"], row["held_reason"]) if row["held_until"] else None,
        tested_at=row["last_tested_at"],
        answered_at=row["last_answered_at"],
        created_at=row["created_at"],
        updated_at=row["updated_at"],
    )


def _present(kind: Callable[..., Part], *values: object) -> Part | None:
    """A part of a connection, if it is there at all."""
    return None if values[0] is None else kind(*values)
