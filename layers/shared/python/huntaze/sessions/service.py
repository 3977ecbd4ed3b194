"""Signing in and out, and what a session remembers."""

import hashlib
import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from uuid import UUID

from huntaze.clock import Clock
from huntaze.errors import HuntazeError, Unavailable
from huntaze.limits.model import Counted
from huntaze.limits.service import Counter
from huntaze.sessions.model import (
    NOTED_EVERY,
    CodeNeeded,
    PasswordNeeded,
    Preferences,
    Proven,
    Refusal,
    Session,
    SignInRefused,
    hash_of,
)

_log = logging.getLogger(__name__)


class UserPool(Protocol):
    """Where people prove who they are; each may raise SignInRefused."""

    def sign_in(self, email: str, password: str) -> Proven | PasswordNeeded | CodeNeeded:
        """Check a password."""
        ...

    def choose_first_password(self, needed: PasswordNeeded, password: str) -> Proven | CodeNeeded:
        """Put one's own password in the place of the invitation's."""
        ...

    def enter_code(self, needed: CodeNeeded, code: str) -> Proven:
        """Check a code of the second factor."""
        ...

    def send_code(self, email: str) -> None:
        """Send a code for a new password, if there is such an account; nobody is told whether there is."""
        ...

    def set_password(self, email: str, code: str, password: str) -> None:
        """Set a new password with a code."""
        ...

    def subject_of(self, email: str) -> str | None:
        """Whose account it is, if there is one."""
        ...

    def end_tokens(self, subject: str) -> None:
        """Revoke what was issued to this person."""
        ...


class SessionStore(Protocol):
    """Where sessions are kept."""

    def find(self, token_hash: bytes, at: datetime) -> Session | None:
        """The session that has not ended by then."""
        ...

    def begin(self, session: Session) -> None:
        """Keep a new one, and drop what has ended of the same person."""
        ...

    def note_use(self, session: Session, at: datetime) -> None:
        """It is in use."""
        ...

    def choose(self, session: Session, workspace_id: UUID | None, preferences: Preferences) -> None:
        """Remember what was chosen."""
        ...

    def end(self, session: Session) -> None:
        """End this one."""
        ...

    def end_others(self, session: Session) -> None:
        """End all of the person's but this one."""
        ...

    def end_all(self, subject: str) -> None:
        """End all of a person's."""
        ...


class Attempts(Protocol):
    """Counts what may not be tried for ever."""

    def may_try(self, what: str, most: int, seconds: int) -> bool:
        """Count one attempt, and say whether it is within the most of so many seconds."""
        ...


class CountedAttempts:
    """Counted where all processes see it; in this one while that place is away, for Cognito keeps a lock of its own."""

    def __init__(self, shared: Counter | None, own: Counter) -> None:
        self._shared = shared
        self._own = own

    def may_try(self, what: str, most: int, seconds: int) -> bool:
        """Count one attempt, and say whether it is within the most of so many seconds."""
        return self._counted(f"attempts:{what}", seconds * 1000).requests <= most

    def _counted(self, name: str, window_ms: int) -> Counted:
        try:
            return (self._shared or self._own).count(name, window_ms)
        except Unavailable:
            return self._own.count(name, window_ms)


@dataclass(frozen=True, slots=True)
class Limit:
    """How often something may be tried within so many seconds: by one address, and for one account."""

    name: str
    by_address: int
    for_account: int
    seconds: int


# Cognito locks an account after a few wrong passwords; this keeps one address from walking through many accounts.
# An office shares an address, so its figure is the larger one.
PASSWORDS = Limit("password", by_address=50, for_account=10, seconds=300)
SECOND_FACTORS = Limit("second-factor", by_address=50, for_account=10, seconds=300)
CODES_SENT = Limit("send-code", by_address=20, for_account=3, seconds=900)
CODES_TRIED = Limit("try-code", by_address=30, for_account=10, seconds=900)


