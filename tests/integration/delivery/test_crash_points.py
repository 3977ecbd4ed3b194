"""A worker that is killed at each moment between two steps: nothing is lost, doubled, too fast or out of order."""

import signal
from collections.abc import Callable

import pytest

from tests.support.post_office import Creator
from tests.support.simulator import wait_for
from tests.support.troubled_office import TroubledOffice
from tests.support.worker_process import MOMENTS, Times

PACE = 4


@pytest.fixture
def times() -> Times:
    return Times(lease=1.2, deadline=1.0, doubt=1.3)


def an_extra_permit(office: TroubledOffice, creator: Creator) -> None:
    """One more than there are messages, as a queue makes that delivers twice."""
    planned = []
    office.parts.publishing.publish(planned)


@pytest.mark.parametrize("moment", MOMENTS)
def test_a_worker_dies(trouble: TroubledOffice, moment: str) -> None:
    worker = trouble.start_worker(dies=moment)
    creator = trouble.creator(messages=PACE, seconds=2, fans=2)
    trouble.send_many(creator, PACE + 2)  # the last two are refused by the pace, and put back
    worker.wait_until_ready()
    worker.go()
    wait_for(lambda: not worker.alive)
    assert worker.process.returncode == -signal.SIGKILL
    trouble.told.kills += 1
    trouble.go_on(lambda: trouble.ended)
    trouble.judge()
