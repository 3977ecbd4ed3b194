"""Everything that can go wrong on purpose, as one tree.

HuntazeError
├── Invalid            invalid            the request cannot be understood; every failing field is named
├── TooLarge           too_large          the request is bigger than the route takes
├── Unauthenticated    unauthenticated    who is calling is not proven
├── Unsigned           unsigned           nobody we know has signed what came in, or not just now
├── Forbidden          forbidden          known, but not allowed
├── NotFound           not_found          never existed, or belongs to another workspace: the two are told alike
├── Conflict           conflict           true at another time, not now
├── Stale              stale              somebody else has changed it since the caller looked
├── KeyReused          key_reused         an Idempotency-Key that already stands for another request
├── TooMany            too_many_requests  the caller asks more often than agreed; again after `retry_after`
├── Unavailable        unavailable        something we need is away; worth trying again after `retry_after`
│   ├── Denied         unavailable        it refuses us: asking again is in vain until an operator mends that
│   └── NotQueued      unavailable        a message was written, and the queue could not be told of it
├── MigrationError     migration          the database was not brought up to date (in `migrations/errors.py`)
└── Misconfigured      misconfigured      a setting is missing or not understood: the operator's to mend

The codes are part of the API and never change. Texts are for people and must not carry values of rows, tokens or
secrets: they go into answers and logs as they are. Only `edge` knows which HTTP status each one gets.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID


@dataclass(frozen=True, slots=True)
class FieldError:
    """One field of the caller's input and what is wrong with it."""

    field: str
    message: str


class HuntazeError(Exception):
    """The root: what was asked could not be done, and why."""

    code: ClassVar[str] = "error"

    def __init__(self, detail: str) -> None:
        super().__init__(detail)
        self.detail = detail


class Invalid(HuntazeError):
    """The input breaks a rule; `fields` names every one that does."""

    code = "invalid"

    def __init__(self, fields: Iterable[FieldError]) -> None:
        super().__init__("The request is not valid.")
        self.fields = tuple(fields)

    @classmethod
    def field(cls, field: str, message: str) -> "Invalid":
        """The common case of a single failing field."""
        return cls([FieldError(field, message)])


class TooLarge(HuntazeError):
    """The request is bigger than the route takes."""

    code = "too_large"


class Unauthenticated(HuntazeError):
    """Who is calling is not proven."""

    code = "unauthenticated"

    def __init__(self) -> None:
        # One text for every reason: a forger learns nothing from it.
        super().__init__("A valid access token is needed.")


class Unsigned(HuntazeError):
    """What came in is not signed by whom it names."""

    code = "unsigned"

    def __init__(self) -> None:
        # One text for every reason, so that nobody learns which connections there are.
        super().__init__("This is not signed by the bridge of this connection, or not within the last five minutes.")


class Forbidden(HuntazeError):
    """The caller is known and may not do this."""

    code = "forbidden"


class NotFound(HuntazeError):
    """There is no such thing in the caller's workspace."""

    code = "not_found"

    def __init__(self) -> None:
        # One text for all: an id of another workspace must look like an id that never existed.
        super().__init__("There is nothing here by that name.")


class Conflict(HuntazeError):
    """What is asked contradicts what is already there."""

    code = "conflict"


class Stale(HuntazeError):
    """The caller's copy is out of date: what they want to change has been changed since."""

    code = "stale"

    def __init__(self) -> None:
        super().__init__("This has been changed since you looked. Read it again, then decide.")


class KeyReused(HuntazeError):
    """The Idempotency-Key was used before, for something else."""

    code = "key_reused"

    def __init__(self) -> None:
        super().__init__("This Idempotency-Key belongs to another request. Use a new key for a new request.")


class TooMany(HuntazeError):
    """The caller asks more often than agreed; there is room again after `retry_after` seconds."""

    code = "too_many_requests"

    def __init__(self, *, retry_after: int) -> None:
        super().__init__("Too many requests. Wait a little, then go on.")
        self.retry_after = retry_after


class Unavailable(HuntazeError):
    """Something we depend on is away; the caller may try again after `retry_after` seconds."""

    code = "unavailable"

    def __init__(self, detail: str, *, retry_after: int) -> None:
        super().__init__(detail)
        self.retry_after = retry_after


class Denied(Unavailable):
    """What we depend on refuses us: asking again at once is in vain."""


class NotQueued(Unavailable):
    """Messages were written and could not be put on their way: they stand among those that failed."""

    def __init__(self, message_ids: Iterable[UUID], *, retry_after: int) -> None:
        super().__init__(
            "Sending is not possible right now. The message is kept among those that failed: retry it there, or repeat "
            "this request with the same Idempotency-Key.",
            retry_after=retry_after,
        )
        self.message_ids = tuple(message_ids)


class Misconfigured(HuntazeError):
    """A setting is missing or not understood; the text names the variable, never its value."""

    code = "misconfigured"
