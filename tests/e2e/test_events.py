"""What fans do on the platform, and what happens to an account there, through the deployed stack."""

from huntaze.connections.model import NewLogin
from tests.support.deployed_creators import DeployedCreators
from tests.support.post_office import Creator
from tests.support.simulator import wait_for

SAID = "SELECT direction, sent_elsewhere, text FROM messages WHERE workspace_id = %(ws)s ORDER BY occurred_at, id"
PAID = "SELECT kind, amount_cents FROM transactions WHERE workspace_id = %(ws)s ORDER BY kind"
STATUSES = "SELECT status, count(*) FROM messages WHERE workspace_id = %(ws)s GROUP BY status"
STANDING = "SELECT status FROM platform_connections WHERE id = %(account)s"


def test_a_fan_who_writes_tips_and_subscribes_is_seen(creators: DeployedCreators) -> None:
    creator = creators.creator()
    fan = f"on-{creator.fans[0]}"
    happen = creators.platform.happen
    happen("message", creator.user_id, fan, text="A question")
    happen("sent", creator.user_id, fan, text="An answer from the app")
    happen("tip", creator.user_id, fan, amountCents=500)
    happen("subscribe", creator.user_id, fan, amountCents=999)
    wait_for(lambda: len(creators.run(SAID, ws=creator.workspace_id)) == 2, seconds=60)
    assert creators.run(SAID, ws=creator.workspace_id) == [
        ("in", False, "A question"),
        ("out", True, "An answer from the app"),
    ]
    paid = [("subscription", 999), ("tip", 500)]
    wait_for(lambda: creators.run(PAID, ws=creator.workspace_id) == paid, seconds=60)


def test_a_login_that_ends_holds_what_waits_until_it_is_renewed(creators: DeployedCreators) -> None:
    creator = creators.creator(messages=10, seconds=2)
    creators.platform.happen("login-expired", creator.user_id)
    wait_for(lambda: creators.run(STANDING, account=creator.account_id) == [("expired",)], seconds=60)
    health = creators.parts.connections.get(creator.owner, creator.account_id)
    assert health.connection.status == "expired"

    creators.platform.renew_login(creator.user_id)
    creators.parts.connecting.renew(creator.owner, creator.account_id, NewLogin())
    _breaks_in_the_middle(creators, creator)


def _breaks_in_the_middle(creators: DeployedCreators, creator: Creator) -> None:
    """The platform says so to a message, with others behind it: they wait, none fails, and each arrives once."""
    for number in range(30):
        creators.send(creator, f"Line {number}")
    wait_for(lambda: creators.platform.log(creator.user_id), seconds=60)
    creators.platform.break_down("expire-login", creator.user_id)
    wait_for(lambda: creators.run(STANDING, account=creator.account_id) == [("expired",)], seconds=60)
    wait_for(lambda: "sending" not in dict(creators.run(STATUSES, ws=creator.workspace_id)), seconds=60)
    assert set(dict(creators.run(STATUSES, ws=creator.workspace_id))) == {"sent", "queued"}

    creators.platform.end_faults(creator.user_id)
    creators.platform.renew_login(creator.user_id)
    creators.parts.connecting.renew(creator.owner, creator.account_id, NewLogin())
    wait_for(lambda: creators.run(STATUSES, ws=creator.workspace_id) == [("sent", 30)], seconds=120)
    assert [line["text"] for line in creators.platform.log(creator.user_id)] == [f"Line {n}" for n in range(30)]
