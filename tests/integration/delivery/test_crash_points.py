"""A worker that is killed at each moment between two steps: nothing is lost, doubled, too fast or out of order."""

from datetime import timedelta

import pytest

from huntaze.clock import SystemClock
from huntaze.delivery.permits import Permit, Planned
from tests.support.post_office import Creator
from tests.support.simulator import wait_for
from tests.support.troubled_office import TroubledOffice
from tests.support.worker_process import IMPATIENT, MOMENTS, Times

PACE = 4


@pytest.fixture
def times() -> Times:
    return IMPATIENT


def deliver_twice(office: TroubledOffice, creator: Creator) -> None:
    """Permits of messages that have others already: a queue may bring one more than once."""
    [(message_id,)] = office.run("SELECT id FROM messages WHERE workspace_id = %(ws)s LIMIT 1", ws=creator.workspace_id)
    permit = Permit(
        workspace_id=creator.workspace_id,
        account_id=creator.account_id,
        message_id=message_id,
        slot_at=SystemClock().now(),
        user_id=str(creator.owner.member_id),
        message_type="onlyfans",
        priority=5,
        timestamp=SystemClock().now().isoformat(),
    )
    assert office.parts.publishing.publish([Planned(permit, timedelta(0))]) == []


@pytest.mark.parametrize("moment", MOMENTS)
def test_a_worker_dies(trouble: TroubledOffice, moment: str) -> None:
    creator = trouble.creator(messages=PACE, seconds=1, fans=2)
    if "release" in moment:  # one permit finds nothing to send, and gives its token back
        trouble.send_many(creator, PACE - 1)
        deliver_twice(trouble, creator)
    else:
        trouble.send_many(creator, PACE + 2)  # the last two are refused by the pace, and put back
    worker = trouble.start_worker(dies=moment)
    wait_for(lambda: not worker.alive)
    trouble.told.kills += 1
    trouble.go_on(lambda: trouble.ended)
    trouble.judge()
