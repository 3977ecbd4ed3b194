"""Sessions in PostgreSQL."""

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Any, LiteralString
from uuid import UUID

from psycopg import Connection

from huntaze.sessions.model import Preferences, Session, Theme

# Asked before a person can be named; the function behind it answers whoever knows the token.
SESSION_OF = """
SELECT token_hash, subject, email, chosen_workspace_id, locale, theme, created_at, seen_at, idle_until, ends_at
FROM session_of(%(token_hash)s, %(at)s)
"""
BEGIN = """
INSERT INTO sessions (token_hash, subject, email, locale, theme, created_at, seen_at, idle_until, ends_at)
VALUES (
    %(token_hash)s, %(subject)s, %(email)s, %(locale)s, %(theme)s, %(created_at)s, %(seen_at)s, %(idle_until)s,
    %(ends_at)s
)
"""
DROP_ENDED = "DELETE FROM sessions WHERE subject = %(subject)s AND (idle_until <= %(at)s OR ends_at <= %(at)s)"
NOTE_USE = """
UPDATE sessions SET seen_at = %(at)s, idle_until = %(idle_until)s
WHERE subject = %(subject)s AND token_hash = %(token_hash)s
"""
CHOOSE = """
UPDATE sessions SET chosen_workspace_id = %(workspace_id)s, locale = %(locale)s, theme = %(theme)s
WHERE subject = %(subject)s AND token_hash = %(token_hash)s
"""
END = "DELETE FROM sessions WHERE subject = %(subject)s AND token_hash = %(token_hash)s"
END_OTHERS = "DELETE FROM sessions WHERE subject = %(subject)s AND token_hash <> %(token_hash)s"
END_ALL = "DELETE FROM sessions WHERE subject = %(subject)s"

Row = dict[str, Any]
LookUp = Callable[[LiteralString, Mapping[str, object]], list[Row]]
AsPerson = Callable[[str], AbstractContextManager[Connection[Row]]]


class PostgresSessions:
    """Every change is a transaction of its own, as the person whose session it is."""

    def __init__(self, look_up: LookUp, as_person: AsPerson) -> None:
        self._look_up = look_up
        self._as_person = as_person

    def find(self, token_hash: bytes, at: datetime) -> Session | None:
        """The session that has not ended by then."""
        for row in self._look_up(SESSION_OF, {"token_hash": token_hash, "at": at}):
            preferences = Preferences(locale=row.pop("locale"), theme=Theme(row.pop("theme")))
            return Session(**row | {"token_hash": bytes(row["token_hash"]), "preferences": preferences})
        return None

    def begin(self, session: Session) -> None:
        """Keep a new one, and drop what has ended of the same person."""
        with self._as_person(session.subject) as connection:
            connection.execute(DROP_ENDED, {"subject": session.subject, "at": session.created_at})
            connection.execute(
                BEGIN,
                {
                    **_named(session),
                    "email": session.email,
                    "locale": session.preferences.locale,
                    "theme": session.preferences.theme,
                    "created_at": session.created_at,
                    "seen_at": session.seen_at,
                    "idle_until": session.idle_until,
                    "ends_at": session.ends_at,
                },
            )

    def note_use(self, session: Session, at: datetime) -> None:
        """It is in use."""
        self._change(session, NOTE_USE, {"at": at, "idle_until": session.idle_until_after(at)})

    def choose(self, session: Session, workspace_id: UUID | None, preferences: Preferences) -> None:
        """Remember what was chosen."""
        chosen = {"workspace_id": workspace_id, "locale": preferences.locale, "theme": preferences.theme}
        self._change(session, CHOOSE, chosen)

    def end(self, session: Session) -> None:
        """End this one."""
        self._change(session, END, {})

    def end_others(self, session: Session) -> None:
        """End all of the person's but this one."""
        self._change(session, END_OTHERS, {})

    def end_all(self, subject: str) -> None:
        """End all of a person's."""
        with self._as_person(subject) as connection:
            connection.execute(END_ALL, {"subject": subject})

    def _change(self, session: Session, statement: LiteralString, values: Mapping[str, object]) -> None:
        with self._as_person(session.subject) as connection:
            connection.execute(statement, {**_named(session), **values})


def _named(session: Session) -> dict[str, object]:
    return {"subject": session.subject, "token_hash": session.token_hash}
