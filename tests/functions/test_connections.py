"""Connections and the waitlist through their handlers."""

from dataclasses import replace
from typing import Any

import pytest

from huntaze.connections.notice import notice
from huntaze.errors import Unavailable
from huntaze.ids import new_id
from huntaze.limits.service import OwnCounter
from huntaze.members.model import Membership, Role
from huntaze.sessions.service import CountedAttempts
from huntaze.waitlist.model import Awaited
from huntaze.waitlist.service import Waitlist
from tests.functions.conftest import Stage
from tests.support.fake_connections import ZOE_S, FakeBridge, FakeKeys, FakeSender
from tests.support.functions import Answer, call

CONNECTIONS = "/api/onlyfans/connections"
AGREED = {"agreed": True, "notice": notice().version}
NEW = {"bridgeUrl": "https://bridge.example.com/zoe", "token": "the-token", "consent": AGREED}


@pytest.fixture
def bridge(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> FakeBridge:
    monkeypatch.setenv("PUBLIC_URL", "https://api.example.com")
    found = FakeBridge()
    stage.parts.platform = lambda _: found  # type: ignore[method-assign,assignment,return-value]  # what is asked is there
    stage.parts.sender = FakeSender()
    stage.parts.keys = FakeKeys()  # type: ignore[assignment]  # keeps the same Protocol
    return found


@pytest.fixture
def owner(stage: Stage) -> Membership:
    return stage.join()


pytestmark = pytest.mark.usefixtures("bridge", "owner")


def ask(method: str, rest: str = "", body: object = None, **request: Any) -> Answer:
    return call("connections", method, f"{CONNECTIONS}{rest}", body=body, **request)


def connect(**changes: object) -> dict[str, Any]:
    answer = ask("POST", body=NEW | changes)
    assert answer.status == 201, answer.body
    return dict(answer.json())


def test_an_account_is_connected_seen_and_let_go(bridge: FakeBridge) -> None:
    one = connect()
    assert (one["platform"], one["userId"], one["username"], one["state"]) == ("onlyfans", "creator-1", "zoe", "active")
    assert (one["pace"], one["limits"]) == (
        {"messages": 10, "seconds": 60, "gapSeconds": 0},
        {"messages": 10, "seconds": 60},
    )
    assert (one["consent"]["notice"], one["consent"]["revokedAt"]) == (notice().version, None)
    assert (one["waiting"], one["tokensLeft"], one["nextSlotAt"]) == (0, None, None)
    [(_, url)] = bridge.told
    assert url == f"https://api.example.com/api/webhooks/onlyfans/{one['id']}"
    assert ask("GET", f"/{one['id']}").json() == one
    gone = ask("DELETE", f"/{one['id']}")
    assert (gone.status, gone.json()["state"]) == (200, "revoked")
    assert gone.json()["consent"]["revokedAt"] is not None
    assert ask("DELETE", f"/{one['id']}").json() == gone.json()


def test_what_opens_an_account_never_comes_out(stage: Stage, caplog: pytest.LogCaptureFixture) -> None:
    one = connect()
    answers = [
        ask("GET"),
        ask("POST", f"/{one['id']}/test"),
        ask("POST", f"/{one['id']}/login", {"token": "the-token"}),
        ask("POST", body=NEW),
        ask("POST", body=NEW | {"token": "the-token\n"}),
        ask("POST", body=NEW | {"token": ["the-token"]}),
        ask("DELETE", f"/{one['id']}"),
    ]
    secret = stage.parts.platform("onlyfans").told[0][0].credentials.webhook_secret  # type: ignore[attr-defined]
    for answer in answers:
        assert "the-token" not in answer.body
        assert secret not in answer.body
    assert "the-token" not in caplog.text


def test_the_list_tells_what_one_agrees_to() -> None:
    connect()
    told = ask("GET").json()
    assert told["notice"]["version"] == notice().version
    assert told["notice"]["text"]["fr"] == list(notice().text["fr"])
    assert len(told["connections"]) == 1


@pytest.mark.parametrize(
    ("changes", "failing"),
    [
        ({"consent": None}, {"consent"}),
        ({"consent": {"agreed": False, "notice": "2026-01"}}, {"consent.agreed"}),
        ({"consent": {"agreed": True, "notice": "1999-01"}}, {"consent.notice"}),
        ({"bridgeUrl": "ftp://bridge.example.com"}, {"bridgeUrl"}),
        ({"bridgeUrl": ""}, {"bridgeUrl"}),
        ({"token": ""}, {"token"}),
        ({"token": "x" * 2001}, {"token"}),
        ({"token": "two words"}, {"token"}),
        ({"platform": "patreon"}, {"platform"}),
    ],
)
def test_every_wrong_field_is_named(changes: dict[str, object], failing: set[str], bridge: FakeBridge) -> None:
    answer = ask("POST", body=NEW | changes)
    assert (answer.status, answer.failing) == (400, failing)
    assert bridge.asked == []


def test_without_an_answer_of_the_bridge_nothing_is_kept(bridge: FakeBridge) -> None:
    bridge.away = Unavailable("Your bridge did not answer.", retry_after=30)
    answer = ask("POST", body=NEW)
    assert (answer.status, answer.headers["Retry-After"]) == (503, "30")
    assert ask("GET").json()["connections"] == []


def test_an_account_cannot_be_connected_twice() -> None:
    connect()
    assert ask("POST", body=NEW).status == 409


def test_the_same_key_again_connects_nothing_anew(bridge: FakeBridge) -> None:
    first, second = (ask("POST", body=NEW, headers={"idempotency-key": "one"}) for _ in range(2))
    assert (first.status, first.body) == (second.status, second.body) == (201, second.body)
    assert len(bridge.asked) == 1


def test_by_their_other_names(bridge: FakeBridge) -> None:
    auth = "/api/onlyfans/auth"
    connected = call("connections", "POST", f"{auth}/connect", body=NEW)
    assert connected.status == 201
    gone = call("connections", "POST", f"{auth}/disconnect", body={})
    assert (gone.status, gone.json()["id"]) == (200, connected.json()["id"])
    assert len(bridge.silenced) == 1
    assert call("connections", "POST", f"{auth}/disconnect", body={"platform": "onlyfans"}).status == 404


def test_pace_pause_and_login() -> None:
    one = connect()["id"]
    read = ask("GET", f"/{one}")
    slower = ask("PUT", f"/{one}", {"messages": 5, "seconds": 60}, headers={"if-match": read.headers["ETag"]})
    assert (slower.status, slower.json()["pace"]["messages"]) == (200, 5)
    stale = ask("PUT", f"/{one}", {"messages": 4, "seconds": 60}, headers={"if-match": read.headers["ETag"]})
    assert stale.status == 412
    paused = ask("POST", f"/{one}/pause", {"reason": "On holiday"}).json()
    assert (paused["state"], paused["reason"]) == ("paused", "On holiday")
    assert ask("POST", f"/{one}/resume").json()["state"] == "active"
    assert ask("POST", f"/{one}/login", {}).json()["state"] == "active"


def test_a_test_tells_what_it_found(bridge: FakeBridge) -> None:
    one = connect()["id"]
    assert ask("POST", f"/{one}/test").json()["found"] == "well"
    bridge.facts = replace(ZOE_S, signed_in=False)
    tested = ask("POST", f"/{one}/test").json()
    assert (tested["found"], tested["connection"]["state"]) == ("not_signed_in", "expired")


def test_a_chatter_sees_how_it_is_and_not_where_its_bridge_is(stage: Stage, owner: Membership) -> None:
    one = connect()
    assert one["bridgeUrl"] == NEW["bridgeUrl"]
    chatter = Membership(owner.workspace_id, owner.workspace_name, new_id(), Role.CHATTER)
    stage.memberships.known.clear()
    stage.memberships.known["0a1b2c3d-test-subject"] = [chatter]
    seen = ask("GET", f"/{one['id']}")
    assert (seen.status, seen.json()["bridgeUrl"]) == (200, None)
    assert ask("POST", f"/{one['id']}/pause", {"reason": "x"}).status == 403


@pytest.mark.parametrize(
    ("method", "rest", "body"),
    [("GET", "", None), ("POST", "", NEW), ("DELETE", f"/{new_id()}", None), ("POST", f"/{new_id()}/test", None)],
)
def test_while_onlyfans_is_switched_off_its_routes_are_closed(
    monkeypatch: pytest.MonkeyPatch, bridge: FakeBridge, method: str, rest: str, body: object
) -> None:
    monkeypatch.setenv("ONLYFANS_CRM_ENABLED", "false")
    answer = ask(method, rest, body)
    assert answer.status == 503
    assert "Retry-After" in answer.headers
    assert bridge.asked == []


class FakeWaitlist:
    """Everybody who waits, in memory."""

    def __init__(self) -> None:
        self.kept: set[tuple[str, Awaited]] = set()

    def add(self, _entry_id: object, email: str, platform: Awaited, _at: object) -> None:
        self.kept.add((email.lower(), platform))


@pytest.fixture
def waiting(stage: Stage) -> FakeWaitlist:
    kept = FakeWaitlist()
    attempts = CountedAttempts(None, OwnCounter())
    stage.parts.waitlist = Waitlist(kept, attempts, stage.parts.clock, new_id)
    return kept


def wait(**body: object) -> Answer:
    return call("waitlist", "POST", "/api/waitlist", body=body, claims=None)


def test_anybody_may_wait_and_nobody_learns_who_does(waiting: FakeWaitlist) -> None:
    first, second = wait(email="ana@example.com"), wait(email="Ana@example.com", platform="patreon")
    assert (first.status, first.body) == (second.status, second.body) == (202, '{"platform":"patreon"}')
    assert waiting.kept == {("ana@example.com", "patreon")}


def test_five_a_minute_are_taken_from_one_address(waiting: FakeWaitlist) -> None:
    statuses = [wait(email=f"{number}@example.com").status for number in range(7)]
    assert statuses == [202] * 5 + [429] * 2
    assert len(waiting.kept) == 5


@pytest.mark.parametrize(
    ("body", "failing"),
    [({}, {"email"}), ({"email": "nobody"}, {"email"}), ({"email": "a@b.com", "platform": "onlyfans"}, {"platform"})],
)
def test_what_nobody_can_wait_for_is_named(waiting: FakeWaitlist, body: dict[str, object], failing: set[str]) -> None:
    answer = wait(**body)
    assert (answer.status, answer.failing, waiting.kept) == (400, failing, set())
