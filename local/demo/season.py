"""When fans write and buy: in the evening, at weekends, before holidays and after payday."""

import bisect
from datetime import UTC, datetime, timedelta
from itertools import accumulate
from zoneinfo import ZoneInfo

from local.demo.dice import Dice

MINUTE = 60_000
HOUR = 60 * MINUTE
DAY = 24 * HOUR

# 12 months, and a day for leap years.
DAYS_OF_HISTORY = 366

_BY_HOUR = (9, 6, 4, 2, 1, 1, 2, 4, 5, 6, 6, 7, 9, 8, 7, 7, 8, 10, 13, 16, 19, 22, 20, 14)
_BY_WEEKDAY = (9, 9, 9, 10, 13, 15, 14)
_BY_MONTH = (9, 12, 10, 10, 11, 10, 9, 9, 10, 11, 13, 15)
_AFTER_PAYDAY = 1.35
_PAYDAYS = (1, 2, 15, 16, 28)


class Season:
    """The year before a moment, each of its hours as busy as it is in the creator's zone."""

    def __init__(self, zone: str, now: datetime) -> None:
        end = now.astimezone(UTC).replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)
        begin = end - timedelta(days=DAYS_OF_HISTORY)
        self.begin = in_milliseconds(begin)
        self.now = in_milliseconds(now)
        local = ZoneInfo(zone)
        hours = ((begin + timedelta(hours=hour)).astimezone(local) for hour in range(24 * DAYS_OF_HISTORY))
        self._sums = [0.0, *accumulate(_busyness(hour) for hour in hours)]

    def moments(self, dice: Dice, count: int, first: int, last: int) -> list[int]:
        """So many moments between these two, in order: more of them where the hours are busy."""
        low, high = self._sum_until(first), self._sum_until(last)
        if high > low:
            return sorted([self._moment(low + (high - low) * dice.random()) for _ in range(count)])
        return sorted([first + int((last - first) * dice.random()) for _ in range(count)])

    def _sum_until(self, at: int) -> float:
        """How busy it has been until then; of what was before the year nothing is known."""
        hour, rest = divmod(max(0, at - self.begin), HOUR)
        return self._sums[hour] + (self._sums[hour + 1] - self._sums[hour]) * rest / HOUR

    def _moment(self, at: float) -> int:
        hour = bisect.bisect_right(self._sums, at) - 1
        within = (at - self._sums[hour]) / (self._sums[hour + 1] - self._sums[hour])
        return self.begin + hour * HOUR + int(within * HOUR)


def in_milliseconds(moment: datetime) -> int:
    """A moment as ids carry it."""
    return int(moment.timestamp()) * 1000 + moment.microsecond // 1000


def moment(milliseconds: int) -> datetime:
    """The same as a database takes it."""
    return datetime.fromtimestamp(milliseconds / 1000, UTC)


def _busyness(hour: datetime) -> float:
    payday = _AFTER_PAYDAY if hour.day in _PAYDAYS else 1.0
    return _BY_HOUR[hour.hour] * _BY_WEEKDAY[hour.weekday()] * _BY_MONTH[hour.month - 1] * payday
