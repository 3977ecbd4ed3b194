"""Numbers: nothing of theirs is among ours, whether it was counted before or is counted now."""

from datetime import date, timedelta

from huntaze.analytics.best import PostgresBest
from huntaze.analytics.figures import Compared, RankedBy
from huntaze.analytics.model import Among, Period
from huntaze.analytics.recounts import PostgresRecounts, StaleWorkspaces
from huntaze.analytics.stale import StaleDay, Topic
from huntaze.analytics.store import PostgresAnalytics
from huntaze.ids import new_id
from tests.isolation.cases import World, case
from tests.isolation.numbers_of_theirs import THEIR_DAY, all_of_it
from tests.support.outgoing import launch
from tests.support.people import new_fan
from tests.support.workspaces import NOON, acting

ALL, TAGGED = Among("UTC"), Among("UTC", tag="vip")
EVER = Period(*all_of_it())
ONCE = Compared(EVER, EVER)
JUNE = date(2026, 6, 1)
DAYS_OF_THEIRS = {THEIR_DAY + timedelta(days=number) for number in range(12)} | {date(2031, 1, 2), date(2020, 1, 1)}

PAY = """
INSERT INTO transactions (
    workspace_id, id, fan_id, platform, platform_transaction_id, kind, amount_cents, occurred_at
) VALUES (%s, %s, %s, 'onlyfans', 'paid just now', 'tip', 700, %s)
"""
SELL = """
INSERT INTO messages (
    workspace_id, id, conversation_id, fan_id, direction, status, sent_elsewhere, text, price_cents, bought_at, sent_at,
    platform_message_id, occurred_at, approved_by
) VALUES (%s, %s, %s, %s, 'out', 'sent', true, 'Look', 600, now(), now(), 'sold just now', clock_timestamp(), %s)
"""


def _numbers(world: World) -> PostgresAnalytics:
    return PostgresAnalytics(world.connection, world.ours.id)


def _best(world: World) -> PostgresBest:
    return PostgresBest(world.connection, world.ours.id)


def _recounts(world: World) -> PostgresRecounts:
    return PostgresRecounts(world.connection, world.ours.id)


def _sell(world: World) -> None:
    """The chatter sells something to our fan."""
    ours, chatter = world.ours, world.ours.of("chatter")
    with acting(world.connection, chatter):
        world.connection.execute(SELL, (ours.id, new_id(), ours.of("conversation"), ours.of("fan"), chatter))


def _count(world: World, topic: Topic) -> None:
    """Everything of a topic, also of the days that only they have."""
    days = {*_recounts(world).days(topic)} if topic is not Topic.VALUES else set()
    _recounts(world).recount(topic, sorted(days | DAYS_OF_THEIRS))


def _sums(world: World, *metrics: str) -> dict[str, tuple[int, int]]:
    rows = world.connection.execute(
        "SELECT metric, sum(occurrences)::integer AS many, sum(amount_cents)::integer AS cents FROM daily_rollups"
        " WHERE workspace_id = %s AND metric = ANY(%s) GROUP BY metric",
        (world.ours.id, list(metrics)),
    )
    return {row["metric"]: (row["many"], row["cents"]) for row in rows}


@case("PostgresAnalytics.today")
def days_begin_where_our_clock_hangs(world: World) -> None:
    assert _numbers(world).today(NOON) == JUNE


@case("PostgresAnalytics.stale_since")
def what_is_stale_of_theirs_does_not_make_ours_old(world: World) -> None:
    assert _numbers(world).stale_since() == NOON


@case("PostgresAnalytics.knows_payments")
def their_payments_are_not_known(world: World) -> None:
    assert not _numbers(world).knows_payments(ALL)
    _count(world, Topic.TRANSACTIONS)
    assert _numbers(world).knows_payments(ALL)


@case("PostgresAnalytics.metrics")
def their_sums_are_not_added(world: World) -> None:
    assert [(one.name, one.now) for one in _numbers(world).metrics(ALL, ONCE)] == [("fans.new", 1)]
    _sell(world)
    tagged = {one.name: (one.now, one.cents_now) for one in _numbers(world).metrics(TAGGED, ONCE)}
    assert tagged == {
        "fans.new": (1, 0),
        "messages.in": (1, 0),
        "messages.out": (1, 0),
        "offers.bought": (1, 600),
        "offers.sent": (1, 600),
        "revenue.tip": (1, 500),
    }


@case("PostgresAnalytics.seen_between")
def whom_they_saw_is_not_counted(world: World) -> None:
    assert (_numbers(world).seen_between(ALL, EVER), _numbers(world).seen_between(TAGGED, EVER)) == (0, 0)


