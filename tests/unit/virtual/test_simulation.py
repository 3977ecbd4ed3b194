"""Minutes of the send path under a clock of its own: what it reaches, and that what is wrong would show."""

from datetime import timedelta
from functools import cache

from bench.virtual.figures import Figures, figures_of
from bench.virtual.world import Load, World
from huntaze.delivery.model import Sender
from huntaze.delivery.planning import Planner

LOAD = Load(accounts=16, campaign=200, minutes=6, at_once=2, replies_a_minute=0.5)


class ToTheNextToken(Planner):
    """Planted: what was refused comes again when the next token does, as do all others that were."""

    def _wait(self, sender: Sender, not_before: timedelta, *, behind_all: bool, must_know: bool = False) -> timedelta:
        return not_before or super()._wait(sender, not_before, behind_all=behind_all, must_know=must_know)


class Bursting(Planner):
    """Planted: a campaign spends the burst that is there for people."""

    def _wait(self, sender: Sender, not_before: timedelta, *, behind_all: bool, must_know: bool = False) -> timedelta:  # noqa: ARG002
        return super()._wait(sender, not_before, behind_all=bool(not_before), must_know=must_know)


@cache
def _run(planner: type[Planner] = Planner) -> Figures:
    return figures_of(World(LOAD, planner).run())


def test_it_keeps_the_pace_and_uses_it_with_one_receive_a_message() -> None:
    figures = _run()
    assert figures.fullest_window == 10
    assert figures.use >= 0.96
    assert figures.receives <= 1.1
    assert (figures.dead_letters, figures.unanswered) == (0, 0)


def test_a_reply_leaves_at_the_next_slot_behind_a_campaign() -> None:
    figures = _run()
    assert figures.replies > 25
    assert figures.reply_median <= 3.5


def test_without_redis_permits_go_round_and_none_dies() -> None:
    world = World(Load(accounts=6, minutes=9, at_once=1, redis_away=(2, 7))).run()
    figures = figures_of(world)
    assert figures.fullest_window == 10
    assert (figures.dead_letters, figures.unanswered) == (0, 0)
    assert figures.silent <= 30
    arrivals = [at for found in world.record.arrivals.values() for at in found]
    assert not [at for at in arrivals if 2 * 60 + 2 < at < 7 * 60], "what was claimed before may still arrive"
    assert [at for at in arrivals if at < 2 * 60]


def test_a_seed_tells_all() -> None:
    assert figures_of(World(LOAD).run()) == _run()


def test_permits_to_the_next_token_would_meet_there_again() -> None:
    figures = _run(ToTheNextToken)
    assert figures.fullest_window == 10, "the pace is not what a plan can break"
    assert figures.receives > 1.5


def test_a_campaign_that_spends_the_burst_would_keep_people_waiting() -> None:
    figures = _run(Bursting)
    assert figures.fullest_window == 10
    assert figures.reply_median > 6
    assert figures.reply_p99 > 20
