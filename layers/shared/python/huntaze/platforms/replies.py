"""What a bridge's replies mean. The table of docs/platform-bridge.md, and nothing beyond it."""

import re
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

from huntaze.errors import Unavailable
from huntaze.platforms.model import (
    Accepted,
    AccessRefused,
    AccountAway,
    Answer,
    Away,
    NotAccepted,
    NotOffered,
    Reason,
    Refused,
    Unknown,
)
from huntaze.platforms.told import Told, Unreadable
from huntaze.runtime.guarded_http import Reply

_SHORTEST_WAIT = timedelta(seconds=1)
_LONGEST_WAIT = timedelta(hours=24)
_USUAL_WAIT = 30
_LONG_WAIT = 3600
_LATEST_TIME = 10**14  # milliseconds: three thousand years
_SECONDS = re.compile(r"[0-9]{1,9}")
_PROBLEM = "application/problem+json"

REFUSALS: dict[tuple[int, str], Answer] = {
    (401, "login_expired"): AccountAway(Away.LOGIN_EXPIRED, Reason.LOGIN_EXPIRED),
    (401, "bad_token"): AccountAway(Away.LOGIN_EXPIRED, Reason.BAD_TOKEN),
    (403, "forbidden"): AccountAway(Away.FORBIDDEN, Reason.FORBIDDEN),
    (409, "deadline_passed"): NotAccepted(Reason.DEADLINE_PASSED, asked=True),
}
WORDS_FOR_REFUSALS = frozenset(
    {Reason.RECIPIENT_UNKNOWN, Reason.RECIPIENT_UNAVAILABLE, Reason.PRICE, Reason.CONTENT, Reason.MEDIA}
)
_EXPLAINED = {
    Reason.LOGIN_EXPIRED: "The bridge has lost its sign-in at the platform. Sign in again there.",
    Reason.BAD_TOKEN: "The bridge does not accept the token. Make a new one there and enter it here.",
    Reason.FORBIDDEN: "The platform does not let this account do that at the moment.",
    Reason.ADDRESS_REFUSED: "The bridge's address does not lead to a public place on the internet.",
    Reason.NAME_NOT_FOUND: "There is no bridge by this name.",
    Reason.NO_TRUST: "The bridge has no certificate for its name that can be trusted.",
}
AWAY = "The bridge cannot be reached right now."


def answer_to_send(reply: Reply) -> Answer:
    """What became of a message."""
    if reply.status in {200, 201}:
        return _accepted(reply)
    if reply.status == 429:  # noqa: PLR2004
        return AccountAway(Away.THROTTLED, Reason.TOO_FAST, retry_after(reply))
    problem = _problem(reply)
    if problem and reply.status == 422 and _code(problem) == "refused":  # noqa: PLR2004
        return _refused(problem)
    known = REFUSALS.get((reply.status, _code(problem))) if problem else None
    return known or Unknown(_unknown(reply.status))


def refusal(reply: Reply) -> Unavailable:
    """Why there is no answer to a request that has nothing to do with sending."""
    problem = _problem(reply)
    known = REFUSALS.get((reply.status, _code(problem))) if problem else None
    if isinstance(known, AccountAway):
        return access_refused(known.why, Reason(known.reason))
    if reply.status == 501:  # noqa: PLR2004
        return NotOffered("The bridge does not offer this.", retry_after=_LONG_WAIT)
    wait = retry_after(reply)
    return Unavailable(AWAY, retry_after=round(wait.total_seconds()) if wait else _USUAL_WAIT)


def unreadable() -> Unavailable:
    """It answered something that the contract does not know."""
    return Unavailable("The bridge answers in a way that we do not understand.", retry_after=_USUAL_WAIT)


def unreachable(reason: Reason) -> Unavailable:
    """It did not answer."""
    return Unavailable(_EXPLAINED.get(reason, AWAY), retry_after=_USUAL_WAIT)


def access_refused(why: Away, reason: Reason) -> AccessRefused:
    """Somebody must act before this account can be asked again."""
    return AccessRefused(why, _EXPLAINED[reason], retry_after=_LONG_WAIT)


def bridge_time(reply: Reply) -> int | None:
    """The bridge's clock when it answered, in milliseconds."""
    return _time(reply.headers.get("bridge-time", ""))


def time_in(reply: Reply) -> int | None:
    """The same from the body of an answer to the question for it."""
    try:
        return Told.of(reply.body).number("now", 1, _LATEST_TIME) if reply.status == 200 else None  # noqa: PLR2004
    except Unreadable:
        return None


def retry_after(reply: Reply) -> timedelta | None:
    """How long the bridge wants us to wait, within reason; None when it does not say so understandably."""
    value = reply.headers.get("retry-after", "").strip()
    if _SECONDS.fullmatch(value):
        wait = timedelta(seconds=int(value))
    else:
        until, since = _date(value), _date_of(reply)
        if until is None or since is None:
            return None
        wait = until - since
    return min(max(wait, _SHORTEST_WAIT), _LONGEST_WAIT)


def _accepted(reply: Reply) -> Answer:
    try:
        return Accepted(Told.of(reply.body).name("messageId"))
    except Unreadable:
        return Unknown(Reason.UNREADABLE)


def _refused(problem: Told) -> Refused:
    try:
        word, for_good = problem.name_or_none("reason"), problem.flag_or_none("forGood") is True
    except Unreadable:
        return Refused(Reason.REFUSED, for_good=False)
    return Refused(Reason(word) if word in WORDS_FOR_REFUSALS else Reason.REFUSED, for_good)


def _problem(reply: Reply) -> Told | None:
    """A refusal of the bridge itself; None for what something in front of it made up."""
    if reply.headers.get("content-type", "").partition(";")[0].strip().lower() != _PROBLEM:
        return None
    try:
        return Told.of(reply.body)
    except Unreadable:
        return None


def _code(problem: Told) -> str:
    try:
        return problem.name("code")
    except Unreadable:
        return ""


def _unknown(status: int) -> Reason:
    match status // 100:
        case 3:
            return Reason.REDIRECTED
        case 5:
            return Reason.SERVER_ERROR
        case _:
            return Reason.UNDOCUMENTED


def _time(value: str) -> int | None:
    milliseconds = int(value) if value.isascii() and value.isdecimal() and len(value) <= len(str(_LATEST_TIME)) else 0
    return milliseconds if 0 < milliseconds < _LATEST_TIME else None


def _date(value: str) -> datetime | None:
    try:
        date = parsedate_to_datetime(value)
    except (ValueError, TypeError, OverflowError):
        return None
    return date.replace(tzinfo=UTC) if date.tzinfo is None else date


def _date_of(reply: Reply) -> datetime | None:
    """When the bridge answered, by the clock that it meant the date by: its own."""
    stamp = bridge_time(reply)
    return _date(reply.headers.get("date", "")) if stamp is None else datetime.fromtimestamp(stamp / 1000, UTC)