@case("PostgresAnalytics.worth")
def what_their_fans_are_worth_is_not_told(world: World) -> None:
    for among in (ALL, TAGGED):
        assert [(one.fans, one.total.cents) for one in _numbers(world).worth(among)] == [(1, 0)]


@case("PostgresAnalytics.revenue")
def their_revenue_is_not_charted(world: World) -> None:
    assert _numbers(world).revenue(ALL, EVER) == []
    assert [(one.kind, one.amount.cents) for one in _numbers(world).revenue(TAGGED, EVER)] == [("tip", 500)]


@case("PostgresAnalytics.offers_by_day")
def what_they_offer_is_not_charted(world: World) -> None:
    assert [(one.day, one.amount.cents) for one in _numbers(world).offers_by_day(ALL, EVER)] == [(JUNE, 900)]
    assert _numbers(world).offers_by_day(TAGGED, EVER) == []


@case("PostgresAnalytics.hours")
def their_hours_are_not_ours(world: World) -> None:
    [noon] = _numbers(world).hours(ALL, EVER)
    assert (noon.weekday, noon.hour, noon.incoming, noon.payments) == (1, 12, 1, 0)
    tagged = _numbers(world).hours(TAGGED, EVER)
    assert (sum(one.incoming for one in tagged), sum(one.payments for one in tagged)) == (1, 1)


@case("PostgresAnalytics.offers")
def their_prices_are_not_ours(world: World) -> None:
    assert [(one.sent, one.asked.cents) for one in _numbers(world).offers(ALL, EVER)] == [(1, 900)]
    assert _numbers(world).offers(TAGGED, EVER) == []


@case("PostgresAnalytics.answers")
def their_answers_are_not_ours(world: World) -> None:
    assert [(one.name, one.now, one.seconds_now) for one in _numbers(world).answers(ALL, ONCE)] == [("chatter", 1, 65)]
    assert _numbers(world).answers(TAGGED, ONCE) == []


@case("PostgresAnalytics.answers")
def our_answers_are_named_as_our_members_are(world: World) -> None:
    _sell(world)
    assert [(one.name, one.now) for one in _numbers(world).answers(TAGGED, ONCE)] == [("chatter", 1)]


@case("PostgresAnalytics.earned")
def what_they_earned_is_not_told(world: World) -> None:
    assert [(one.name, one.sent, one.earned.cents) for one in _numbers(world).earned(ALL, EVER)] == [
        ("chatter", 1, 900)
    ]
    assert _numbers(world).earned(TAGGED, EVER) == []
    _sell(world)
    assert [(one.name, one.earned.cents) for one in _numbers(world).earned(TAGGED, EVER)] == [("chatter", 600)]


@case("PostgresAnalytics.cohorts")
def their_cohorts_are_not_ours(world: World) -> None:
    for among in (ALL, TAGGED):
        found = _numbers(world).cohorts(among, EVER)
        assert [(one.cohort, one.month, one.payers, one.paid.cents) for one in found] == [(JUNE, JUNE, 1, 500)]


@case("PostgresBest.fans")
def their_fans_are_not_among_our_best(world: World) -> None:
    ours = world.ours
    world.connection.execute(PAY, (ours.id, new_id(), ours.of("merged fan"), NOON))
    for among in (ALL, TAGGED):
        [best] = _best(world).fans(among, EVER, RankedBy.PAID, 100)
        assert (best.fan_id, best.name, best.paid.cents, best.payments) == (ours.of("fan"), "Robin", 1200, 2)
        assert _best(world).fans(among, EVER, RankedBy.VALUE, 100) == []


@case("PostgresBest.fans")
def whom_they_deleted_is_still_our_fan(world: World) -> None:
    twin = world.fans.add(new_fan(name="Only ours", tags=("vip",)), world.theirs.of("deleted fan"), NOON)
    world.connection.execute(PAY, (world.ours.id, new_id(), twin.id, NOON))
    for among in (ALL, TAGGED):
        assert _best(world).fans(among, EVER, RankedBy.PAID, 1)[0].name == "Only ours"


@case("PostgresBest.campaigns")
def their_campaigns_are_not_ours(world: World) -> None:
    assert _best(world).campaigns(ALL, EVER, 100) == []
    launch(world.connection, world.ours)
    [ours] = _best(world).campaigns(ALL, EVER, 100)
    assert (ours.id, ours.recipients, ours.sent, ours.revenue.currency) == (world.ours.of("campaign"), 1, 0, "USD")
    assert [one.recipients for one in _best(world).campaigns(TAGGED, EVER, 100)] == [1]


