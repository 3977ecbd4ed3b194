"""Workers killed at random, again and again: the seven judgements hold."""

import random
import time

import pytest

from tests.support.troubled_office import TroubledOffice
from tests.support.worker_process import Times

KILLS, WORKERS = 40, 2
CREATORS, FANS, MESSAGES = 5, 10, 500
SEED = 5


@pytest.fixture
def times() -> Times:
    return Times(lease=2.5, deadline=2, doubt=2.8, flow_margin=0.1)


def test_forty_random_kills(trouble: TroubledOffice) -> None:
    dice = random.Random(SEED)  # noqa: S311  (to be repeated, not to be secret)
    creators = [trouble.creator(messages=10, seconds=2, fans=FANS) for _ in range(CREATORS)]
    left = [(number, creator) for number in range(MESSAGES // CREATORS) for creator in creators]
    workers = [trouble.start_worker() for _ in range(WORKERS)]
    kills_at = time.monotonic() + 1.0
    while trouble.told.kills < KILLS or left:
        for number, creator in left[:5]:
            trouble.send(creator, f"line {number}", fan=number % FANS)
        left = left[5:]
        trouble.mend()
        if time.monotonic() > kills_at and trouble.told.kills < KILLS:
            victim = dice.randrange(WORKERS)
            workers[victim].kill()
            trouble.told.kills += 1
            workers[victim] = trouble.start_worker()
            kills_at = time.monotonic() + dice.uniform(0.1, 1.2)
    trouble.go_on(lambda: trouble.ended, seconds=120, serve=False)
    trouble.judge()
    assert trouble.dead() == []
