"""Counting: nothing of theirs is taken, counted or replaced."""

from datetime import date, timedelta

from huntaze.analytics.recounts import StaleWorkspaces
from huntaze.analytics.stale import StaleDay, Topic
from tests.isolation.cases import World, case
from tests.isolation.numbers_at_hand import (
    ALL,
    DAYS_OF_THEIRS,
    EVER,
    JUNE,
    ONCE,
    count,
    numbers,
    recounts,
    sell,
    sums,
)
from tests.support.workspaces import NOON


@case("PostgresRecounts.alone")
def who_counts_theirs_is_not_in_our_way(world: World) -> None:
    assert recounts(world).alone()


@case("PostgresRecounts.stale")
def what_is_stale_of_theirs_is_not_stale_here(world: World) -> None:
    assert Topic.COHORTS not in recounts(world).stale(list(Topic))
    assert Topic.VALUES in recounts(world).stale(list(Topic))


@case("PostgresRecounts.rests")
def their_rest_is_not_ours(world: World) -> None:
    assert set(recounts(world).rests()) == {Topic.VALUES}


@case("PostgresRecounts.counted")
def that_we_counted_is_ours_to_know(world: World) -> None:
    recounts(world).counted(Topic.MESSAGES, NOON, timedelta(seconds=2))
    assert recounts(world).rests()[Topic.MESSAGES].took == timedelta(seconds=2)


@case("PostgresRecounts.take")
def what_is_stale_of_theirs_is_not_taken(world: World) -> None:
    assert recounts(world).take(Topic.COHORTS, 100) == []
    assert [one.day for one in recounts(world).take(Topic.TRANSACTIONS, 100)] == [JUNE]


@case("PostgresRecounts.put_back")
def a_day_is_put_back_once_and_as_ours(world: World) -> None:
    recounts(world).put_back(Topic.COHORTS, [StaleDay(JUNE, NOON)])
    assert recounts(world).take(Topic.COHORTS, 1) == [StaleDay(JUNE, NOON)]
    assert recounts(world).take(Topic.COHORTS, 1) == []


@case("PostgresRecounts.last_day")
def their_last_day_is_not_ours(world: World) -> None:
    assert recounts(world).last_day(Topic.TRANSACTIONS) == JUNE
    last = recounts(world).last_day(Topic.MESSAGES)
    assert last is not None
    assert last < date(2031, 1, 1)


@case("PostgresRecounts.days")
def their_days_are_not_ours(world: World) -> None:
    days = recounts(world).days
    assert days(Topic.TRANSACTIONS) == [JUNE]
    assert days(Topic.ANSWERS) == [JUNE]
    assert days(Topic.COHORTS) == [JUNE]
    assert days(Topic.SEEN) == []
    assert len(days(Topic.MESSAGES)) == 1
    assert len(set(days(Topic.JOINED)) - {JUNE}) == 1


@case("PostgresRecounts.recount")
def our_days_are_counted_of_our_rows(world: World) -> None:
    for topic in (Topic.TRANSACTIONS, Topic.JOINED, Topic.SEEN, Topic.VALUES):
        count(world, topic)
    names = ("revenue.tip", "revenue.ppv", "fans.new", "fans.seen")
    assert sums(world, *names) == {"revenue.tip": (1, 500), "fans.new": (1, 0)}
    assert [(one.fans, one.total.cents) for one in numbers(world).worth(ALL)] == [(1, 0)]
    assert [one.payments for one in numbers(world).hours(ALL, EVER) if one.payments] == [1]


@case("PostgresRecounts.recount")
def our_messages_are_counted_of_our_rows(world: World) -> None:
    sell(world)
    today = recounts(world).last_day(Topic.MESSAGES)
    assert today is not None
    for topic in (Topic.MESSAGES, Topic.ANSWERS):
        recounts(world).recount(topic, sorted({today, JUNE} | DAYS_OF_THEIRS))
    assert sums(world, "messages.in", "messages.out") == {"messages.in": (1, 0), "messages.out": (1, 0)}
    assert [(one.sent, one.asked.cents) for one in numbers(world).offers(ALL, EVER)] == [(1, 600)]
    assert [(one.sent, one.earned.cents) for one in numbers(world).earned(ALL, EVER)] == [(1, 600)]
    assert [one.now for one in numbers(world).answers(ALL, ONCE)] == [1]


@case("PostgresRecounts.recount")
def our_cohorts_are_counted_of_our_rows(world: World) -> None:
    recounts(world).recount(Topic.COHORTS, [JUNE, date(2019, 1, 1), date(2019, 3, 1)])
    found = numbers(world).cohorts(ALL, EVER)
    assert [(one.cohort, one.month, one.payers, one.paid.cents) for one in found] == [(JUNE, JUNE, 1, 500)]


@case("StaleWorkspaces.longest_stale")
def workspaces_are_named_and_nothing_else(world: World) -> None:
    everywhere = StaleWorkspaces(lambda query, parameters: world.connection.execute(query, parameters).fetchall())
    assert everywhere.longest_stale(100) == [world.theirs.id, world.ours.id]
