"""Counting all of a workspace anew, by other means than the code: plain SQL over raw rows, a row at a time."""

from collections import defaultdict
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from math import floor, log2
from statistics import median_low
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import psycopg

Connection = psycopg.Connection[Any]
Rows = Mapping[tuple[Any, ...], tuple[Any, ...]]

NOBODY = UUID(int=0)
WEEK = timedelta(hours=168)
BANDS = (0, 500, 1_000, 2_000, 5_000, 10_000)

# The keys of each roll-up, and its numbers.
KEPT = {
    "daily_rollups": ("metric, day, platform, currency", "occurrences, amount_cents"),
    "analytics_hours": ("day, platform, hour, what", "occurrences"),
    "analytics_offers": ("day, platform, currency, least_cents", "sent, bought, asked_cents, revenue_cents"),
    "analytics_chatters": ("day, platform, member_id, currency", "sent, earned_cents"),
    "analytics_answers": ("day, platform, member_id, bucket", "answers, seconds"),
    "analytics_cohorts": ("month, cohort, platform, currency", "payers, amount_cents"),
    "analytics_values": ("scope, currency", "fans, paying, total_cents, median_cents, median_paying_cents"),
}


def kept(connection: Connection, workspace_id: UUID) -> dict[str, Rows]:
    """What the roll-ups say."""
    found = {}
    for table, (keys, numbers) in KEPT.items():
        width = keys.count(",") + 1
        rows = connection.execute(f"SELECT {keys}, {numbers} FROM {table} WHERE workspace_id = %s", [workspace_id])  # noqa: S608  (names are ours)
        found[table] = {tuple(row[:width]): tuple(row[width:]) for row in rows.fetchall()}
    return found


def recounted(connection: Connection, workspace_id: UUID) -> dict[str, Rows]:
    """What they should say: every raw row is read, and Python does the rest, with its own table of time zones."""
    return _Recount(connection, workspace_id).all()


