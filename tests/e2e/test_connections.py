"""The demo's accounts at the simulated platform, deployed: opened, asked, paused, let go and connected again."""

import secrets
from typing import Any

import pytest

from local.simulator.client import Client
from local.simulator.tokens import token_of
from tests.e2e.test_fans_api import Caller
from tests.support.deployed import Deployed

CONNECTIONS = "/api/onlyfans/connections"
ONE = f"{CONNECTIONS}/{{id}}"


@pytest.fixture(scope="module")
def call(deployed: Deployed, owner_token: str) -> Caller:
    return Caller(deployed, owner_token)


def _account(call: Caller, platform: str) -> dict[str, Any]:
    listed = call(f"GET {CONNECTIONS}").json()["connections"]
    return dict(next(one for one in listed if one["platform"] == platform))


def test_the_demos_accounts_are_open_and_their_events_come_here(deployed: Deployed, call: Caller) -> None:
    told = {one["account"]: one for one in Client(deployed.servers.platform).accounts()}
    for platform in ("onlyfans", "fansly"):
        one = _account(call, platform)
        assert (one["state"], one["bridgeUrl"]) == ("active", deployed.servers.platform)
        assert told[one["userId"]]["webhook"] == f"{deployed.servers.url}/api/webhooks/{platform}/{one['id']}"
        tested = call(f"POST {ONE}/test", id=one["id"]).json()
        assert (tested["found"], tested["connection"]["limits"]["seconds"]) == ("well", 60)


def test_an_account_is_looked_after(call: Caller) -> None:
    by_id = {"id": _account(call, "fansly")["id"]}
    etag = call(f"GET {ONE}", **by_id).headers["etag"]
    slower = call(f"PUT {ONE}", body={"messages": 9, "seconds": 60}, If_Match=etag, **by_id)
    assert (slower.status, slower.json()["pace"]["messages"]) == (200, 9)
    assert call(f"PUT {ONE}", body={"messages": 10, "seconds": 60}, **by_id).status == 200
    assert call(f"POST {ONE}/pause", body={"reason": "A test"}, **by_id).json()["state"] == "paused"
    assert call(f"POST {ONE}/resume", **by_id).json()["state"] == "active"
    assert call(f"POST {ONE}/login", body={}, **by_id).json()["state"] == "active"


def test_it_is_let_go_and_comes_back_in_its_old_row(deployed: Deployed, call: Caller) -> None:
    one, notice = _account(call, "fansly"), call(f"GET {CONNECTIONS}").json()["notice"]["version"]
    assert call("POST /api/onlyfans/auth/disconnect", body={"platform": "fansly"}).json()["state"] == "revoked"
    assert call(f"DELETE {ONE}", id=one["id"]).json()["state"] == "revoked"
    told = {each["account"]: each for each in Client(deployed.servers.platform).accounts()}
    assert told[one["userId"]]["webhook"] is None
    new = {
        "platform": "fansly",
        "bridgeUrl": deployed.servers.platform,
        "token": token_of("fansly", one["userId"]),
        "consent": {"agreed": True, "notice": notice},
    }
    refused = call(f"POST {CONNECTIONS}", body=new | {"token": "wrong"})
    assert (refused.status, [each["field"] for each in refused.json()["fields"]]) == (400, ["token"])
    back = call("POST /api/onlyfans/auth/connect", body=new)
    assert (back.status, back.json()["id"], back.json()["state"]) == (201, one["id"], "active")
    assert call(f"POST {CONNECTIONS}", body=new).status == 409


def test_anybody_may_wait_for_a_platform(deployed: Deployed) -> None:
    body = {"email": f"{secrets.token_hex(4)}@example.com"}
    answers = [deployed.call("POST", "/api/waitlist", body=body) for _ in range(2)]
    assert [(answer.status, answer.json()) for answer in answers] == [(202, {"platform": "patreon"})] * 2
