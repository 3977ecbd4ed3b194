"""From the store's rows to what people look at: no database, no clock."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from datetime import date, timedelta
from typing import TypeVar
from uuid import UUID

from huntaze.analytics.figures import (
    Bar,
    CampaignResult,
    CampaignResults,
    Charted,
    Chatter,
    Chatters,
    Cohort,
    Cohorts,
    Compared,
    Head,
    Hour,
    Line,
    Overview,
    Return,
    Series,
    Speed,
    Worth,
)
from huntaze.analytics.model import ACTIVE_DAYS, Period, Step
from huntaze.analytics.rows import Answered, CohortRow, Earned, KindOnDay, Metric
from huntaze.campaigns.model import REPLY_HOURS, TIP_HOURS
from huntaze.money import MOST_CENTS, Money

Item = TypeVar("Item")

_REVENUE = "revenue."
_WEEK_HOURS = [(weekday, hour) for weekday in range(1, 8) for hour in range(24)]


def active_days(today: date) -> Period:
    """The days within which who is active was seen."""
    return Period(today - timedelta(days=ACTIVE_DAYS - 1), today)


def lost_days(period: Period) -> Period:
    """The days on which those were last seen who stopped being active in a period."""
    ago = timedelta(days=ACTIVE_DAYS)
    return Period(period.first - ago, period.last - ago)


def own_first(found: Iterable[Item], own: str, currency: Callable[[Item], str]) -> tuple[Item, ...]:
    """The workspace's own currency first, then the others by their letters; each as it was."""
    return tuple(sorted(found, key=lambda each: (currency(each) != own, currency(each))))


def overview(
    head: Head,
    metrics: Sequence[Metric],
    worth: Sequence[Worth],
    answers: Sequence[Answered],
    *,
    active: int,
    lost: Compared[int],
) -> Overview:
    """The figures of the cards."""
    counts: dict[str, Compared[int]] = defaultdict(lambda: Compared(0, 0))
    for metric in metrics:
        name = "payments" if metric.name.startswith(_REVENUE) else metric.name
        counts[name] = Compared(counts[name].now + metric.now, counts[name].before + metric.before)
    return Overview(
        head=head,
        fans=sum(each.fans for each in worth),
        active=active,
        new=counts["fans.new"],
        lost=lost,
        worth=own_first(worth, head.currency, lambda each: each.total.currency),
        revenue=_revenue(head, metrics),
        payments=counts["payments"],
        incoming=counts["messages.in"],
        outgoing=counts["messages.out"],
        offers_sent=counts["offers.sent"],
        offers_bought=counts["offers.bought"],
        speed=Compared(
            _speed((one.bucket, one.now, one.seconds_now) for one in answers),
            _speed((one.bucket, one.before, one.seconds_before) for one in answers),
        ),
    )


def series(head: Head, step: Step, charted: Charted, found: Compared[Sequence[KindOnDay]]) -> Series:
    """Every step of the period, also those without anything, and the total of each step of the period before."""
    currencies = dict.fromkeys(row.amount.currency for row in (*found.now, *found.before))
    lines = [_line(head, step, currency, found) for currency in currencies or [head.currency]]
    if head.currency not in currencies:
        lines = lines if not currencies else [_line(head, step, head.currency, found), *lines]
    return Series(
        head=head, step=step, charted=charted, lines=own_first(lines, head.currency, lambda line: line.currency)
    )


def whole_week(hours: Sequence[Hour]) -> tuple[Hour, ...]:
    """All hours of the week, also those in which nothing happened."""
    known = {(hour.weekday, hour.hour): hour for hour in hours}
    return tuple(known.get(when) or Hour(*when, 0, 0, 0) for when in _WEEK_HOURS)


def chatters(head: Head, answers: Sequence[Answered], earned: Sequence[Earned]) -> Chatters:
    """One for each member, the busiest first, and one for all."""
    names = {one.member_id: one.name for one in earned} | {one.member_id: one.name for one in answers}
    each = [
        _chatter(
            head,
            member_id,
            name,
            [one for one in answers if one.member_id == member_id],
            [one for one in earned if one.member_id == member_id],
        )
        for member_id, name in names.items()
    ]
    busiest = sorted(each, key=lambda one: (-one.sent, one.name or ""))
    return Chatters(head=head, chatters=tuple(busiest), all=_chatter(head, None, None, answers, earned))


