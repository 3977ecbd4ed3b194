"""The short fault campaign: everything at once for a minute, forty workers killed; and the verdict."""

from pathlib import Path

import pytest

from chaos.campaign import BOUND, Campaign
from chaos.plan import LONG, SHORT, Kind, schedule
from chaos.proxy import Strike
from chaos.report import publish
from chaos.world import world

SEED = 11
KILLS = 40
MANY_TIMES = 10  # machines are noisy: what drains at all is measured, and only what does not fails


def test_everything_at_once(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with world(tmp_path) as made:
        result = Campaign(made, SHORT, SEED, print).run()
    publish(result)
    assert result.complaints == [], capsys.readouterr().out
    assert not result.interrupted
    assert {kind: result.doses[kind] for kind in SHORT.acts} == dict(SHORT.acts)
    assert result.doses[Kind.KILL_WORKER] >= KILLS
    assert sum(result.doses[f"{Strike.CUT_AFTER.value} {name}"] for name in ("postgres", "redis", "sqs", "bridge")) > 0
    assert result.figures["messages"] == SHORT.lines + SHORT.campaigns * SHORT.recipients
    assert result.drained < BOUND * MANY_TIMES


def test_a_seed_plans_the_same_again_and_another_does_not() -> None:
    assert schedule(LONG, SEED) == schedule(LONG, SEED)
    assert schedule(LONG, SEED) != schedule(LONG, SEED + 1)


def test_the_long_doses_are_those_of_the_promise() -> None:
    least = {Kind.KILL_WORKER: 3_000, Kind.KILL_POSTGRES: 200, Kind.KILL_REDIS: 200, Kind.CUT_AFTER: 2_000}
    assert all(LONG.acts[kind] >= count for kind, count in least.items())
    assert LONG.lines + LONG.campaigns * LONG.recipients >= 10_000
    assert LONG.seconds >= 2 * 3600
    assert set(LONG.acts) == set(SHORT.acts) == set(Kind)
