"""Where charts have what: plain numbers, in hundredths of a drawing that is as wide as its place on the page."""

from collections.abc import Callable
from datetime import date

from huntaze.analytics.figures import Bar, Cohort, Hour, Line, Ppv, RankedBy, Ranking
from huntaze.money import MOST_CENTS, Money
from huntaze.web.numbers_views import (
    Cell,
    Change,
    CohortRow,
    Column,
    Part,
    Plot,
    PriceBand,
    Rank,
    Ranks,
    Tick,
    Week,
)

KINDS = ("subscription", "ppv", "tip")
LEVELS = 4
MOST_MONTHS = 12
_MOST_TICKS = 5
_MANY_COLUMNS = 62
_ROUND = (10, 15, 20, 30, 40, 50, 60, 80)


def change(now: float, before: float, shown: object, *, less_is_good: bool = False) -> Change:
    """How a number differs from the one before."""
    percent = round(100 * (now - before) / before) if before else None
    return Change(before=shown, percent=percent, good=(now <= before) if less_is_good else (now >= before))


def share(part: float, whole: float) -> int:
    """A share in whole hundredths."""
    return round(100 * part / whole) if whole else 0


def ceiling(most: int) -> int:
    """The round number at the top of an axis, of which half is round too."""
    step: int = 10 ** (len(str(max(most, 100))) - 1)
    return next((top for times in _ROUND if (top := times * step // 10) >= most), 10 * step)


def plot(line: Line) -> Plot:
    """A chart of stacked columns."""
    top = ceiling(max(max(bar.total, bar.before or 0) for bar in line.bars))
    columns = tuple(_column(line, bar, place, top) for place, bar in enumerate(line.bars))
    sums = {kind: sum(getattr(bar, kind) for bar in line.bars) for kind in KINDS}
    total = line.total
    return Plot(
        currency=line.currency,
        total=total.now,
        change=change(total.now.cents, total.before.cents, total.before),
        scale=tuple(_money(cents, line.currency) for cents in (top, top // 2, 0)),
        columns=columns,
        ticks=tuple(_ticks(columns)),
        kinds=tuple(
            (kind, _money(cents, line.currency), share(cents, total.now.cents)) for kind, cents in sums.items() if cents
        ),
        best=max(columns, key=lambda column: column.total.cents) if total.now.cents else None,
    )


def ranks(rankings: tuple[Ranking, ...], by: RankedBy) -> tuple[Ranks, ...]:
    """Bars as long as what fans brought, beside the best of their currency."""
    return tuple(Ranks(currency=each.currency, fans=tuple(_ranked(each, by))) for each in rankings)


def week(hours: tuple[Hour, ...], of: Callable[[Hour], int]) -> Week:
    """Seven days of 24 hours."""
    counts = [of(hour) for hour in hours]
    most = max(counts, default=0)
    cells = [Cell(count=count, level=_level(count, most), place=place % 24) for place, count in enumerate(counts)]
    return Week(
        days=tuple(tuple(cells[day : day + 24]) for day in range(0, len(cells), 24)),
        busiest=max(hours, key=of) if most else None,
        count=sum(counts),
        hours=hours,
    )


def bands(found: Ppv) -> tuple[PriceBand, ...]:
    """How many of each price were sent and bought."""
    most = max((band.sent for band in found.bands), default=0)
    return tuple(
        PriceBand(
            band=band,
            sent_width=100 * band.sent / most,
            bought_width=100 * band.bought / most,
            share=share(band.bought, band.sent),
        )
        for band in found.bands
        if band.sent
    )


def cohorts(found: tuple[Cohort, ...], today: date) -> tuple[CohortRow, ...]:
    """Of each cohort, how many of a hundred paid in which month after their first."""
    return tuple(CohortRow(cohort=cohort, cells=tuple(_months(cohort, today))) for cohort in found)


def _column(line: Line, bar: Bar, place: int, top: int) -> Column:
    whole = 100 / len(line.bars)
    gap = whole * (0.22 if len(line.bars) <= _MANY_COLUMNS else 0.04)
    amounts = [(kind, getattr(bar, kind)) for kind in KINDS if getattr(bar, kind)]
    below, parts = 100.0, []
    for kind, cents in amounts:
        height = 100 * cents / top
        below -= height
        parts.append(Part(kind=kind, y=round(below, 2), height=round(height, 2)))
    return Column(
        days=bar.days,
        x=round(place * whole + gap / 2, 3),
        width=round(whole - gap, 3),
        whole_x=round(place * whole, 3),
        whole_width=round(whole, 3),
        parts=tuple(parts),
        total=_money(bar.total, line.currency),
        kinds=tuple((kind, _money(getattr(bar, kind), line.currency)) for kind in KINDS),
        before=None if bar.before is None else _money(bar.before, line.currency),
        before_y=None if bar.before is None else round(100 - 100 * bar.before / top, 2),
    )


def _ticks(columns: tuple[Column, ...]) -> list[Tick]:
    last = len(columns) - 1
    count = min(_MOST_TICKS, len(columns))
    places = sorted({round(number * last / max(count - 1, 1)) for number in range(count)})
    ticks = []
    for place in places:
        column = columns[place]
        # The first and the last label begin and end with the chart, so that none is cut off.
        anchor = "middle" if 0 < place < last or not last else "start" if place == 0 else "end"
        x = {"start": 0.0, "end": 100.0}.get(anchor, column.whole_x + column.whole_width / 2)
        ticks.append(Tick(x=round(x, 2), anchor=anchor, day=column.days.first))
    return ticks


def _ranked(ranking: Ranking, by: RankedBy) -> list[Rank]:
    amounts = [fan.paid if by is RankedBy.PAID else fan.value for fan in ranking.fans]
    most = max((amount.cents for amount in amounts), default=0)
    return [
        Rank(fan=fan, amount=amount, width=round(100 * amount.cents / max(most, 1), 2))
        for fan, amount in zip(ranking.fans, amounts, strict=True)
    ]


def _months(cohort: Cohort, today: date) -> list[Cell | None]:
    so_far = (today.year - cohort.month.year) * 12 + today.month - cohort.month.month
    payers = {each.later: each.payers for each in cohort.returns}
    return [
        _returned(payers.get(later, 0), cohort.fans, later) if later <= so_far else None
        for later in range(MOST_MONTHS + 1)
    ]


def _returned(payers: int, fans: int, later: int) -> Cell:
    return Cell(count=payers, level=_level(payers, fans), place=later, share=share(payers, fans))


def _level(count: int, most: int) -> int:
    """How strongly a field is coloured: nothing for nothing, and something for anything."""
    return -(-LEVELS * count // most) if most else 0


def _money(cents: int, currency: str) -> Money:
    return Money(min(cents, MOST_CENTS), currency)
