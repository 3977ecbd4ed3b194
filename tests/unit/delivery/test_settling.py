"""Whose fault it is when a message did not arrive."""

from datetime import timedelta

import pytest

from huntaze.clock import FixedClock
from huntaze.delivery.model import MOST_FAILURES, Claimed, Pace, Sender
from huntaze.delivery.planning import Planner
from huntaze.delivery.settling import Settling
from huntaze.ids import new_id
from huntaze.platforms.model import NotAccepted, Reason
from tests.support.fake_delivery import FreePlans, RecordedMeasures, RecordedQueue
from tests.support.fake_send_path import FakeGround
from tests.support.send_path import PLATFORM


@pytest.mark.parametrize(("reason", "is_held"), [(Reason.NO_CONNECTION, True), (Reason.TOO_LATE, False)])
def test_an_account_rests_for_what_its_bridge_does_and_not_because_we_stood_still(
    reason: Reason,
    is_held: bool,  # noqa: FBT001
) -> None:
    ground = FakeGround()
    account_id = ground.new_account(Pace())
    planner = Planner(FreePlans(), FixedClock(ground.now), new_id)
    settling = Settling(ground.transaction, planner, RecordedQueue().publish, RecordedMeasures())
    sender = Sender(ground.workspace_id, account_id, PLATFORM, Pace())
    for _ in range(MOST_FAILURES):
        message_id = ground.new_message(account_id, ground.new_fan())
        with ground.transaction(ground.workspace_id) as stores:
            claimed = stores.claims.claim(account_id, new_id())
        assert isinstance(claimed, Claimed)
        settling.settle(sender, claimed, NotAccepted(reason, asked=False))
        assert ground.message(message_id).status == "queued"
    assert (ground.account(account_id).failures > 0) is is_held
    assert (ground.account(account_id).held_for > timedelta(0)) is is_held