class _Recount:
    def __init__(self, connection: Connection, workspace_id: UUID) -> None:
        self._connection = connection
        self._workspace_id = workspace_id
        [(zone,)] = connection.execute("SELECT timezone FROM workspaces WHERE id = %s", [workspace_id]).fetchall()
        self._zone = ZoneInfo(zone)

    def all(self) -> dict[str, Rows]:
        payments = self._rows("SELECT fan_id, platform, kind, currency, amount_cents, occurred_at FROM transactions")
        fans = self._rows(
            "SELECT platform, currency, value_cents, created_at, last_seen_at FROM fans", " AND deleted_at IS NULL"
        )
        said = self._said()
        daily = _Sums(2)
        hours = _Sums(1)
        for _, platform, kind, currency, cents, at in payments:
            daily.add((f"revenue.{kind}", self._day(at), platform, currency), 1, cents)
            hours.add((self._day(at), platform, self._there(at).hour, "paid"), 1)
        for platform, _, _, created_at, seen_at in fans:
            daily.add(("fans.new", self._day(created_at), platform, "XXX"), 1, 0)
            if seen_at is not None:
                daily.add(("fans.seen", self._day(seen_at), platform, "XXX"), 1, 0)
        for one in said:
            daily.add((f"messages.{one.direction}", self._day(one.at), one.platform, "XXX"), 1, 0)
            hours.add((self._day(one.at), one.platform, self._there(one.at).hour, one.direction), 1)
            if one.direction == "out" and one.cents:
                daily.add(("offers.sent", self._day(one.at), one.platform, one.currency), 1, one.cents)
                if one.bought:
                    daily.add(("offers.bought", self._day(one.at), one.platform, one.currency), 1, one.cents)
        return {
            "daily_rollups": daily.rows,
            "analytics_hours": hours.rows,
            "analytics_offers": self._offers(said),
            "analytics_chatters": self._chatters(said),
            "analytics_answers": self._answers(said),
            "analytics_cohorts": self._cohorts(payments),
            "analytics_values": _values(fans),
        }

    def _said(self) -> "list[_Said]":
        rows = self._connection.execute(
            """
            SELECT conversation_id, platform, direction, price_cents, messages.currency, bought_at, approved_by,
                campaign_id, occurred_at, messages.id
            FROM messages JOIN conversations ON conversations.id = conversation_id
                AND conversations.workspace_id = messages.workspace_id
            WHERE messages.workspace_id = %s AND status IN ('received', 'sent') ORDER BY occurred_at, messages.id
            """,
            [self._workspace_id],
        )
        return [_Said(*row) for row in rows]

    def _offers(self, said: "list[_Said]") -> Rows:
        sums = _Sums(4)
        for one in said:
            if one.direction == "out" and one.cents:
                least = max(band for band in BANDS if band <= one.cents)
                paid = one.cents if one.bought else 0
                key = (self._day(one.at), one.platform, one.currency, least)
                sums.add(key, 1, int(one.bought), one.cents, paid)
        return sums.rows

    def _chatters(self, said: "list[_Said]") -> Rows:
        sums = _Sums(2)
        for one in said:
            if one.direction == "out" and not one.campaign:
                key = (self._day(one.at), one.platform, one.member, one.currency)
                sums.add(key, 1, one.cents if one.bought else 0)
        return sums.rows

    def _answers(self, said: "list[_Said]") -> Rows:
        sums = _Sums(2)
        threads: dict[UUID, list[datetime]] = defaultdict(list)
        for one in said:  # in the order in which they were said
            waiting = threads[one.conversation]
            if one.direction == "in":
                waiting.append(one.at)
            elif not one.campaign:
                asked = [at for at in waiting if at >= one.at - WEEK]
                waiting.clear()
                if asked:
                    seconds = (one.at - asked[0]).total_seconds()
                    bucket = floor(4 * log2(max(seconds, 1)) + 1e-12)
                    sums.add((self._day(one.at), one.platform, one.member, bucket), 1, round(seconds))
        return sums.rows

    def _cohorts(self, payments: list[tuple[Any, ...]]) -> Rows:
        first: dict[UUID, datetime] = {}
        for fan, *_, at in payments:
            first[fan] = min(first.get(fan, at), at)
        sums, payers = _Sums(2), {}
        for fan, platform, _, currency, cents, at in payments:
            month, cohort = self._day(at).replace(day=1), self._day(first[fan]).replace(day=1)
            sums.add((month, cohort, platform, currency), 0, cents)
            known = payers.get((month, fan, platform), (cohort, currency))
            payers[month, fan, platform] = (cohort, min(known[1], currency))
        for (month, _, platform), (cohort, currency) in payers.items():
            sums.add((month, cohort, platform, currency), 1, 0)
        return sums.rows

    def _rows(self, statement: str, more: str = "") -> list[tuple[Any, ...]]:
        return self._connection.execute(f"{statement} WHERE workspace_id = %s{more}", [self._workspace_id]).fetchall()

    def _there(self, at: datetime) -> datetime:
        return at.astimezone(self._zone)

    def _day(self, at: datetime) -> date:
        return self._there(at).date()


class _Said:
    def __init__(self, *row: Any) -> None:
        self.conversation, self.platform, self.direction, self.cents, self.currency = row[:5]
        self.bought, self.member, self.campaign = row[5] is not None, row[6] or NOBODY, row[7] is not None
        self.at: datetime = row[8]


class _Sums:
    def __init__(self, width: int) -> None:
        self._sums: dict[tuple[Any, ...], list[int]] = defaultdict(lambda: [0] * width)

    def add(self, key: tuple[Any, ...], *numbers: int) -> None:
        for place, number in enumerate(numbers):
            self._sums[key][place] += number

    @property
    def rows(self) -> Rows:
        return {key: tuple(numbers) for key, numbers in self._sums.items()}


def _values(fans: list[tuple[Any, ...]]) -> Rows:
    values: dict[tuple[str, str], list[int]] = defaultdict(list)
    for platform, currency, cents, *_ in fans:
        values[platform, currency].append(cents)
        values["all", currency].append(cents)
    found = {}
    for key, cents in values.items():
        paying = [value for value in cents if value]
        medians = (median_low(cents), median_low(paying) if paying else 0)
        found[key] = (len(cents), len(paying), sum(cents), *medians)
    return found
