"""Each table of analytics as a sheet: headers, and rows of what stands in the answer."""

from collections.abc import Iterator, Sequence
from enum import StrEnum
from functools import singledispatch

from huntaze.analytics.figures import (
    CampaignResults,
    Chatter,
    Chatters,
    Cohorts,
    Compared,
    Heatmap,
    Overview,
    Ppv,
    Series,
    TopFans,
)
from huntaze.money import Money
from huntaze.spreadsheets import BYTE_ORDER_MARK, Cell, Lines, decimal

Rows = Iterator[Sequence[Cell]]
Found = Overview | Series | TopFans | Heatmap | Ppv | Chatters | CampaignResults | Cohorts


class Table(StrEnum):
    """What can be taken along."""

    OVERVIEW = "overview"
    REVENUE = "revenue"
    TOP_FANS = "top-fans"
    HEATMAP = "heatmap"
    PPV = "ppv"
    CHATTERS = "chatters"
    CAMPAIGNS = "campaigns"
    COHORTS = "cohorts"


def sheet(found: Found) -> Iterator[str]:
    """The text of the file, its headers first, also when there is nothing."""
    lines = Lines()
    rows = _rows(found)
    yield BYTE_ORDER_MARK + lines.of([next(rows)])
    for row in rows:
        yield lines.of([row])


@singledispatch
def _rows(found: Found) -> Rows:
    raise TypeError(type(found).__name__)


@_rows.register
def _overview(found: Overview) -> Rows:
    yield ("Figure", "Currency", "Now", "Before")
    yield ("Fans", None, found.fans, None)
    yield ("Active fans", None, found.active, None)
    counts: dict[str, Compared[int] | Compared[int | None]] = {
        "New fans": found.new,
        "Lost fans": found.lost,
        "Payments": found.payments,
        "Messages in": found.incoming,
        "Messages out": found.outgoing,
        "PPV sent": found.offers_sent,
        "PPV bought": found.offers_bought,
        "Answers": Compared(found.speed.now.answers, found.speed.before.answers),
        "Answer time, mean, seconds": Compared(_whole(found.speed.now.mean), _whole(found.speed.before.mean)),
        "Answer time, median, seconds": Compared(_whole(found.speed.now.median), _whole(found.speed.before.median)),
    }
    for name, both in counts.items():
        yield (name, None, both.now, both.before)
    for money in found.revenue:
        yield ("Revenue", money.now.currency, _amount(money.now), _amount(money.before))
    for worth in found.worth:
        currency = worth.total.currency
        yield ("Lifetime value", currency, _amount(worth.total), None)
        yield ("Lifetime value, average", currency, _amount(worth.average), None)
        yield ("Lifetime value, median", currency, _amount(worth.median), None)
        yield ("Lifetime value, average of who paid", currency, _amount(worth.average_paying), None)
        yield ("Lifetime value, median of who paid", currency, _amount(worth.median_paying), None)


@_rows.register
def _series(found: Series) -> Rows:
    yield ("From", "To", "Currency", "Charted", "Subscriptions", "PPV", "Tips", "Total", "Total before")
    for line in found.lines:
        for bar in line.bars:
            before = None if bar.before is None else decimal(bar.before)
            kinds = (decimal(bar.subscription), decimal(bar.ppv), decimal(bar.tip), decimal(bar.total))
            yield (str(bar.days.first), str(bar.days.last), line.currency, found.charted.value, *kinds, before)


@_rows.register
def _top_fans(found: TopFans) -> Rows:
    yield (
        "Place",
        "Fan ID",
        "Display Name",
        "Username",
        "Platform",
        "Paid",
        "Payments",
        "Paid in",
        "Value",
        "Value in",
    )
    for ranking in found.rankings:
        for place, fan in enumerate(ranking.fans, 1):
            who = (str(fan.fan_id), fan.name, fan.handle, fan.platform.value)
            paid = (_amount(fan.paid), fan.payments, fan.paid.currency)
            yield (place, *who, *paid, _amount(fan.value), fan.value.currency)


@_rows.register
def _heatmap(found: Heatmap) -> Rows:
    yield ("Weekday", "Hour", "Messages in", "Messages out", "Payments")
    for hour in found.hours:
        yield (hour.weekday, hour.hour, hour.incoming, hour.outgoing, hour.payments)


@_rows.register
def _ppv(found: Ppv) -> Rows:
    yield ("From", "Below", "Currency", "Sent", "Bought", "Asked", "Revenue")
    for band in found.bands:
        below = None if band.below is None else _amount(band.below)
        money = (_amount(band.asked), _amount(band.revenue))
        yield (_amount(band.least), below, band.least.currency, band.sent, band.bought, *money)


@_rows.register
def _chatters(found: Chatters) -> Rows:
    yield ("Member ID", "Name", "Sent", "Answers", "Mean seconds", "Median seconds", "Earned", "Currency")
    own = found.head.currency
    for one in found.chatters:
        yield from _chatter(one, one.name or "In the platform's app", own)
    yield from _chatter(found.all, "All", own)


@_rows.register
def _campaigns(found: CampaignResults) -> Rows:
    yield (
        *("Campaign ID", "Name", "State", "Launched", "Recipients", "Sent"),
        *(f"Replies within {found.reply_hours} h", "Buyers", f"Revenue, tips within {found.tip_hours} h", "Currency"),
    )
    for one in found.campaigns:
        numbers = (one.recipients, one.sent, one.replies, one.buyers)
        launched = f"{one.launched_at:%Y-%m-%dT%H:%M:%SZ}"
        money = (_amount(one.revenue), one.revenue.currency)
        yield (str(one.id), one.name, one.status, launched, *numbers, *money)


@_rows.register
def _cohorts(found: Cohorts) -> Rows:
    yield ("First payment", "Fans", "Month", "Months later", "Payers", "Paid", "Currency")
    for cohort in found.cohorts:
        for one in cohort.returns:
            when = (f"{cohort.month:%Y-%m}", cohort.fans, f"{one.month:%Y-%m}", one.later)
            for paid in one.paid:
                yield (*when, one.payers, _amount(paid), paid.currency)


def _chatter(one: Chatter, name: str, own: str) -> Rows:
    speed = (one.speed.answers, _whole(one.speed.mean), _whole(one.speed.median))
    who = (str(one.member_id) if one.member_id else None, name, one.sent, *speed)
    for earned in one.earned or (Money(0, own),):
        yield (*who, _amount(earned), earned.currency)


def _amount(money: Money) -> str:
    return decimal(money.cents)


def _whole(seconds: float | None) -> int | None:
    return None if seconds is None else round(seconds)
