"""What the page of numbers receives: the answers of analytics, with the places of what is drawn."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from urllib.parse import urlencode

from huntaze.analytics.figures import (
    Band,
    CampaignResults,
    Charted,
    Chatters,
    Cohort,
    Head,
    Hour,
    RankedBy,
    TopFan,
)
from huntaze.analytics.model import Period, Step
from huntaze.money import Money
from huntaze.web.views import Says, TagCount

PATH = "/platforms/onlyfans/analytics"
SHORTCUT = "/onlyfans/analytics"
USUAL = {"range": "30d", "hours": "in"}
_NAMES = ("range", "from", "to", "platform", "tag", "step", "hours")


@dataclass(frozen=True, slots=True, kw_only=True)
class NumbersFilters:
    """What is asked for, as it stands in the address; without a step the period decides."""

    asked: Mapping[str, str] = field(default_factory=dict)
    problems: Mapping[str, Says] = field(default_factory=dict)

    def of(self, name: str) -> str:
        """What was asked for by this name, or what is usual."""
        return self.asked.get(name) or USUAL.get(name, "")

    @property
    def narrowing(self) -> bool:
        """Whether only some fans are looked at."""
        return bool(self.of("platform") or self.of("tag"))

    def address(self, path: str = PATH, **changed: str) -> str:
        """The address of these numbers, or with this changed."""
        wanted = {**self.asked, **{name.rstrip("_"): value for name, value in changed.items()}}
        query = urlencode({name: wanted[name] for name in (*_NAMES, "table") if self._is_told(name, wanted)})
        return f"{path}?{query}" if query else path

    def preset(self, name: str) -> str:
        """The address of these numbers for days that have a name."""
        return self.address(range=name, from_="", to="")

    def sheet(self, table: str, step: str = "") -> str:
        """The address of one of these tables as a file."""
        return self.address(f"{PATH}/export.csv", table=table, step=step, hours="")

    @staticmethod
    def _is_told(name: str, wanted: Mapping[str, str]) -> bool:
        return bool(wanted.get(name)) and wanted[name] != USUAL.get(name)


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """How a number differs from that of the period before; `good` is whether that is welcome."""

    before: object
    percent: int | None
    good: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """A key figure; its words are numbers.card.<key>, and `kind` says how its values are written."""

    key: str
    kind: str
    value: object
    change: Change | None = None
    notes: tuple[Says, ...] = ()
    more: tuple[Money, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One kind within a column, in hundredths of the height."""

    kind: str
    y: float
    height: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One step of the chart, in hundredths of its width and height."""

    days: Period
    x: float
    width: float
    whole_x: float
    whole_width: float
    parts: tuple[Part, ...]
    total: Money
    kinds: tuple[tuple[str, Money], ...]
    before: Money | None
    before_y: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Tick:
    """A day below the chart."""

    x: float
    anchor: str
    day: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Plot:
    """Revenue of one currency over time."""

    currency: str
    total: Money
    change: Change
    scale: tuple[Money, ...]  # from the top down
    columns: tuple[Column, ...]
    ticks: tuple[Tick, ...]
    kinds: tuple[tuple[str, Money, int], ...]  # with their share of a hundred
    best: Column | None

    @property
    def has_any(self) -> bool:
        """Whether there is anything to draw."""
        return bool(self.total.cents) or self.change.percent is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class Rank:
    """One of the best fans, with their share of the best one's hundred."""

    fan: TopFan
    amount: Money
    width: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Ranks:
    """The best fans of one currency."""

    currency: str
    fans: tuple[Rank, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """A field of a map: what it says, and how strongly, from 0 to 4."""

    count: int
    level: int
    place: int
    share: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Week:
    """The hours of the week of one kind."""

    days: tuple[tuple[Cell, ...], ...]
    busiest: Hour | None
    count: int
    hours: tuple[Hour, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PriceBand:
    """Priced messages of one band; widths are hundredths of the band with most."""

    band: Band
    sent_width: float
    bought_width: float
    share: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CohortRow:
    """A cohort, month after month; nothing where a month has not come yet."""

    cohort: Cohort
    cells: tuple[Cell | None, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class NumbersPage:
    """Everything on the page."""

    filters: NumbersFilters
    head: Head
    step: Step
    charted: Charted
    is_new: bool
    is_behind: bool
    cards: tuple[Card, ...]
    plots: tuple[Plot, ...]
    by: RankedBy
    ranks: tuple[Ranks, ...]
    week: Week
    bands: tuple[PriceBand, ...]
    chatters: Chatters
    campaigns: CampaignResults
    cohorts: tuple[CohortRow, ...]
    months: int
    tags: tuple[TagCount, ...]
    may_see_fans: bool
    may_connect: bool
