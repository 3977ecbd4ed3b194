"""Quiet hours: local times of day, right over changes of the clocks and in zones of half an hour. Pure functions.

A moment is asked for its local time; a local time is never turned into a moment by arithmetic. A quiet stretch that
begins or ends within the hour that a clock skips begins or ends where the clock goes on.
"""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from huntaze import zones
from huntaze.campaigns.model import QuietHours

FARTHEST = timedelta(days=366)
_DAY = timedelta(days=1)
_HOUR = timedelta(hours=1)
_SECOND = timedelta(seconds=1)


def is_quiet(at: datetime, quiet: QuietHours | None, zone: str) -> bool:
    """Whether nothing may leave at this moment."""
    if quiet is None:
        return False
    now = at.astimezone(ZoneInfo(zone)).time()
    if quiet.begin <= quiet.end:
        return quiet.begin <= now < quiet.end
    return now >= quiet.begin or now < quiet.end


def next_change(at: datetime, quiet: QuietHours, zone: str) -> datetime:
    """The first moment after this one at which it becomes quiet, or ceases to be."""
    was = is_quiet(at, quiet, zone)
    return next(moment for moment in _edges(at, quiet, zone) if moment > at and is_quiet(moment, quiet, zone) != was)


def quiet_from(at: datetime, quiet: QuietHours | None, zone: str) -> datetime | None:
    """When quiet hours begin, for a moment that is not quiet; None without any."""
    return next_change(at, quiet, zone) if quiet else None


def after_so_much(begin: datetime, work: timedelta, quiet: QuietHours | None, zone: str) -> datetime | None:
    """When so much time outside quiet hours has passed, as the zone's clocks show it; None beyond a year."""
    at = begin
    if quiet:
        while at - begin <= FARTHEST:
            change = next_change(at, quiet, zone)
            if not is_quiet(at, quiet, zone):
                if work < change - at:
                    break
                work -= change - at
            at = change
    end = at + work
    return end.astimezone(ZoneInfo(zone)) if end - begin <= FARTHEST else None


def known_zone(zone: str | None, otherwise: str) -> str:
    """The zone, if clocks can hang in it."""
    return zone if zone and zones.is_known(zone) else otherwise


def _edges(at: datetime, quiet: QuietHours, zone: str) -> Iterator[datetime]:
    """Every moment from the day before on at which it may become quiet or cease to be, in their order."""
    where = ZoneInfo(zone)
    day = (at.astimezone(where) - _DAY).date()
    while True:
        marks = {moment for edge in (quiet.begin, quiet.end) for moment in _moments(datetime.combine(day, edge), where)}
        yield from sorted(marks | set(_jumps(day, where)))
        day += _DAY


def _moments(local: datetime, where: ZoneInfo) -> set[datetime]:
    """The moments at which clocks show this: one, or two where an hour comes twice."""
    return {local.replace(tzinfo=where, fold=fold).astimezone(UTC) for fold in (0, 1)}


def _jumps(day: date, where: ZoneInfo) -> Iterator[datetime]:
    """The moments of a day at which clocks are put forward or back."""
    low, end = (datetime.combine(each, time(), where).astimezone(UTC) for each in (day, day + _DAY))
    while low < end:
        high = min(low + _HOUR, end)
        if _offset(low, where) != _offset(high, where):
            yield _jump_between(low, high, where)
        low = high


def _jump_between(low: datetime, high: datetime, where: ZoneInfo) -> datetime:
    before = _offset(low, where)
    while high - low > _SECOND:
        middle = low + (high - low) / 2
        low, high = (middle, high) if _offset(middle, where) == before else (low, middle)
    return high.replace(microsecond=0)


def _offset(at: datetime, where: ZoneInfo) -> timedelta | None:
    return at.astimezone(where).utcoffset()
