"""From an address to everything on the page of numbers, read in one transaction."""

from collections.abc import Iterator
from datetime import date, timedelta
from http import HTTPStatus
from zoneinfo import ZoneInfo

from huntaze.analytics.figures import Charted, Compared, Head, Hour, Overview, Series
from huntaze.analytics.model import MOST_DAYS, Asked, Period, Preset, Step, asked_day
from huntaze.analytics.sheet import Table
from huntaze.errors import NotFound
from huntaze.fans.model import Platform
from huntaze.members.model import Permission
from huntaze.money import Money
from huntaze.spreadsheets import CONTENT_TYPE
from huntaze.web import numbers_charts as charts
from huntaze.web import typed
from huntaze.web.answer import Answer
from huntaze.web.fans_list import known_tags
from huntaze.web.numbers_views import Card, NumbersFilters, NumbersPage, Plot
from huntaze.web.views import Says
from huntaze.web.visit import Visit

BEST = 10
BEHIND, NOTHING = timedelta(minutes=5), timedelta(0)
MOST_DAILY, MOST_WEEKLY = 62, 400  # days of a chart that has a column for each day, or week
_LONGEST = 200
_PRESETS, _STEPS = {each.value: each for each in Preset}, {each.value: each for each in Step}
_PLATFORMS, _TABLES = {each.value: each for each in Platform}, {each.value: each for each in Table}
_HOURS = {"in": "incoming", "out": "outgoing", "paid": "payments"}
_CHOICES = {"range": set(_PRESETS), "platform": set(_PLATFORMS), "step": set(_STEPS), "hours": set(_HOURS)}


def read(visit: Visit) -> NumbersPage:
    """All numbers that the address asks for."""
    filters, asked = _asked(visit)
    analytics, who, began = visit.parts.analytics, visit.who, visit.parts.clock.now()
    with visit.parts.as_one(who):
        overview = analytics.overview(who, asked)
        step = _STEPS.get(filters.of("step")) or usual_step(overview.head.period)
        series = analytics.revenue(who, asked, step)
        best = analytics.top_fans(who, asked, BEST)
        hours, ppv = analytics.heatmap(who, asked).hours, analytics.ppv(who, asked)
        chatters, campaigns = analytics.chatters(who, asked), analytics.campaigns(who, asked)
        cohorts = analytics.cohorts(who, asked).cohorts
        tags = known_tags(visit) if who.may(Permission.READ_FANS) else ()
    behind, is_empty = began - overview.head.as_of, _is_empty(overview, series)
    rows = charts.cohorts(cohorts, began.astimezone(ZoneInfo(visit.timezone)).date())
    return NumbersPage(
        filters=filters,
        head=overview.head,
        step=step,
        charted=series.charted,
        is_new=is_empty and behind <= NOTHING and not (filters.narrowing or filters.problems),
        is_behind=behind > (NOTHING if is_empty else BEHIND),
        cards=tuple(_cards(overview, series)),
        plots=_plots(series),
        by=best.by,
        ranks=charts.ranks(best.rankings, best.by),
        week=charts.week(hours, lambda hour: _count(hour, filters.of("hours"))),
        bands=charts.bands(ppv),
        chatters=chatters,
        campaigns=campaigns,
        cohorts=rows,
        months=max((sum(cell is not None for cell in row.cells) for row in rows), default=0),
        tags=tags,
        may_see_fans=who.may(Permission.READ_FANS),
        may_connect=who.may(Permission.MANAGE_CONNECTIONS),
    )


def sheet(visit: Visit) -> Answer:
    """The table that the address names."""
    filters, asked = _asked(visit)
    table = _TABLES.get(visit.request.query.get("table", ""))
    if table is None:
        raise NotFound
    step = _STEPS.get(filters.of("step"), Step.DAY)
    text = "".join(visit.parts.analytics.export(visit.who, asked, table, step))
    headers = {"Content-Disposition": f'attachment; filename="{table}.csv"'}
    return Answer(text, HTTPStatus.OK, CONTENT_TYPE, headers)


def usual_step(period: Period) -> Step:
    """How long a column is where nobody says: as many as one can tell apart."""
    if period.days <= MOST_DAILY:
        return Step.DAY
    return Step.WEEK if period.days <= MOST_WEEKLY else Step.MONTH


