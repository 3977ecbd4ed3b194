"""What a session is, when it ends, and why somebody is not let in."""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

IDLE = timedelta(hours=12)
LONGEST = timedelta(days=30)
NOTED_EVERY = timedelta(minutes=5)  # being used is written down at most this often


class Theme(StrEnum):
    """How the pages look."""

    SYSTEM = "system"
    LIGHT = "light"
    DARK = "dark"


@dataclass(frozen=True, slots=True, kw_only=True)
class Preferences:
    """How somebody wants their pages; without a locale as the browser asks."""

    locale: str | None = None
    theme: Theme = Theme.SYSTEM


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """One browser in which a person is signed in."""

    token_hash: bytes
    subject: str
    email: str
    chosen_workspace_id: UUID | None
    preferences: Preferences
    created_at: datetime
    seen_at: datetime
    idle_until: datetime
    ends_at: datetime

    @classmethod
    def begun(cls, token: str, person: "Proven", preferences: Preferences, at: datetime) -> "Session":
        """A new session of somebody who has just proven who they are."""
        return cls(
            token_hash=hash_of(token),
            subject=person.subject,
            email=person.email,
            chosen_workspace_id=None,
            preferences=preferences,
            created_at=at,
            seen_at=at,
            idle_until=at + IDLE,
            ends_at=at + LONGEST,
        )

    def idle_until_after(self, at: datetime) -> datetime:
        """When it ends for want of use, if it is used now."""
        return min(at + IDLE, self.ends_at)


@dataclass(frozen=True, slots=True)
class Proven:
    """Somebody who has shown that they are this person."""

    subject: str
    email: str


@dataclass(frozen=True, slots=True)
class PasswordNeeded:
    """The password of the invitation was right; the ticket lets its owner choose one of their own."""

    email: str
    ticket: str


@dataclass(frozen=True, slots=True)
class CodeNeeded:
    """The password was right; the ticket lets its owner prove themselves with a code of their second factor."""

    email: str
    ticket: str


class Refusal(StrEnum):
    """Why somebody is not let in, as far as they may be told. None says whether an account exists."""

    WRONG = "wrong"
    TOO_MANY = "too_many"
    WEAK_PASSWORD = "weak_password"  # noqa: S105  (a reason)
    WRONG_CODE = "wrong_code"
    CODE_ENDED = "code_ended"
    TICKET_ENDED = "ticket_ended"
    SECOND_FACTOR = "second_factor"  # something is asked for that these pages do not know


class SignInRefused(Exception):
    """Not let in, for this reason. The sign-in pages alone hear of it, so it is no error of the API's tree."""

    def __init__(self, reason: Refusal) -> None:
        super().__init__(f"Sign-in was refused: {reason}.")
        self.reason = reason


def hash_of(token: str) -> bytes:
    """What is kept of a token. It is random and long, so one round is enough."""
    return hashlib.sha256(token.encode(errors="surrogatepass")).digest()