def campaign_results(head: Head, found: Sequence[CampaignResult]) -> CampaignResults:
    """With the rule by which replies and revenue are theirs."""
    return CampaignResults(head, REPLY_HOURS, TIP_HOURS, tuple(found))


def cohorts(head: Head, rows: Sequence[CohortRow]) -> Cohorts:
    """Months by months."""
    months: dict[date, dict[date, list[CohortRow]]] = defaultdict(lambda: defaultdict(list))
    for row in rows:
        months[row.cohort][row.month].append(row)
    return Cohorts(head, tuple(_cohort(head, cohort, months[cohort]) for cohort in sorted(months)))


def _revenue(head: Head, metrics: Sequence[Metric]) -> tuple[Compared[Money], ...]:
    sums: dict[str, list[int]] = {head.currency: [0, 0]}
    for metric in metrics:
        if metric.name.startswith(_REVENUE):
            both = sums.setdefault(metric.currency, [0, 0])
            both[0] += metric.cents_now
            both[1] += metric.cents_before
    found = [Compared(_money(now, currency), _money(before, currency)) for currency, (now, before) in sums.items()]
    return own_first(found, head.currency, lambda each: each.now.currency)


def _line(head: Head, step: Step, currency: str, found: Compared[Sequence[KindOnDay]]) -> Line:
    kinds: dict[tuple[date, str], int] = defaultdict(int)
    for row in found.now:
        if row.amount.currency == currency:
            kinds[step.begin(row.day), row.kind] += row.amount.cents
    totals: dict[date, int] = defaultdict(int)
    for row in found.before:
        if row.amount.currency == currency:
            totals[step.begin(row.day)] += row.amount.cents
    before = [totals[step.begin(days.first)] for days in head.before.steps(step)]
    bars = tuple(
        Bar(
            days=days,
            subscription=kinds[step.begin(days.first), "subscription"],
            ppv=kinds[step.begin(days.first), "ppv"],
            tip=kinds[step.begin(days.first), "tip"],
            before=before[place] if place < len(before) else None,
        )
        for place, days in enumerate(head.period.steps(step))
    )
    total = Compared(_money(sum(bar.total for bar in bars), currency), _money(sum(totals.values()), currency))
    return Line(currency=currency, total=total, bars=bars)


def _chatter(
    head: Head, member_id: UUID | None, name: str | None, answers: Sequence[Answered], earned: Sequence[Earned]
) -> Chatter:
    sums: dict[str, int] = defaultdict(int)
    for each in earned:
        sums[each.earned.currency] += each.earned.cents
    money = [_money(cents, currency) for currency, cents in sums.items() if cents]
    return Chatter(
        member_id=member_id,
        name=name,
        sent=sum(each.sent for each in earned),
        speed=_speed((one.bucket, one.now, one.seconds_now) for one in answers),
        earned=own_first(money, head.currency, lambda each: each.currency),
    )


def _cohort(head: Head, cohort: date, months: dict[date, list[CohortRow]]) -> Cohort:
    returns = tuple(
        Return(
            month,
            (month.year - cohort.year) * 12 + month.month - cohort.month,
            sum(row.payers for row in months[month]),
            own_first((row.paid for row in months[month]), head.currency, lambda paid: paid.currency),
        )
        for month in sorted(months)
    )
    return Cohort(cohort, returns[0].payers, returns)


def _speed(rows: Iterable[tuple[int, int, int]]) -> Speed:
    """From buckets, how many are in each, and their seconds."""
    counts: dict[int, int] = defaultdict(int)
    seconds = 0
    for bucket, answers, took in rows:
        counts[bucket] += answers
        seconds += took
    total = sum(counts.values())
    if not total:
        return Speed(0, None, None)
    upto = 0
    for bucket in sorted(counts):
        upto += counts[bucket]
        if 2 * upto >= total:
            break
    return Speed(total, seconds / total, 2 ** ((bucket + 0.5) / 4))


def _money(cents: int, currency: str) -> Money:
    return Money(min(cents, MOST_CENTS), currency)
