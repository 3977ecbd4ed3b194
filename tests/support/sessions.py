"""Sessions for tests, and a keeper of them in memory."""

from dataclasses import replace
from datetime import datetime
from uuid import UUID

from huntaze.sessions.model import Preferences, Proven, Session


def a_session(token: str, person: Proven, at: datetime) -> Session:
    return Session.begun(token, person, Preferences(), at)


class FakeSessions:
    """Sessions in memory."""

    def __init__(self) -> None:
        self._kept: dict[bytes, Session] = {}

    def find(self, token_hash: bytes, at: datetime) -> Session | None:
        session = self._kept.get(token_hash)
        return session if session and session.idle_until > at and session.ends_at > at else None

    def begin(self, session: Session) -> None:
        at = session.created_at
        gone = [one for one in self._of(session.subject) if one.idle_until <= at or one.ends_at <= at]
        for one in gone:
            del self._kept[one.token_hash]
        self._kept[session.token_hash] = session

    def note_use(self, session: Session, at: datetime) -> None:
        self._change(session, seen_at=at, idle_until=session.idle_until_after(at))

    def choose(self, session: Session, workspace_id: UUID | None, preferences: Preferences) -> None:
        self._change(session, chosen_workspace_id=workspace_id, preferences=preferences)

    def end(self, session: Session) -> None:
        self._kept.pop(session.token_hash, None)

    def end_others(self, session: Session) -> None:
        for one in self._of(session.subject):
            if one.token_hash != session.token_hash:
                del self._kept[one.token_hash]

    def end_all(self, subject: str) -> None:
        for one in self._of(subject):
            del self._kept[one.token_hash]

    def _of(self, subject: str) -> list[Session]:
        return [session for session in self._kept.values() if session.subject == subject]

    def _change(self, session: Session, **changes: object) -> None:
        kept = self._kept.get(session.token_hash)
        if kept is not None:
            self._kept[session.token_hash] = replace(kept, **changes)  # type: ignore[arg-type]  # names chosen above
