"""What goes wrong on purpose, for whom, how often and for how long. Faults end with the process."""

import time
from collections import Counter
from dataclasses import dataclass, field
from itertools import count
from random import Random
from threading import Lock

from local.simulator.model import Json

KINDS = (
    "slow",  # waits before the work
    "slow-reply",  # waits after it
    "refuse",
    "forbid",
    "429",
    "5xx",
    "drop-reply",  # does the work and closes the connection without an answer
    "drop-request",  # reads the request and closes the connection without doing anything
    "expire-login",
)
SEND, FIND, OTHER = "send", "find", "other"
EVERYTHING = "all"
EVERYBODY = "*"


@dataclass(slots=True)
class Fault:
    """One thing that goes wrong."""

    number: int
    account: str
    kind: str
    until: float | None  # on the monotonic clock
    seed: int
    on: str = SEND
    probability: float = 1.0
    times: int | None = None
    delay: float = 0.0
    for_good: bool = True
    reason: str = "content"
    retry_after: int = 5
    accepts: bool = False  # of 5xx: whether the work is done nevertheless
    draws: Counter[str] = field(default_factory=Counter)
    struck: set[str] = field(default_factory=set)
    mended: set[str] = field(default_factory=set)

    @property
    def active(self) -> bool:
        """Whether it can still strike."""
        return self.times != 0 and (self.until is None or time.monotonic() < self.until)

    def concerns(self, account: str, request: str) -> bool:
        """Whether such a request of this account may be struck."""
        return (
            self.active
            and self.account in {account, EVERYBODY}
            and self.on in {request, EVERYTHING}
            and account not in self.mended
        )

    def has_expired(self, account: str) -> bool:
        """Whether it has ended the login of this account, which nobody has renewed since."""
        return self.kind == "expire-login" and self.active and account in self.struck - self.mended

    def draw(self, account: str) -> Random | None:
        """The dice of this strike, or none. The n-th draw for an account is the same in every run of a seed."""
        self.draws[account] += 1
        dice = Random(f"{self.seed} {account} {self.draws[account]}")  # noqa: S311  (to be repeated, not to be secret)
        if dice.random() >= self.probability:
            return None
        if self.times is not None:
            self.times -= 1
        return dice

    def shown(self) -> Json:
        """As the control API tells it."""
        return {
            "id": self.number,
            "account": self.account,
            "kind": self.kind,
            "on": self.on,
            "probability": self.probability,
            "seconds": None if self.until is None else round(self.until - time.monotonic(), 3),
            "times": self.times,
            "seed": self.seed,
            "delay": self.delay,
            "forGood": self.for_good,
            "reason": self.reason,
            "retryAfter": self.retry_after,
            "accepts": self.accepts,
        }


@dataclass(frozen=True, slots=True)
class Trouble:
    """What befalls one request: waits before and after its work, and at most one fault of another kind."""

    before: float = 0.0
    after: float = 0.0
    fault: Fault | None = None
    status: int = 503  # of a 5xx
    expired_just_now: bool = False

    def of_kind(self, *kinds: str) -> bool:
        """Whether it is one of these."""
        return self.fault is not None and self.fault.kind in kinds


class Faults:
    """All faults of the moment, in the order in which they were declared."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._faults: list[Fault] = []
        self._numbers = count(1)

    def declare(self, account: str, kind: str, *, seconds: float | None, seed: int, **more: object) -> Fault:
        """Let something go wrong from now on."""
        until = None if seconds is None else time.monotonic() + seconds
        fault = Fault(next(self._numbers), account, kind, until, seed, **more)  # type: ignore[arg-type]
        with self._lock:
            self._faults.append(fault)
        return fault

    def active(self) -> list[Fault]:
        """Those that can still strike."""
        with self._lock:
            self._faults = [fault for fault in self._faults if fault.active]
            return list(self._faults)

    def end(self, account: str | None = None) -> None:
        """End all of them, or those that were declared for this account."""
        with self._lock:
            self._faults = [fault for fault in self._faults if account is not None and fault.account != account]

    def draw(self, account: str, request: str) -> Trouble:
        """What befalls this request."""
        before = after = 0.0
        with self._lock:
            for fault in self._faults:
                if not fault.concerns(account, request):
                    continue
                known = fault.has_expired(account)
                dice = Random(0) if known else fault.draw(account)  # noqa: S311  (nothing is drawn from it)
                if dice is None:
                    continue
                if fault.kind == "slow":
                    before += fault.delay
                elif fault.kind == "slow-reply":
                    after += fault.delay
                else:
                    fault.struck.add(account)
                    status = dice.choice((500, 502, 503, 504))
                    return Trouble(before, after + fault.delay, fault, status, expired_just_now=not known)
        return Trouble(before, after)

    def expire(self, fault: Fault, account: str) -> None:
        """Let an expired login strike at once, before anything was asked."""
        with self._lock:
            fault.struck.add(account)

    def login_expired(self, account: str) -> bool:
        """Whether a fault has ended the login of this account, and nobody has renewed it since."""
        with self._lock:
            return any(fault.has_expired(account) for fault in self._faults)

    def mend_login(self, account: str) -> None:
        """Somebody signed in again: faults declared before no longer end this login."""
        with self._lock:
            for fault in self._faults:
                if fault.kind == "expire-login":
                    fault.mended.add(account)
