"""What is no longer true, topic by topic, and how it is counted again."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from huntaze.analytics.model import ONE_DAY, Period, Step

ANSWER_DAYS = 8  # a line is answered within 168 hours, which end on the eighth day after it at the latest


class Topic(StrEnum):
    """What is counted together."""

    EVERYTHING = "everything"
    TRANSACTIONS = "transactions"
    MESSAGES = "messages"
    JOINED = "joined"
    SEEN = "seen"
    VALUES = "values"
    ANSWERS = "answers"
    COHORTS = "cohorts"


# Those that have days or months, in an order in which what follows from others comes after them.
WITH_DAYS = (Topic.TRANSACTIONS, Topic.MESSAGES, Topic.JOINED, Topic.SEEN, Topic.ANSWERS, Topic.COHORTS)

# Of how many days one transaction counts; what a day holds differs by orders of magnitude.
AT_ONCE = {
    Topic.TRANSACTIONS: 31,
    Topic.MESSAGES: 7,
    Topic.JOINED: 31,
    Topic.SEEN: 31,
    Topic.VALUES: 1_000_000,  # they are no days: all is counted at once
    Topic.ANSWERS: 7,
    Topic.COHORTS: 2,
}


@dataclass(frozen=True, slots=True)
class StaleDay:
    """A day of the workspace's calendar, and since when it is stale."""

    day: date
    noted_at: datetime


@dataclass(frozen=True, slots=True)
class Rest:
    """When a topic was counted last, and how long that took."""

    counted_at: datetime
    took: timedelta


def stretches(topic: Topic, days: Iterable[date]) -> list[Period]:
    """Days put together where they follow one another; of cohorts, which are counted by months, whole months."""
    found: list[Period] = []
    for day in sorted(set(days)):
        last = Step.MONTH.after(day) - ONE_DAY if topic is Topic.COHORTS else day
        if found and found[-1].last + ONE_DAY == day:
            found[-1] = Period(found[-1].first, last)
        else:
            found.append(Period(day, last))
    return found


def months_from(days: Sequence[StaleDay], last: date) -> list[StaleDay]:
    """The months that a payment on one of these days may move somebody in: its own and all since."""
    noted: dict[date, datetime] = {}
    for one in days:
        month = Step.MONTH.begin(one.day)
        noted[month] = min(noted.get(month, one.noted_at), one.noted_at)
    found: list[StaleDay] = []
    month, since = min(noted), min(noted.values())
    while month <= max(Step.MONTH.begin(last), *noted):
        found.append(StaleDay(month, since))
        month = Step.MONTH.after(month)
    return found


def answers_from(days: Sequence[StaleDay], last: date) -> list[StaleDay]:
    """The days on which a line of one of these days may have been answered."""
    noted: dict[date, datetime] = {}
    for one in days:
        for later in range(ANSWER_DAYS + 1):
            day = one.day + timedelta(days=later)
            if day <= last or not later:
                noted[day] = min(noted.get(day, one.noted_at), one.noted_at)
    return [StaleDay(day, since) for day, since in noted.items()]
