"""Tokens and workspaces, through a handler."""

import pytest

from huntaze.clock import FixedClock
from huntaze.ids import new_id
from huntaze.members.model import Membership
from tests.functions.conftest import Stage
from tests.support.functions import CLAIMS, Answer, call

PATH = "/api/crm/fans"
BODY = {"name": "Robin", "platform": "onlyfans", "platformId": "robin-1"}


def _in(membership: Membership | None, method: str = "GET", **request: object) -> Answer:
    headers = {"x-workspace": str(membership.workspace_id)} if membership else {}
    return call("fans", method, PATH, headers=headers, **request)


@pytest.mark.parametrize("claims", [None, {}, {**CLAIMS, "token_use": "id"}, {**CLAIMS, "exp": "1700000000"}])
@pytest.mark.parametrize(("method", "body"), [("GET", None), ("POST", BODY), ("POST", "{")])
def test_without_a_good_token_nothing_is_even_looked_at(
    stage: Stage, claims: object, method: str, body: object
) -> None:
    stage.join()
    answer = call("fans", method, PATH, claims=claims, body=body)
    assert answer.status == 401
    assert answer.json()["code"] == "unauthenticated"
    assert answer.headers["WWW-Authenticate"] == "Bearer"


def test_a_token_ends_by_the_clock(stage: Stage) -> None:
    stage.join()
    now = stage.parts.clock.now()
    almost = {**CLAIMS, "exp": str(int(now.timestamp()) + 2)}
    stage.parts.clock = FixedClock(now)
    assert call("fans", "GET", PATH, claims=almost).status == 200
    stage.parts.clock = FixedClock(now.replace(year=now.year + 1))
    assert call("fans", "GET", PATH, claims=almost).status == 401


@pytest.mark.usefixtures("stage")
def test_who_is_a_member_nowhere_is_told_so() -> None:
    answer = call("fans", "GET", PATH)
    assert answer.status == 403
    assert "not a member of any workspace" in answer.json()["detail"]


def test_the_header_chooses_the_workspace_and_the_oldest_is_the_default(stage: Stage) -> None:
    first, second = stage.join(), stage.join()
    _in(second, "POST", body={**BODY, "name": "In the second"})
    assert _in(None).json()["fans"] == _in(first).json()["fans"] == []
    assert [fan["name"] for fan in _in(second).json()["fans"]] == ["In the second"]


def test_the_header_may_be_written_in_any_case(stage: Stage) -> None:
    stage.join()
    second = stage.join()
    assert call("fans", "POST", PATH, body=BODY, headers={"X-Workspace": str(second.workspace_id)}).status == 201
    assert stage.stores(second).fans.kept


def test_a_workspace_of_others_answers_byte_for_byte_like_one_that_never_was(stage: Stage) -> None:
    stage.join()
    theirs = stage.join(subject="somebody else")
    others = call("fans", "GET", PATH, headers={"x-workspace": str(theirs.workspace_id)})
    never = call("fans", "GET", PATH, headers={"x-workspace": str(new_id())})
    assert others.status == 404
    assert (others.status, others.body) == (never.status, never.body)


def test_a_workspace_that_is_no_id_is_refused_by_name(stage: Stage) -> None:
    stage.join()
    answer = call("fans", "GET", PATH, headers={"x-workspace": "zoe"})
    assert answer.status == 400
    assert answer.failing == {"X-Workspace"}
