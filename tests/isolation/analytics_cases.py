"""Numbers: nothing of theirs is among ours, whether it was counted before or is counted now."""

from huntaze.analytics.figures import RankedBy
from huntaze.analytics.stale import Topic
from huntaze.ids import new_id
from tests.isolation.cases import World, case
from tests.isolation.numbers_at_hand import ALL, EVER, JUNE, ONCE, PAY, TAGGED, best, count, numbers, sell
from tests.support.outgoing import launch
from tests.support.people import new_fan
from tests.support.workspaces import NOON


@case("PostgresAnalytics.today")
def days_begin_where_our_clock_hangs(world: World) -> None:
    assert numbers(world).today(NOON) == JUNE


@case("PostgresAnalytics.stale_since")
def what_is_stale_of_theirs_does_not_make_ours_old(world: World) -> None:
    assert numbers(world).stale_since() == NOON


@case("PostgresAnalytics.knows_payments")
def their_payments_are_not_known(world: World) -> None:
    assert not numbers(world).knows_payments(ALL)
    count(world, Topic.TRANSACTIONS)
    assert numbers(world).knows_payments(ALL)


@case("PostgresAnalytics.metrics")
def their_sums_are_not_added(world: World) -> None:
    assert [(one.name, one.now) for one in numbers(world).metrics(ALL, ONCE)] == [("fans.new", 1)]
    sell(world)
    tagged = {one.name: (one.now, one.cents_now) for one in numbers(world).metrics(TAGGED, ONCE)}
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
    assert (numbers(world).seen_between(ALL, EVER), numbers(world).seen_between(TAGGED, EVER)) == (0, 0)


@case("PostgresAnalytics.worth")
def what_their_fans_are_worth_is_not_told(world: World) -> None:
    for among in (ALL, TAGGED):
        assert [(one.fans, one.total.cents) for one in numbers(world).worth(among)] == [(1, 0)]


@case("PostgresAnalytics.revenue")
def their_revenue_is_not_charted(world: World) -> None:
    assert numbers(world).revenue(ALL, EVER) == []
    assert [(one.kind, one.amount.cents) for one in numbers(world).revenue(TAGGED, EVER)] == [("tip", 500)]


@case("PostgresAnalytics.offers_by_day")
def what_they_offer_is_not_charted(world: World) -> None:
    assert [(one.day, one.amount.cents) for one in numbers(world).offers_by_day(ALL, EVER)] == [(JUNE, 900)]
    assert numbers(world).offers_by_day(TAGGED, EVER) == []


@case("PostgresAnalytics.hours")
def their_hours_are_not_ours(world: World) -> None:
    [noon] = numbers(world).hours(ALL, EVER)
    assert (noon.weekday, noon.hour, noon.incoming, noon.payments) == (1, 12, 1, 0)
    tagged = numbers(world).hours(TAGGED, EVER)
    assert (sum(one.incoming for one in tagged), sum(one.payments for one in tagged)) == (1, 1)


@case("PostgresAnalytics.offers")
def their_prices_are_not_ours(world: World) -> None:
    assert [(one.sent, one.asked.cents) for one in numbers(world).offers(ALL, EVER)] == [(1, 900)]
    assert numbers(world).offers(TAGGED, EVER) == []


@case("PostgresAnalytics.answers")
def their_answers_are_not_ours(world: World) -> None:
    assert [(one.name, one.now, one.seconds_now) for one in numbers(world).answers(ALL, ONCE)] == [("chatter", 1, 65)]
    assert numbers(world).answers(TAGGED, ONCE) == []


@case("PostgresAnalytics.answers")
def our_answers_are_named_as_our_members_are(world: World) -> None:
    sell(world)
    assert [(one.name, one.now) for one in numbers(world).answers(TAGGED, ONCE)] == [("chatter", 1)]


@case("PostgresAnalytics.earned")
def what_they_earned_is_not_told(world: World) -> None:
    assert [(one.name, one.sent, one.earned.cents) for one in numbers(world).earned(ALL, EVER)] == [("chatter", 1, 900)]
    assert numbers(world).earned(TAGGED, EVER) == []
    sell(world)
    assert [(one.name, one.earned.cents) for one in numbers(world).earned(TAGGED, EVER)] == [("chatter", 600)]


@case("PostgresAnalytics.cohorts")
def their_cohorts_are_not_ours(world: World) -> None:
    for among in (ALL, TAGGED):
        found = numbers(world).cohorts(among, EVER)
        assert [(one.cohort, one.month, one.payers, one.paid.cents) for one in found] == [(JUNE, JUNE, 1, 500)]


@case("PostgresBest.fans")
def their_fans_are_not_among_ourbest(world: World) -> None:
    ours = world.ours
    world.connection.execute(PAY, (ours.id, new_id(), ours.of("merged fan"), NOON))
    for among in (ALL, TAGGED):
        [fan] = best(world).fans(among, EVER, RankedBy.PAID, 100)
        assert (fan.fan_id, fan.name, fan.paid.cents, fan.payments) == (ours.of("fan"), "Robin", 1200, 2)
        assert best(world).fans(among, EVER, RankedBy.VALUE, 100) == []


@case("PostgresBest.fans")
def whom_they_deleted_is_still_our_fan(world: World) -> None:
    twin = world.fans.add(new_fan(name="Only ours", tags=("vip",)), world.theirs.of("deleted fan"), NOON)
    world.connection.execute(PAY, (world.ours.id, new_id(), twin.id, NOON))
    for among in (ALL, TAGGED):
        assert best(world).fans(among, EVER, RankedBy.PAID, 1)[0].name == "Only ours"


@case("PostgresBest.campaigns")
def their_campaigns_are_not_ours(world: World) -> None:
    assert best(world).campaigns(ALL, EVER, 100) == []
    launch(world.connection, world.ours)
    [ours] = best(world).campaigns(ALL, EVER, 100)
    assert (ours.id, ours.recipients, ours.sent, ours.revenue.currency) == (world.ours.of("campaign"), 1, 0, "USD")
    assert [one.recipients for one in best(world).campaigns(TAGGED, EVER, 100)] == [1]
