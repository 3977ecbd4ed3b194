"""The simulated platform runs beside the deployed stack, and `stack.json` tells where."""

from local.demo.workspaces import DEMO
from local.simulator.client import Client
from local.simulator.tokens import token_of
from tests.support.deployed import Deployed
from tests.support.simulator import Caller


def test_the_demo_is_known_there(deployed: Deployed) -> None:
    accounts = {account["account"]: account for account in Client(deployed.description["platform"]).accounts()}
    for workspace in DEMO:
        for platform in workspace.creator.accounts:
            user = workspace.creator.user_on(platform)
            assert accounts[user]["fans"] > 100
            caller = Caller(deployed.description["platform"], token_of(platform, user))
            assert caller.ask("GET", "/v1/account").body["userId"] == user