class Sessions:
    """The use cases around being signed in."""

    def __init__(
        self, people: UserPool, store: SessionStore, attempts: Attempts, clock: Clock, new_token: Callable[[], str]
    ) -> None:
        self._people = people
        self._store = store
        self._attempts = attempts
        self._clock = clock
        self._new_token = new_token

    def sign_in(self, email: str, password: str, address: str) -> Proven | PasswordNeeded | CodeNeeded:
        """Check who somebody is; a session is begun by `begin`."""
        self._count(PASSWORDS, email, address)
        return self._people.sign_in(email, password)

    def choose_first_password(self, needed: PasswordNeeded, password: str, address: str) -> Proven | CodeNeeded:
        """Take the person's own password in the place of the invitation's."""
        self._count(PASSWORDS, needed.email, address)
        return self._people.choose_first_password(needed, password)

    def enter_code(self, needed: CodeNeeded, code: str, address: str) -> Proven:
        """Check the second factor of who knew the password."""
        self._count(SECOND_FACTORS, needed.email, address)
        return self._people.enter_code(needed, code)

    def begin(self, person: Proven, preferences: Preferences, instead_of: Session | None) -> str:
        """Begin a session and answer its token. The one the request came with ends, whoever it belonged to."""
        token = self._new_token()
        if instead_of is not None:
            self._store.end(instead_of)
        self._store.begin(Session.begun(token, person, preferences, self._clock.now()))
        return token

    def find(self, token: str | None) -> Session | None:
        """The session of this token, if it has not ended; that it is used is noted now and then."""
        if not token:
            return None
        now = self._clock.now()
        session = self._store.find(hash_of(token), now)
        if session is not None and now - session.seen_at >= NOTED_EVERY:
            self._store.note_use(session, now)
        return session

    def choose_workspace(self, session: Session, workspace_id: UUID) -> None:
        """Work in this workspace from now on."""
        self._store.choose(session, workspace_id, session.preferences)

    def prefer(self, session: Session, preferences: Preferences) -> None:
        """Show pages like this from now on."""
        self._store.choose(session, session.chosen_workspace_id, preferences)

    def sign_out(self, session: Session) -> None:
        """End this session."""
        self._store.end(session)

    def sign_out_everywhere(self, session: Session) -> None:
        """End all of the person's sessions, and what the user pool issued to them."""
        self._end_all(session.subject)

    def send_code(self, email: str, address: str) -> None:
        """Send a code for a new password."""
        self._count(CODES_SENT, email, address)
        self._people.send_code(email)

    def set_password(self, email: str, code: str, password: str, address: str) -> None:
        """Set a new password with a code. Whoever else is signed in as this person no longer is."""
        self._count(CODES_TRIED, email, address)
        self._people.set_password(email, code, password)
        try:
            subject = self._people.subject_of(email)
            if subject is not None:
                self._end_all(subject)
        except (HuntazeError, SignInRefused):
            # The password is set: saying that it failed would be wrong, and trying again would need another code.
            _log.warning("sessions were not ended with the new password", exc_info=True)

    def _end_all(self, subject: str) -> None:
        """Sessions once more at the end: somebody may have been let in with the old password a moment ago."""
        self._store.end_all(subject)
        try:
            self._people.end_tokens(subject)
        finally:
            self._store.end_all(subject)

    def _count(self, limit: Limit, email: str, address: str) -> None:
        must_be_within(self._attempts, limit, email, address)


def must_be_within(attempts: Attempts, limit: Limit, email: str, address: str) -> None:
    """Count one attempt for this account from this address; SignInRefused when there were too many."""
    account = hashlib.sha256(email.lower().encode(errors="surrogatepass")).hexdigest()  # no address is written down
    within = [
        attempts.may_try(f"{limit.name}:from:{address}", limit.by_address, limit.seconds),
        attempts.may_try(f"{limit.name}:for:{account}", limit.for_account, limit.seconds),
    ]
    if not all(within):
        raise SignInRefused(Refusal.TOO_MANY)
