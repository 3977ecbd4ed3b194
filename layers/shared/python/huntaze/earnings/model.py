"""What fans have brought, by kind of payment."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Self
from zoneinfo import ZoneInfo

from huntaze.money import Money

LATELY = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Earned:
    """What came in by one kind: subscription, ppv or tip; `lately` is the part of the last 30 days."""

    kind: str
    amount: Money
    count: int
    lately: Money


@dataclass(frozen=True, slots=True, kw_only=True)
class SoFar:
    """What came in by one kind today and this month, and yesterday and last month up to the same moment."""

    kind: str
    today: Money
    yesterday: Money
    month: Money
    last_month: Money


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretches:
    """Today and this month until now, and as much of yesterday and of last month, as the clock of a place has them."""

    now: datetime
    today: datetime
    yesterday: datetime
    yesterday_until: datetime
    month: datetime
    last_month: datetime
    last_month_until: datetime

    @classmethod
    def at(cls, now: datetime, zone: str) -> Self:
        """Those of this moment. Of a month that was shorter all of it counts."""
        there = now.astimezone(UTC if zone == "UTC" else ZoneInfo(zone))
        today = there.replace(hour=0, minute=0, second=0, microsecond=0)
        month = today.replace(day=1)
        last_month = (month - timedelta(days=1)).replace(day=1)
        that_day = last_month + timedelta(days=there.day - 1)
        until = that_day.replace(hour=there.hour, minute=there.minute, second=there.second)
        moments = {
            "today": today,
            "yesterday": today - timedelta(days=1),
            "yesterday_until": there - timedelta(days=1),
            "month": month,
            "last_month": last_month,
            "last_month_until": min(until, month),
        }
        # Clocks are put forward and back: what counts is the time that they show.
        return cls(now=now, **{name: moment.astimezone(UTC) for name, moment in moments.items()})
