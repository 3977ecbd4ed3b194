"""The person of the smoke test on the local stage, made as an operator and an owner would make them on any other.

Founding, accepting, connecting and pausing go through the deployed functions; only the first password, which no mailbox
here receives, is set by hand.
"""

from typing import Any

from local.cloud.account import Aws, local_aws
from local.cloud.deployed import Deployed, deployed
from local.cloud.founding import ask as ask_function
from local.cloud.http import Answer, ask
from local.cloud.trying_person import Person, WentWrong, sign_in
from local.simulator.client import Client
from local.simulator.tokens import token_of
from local.stack import Servers
from local.up import FOLDER

WORKSPACE = {"name": "Smoke test", "owner": "smoke@demo.huntaze.test"}
ACCOUNT = "smoke-test"
CONNECTIONS = "/api/onlyfans/connections"


def local_person() -> Person:
    """The person on the local run of this checkout."""
    servers = Servers.read(FOLDER)
    return ready_person(servers, local_aws(servers))


def ready_person(servers: Servers, aws: Aws) -> Person:
    """Somebody who owns a workspace and has an account there that is paused; safe to repeat."""
    stage = deployed("local", aws)
    founded = ask_function("local", aws, "huntaze-founding", WORKSPACE)
    person = Person(WORKSPACE["owner"], f"Smoke-{servers.password[:12]}-1")
    if founded["ownerStatus"] == "invited":
        aws.client("cognito-idp").admin_set_user_password(
            UserPoolId=stage.outputs["UserPoolId"], Username=person.email, Password=person.password, Permanent=True
        )
    token = sign_in(stage, person)
    if founded["ownerStatus"] == "invited":
        for invitation in _done(ask("GET", f"{stage.url}/api/crm/invitations", token=token))["invitations"]:
            path = f"/api/crm/invitations/{invitation['id']}/acceptance"
            _done(ask("POST", f"{stage.url}{path}", token=token))
    _hold_an_account(stage, servers, token)
    return person


def _hold_an_account(stage: Deployed, servers: Servers, token: str) -> None:
    listed = _done(ask("GET", f"{stage.url}{CONNECTIONS}", token=token))
    states = {each["state"]: each["id"] for each in listed["connections"] if each["state"] != "revoked"}
    if not states:
        states = {"active": _connected(stage, servers, token, listed["notice"]["version"])}
    if "active" in states:
        path = f"{CONNECTIONS}/{states['active']}/pause"
        _done(ask("POST", f"{stage.url}{path}", token=token, body={"reason": "The account of the smoke test"}))


def _connected(stage: Deployed, servers: Servers, token: str, notice: str) -> str:
    opens = token_of("onlyfans", ACCOUNT)
    Client(servers.platform).make_account(ACCOUNT, platform="onlyfans", token=opens)
    consent = {"agreed": True, "notice": notice}
    body = {"platform": "onlyfans", "bridgeUrl": servers.platform, "token": opens, "consent": consent}
    return str(_done(ask("POST", f"{stage.url}{CONNECTIONS}", token=token, body=body))["id"])


def _done(answer: Answer) -> dict[str, Any]:
    if not 200 <= answer.status < 300:  # noqa: PLR2004
        raise WentWrong(str(answer))
    return answer.json()
