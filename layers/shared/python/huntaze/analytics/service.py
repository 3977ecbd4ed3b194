"""Looking at numbers. They are true until `Head.as_of`; what has changed since is on its way."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from datetime import date, datetime
from typing import Protocol

from huntaze.analytics import making
from huntaze.analytics.figures import (
    Band,
    CampaignResult,
    CampaignResults,
    Charted,
    Chatters,
    Cohorts,
    Compared,
    Head,
    Heatmap,
    Hour,
    Overview,
    Ppv,
    RankedBy,
    Ranking,
    Series,
    Source,
    TopFan,
    TopFans,
    Worth,
)
from huntaze.analytics.model import MOST_TOP_FANS, Among, Asked, Period, Step
from huntaze.analytics.rows import Answered, CohortRow, Earned, KindOnDay, Metric
from huntaze.analytics.sheet import Found, Table, sheet
from huntaze.audit.model import Action
from huntaze.audit.service import AuditTrail
from huntaze.clock import Clock
from huntaze.members.model import Permission, Principal
from huntaze.workspaces.service import WorkspaceStore

MOST_CAMPAIGNS = 100


class AnalyticsStore(Protocol):
    """The numbers of one workspace, inside one transaction. `among` says of which fans, and in which zone days are."""

    def today(self, now: datetime) -> date:
        """Which day the workspace has."""
        ...

    def stale_since(self) -> datetime | None:
        """Since when something is no longer true; nothing when all of it is."""
        ...

    def metrics(self, among: Among, spans: Compared[Period]) -> Sequence[Metric]:
        """The sums of both periods, by metric and currency."""
        ...

    def seen_between(self, among: Among, period: Period) -> int:
        """How many fans were last seen in these days."""
        ...

    def worth(self, among: Among) -> Sequence[Worth]:
        """What fans are worth, by currency."""
        ...

    def knows_payments(self, among: Among) -> bool:
        """Whether any payment was ever booked on the platform that is asked for."""
        ...

    def revenue(self, among: Among, period: Period) -> Sequence[KindOnDay]:
        """Payments by day, currency and kind."""
        ...

    def offers_by_day(self, among: Among, period: Period) -> Sequence[KindOnDay]:
        """The prices of messages sent, by day and currency."""
        ...

    def hours(self, among: Among, period: Period) -> Sequence[Hour]:
        """Hours of the week in which anything happened."""
        ...

    def offers(self, among: Among, period: Period) -> Sequence[Band]:
        """Messages with a price, by currency and band."""
        ...

    def answers(self, among: Among, spans: Compared[Period]) -> Sequence[Answered]:
        """How many answers took about how long, by member, in both periods."""
        ...

    def earned(self, among: Among, period: Period) -> Sequence[Earned]:
        """What members sent and earned, by member and currency."""
        ...

    def cohorts(self, among: Among, period: Period) -> Sequence[CohortRow]:
        """Who first paid in which month and paid in which, by currency, from the oldest cohort on."""
        ...


class BestStore(Protocol):
    """What roll-ups do not have, because it names somebody or is kept elsewhere."""

    def fans(self, among: Among, period: Period, by: RankedBy, limit: int) -> Sequence[TopFan]:
        """So many of each currency, the best first."""
        ...

    def campaigns(self, among: Among, period: Period, limit: int) -> Sequence[CampaignResult]:
        """Campaigns launched in these days, the newest first."""
        ...


class Stores(Protocol):
    """What a transaction gives to these use cases."""

    @property
    def analytics(self) -> AnalyticsStore:
        """The numbers."""
        ...

    @property
    def best(self) -> BestStore:
        """The best fans, and campaigns."""
        ...

    @property
    def workspace(self) -> WorkspaceStore:
        """Where it is midnight when, and whose currency comes first."""
        ...

    @property
    def audit(self) -> AuditTrail:
        """What people do."""
        ...


Transactions = Callable[[Principal], AbstractContextManager[Stores]]


class Analytics:
    """The use cases of those who look at numbers."""

    def __init__(self, transactions: Transactions, clock: Clock) -> None:
        self._transactions = transactions
        self._clock = clock

    def overview(self, who: Principal, asked: Asked) -> Overview:
        """The figures of the cards, with those of the period before."""
        with self._looking(who, asked) as (stores, head, among):
            store, spans = stores.analytics, Compared(head.period, head.before)
            lost = Compared(making.lost_days(head.period), making.lost_days(head.before))
            return making.overview(
                head,
                store.metrics(among, spans),
                store.worth(among),
                store.answers(among, spans),
                active=store.seen_between(among, making.active_days(store.today(self._clock.now()))),
                lost=Compared(store.seen_between(among, lost.now), store.seen_between(among, lost.before)),
            )

    def revenue(self, who: Principal, asked: Asked, step: Step = Step.DAY) -> Series:
        """Payments over time by kind; where none is known at all, what was offered for money."""
        with self._looking(who, asked) as (stores, head, among):
            store = stores.analytics
            charted = Charted.PAYMENTS if store.knows_payments(among) else Charted.OFFERS
            read = store.revenue if charted is Charted.PAYMENTS else store.offers_by_day
            return making.series(head, step, charted, Compared(read(among, head.period), read(among, head.before)))

    def top_fans(self, who: Principal, asked: Asked, limit: int = 10) -> TopFans:
        """Who paid most in the period, currency by currency; where nobody paid, who is worth most."""
        with self._looking(who, asked) as (stores, head, among):
            found = _top_fans(stores.best, head, among, min(max(limit, 1), MOST_TOP_FANS))
        if who.may(Permission.READ_FANS):
            return found
        unnamed = (replace(each, fans=tuple(fan.unnamed() for fan in each.fans)) for each in found.rankings)
        return replace(found, rankings=tuple(unnamed))

    def heatmap(self, who: Principal, asked: Asked) -> Heatmap:
        """When fans write and pay, and when they are written to, by hours of the workspace's week."""
        with self._looking(who, asked) as (stores, head, among):
            return Heatmap(head, making.whole_week(stores.analytics.hours(among, head.period)))

    def ppv(self, who: Principal, asked: Asked) -> Ppv:
        """Which prices sell, among the messages that were sent in the period."""
        with self._looking(who, asked) as (stores, head, among):
            bands = stores.analytics.offers(among, head.period)
            return Ppv(head, making.own_first(bands, head.currency, lambda band: band.least.currency))

    def chatters(self, who: Principal, asked: Asked) -> Chatters:
        """Who answered how fast, sent how much, and earned what with it."""
        with self._looking(who, asked) as (stores, head, among):
            answers = stores.analytics.answers(among, Compared(head.period, head.period))
            return making.chatters(head, answers, stores.analytics.earned(among, head.period))

    def campaigns(self, who: Principal, asked: Asked) -> CampaignResults:
        """What came of the campaigns that were launched in the period."""
        with self._looking(who, asked) as (stores, head, among):
            found = stores.best.campaigns(among, head.period, MOST_CAMPAIGNS)
            return making.campaign_results(head, found)

    def cohorts(self, who: Principal, asked: Asked) -> Cohorts:
        """Of those whose first payment was in one month, who paid again, month by month until now."""
        with self._looking(who, asked) as (stores, head, among):
            return making.cohorts(head, stores.analytics.cohorts(among, head.period))

    def export(self, who: Principal, asked: Asked, table: Table, step: Step = Step.DAY) -> Iterator[str]:
        """Any of these tables as CSV, piece by piece; the log tells of it."""
        who.must(Permission.READ_ANALYTICS)
        read: dict[Table, Callable[[Principal, Asked], Found]] = {
            Table.OVERVIEW: self.overview,
            Table.REVENUE: lambda by, what: self.revenue(by, what, step),
            Table.TOP_FANS: lambda by, what: self.top_fans(by, what, MOST_TOP_FANS),
            Table.HEATMAP: self.heatmap,
            Table.PPV: self.ppv,
            Table.CHATTERS: self.chatters,
            Table.CAMPAIGNS: self.campaigns,
            Table.COHORTS: self.cohorts,
        }
        found = read[table](who, asked)
        with self._transactions(who) as stores:
            stores.audit.record(Action.ANALYTICS_EXPORTED, None, table=table.value)
        return sheet(found)

    @contextmanager
    def _looking(self, who: Principal, asked: Asked) -> Iterator[tuple[Stores, Head, Among]]:
        who.must(Permission.READ_ANALYTICS)
        with self._transactions(who) as stores:
            workspace, now = stores.workspace.get(), self._clock.now()
            period, before = asked.periods(stores.analytics.today(now))
            head = Head(
                as_of=stores.analytics.stale_since() or now,
                zone=workspace.timezone,
                currency=workspace.currency,
                period=period,
                before=before,
                source=Source.TAGGED_FANS if asked.tag else Source.ROLL_UPS,
            )
            yield stores, head, Among(workspace.timezone, asked.platform, asked.tag)


def _top_fans(store: BestStore, head: Head, among: Among, limit: int) -> TopFans:
    by, found = RankedBy.PAID, store.fans(among, head.period, RankedBy.PAID, limit)
    if not found:
        by, found = RankedBy.VALUE, store.fans(among, head.period, RankedBy.VALUE, limit)
    fans: dict[str, list[TopFan]] = {}
    for fan in found:
        fans.setdefault((fan.paid if by is RankedBy.PAID else fan.value).currency, []).append(fan)
    rankings = [Ranking(currency, tuple(best)) for currency, best in fans.items()]
    return TopFans(head=head, by=by, rankings=making.own_first(rankings, head.currency, lambda each: each.currency))
