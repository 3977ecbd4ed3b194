"""What is asked of analytics: for which days, of which fans."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from huntaze.errors import Invalid
from huntaze.fans.model import Platform

MOST_DAYS = 1_100  # three years
MOST_TOP_FANS = 100
FIRST_YEAR, LAST_YEAR = 2000, 2100  # nobody has numbers before, and nobody compares with what lies after
ACTIVE_DAYS = 30  # who was seen within so many days is active
ONE_DAY = timedelta(days=1)
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
DECEMBER = 12


class Preset(StrEnum):
    """Periods that people ask for by name; they end today."""

    WEEK = "7d"
    MONTH = "30d"
    QUARTER = "90d"
    YEAR = "365d"
    THIS_MONTH = "month"
    THIS_YEAR = "year"


DAYS = {Preset.WEEK: 7, Preset.MONTH: 30, Preset.QUARTER: 90, Preset.YEAR: 365}


class Step(StrEnum):
    """How long a bar of a chart is."""

    DAY = "day"
    WEEK = "week"  # from Monday on
    MONTH = "month"

    def begin(self, day: date) -> date:
        """The first day of the step that a day is in."""
        if self is Step.WEEK:
            return day - timedelta(days=day.weekday())
        return day.replace(day=1) if self is Step.MONTH else day

    def after(self, begin: date) -> date:
        """The first day of the next step."""
        if self is Step.MONTH:
            return _months_later(begin, 1)
        return begin + timedelta(days=7 if self is Step.WEEK else 1)


@dataclass(frozen=True, slots=True)
class Period:
    """Days of the workspace's own calendar, both ends included."""

    first: date
    last: date

    @property
    def days(self) -> int:
        """How many there are."""
        return (self.last - self.first).days + 1

    def steps(self, step: Step) -> Iterator["Period"]:
        """The steps that it is made of; the first and the last may be cut."""
        begin = step.begin(self.first)
        while begin <= self.last:
            after = step.after(begin)
            yield Period(max(begin, self.first), min(after - ONE_DAY, self.last))
            begin = after


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What is asked: a preset, or local dates that win over it, and of which fans."""

    preset: Preset = Preset.MONTH
    first: date | None = None
    last: date | None = None
    platform: Platform | None = None
    tag: str | None = None

    def periods(self, today: date) -> tuple[Period, Period]:
        """The period, and the one before that it is compared with; Invalid where there is none."""
        if self.first is not None or self.last is not None:
            return self._of_dates(today)
        if self.preset is Preset.THIS_MONTH:
            begin = today.replace(day=1)
            return Period(begin, today), _same_stretch(begin, today, months=1)
        if self.preset is Preset.THIS_YEAR:
            begin = today.replace(month=1, day=1)
            return Period(begin, today), _same_stretch(begin, today, months=DECEMBER)
        return _with_as_many_before(Period(today - timedelta(days=DAYS[self.preset] - 1), today))

    def _of_dates(self, today: date) -> tuple[Period, Period]:
        period = Period(self.first or min(self.last or today, today), self.last or max(self.first or today, today))
        if period.first > period.last:
            raise Invalid.field("to", "must not be before `from`")
        if period.days > MOST_DAYS:
            raise Invalid.field("to", f"must be less than {MOST_DAYS} days after `from`")
        try:
            return _with_as_many_before(period)
        except OverflowError:
            raise Invalid.field("from", "is too long ago") from None


def asked_day(text: str) -> date | None:
    """A day as addresses name it; nothing where it is none that one could ask for."""
    try:
        day = date.fromisoformat(text) if _DAY.fullmatch(text) else None
    except ValueError:
        return None
    return day if day and FIRST_YEAR <= day.year <= LAST_YEAR else None


@dataclass(frozen=True, slots=True)
class Among:
    """Of which fans something is counted, and in which zone days are cut."""

    zone: str
    platform: Platform | None = None
    tag: str | None = None


def _with_as_many_before(period: Period) -> tuple[Period, Period]:
    last = period.first - ONE_DAY
    return period, Period(last - timedelta(days=period.days - 1), last)


def _same_stretch(begin: date, today: date, *, months: int) -> Period:
    """From so many months earlier on, up to the same day; of a month that was shorter all of it."""
    begins_then = _months_later(begin, -months)
    month_then = _months_later(today.replace(day=1), -months)
    last_of_month = _months_later(month_then, 1) - ONE_DAY
    return Period(begins_then, min(month_then + timedelta(days=today.day - 1), last_of_month))


def _months_later(first_of_month: date, months: int) -> date:
    number = first_of_month.year * 12 + first_of_month.month - 1 + months
    return date(number // 12, number % 12 + 1, 1)
