"""The first route through everything: gateway, token, role, workspace, transaction, row-level security."""

import secrets
from typing import Any

from local.people import MAX, ZOE
from tests.support.deployed import Deployed

PATH = "/api/crm/fans"


def _new_fan(**changes: Any) -> dict[str, Any]:
    return {"name": "Robin", "platform": "onlyfans", "platformId": secrets.token_hex(8), **changes}


def test_an_owner_reads_and_creates_fans(deployed: Deployed, owner_token: str) -> None:
    created = deployed.call("POST", PATH, token=owner_token, body=_new_fan(name="Zoë's first 🎉"))
    assert created.status == 201
    newest = deployed.call("GET", f"{PATH}?limit=1", token=owner_token).json()["fans"][0]
    assert newest["id"] == created.json()["id"]
    assert newest["name"] == "Zoë's first 🎉"


def test_the_list_goes_on_behind_the_cursor_and_ends(deployed: Deployed, owner_token: str) -> None:
    seen: list[str] = []
    cursor = ""
    while cursor is not None:
        page = deployed.call(
            "GET", f"{PATH}?limit=50&cursor={cursor}" if cursor else f"{PATH}?limit=50", token=owner_token
        )
        seen += [fan["id"] for fan in page.json()["fans"]]
        cursor = page.json()["nextCursor"]
    assert len(seen) == len(set(seen)) >= 120


def test_the_same_fan_twice_is_a_conflict(deployed: Deployed, owner_token: str) -> None:
    fan = _new_fan()
    assert deployed.call("POST", PATH, token=owner_token, body=fan).status == 201
    again = deployed.call("POST", PATH, token=owner_token, body=fan)
    assert again.status == 409
    assert again.headers["content-type"] == "application/problem+json"


def test_every_wrong_field_is_named(deployed: Deployed, owner_token: str) -> None:
    answer = deployed.call("POST", PATH, token=owner_token, body={"name": "", "platform": "myspace", "valueCents": -1})
    assert answer.status == 400
    assert {field["field"] for field in answer.json()["fields"]} >= {"name", "platform", "platformId", "valueCents"}


def test_an_analyst_reads_and_may_not_create(deployed: Deployed) -> None:
    token = deployed.tokens("analyst@demo.huntaze.test")["AccessToken"]
    assert deployed.call("POST", PATH, token=token, body=_new_fan()).status == 403


def test_each_workspace_sees_its_own_fans(deployed: Deployed) -> None:
    token = deployed.tokens("agency@demo.huntaze.test")["AccessToken"]
    ours, theirs = ({fan["id"] for fan in _page(deployed, token, str(workspace_id))} for workspace_id in (ZOE, MAX))
    assert ours
    assert theirs
    assert not ours & theirs


def test_a_workspace_of_others_is_as_absent_as_one_that_never_was(deployed: Deployed, owner_token: str) -> None:
    others, never = (
        deployed.call("GET", PATH, token=owner_token, headers={"X-Workspace": workspace_id})
        for workspace_id in (str(MAX), "01900000-0000-7000-8000-00000000ffff")
    )
    assert others.status == never.status == 404
    assert _without_id(others.json()) == _without_id(never.json())


def _page(deployed: Deployed, token: str, workspace_id: str) -> list[dict[str, Any]]:
    answer = deployed.call("GET", f"{PATH}?limit=100", token=token, headers={"X-Workspace": workspace_id})
    assert answer.status == 200
    return list(answer.json()["fans"])


def _without_id(problem: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in problem.items() if name not in {"instance", "requestId"}}
