"""A send request, from its arrival to what became of it."""

import math
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Self

from local.simulator.books import Books
from local.simulator.exchange import Answer, HangUp, Problem, Request, malformed
from local.simulator.faults import SEND, Faults, Trouble
from local.simulator.fields import Fields
from local.simulator.model import Account, Json, Message, iso

_LONGEST = 5000
_FURTHEST_DEADLINE = 120_000  # milliseconds ahead; whoever means more has not heard that our clock was set back
_WHO = ("clientReference", "recipient")

AfterAccepting = Callable[[Account, Message], None]
LoginExpired = Callable[[Account], None]


@dataclass(frozen=True, slots=True)
class Letter:
    """What is to be sent."""

    reference: str
    recipient: str
    text: str
    price_cents: int
    currency: str
    media: list[Json]
    deadline: int  # milliseconds of our own clock

    @classmethod
    def read(cls, said: Json) -> Self:
        """A letter from the body of a request."""
        fields = Fields(said)
        letter = cls(
            fields.text("clientReference"),
            fields.text("recipient"),
            fields.given("text", ""),
            fields.whole("priceCents", 0),
            fields.text("currency", "USD"),
            fields.given("media", []),
            fields.whole("deadline"),
        )
        fields.end()
        if not isinstance(letter.text, str) or not isinstance(letter.media, list):
            raise malformed("text must be text and media a list")
        return letter


class Sending:
    """Accepts letters, each once for ever, and writes down every request whatever became of it."""

    def __init__(self, books: Books, faults: Faults, accepted: AfterAccepting, expired: LoginExpired) -> None:
        self._books = books
        self._faults = faults
        self._accepted = accepted
        self._expired = expired

    def send(self, request: Request) -> Answer:
        """Answer a send request; nothing is said before it is on the disk."""
        account = self._books.account_of(request.token)
        attempt = self._arrive(account, request)
        trouble = self._faults.draw(account.id, SEND) if account else Trouble()
        if account and trouble.expired_just_now and trouble.of_kind("expire-login"):
            self._expired(account)
        time.sleep(trouble.before)
        answer = self._decide(attempt, account, request, trouble)
        self._books.sync()
        time.sleep(trouble.after)
        if answer is None:
            raise HangUp
        return answer

    def _arrive(self, account: Account | None, request: Request) -> int:
        """Write down that it came, before anything can go wrong with it."""
        try:
            said = request.json()
        except Problem:
            said = {}
        reference, recipient = (value if isinstance(value, str) else None for value in map(said.get, _WHO))
        with self._books.lock:
            number = len(self._books.attempts)
            self._books.record(
                "attempt", account=account.id if account else None, reference=reference, recipient=recipient
            )
        return number

    def _decide(self, attempt: int, account: Account | None, request: Request, trouble: Trouble) -> Answer | None:
        """Under the lock: two requests of one reference at the same moment are one acceptance."""
        with self._books.lock:
            try:
                outcome, answer = self._take(attempt, account, request, trouble)
            except Problem as problem:
                outcome, answer = problem.code, problem.answer()
            given = None if trouble.of_kind("drop-request", "drop-reply") else answer
            self._books.record("outcome", attempt=attempt, outcome=outcome, status=given.status if given else None)
            return given

    def _take(self, attempt: int, account: Account | None, request: Request, trouble: Trouble) -> tuple[str, Answer]:
        if account is None:
            raise Problem(401, "bad_token", "nobody is known by this token")
        if trouble.of_kind("drop-request"):
            raise Problem(503, "dropped")
        letter = Letter.read(request.json())
        before = account.accepted.get(letter.reference)
        if before:  # whatever the body says, and whatever stands in the way of others
            return "repeated", _answer(200, before, trouble)
        self._refuse(account, letter, trouble)
        message = self._write(attempt, account, letter)
        self._accepted(account, message)
        return "accepted", _answer(201, message, trouble)

    def _refuse(self, account: Account, letter: Letter, trouble: Trouble) -> None:
        """Say no to what is not taken, in the order in which a platform would notice."""
        _refuse_by_fault(trouble)
        if not account.signed_in or self._faults.login_expired(account.id):
            raise Problem(401, "login_expired", "the account must sign in to the platform again")
        if account.settings.strict:
            _refuse_too_fast(account)
        if not 0 <= letter.deadline - self._books.now() * 1000 <= _FURTHEST_DEADLINE:
            raise Problem(409, "deadline_passed", "it came after its deadline, or with one that nobody means")
        if not (letter.text.strip() or letter.media) or len(letter.text) > _LONGEST:
            raise Problem(422, "refused", "this message is not taken", {"forGood": True, "reason": "content"})

    def _write(self, attempt: int, account: Account, letter: Letter) -> Message:
        at = self._books.tick()
        facts = {
            "id": message_id(at),
            "at": at,
            "recipient": letter.recipient,
            "direction": "out",
            "text": letter.text,
            "price_cents": letter.price_cents,
            "currency": letter.currency,
            "media": letter.media,
            "reference": letter.reference,
        }
        self._books.record("accepted", at=at, attempt=attempt, account=account.id, message=facts)
        return account.accepted[letter.reference]


def message_id(at: float) -> str:
    """The platform's own id of what was written at this moment: no two are written at the same."""
    return str(round(at * 1_000_000))


def _answer(status: int, message: Message, trouble: Trouble) -> Answer:
    if trouble.of_kind("5xx"):
        return _server_error(trouble).answer()
    return Answer(status, {"messageId": message.id, "acceptedAt": iso(message.at)})


def _refuse_by_fault(trouble: Trouble) -> None:
    fault = trouble.fault
    match fault.kind if fault else None:
        case "refuse" if fault:
            more = {"forGood": fault.for_good, "reason": fault.reason}
            raise Problem(422, "refused", "this message is not taken", more)
        case "forbid":
            raise Problem(403, "forbidden", "the account may not send at all now")
        case "429" if fault:
            raise _too_fast(fault.retry_after)
        case "5xx" if fault and not fault.accepts:
            raise _server_error(trouble)


def pass_through(trouble: Trouble) -> None:
    """Let trouble befall a request that is no send; an expired login is the business of who needs one."""
    time.sleep(trouble.before + trouble.after)
    if trouble.of_kind("drop-request", "drop-reply"):
        raise HangUp
    if trouble.of_kind("5xx"):
        raise _server_error(trouble)
    if trouble.fault and trouble.of_kind("429"):
        raise _too_fast(trouble.fault.retry_after)


def _refuse_too_fast(account: Account) -> None:
    """More than the limit arrived within one window that ends now; this one is among them."""
    limit, seconds = account.settings.messages, account.settings.seconds
    latest = account.arrivals[-limit - 1 :]
    if len(latest) > limit and (wait := latest[0] + seconds - latest[-1]) > 0:
        raise _too_fast(math.ceil(wait))


def _too_fast(retry_after: int) -> Problem:
    return Problem(
        429, "too_fast", "not accepted: too many in too little time", headers={"Retry-After": f"{retry_after}"}
    )


def _server_error(trouble: Trouble) -> Problem:
    return Problem(trouble.status, "failed", "something went wrong on the platform")
