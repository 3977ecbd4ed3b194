"""What people do about their own sign-in. Each asks for the password again: a borrowed browser is not enough."""

from typing import Protocol

from huntaze.security.model import Enrolment
from huntaze.sessions.model import Session
from huntaze.sessions.service import PASSWORDS, SECOND_FACTORS, Attempts, must_be_within


class Keys(Protocol):
    """Where passwords and second factors are kept; each may raise SignInRefused."""

    def has_second_factor(self, subject: str) -> bool:
        """Whether this person signs in with one."""
        ...

    def begin_second_factor(self, email: str, password: str) -> Enrolment:
        """Make a secret that counts once its owner has shown to have it."""
        ...

    def confirm_second_factor(self, ticket: str, code: str) -> None:
        """Let the secret count from now on, by a code that it made."""
        ...

    def end_second_factor(self, email: str, password: str, code: str) -> None:
        """Let the password be enough again."""
        ...

    def change_password(self, email: str, password: str, code: str, new_password: str) -> None:
        """Put another password in the place of this one; the code is asked for where there is a second factor."""
        ...


class OtherSessions(Protocol):
    """The other browsers of a person."""

    def end_others(self, session: Session) -> None:
        """End all of this person's but this one."""
        ...


class Security:
    """The use cases around one's own sign-in."""

    def __init__(self, keys: Keys, sessions: OtherSessions, attempts: Attempts) -> None:
        self._keys = keys
        self._sessions = sessions
        self._attempts = attempts

    def has_second_factor(self, session: Session) -> bool:
        """Whether this person signs in with a second factor."""
        return self._keys.has_second_factor(session.subject)

    def begin_second_factor(self, session: Session, password: str, address: str) -> Enrolment:
        """Make a secret for the person's authenticator app."""
        must_be_within(self._attempts, PASSWORDS, session.email, address)
        return self._keys.begin_second_factor(session.email, password)

    def confirm_second_factor(self, session: Session, ticket: str, code: str, address: str) -> None:
        """Ask for a code at every sign-in from now on."""
        must_be_within(self._attempts, SECOND_FACTORS, session.email, address)
        self._keys.confirm_second_factor(ticket, code)

    def end_second_factor(self, session: Session, password: str, code: str, address: str) -> None:
        """Ask for the password alone from now on."""
        must_be_within(self._attempts, PASSWORDS, session.email, address)
        must_be_within(self._attempts, SECOND_FACTORS, session.email, address)
        self._keys.end_second_factor(session.email, password, code)

    def change_password(self, session: Session, password: str, code: str, new_password: str, address: str) -> None:
        """Take another password. Whoever else is signed in as this person no longer is."""
        must_be_within(self._attempts, PASSWORDS, session.email, address)
        self._keys.change_password(session.email, password, code, new_password)
        self._sessions.end_others(session)