@case("PostgresRecounts.alone")
def who_counts_theirs_is_not_in_our_way(world: World) -> None:
    assert _recounts(world).alone()


@case("PostgresRecounts.stale")
def what_is_stale_of_theirs_is_not_stale_here(world: World) -> None:
    assert Topic.COHORTS not in _recounts(world).stale(list(Topic))
    assert Topic.VALUES in _recounts(world).stale(list(Topic))


@case("PostgresRecounts.rests")
def their_rest_is_not_ours(world: World) -> None:
    assert set(_recounts(world).rests()) == {Topic.VALUES}


@case("PostgresRecounts.counted")
def that_we_counted_is_ours_to_know(world: World) -> None:
    _recounts(world).counted(Topic.MESSAGES, NOON, timedelta(seconds=2))
    assert _recounts(world).rests()[Topic.MESSAGES].took == timedelta(seconds=2)


@case("PostgresRecounts.take")
def what_is_stale_of_theirs_is_not_taken(world: World) -> None:
    assert _recounts(world).take(Topic.COHORTS, 100) == []
    assert [one.day for one in _recounts(world).take(Topic.TRANSACTIONS, 100)] == [JUNE]


@case("PostgresRecounts.put_back")
def a_day_is_put_back_once_and_as_ours(world: World) -> None:
    _recounts(world).put_back(Topic.COHORTS, [StaleDay(JUNE, NOON)])
    assert _recounts(world).take(Topic.COHORTS, 1) == [StaleDay(JUNE, NOON)]
    assert _recounts(world).take(Topic.COHORTS, 1) == []


@case("PostgresRecounts.last_day")
def their_last_day_is_not_ours(world: World) -> None:
    assert _recounts(world).last_day(Topic.TRANSACTIONS) == JUNE
    last = _recounts(world).last_day(Topic.MESSAGES)
    assert last is not None
    assert last < date(2031, 1, 1)


@case("PostgresRecounts.days")
def their_days_are_not_ours(world: World) -> None:
    recounts = _recounts(world)
    assert recounts.days(Topic.TRANSACTIONS) == [JUNE]
    assert recounts.days(Topic.ANSWERS) == [JUNE]
    assert recounts.days(Topic.COHORTS) == [JUNE]
    assert recounts.days(Topic.SEEN) == []
    assert len(recounts.days(Topic.MESSAGES)) == 1
    assert len(set(recounts.days(Topic.JOINED)) - {JUNE}) == 1


@case("PostgresRecounts.recount")
def our_days_are_counted_of_our_rows(world: World) -> None:
    for topic in (Topic.TRANSACTIONS, Topic.JOINED, Topic.SEEN, Topic.VALUES):
        _count(world, topic)
    names = ("revenue.tip", "revenue.ppv", "fans.new", "fans.seen")
    assert _sums(world, *names) == {"revenue.tip": (1, 500), "fans.new": (1, 0)}
    assert [(one.fans, one.total.cents) for one in _numbers(world).worth(ALL)] == [(1, 0)]
    assert [one.payments for one in _numbers(world).hours(ALL, EVER) if one.payments] == [1]


@case("PostgresRecounts.recount")
def our_messages_are_counted_of_our_rows(world: World) -> None:
    _sell(world)
    today = _recounts(world).last_day(Topic.MESSAGES)
    assert today is not None
    for topic in (Topic.MESSAGES, Topic.ANSWERS):
        _recounts(world).recount(topic, sorted({today, JUNE} | DAYS_OF_THEIRS))
    assert _sums(world, "messages.in", "messages.out") == {"messages.in": (1, 0), "messages.out": (1, 0)}
    assert [(one.sent, one.asked.cents) for one in _numbers(world).offers(ALL, EVER)] == [(1, 600)]
    assert [(one.sent, one.earned.cents) for one in _numbers(world).earned(ALL, EVER)] == [(1, 600)]
    assert [one.now for one in _numbers(world).answers(ALL, ONCE)] == [1]


@case("PostgresRecounts.recount")
def our_cohorts_are_counted_of_our_rows(world: World) -> None:
    _recounts(world).recount(Topic.COHORTS, [JUNE, date(2019, 1, 1), date(2019, 3, 1)])
    found = _numbers(world).cohorts(ALL, EVER)
    assert [(one.cohort, one.month, one.payers, one.paid.cents) for one in found] == [(JUNE, JUNE, 1, 500)]


@case("StaleWorkspaces.longest_stale")
def workspaces_are_named_and_nothing_else(world: World) -> None:
    everywhere = StaleWorkspaces(lambda query, parameters: world.connection.execute(query, parameters).fetchall())
    assert everywhere.longest_stale(100) == [world.theirs.id, world.ours.id]
