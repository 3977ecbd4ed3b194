"""What people are told, of roll-ups and of the fans of a tag: the same numbers, with those of the period before."""

import csv
from datetime import UTC, date, datetime, timedelta
from typing import Any

import psycopg
import pytest

from huntaze import wiring
from huntaze.analytics.figures import Charted, RankedBy, Source
from huntaze.analytics.model import Asked, Preset, Step
from huntaze.analytics.sheet import Table
from huntaze.errors import Forbidden, Invalid
from huntaze.fans.model import Platform
from huntaze.members.model import Principal, Role
from huntaze.money import Money
from tests.support.creators import Creator, every
from tests.support.workspaces import NOON

Connection = psycopg.Connection[Any]
JUNE = Asked(first=date(2026, 6, 1), last=date(2026, 6, 30))
IN_MAY = NOON - timedelta(days=20)


@pytest.fixture
def busy(creator: Creator) -> Creator:
    """Two fans of a tag and one without, who paid in May and in June."""
    tagged = creator.fans(2, tags='["vip"]', value_cents=2_000, created_at=NOON, last_seen_at=NOON)
    other = creator.fans(1, "fansly", value_cents=500, currency="EUR", created_at=IN_MAY, last_seen_at=IN_MAY)
    for fan in tagged:
        creator.lives(fan, every(timedelta(hours=9), NOON, 20), range(500, 520))
        creator.pays(fan, 300, IN_MAY)
    creator.pays(other[0], 900, NOON, platform="fansly", currency="EUR")
    creator.counts()
    return creator


@pytest.mark.usefixtures("busy")
def test_everything_is_told_in_one_look(parts: wiring.Wiring, owner: Principal) -> None:
    told = parts.analytics.overview(owner, JUNE)
    assert (told.fans, told.active, told.new.now, told.new.before) == (3, 3, 2, 1)
    assert [(one.now, one.before) for one in told.revenue] == [
        (Money(10_180, "USD"), Money(600, "USD")),
        (Money(11_100, "EUR"), Money(0, "EUR")),
    ]
    assert (told.payments.now, told.payments.before) == (41, 2)
    assert [(one.total, one.fans, one.median) for one in told.worth] == [
        (Money(4_000, "USD"), 2, Money(2_000, "USD")),
        (Money(500, "EUR"), 1, Money(500, "EUR")),
    ]
    assert (told.incoming.now, told.outgoing.now) == (40, 40)
    assert told.speed.now.answers > 0
    assert told.head.as_of == NOON
    assert told.head.source is Source.ROLL_UPS


def test_what_is_not_yet_counted_is_said(busy: Creator, parts: wiring.Wiring, owner: Principal) -> None:
    busy.pays(next(iter(busy.talks)), 500, NOON)
    assert parts.analytics.overview(owner, JUNE).head.as_of > NOON  # the machine's own clock, of just now


@pytest.mark.usefixtures("busy")
@pytest.mark.parametrize("step", Step)
def test_revenue_is_the_sum_of_its_bars_whatever_they_are(parts: wiring.Wiring, owner: Principal, step: Step) -> None:
    told = parts.analytics.revenue(owner, JUNE, step)
    assert told.charted is Charted.PAYMENTS
    assert [line.currency for line in told.lines] == ["USD", "EUR"]
    overview = parts.analytics.overview(owner, JUNE)
    assert [line.total for line in told.lines] == list(overview.revenue)
    for line in told.lines:
        assert sum(bar.total for bar in line.bars) == line.total.now.cents
        assert sum(bar.before or 0 for bar in line.bars) <= line.total.before.cents
        assert (line.bars[0].days.first, line.bars[-1].days.last) == (JUNE.first, JUNE.last)


def test_a_tag_is_counted_of_raw_rows_and_says_the_same(
    busy: Creator, parts: wiring.Wiring, owner: Principal, superuser: Connection
) -> None:
    superuser.execute("UPDATE fans SET tags = '[\"all\"]' WHERE workspace_id = %s", [busy.id])
    busy.counts()
    tagged = Asked(first=JUNE.first, last=JUNE.last, tag="all")
    analytics = parts.analytics
    for ask in (
        *(analytics.overview, analytics.revenue, analytics.heatmap, analytics.ppv),
        *(analytics.chatters, analytics.cohorts, analytics.campaigns, analytics.top_fans),
    ):
        rolled_up, counted = ask(owner, JUNE), ask(owner, tagged)
        assert counted.head.source is Source.TAGGED_FANS
        assert _without_head(counted) == _without_head(rolled_up), ask.__name__


