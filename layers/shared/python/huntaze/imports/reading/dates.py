"""Moments as people and their programs write them.

A date that can be read in two ways is refused, and so is a time that no clock of the zone showed, or showed twice.
"""

import re
import unicodedata
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from functools import lru_cache
from zoneinfo import ZoneInfo

from huntaze.imports.reading.faults import Fault

_LONGEST = 64
_FIRST_YEAR = 1900
_MONTHS_A_YEAR = 12
_MICROSECONDS = 6

_OFFSET = r"(?:Z|UTC|GMT|[+-](?:0[0-9]|1[0-4])(?::?[0-5][0-9])?)"
_ISO = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}"
    r"(?:[T ][0-9]{2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]{1,6})?)?(?:Z|[+-](?:0[0-9]|1[0-4]):?[0-5][0-9])?)?"
)
_DAY_ALONE = len("2025-04-03")
_WITH_TIME = re.compile(
    r"(?P<day>.+?)(?:(?:T|,? +)(?P<hour>[0-9]{1,2}):(?P<minute>[0-9]{2})"
    r"(?::(?P<second>[0-9]{2})(?:[.,](?P<fraction>[0-9]+))?)?"
    rf"(?: ?(?P<half>[AaPp])\.?[Mm]\.?)?(?: ?(?P<offset>{_OFFSET}))?)?"
)
_YEAR_FIRST = re.compile(r"([0-9]{4})([./-])([0-9]{1,2})\2([0-9]{1,2})")
_YEAR_LAST = re.compile(r"([0-9]{1,2})([./-])([0-9]{1,2})\2([0-9]{4})")
_DAY_MONTH = re.compile(
    r"(?P<day>[0-9]{1,2})(?:st|nd|rd|th|er|\.|º)?[ -](?:de )?(?P<month>[a-z]+)\.?,?[ -](?:del? )?(?P<year>[0-9]{4})"
)
_MONTH_DAY = re.compile(r"(?P<month>[a-z]+)\.?[ -](?P<day>[0-9]{1,2})(?:st|nd|rd|th)?,?[ -](?P<year>[0-9]{4})")

# In English, French, German and Spanish, without accents. No name means two months in two of them.
_NAMES = (
    "january jan janvier janv januar janner jaenner enero ene",
    "february feb fevrier fevr fev februar feber febrero",
    "march mar mars marz maerz mrz marzo",
    "april apr avril avr abril abr",
    "may mai mayo",
    "june jun juin juni junio",
    "july jul juillet juil juli julio",
    "august aug aout agosto ago",
    "september sep sept septembre septiembre setiembre set",
    "october oct octobre oktober okt octubre",
    "november nov novembre noviembre",
    "december dec decembre dezember dez diciembre dic",
)
_MONTHS: Mapping[str, int] = {name: month for month, names in enumerate(_NAMES, 1) for name in names.split()}


def moment(text: str, zone: str, *, day_first: bool | None) -> datetime | Fault:
    """A moment in UTC. A time without a zone of its own, and the beginning of a day, are in the zone given."""
    try:
        if _ISO.fullmatch(text):
            at = datetime.fromisoformat(text)
            return _beginning(at.date(), zone) if len(text) == _DAY_ALONE else _told(at, zone)
        return _written(text, zone, day_first=day_first)
    except (ValueError, OverflowError):
        return Fault("bad_date")


def _written(text: str, zone: str, *, day_first: bool | None) -> datetime | Fault:
    """What is no plain ISO 8601. A ValueError where a number is beyond its bounds."""
    parts = _WITH_TIME.fullmatch(" ".join(text.split())) if len(text) <= _LONGEST else None
    day = _day(parts["day"], day_first=day_first) if parts else Fault("bad_date")
    if parts is None or isinstance(day, Fault):
        return Fault(day)
    if parts["hour"] is None:
        return _beginning(day, zone)
    at = datetime(
        day.year,
        day.month,
        day.day,
        _hour(parts["hour"], parts["half"]),
        int(parts["minute"]),
        int(parts["second"] or 0),
        _microseconds(parts["fraction"] or ""),
        _offset(parts["offset"]),
    )
    return _told(at, zone)


def _day(text: str, *, day_first: bool | None) -> date | Fault:
    if found := _YEAR_FIRST.fullmatch(text):
        return date(int(found[1]), int(found[3]), int(found[4]))
    if found := _YEAR_LAST.fullmatch(text):
        return _of_two(int(found[1]), int(found[3]), int(found[4]), day_first=day_first)
    bare = _without_accents(text)
    found = _DAY_MONTH.fullmatch(bare) or _MONTH_DAY.fullmatch(bare)
    month = _MONTHS.get(found["month"]) if found else None
    if found is None or month is None:
        return Fault("bad_date")
    return date(int(found["year"]), month, int(found["day"]))


def _of_two(first: int, second: int, year: int, *, day_first: bool | None) -> date | Fault:
    """A day from the two numbers before its year; the locale decides where either may be the month."""
    if 0 in {first, second} or first == second or second > _MONTHS_A_YEAR:
        return date(year, first, second)
    if first > _MONTHS_A_YEAR:
        return date(year, second, first)
    if day_first is None:
        return Fault("ambiguous_date")
    return date(year, second, first) if day_first else date(year, first, second)


def _hour(text: str, half: str | None) -> int:
    hour = int(text)
    if half is None:
        return hour
    if not 1 <= hour <= 12:  # noqa: PLR2004  (such is the clock)
        raise ValueError("a clock of twelve hours shows 1 to 12")
    return hour % 12 + (12 if half in "Pp" else 0)


def _microseconds(digits: str) -> int:
    if digits[_MICROSECONDS:].strip("0"):
        raise ValueError("that is finer than what is kept")
    return int(digits[:_MICROSECONDS].ljust(_MICROSECONDS, "0"))


def _offset(text: str | None) -> tzinfo | None:
    if text is None:
        return None
    if text[0] not in "+-":
        return UTC
    ahead = timedelta(hours=int(text[1:3]), minutes=int(text[3:].removeprefix(":") or 0))
    return timezone(-ahead if text[0] == "-" else ahead)


def _without_accents(text: str) -> str:
    return "".join(each for each in unicodedata.normalize("NFD", text.lower()) if not unicodedata.combining(each))


def _told(at: datetime, zone: str) -> datetime | Fault:
    """The moment at which a clock showed this."""
    if at.year < _FIRST_YEAR:
        return Fault("bad_date")
    if at.tzinfo is None:
        at = at.replace(tzinfo=_zone(zone))
        if at.utcoffset() != at.replace(fold=1).utcoffset():
            return Fault("no_such_time")
    return at.astimezone(UTC)


def _beginning(day: date, zone: str) -> datetime | Fault:
    """The first moment of a day, not always midnight: clocks are put forward then. Whole days were skipped too."""
    if day.year < _FIRST_YEAR:
        return Fault("bad_date")
    where = _zone(zone)
    at = datetime(day.year, day.month, day.day, tzinfo=where).astimezone(UTC)
    return at if at.astimezone(where).date() == day else Fault("no_such_time")


@lru_cache(maxsize=8)
def _zone(name: str) -> tzinfo:
    return UTC if name == "UTC" else ZoneInfo(name)
