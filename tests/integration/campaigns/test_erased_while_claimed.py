"""Somebody is erased in the moment in which a worker takes their message."""

import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from huntaze.delivery.model import Claimed
from huntaze.errors import Conflict
from huntaze.ids import new_id
from tests.support.campaigns import Ground

SOMEBODY_WAITS = """
SELECT EXISTS (SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock')
"""


def test_what_is_claimed_while_somebody_is_erased_must_arrive_first(ground: Ground) -> None:
    [fan] = ground.more_fans(1)
    campaign = ground.launched()
    [(account,)] = ground.run("SELECT id FROM platform_connections WHERE workspace_id = %s", ground.workspace_id)
    worker, eraser = ground.parts, ground.another_process()
    with ThreadPoolExecutor(1) as elsewhere:
        with worker.in_workspace_as_machine(ground.workspace_id) as stores:
            claim = stores.claims.claim(account, new_id())
            erasing = elsewhere.submit(eraser.erasures.erase, ground.owner, fan)
            while ground.run(SOMEBODY_WAITS) == [(False,)] and not erasing.done():
                time.sleep(0.01)
        with pytest.raises(Conflict, match="Try again in a minute"):
            erasing.result()
    assert isinstance(claim, Claimed)
    with worker.in_workspace_as_machine(ground.workspace_id) as stores:
        assert stores.attempts.accepted(claim.attempt_id, claim.message_id, "a message of the platform's")
    assert ground.outcomes(campaign) == {"sent": 1}
    eraser.erasures.erase(ground.owner, fan)
    eraser.postgres.close()