@pytest.mark.usefixtures("busy")
def test_a_tag_and_a_platform_are_of_whom_they_say(parts: wiring.Wiring, owner: Principal) -> None:
    told = parts.analytics.overview(owner, Asked(first=JUNE.first, last=JUNE.last, tag="vip"))
    assert (told.fans, told.payments.now) == (2, 40)
    told = parts.analytics.overview(owner, Asked(first=JUNE.first, last=JUNE.last, platform=Platform.FANSLY))
    assert (told.fans, told.payments.now, told.incoming.now) == (1, 1, 0)
    assert [one.now for one in told.revenue] == [Money(0, "USD"), Money(900, "EUR")]


def test_the_best_fans_are_named_to_who_may_see_them(busy: Creator, parts: wiring.Wiring, owner: Principal) -> None:
    told = parts.analytics.top_fans(owner, JUNE, 1)
    assert told.by is RankedBy.PAID
    assert [each.currency for each in told.rankings] == ["USD", "EUR"]
    assert [len(each.fans) for each in told.rankings] == [1, 1]
    assert told.rankings[0].fans[0].name == "Fan"
    analyst = Principal("analyst", busy.id, busy.owner, Role.ANALYST)
    assert parts.analytics.top_fans(analyst, JUNE, 1).rankings[0].fans[0].name is None
    nobody_paid = parts.analytics.top_fans(owner, Asked(first=date(2024, 1, 1), last=date(2024, 1, 31)))
    assert nobody_paid.by is RankedBy.VALUE
    assert [fan.value.cents for fan in nobody_paid.rankings[0].fans] == [2_000, 2_000]


def test_where_no_payment_is_known_offers_are_charted(creator: Creator, parts: wiring.Wiring, owner: Principal) -> None:
    [fan] = creator.fans(1)
    creator.is_answered(fan, NOON, cents=1_500)
    creator.counts()
    told = parts.analytics.revenue(owner, JUNE, Step.MONTH)
    assert told.charted is Charted.OFFERS
    assert [(line.currency, line.total.now.cents) for line in told.lines] == [("USD", 1_500)]


def test_who_is_not_seen_for_thirty_days_is_lost(creator: Creator, parts: wiring.Wiring, owner: Principal) -> None:
    today = datetime(2026, 6, 1, tzinfo=UTC)
    for days in (0, 29, 30, 36, 37, 40, 400):
        creator.fans(1, last_seen_at=today - timedelta(days=days))
    creator.counts()
    told = parts.analytics.overview(owner, Asked(preset=Preset.WEEK))
    assert (told.fans, told.active) == (7, 2)
    assert (told.lost.now, told.lost.before) == (2, 2)


def test_cohorts_come_back(creator: Creator, parts: wiring.Wiring, owner: Principal) -> None:
    [early, late] = creator.fans(2)
    for fan, months in ((early, (1, 2, 6)), (late, (2, 6))):
        for month in months:
            creator.pays(fan, 100 * month, datetime(2026, month, 15, tzinfo=UTC))
    creator.counts()
    told = parts.analytics.cohorts(owner, Asked(first=date(2026, 1, 1), last=date(2026, 6, 1)))
    assert [
        (one.month.month, one.fans, [(back.later, back.payers) for back in one.returns]) for one in told.cohorts
    ] == [
        (1, 1, [(0, 1), (1, 1), (5, 1)]),
        (2, 1, [(0, 1), (4, 1)]),
    ]


@pytest.mark.usefixtures("busy")
@pytest.mark.parametrize("table", Table)
def test_every_table_can_be_taken_along_and_the_log_knows(
    parts: wiring.Wiring, owner: Principal, superuser: Connection, table: Table
) -> None:
    text = "".join(parts.analytics.export(owner, JUNE, table))
    lines = list(csv.reader(text.removeprefix("\ufeff").splitlines()))
    assert len({len(line) for line in lines}) == 1
    assert len(lines) > 1 or table is Table.CAMPAIGNS
    [(details,)] = superuser.execute("SELECT details FROM audit_log WHERE action = 'analytics.exported'").fetchall()
    assert details == {"table": table.value}


def test_who_may_not_see_numbers_sees_none(busy: Creator, parts: wiring.Wiring) -> None:
    chatter = Principal("chatter", busy.id, busy.chatter, Role.CHATTER)
    with pytest.raises(Forbidden):
        parts.analytics.overview(chatter, JUNE)
    with pytest.raises(Forbidden):
        list(parts.analytics.export(chatter, JUNE, Table.OVERVIEW))


@pytest.mark.usefixtures("creator")
@pytest.mark.parametrize(
    ("first", "last"),
    [(date(2026, 6, 2), date(2026, 6, 1)), (date(2000, 1, 1), date(2026, 1, 1)), (date.min, date.min)],
)
def test_a_period_has_its_bounds(parts: wiring.Wiring, owner: Principal, first: date, last: date) -> None:
    with pytest.raises(Invalid):
        parts.analytics.overview(owner, Asked(first=first, last=last))


def _without_head(told: Any) -> dict[str, Any]:
    return {name: getattr(told, name) for name in told.__dataclass_fields__ if name != "head"}
