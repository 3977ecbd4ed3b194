from huntaze.delivery.model import Claimed, Outcome, Pace
from huntaze.ids import new_id
from tests.support.real_send_path import PostgresGround
from tests.support.send_path import AttemptFacts
from tests.support.send_path_contracts import AttemptsContract, seconds


class TestAttempts(AttemptsContract):
    pass


def test_the_no_of_another_bridge_proves_nothing(ground: PostgresGround) -> None:
    """It was never given what was given to the one before it: the message may have arrived there."""
    account = ground.new_account(Pace(10, 60))
    message = ground.new_message(account, ground.new_fan())
    with ground.transaction(ground.workspace_id) as ours:
        claim = ours.claims.claim(account, new_id())
        assert isinstance(claim, Claimed)
        ours.attempts.unknown(claim.attempt_id, message, "no_answer", Outcome.UNKNOWN)
        assert ours.attempts.absent(claim.attempt_id) == 1
    ground.run("UPDATE platform_connections SET bridge_url = 'https://b.example' WHERE workspace_id = %(workspace)s")
    with ground.transaction(ground.workspace_id) as ours:
        assert [ours.attempts.absent(claim.attempt_id) for _ in range(3)] == [0, 0, 0]
    assert ground.attempt(claim.attempt_id) == AttemptFacts(Outcome.UNKNOWN, seconds(85), None, 0), "a person decides"
    assert ground.message(message).status == "unknown"
