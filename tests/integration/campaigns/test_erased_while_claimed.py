"""Somebody is erased in the moment in which a worker takes their message."""

import pytest

from huntaze.delivery.model import Claimed, Contended, NothingDue
from huntaze.errors import Conflict
from huntaze.ids import new_id
from tests.support.campaigns import Ground


def test_what_is_claimed_while_somebody_is_erased_must_arrive_first(ground: Ground) -> None:
    [fan] = ground.more_fans(1)
    campaign = ground.launched()
    [(account,)] = ground.run("SELECT id FROM platform_connections WHERE workspace_id = %s", ground.workspace_id)
    worker, eraser = ground.parts, ground.another_process()
    with worker.in_workspace_as_machine(ground.workspace_id) as stores:
        claim = stores.claims.claim(account, new_id())
        with pytest.raises(Conflict, match="Try again in a minute"):
            eraser.erasures.erase(ground.owner, fan)
    assert isinstance(claim, Claimed)
    with worker.in_workspace_as_machine(ground.workspace_id) as stores:
        assert stores.attempts.accepted(claim.attempt_id, claim.message_id, "a message of the platform's")
    assert ground.outcomes(campaign) == {"sent": 1}
    eraser.erasures.erase(ground.owner, fan)
    eraser.postgres.close()


def test_who_is_being_erased_gets_nothing_any_more(ground: Ground) -> None:
    [fan] = ground.more_fans(1)
    ground.launched()
    [(account,)] = ground.run("SELECT id FROM platform_connections WHERE workspace_id = %s", ground.workspace_id)
    eraser = ground.another_process()
    with eraser.as_a_whole(ground.owner) as stores:
        assert len(stores.erasures.lock_messages(fan)) == 1
        with pytest.raises(Contended), ground.parts.in_workspace_as_machine(ground.workspace_id) as theirs:
            theirs.claims.claim(account, new_id())
        eraser.erasures.erase(ground.owner, fan)
    eraser.postgres.close()
    with ground.parts.in_workspace_as_machine(ground.workspace_id) as theirs:
        assert isinstance(theirs.claims.claim(account, new_id()), NothingDue)