def _asked(visit: Visit) -> tuple[NumbersFilters, Asked]:
    """What the address asks for. What is in no list that one could choose from asks for nothing."""
    query = visit.request.query
    names = ("range", "from", "to", "platform", "tag", "step", "hours")
    words = typed.without_nul({name: query.get(name, "")[:_LONGEST] for name in names})
    words = {name: word for name, word in words.items() if word and word in _CHOICES.get(name, (word,))}
    days = {name: asked_day(words.get(name, "")) for name in ("from", "to")}
    problems = {name: Says("problem.date") for name, day in days.items() if words.get(name) and not day}
    first, last = days["from"], days["to"]
    problems |= _of_both(first, last)
    if problems:
        first = last = None
    asked = Asked(
        preset=_PRESETS.get(words.get("range", ""), Preset.MONTH),
        first=first,
        last=last,
        platform=_PLATFORMS.get(words.get("platform", "")),
        tag=words.get("tag") or None,
    )
    return NumbersFilters(asked=words, problems=problems), asked


def _of_both(first: date | None, last: date | None) -> dict[str, Says]:
    if first is None or last is None:
        return {}
    if last < first:
        return {"to": Says("numbers.problem.order")}
    return {"to": Says("numbers.problem.long", {"count": MOST_DAYS})} if (last - first).days >= MOST_DAYS else {}


def _plots(series: Series) -> tuple[Plot, ...]:
    """The workspace's own currency, and others in which anything came in."""
    own, *others = map(charts.plot, series.lines)
    return (own, *(plot for plot in others if plot.has_any))


def _is_empty(overview: Overview, series: Series) -> bool:
    counts = (overview.incoming, overview.outgoing, overview.payments, overview.new)
    nothing = not overview.fans and not any(count.now or count.before for count in counts)
    return nothing and not any(line.total.now.cents or line.total.before.cents for line in series.lines)


def _count(hour: Hour, kind: str) -> int:
    count: int = getattr(hour, _HOURS[kind])
    return count


def _cards(found: Overview, series: Series) -> Iterator[Card]:
    yield _revenue(found, series)
    yield Card(key="active", kind="count", value=found.active, notes=(Says("numbers.of_fans", {"count": found.fans}),))
    yield _counted("new", found.new)
    yield _counted("lost", found.lost, less_is_good=True)
    yield _worth(found)
    bought, sent = found.offers_bought, found.offers_sent
    sold = Says("numbers.of_sent", {"count": sent.now, "percent": charts.share(bought.now, sent.now)})
    yield _counted("ppv", bought, notes=(sold,))
    yield _counted("messages", found.incoming, notes=(Says("numbers.sent", {"count": found.outgoing.now}),))
    yield _speed(found)


def _revenue(found: Overview, series: Series) -> Card:
    if series.charted is Charted.OFFERS:  # nothing is known of payments
        totals, notes = tuple(line.total for line in series.lines), (Says("numbers.no_payments"),)
        key = "offered"
    else:
        totals, key = found.revenue, "revenue"
        notes = (Says("numbers.payments", {"count": found.payments.now}),)
    own, *others = totals
    return Card(
        key=key,
        kind="money",
        value=own.now,
        change=charts.change(own.now.cents, own.before.cents, own.before),
        notes=notes,
        more=tuple(each.now for each in others),
    )


def _counted(key: str, both: Compared[int], *, less_is_good: bool = False, notes: tuple[Says, ...] = ()) -> Card:
    compared = charts.change(both.now, both.before, both.before, less_is_good=less_is_good)
    return Card(key=key, kind="count", value=both.now, change=compared, notes=notes)


def _worth(found: Overview) -> Card:
    if not found.worth:
        return Card(key="worth", kind="money", value=_nothing(found.head))
    own, *others = found.worth
    averages = {"average": own.average, "median": own.median}
    payers = {"count": own.paying, "average": own.average_paying, "median": own.median_paying}
    notes = (Says("numbers.worth", averages), Says("numbers.worth.paying", payers))
    return Card(key="worth", kind="money", value=own.total, notes=notes, more=tuple(each.total for each in others))


def _speed(found: Overview) -> Card:
    now, before = found.speed.now, found.speed.before
    if now.median is None or now.mean is None:
        return Card(key="speed", kind="none", value=None)
    compared = charts.change(now.median, before.median or 0, before.median, less_is_good=True)
    return Card(
        key="speed",
        kind="duration",
        value=now.median,
        change=compared,
        notes=(Says("numbers.answers", {"count": now.answers}),),
    )


def _nothing(head: Head) -> Money:
    return Money(0, head.currency)
