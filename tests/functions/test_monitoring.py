"""Health through the handler."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from huntaze.connections.model import SealedDoor
from huntaze.errors import Forbidden, NotFound, Unavailable
from huntaze.home.model import Waiting
from huntaze.members.model import Membership, Principal, Role
from huntaze.members.service import Members
from huntaze.monitoring import service
from huntaze.monitoring.looking import Looking, Seen
from huntaze.outgoing.model import AccountRow
from tests.functions.conftest import Stage
from tests.support.fake_monitoring import DOOR, FakeParts, account, look_around
from tests.support.fakes import FakeMemberships
from tests.support.functions import Answer, call

HEALTH = "/api/monitoring/onlyfans"


class FakeWorkspace:
    """As much of the stores as a look needs."""

    def __init__(self, *accounts: AccountRow) -> None:
        self._accounts = accounts
        self.home = self.outgoing = self.connections = self

    def waiting(self, _most: int) -> Waiting:
        return Waiting(0, 0, 2)

    def accounts(self) -> tuple[AccountRow, ...]:
        return self._accounts

    def door(self, _connection_id: object) -> SealedDoor:
        if not self._accounts[0].backlog:
            raise NotFound
        return DOOR


class FakeWay:
    """The database, as a look comes to it."""

    def __init__(self, memberships: FakeMemberships, *accounts: AccountRow) -> None:
        self._looking = Looking(Members(memberships), self, self._in_workspace)
        self._workspace = FakeWorkspace(*accounts)
        self.is_away = False

    def look(self, whose: Any) -> Seen:
        if self.is_away:
            raise Unavailable("away", retry_after=5)
        return self._looking.look(whose)

    def abandon(self) -> None: ...

    def outbox_age_seconds(self) -> float:
        return 1.25

    @contextmanager
    def _in_workspace(self, _who: Principal) -> Iterator[Any]:
        yield self._workspace


@pytest.fixture
def around(stage: Stage) -> FakeParts:
    fake = FakeParts()
    look_around(stage.parts, fake)
    return fake


@pytest.fixture
def way(stage: Stage, around: FakeParts) -> FakeWay:
    made = FakeWay(stage.memberships, account(backlog=1), account(status="revoked"), account(status="expired"))
    parts = stage.parts
    parts.monitoring = service.Monitoring(lambda: made, around, around, around, held=None, clock=parts.clock)
    return made


def _ask(**more: Any) -> Answer:
    return call("monitoring", "GET", HEALTH, **more)


def _manager(stage: Stage) -> Membership:
    return stage.join(Role.MANAGER)


@pytest.mark.usefixtures("way")
def test_everything_is_told_to_a_manager(stage: Stage) -> None:
    _manager(stage)
    answer = _ask()
    body = answer.json()

    assert answer.status == 200
    assert body["status"] == "degraded"
    assert body["database"] == {**body["database"], "status": "ok", "trouble": None, "advice": None, "runbook": None}
    assert body["unknownMessages"]["count"] == 2
    assert body["unknownMessages"]["runbook"] == "messages-unknown"
    assert (body["outbox"]["status"], body["outbox"]["ageSeconds"]) == ("ok", 1.2)
    assert [(one["circuit"], one["status"]) for one in body["platforms"]] == [("active", "ok"), ("expired", "degraded")]


@pytest.mark.usefixtures("way")
def test_what_is_away_comes_as_503_with_the_same_body(stage: Stage, around: FakeParts) -> None:
    _manager(stage)
    around.away.add("redis")
    answer = _ask()

    assert answer.status == 503
    assert answer.headers["Content-Type"] == "application/json"
    assert answer.headers["Retry-After"]
    assert answer.json()["redis"]["status"] == "away"
    assert answer.json()["queue"]["status"] == "ok"
    assert answer.json().keys() == call("monitoring", "GET", HEALTH).json().keys()


@pytest.mark.usefixtures("way")
@pytest.mark.parametrize("role", [Role.CHATTER, Role.ANALYST, Role.MACHINE])
def test_others_may_not(stage: Stage, around: FakeParts, role: Role) -> None:
    stage.join(role)
    around.away.add("redis")
    answer = _ask()
    assert (answer.status, answer.headers["Content-Type"]) == (403, "application/problem+json")


@pytest.mark.usefixtures("way")
def test_a_member_nowhere_may_not() -> None:
    assert _ask().status == 403


@pytest.mark.usefixtures("way")
def test_another_workspace_is_not_there(stage: Stage) -> None:
    _manager(stage)
    assert _ask(headers={"X-Workspace": "01900000-0000-7000-8000-00000000dead"}).status == 404
    assert _ask(headers={"X-Workspace": "nothing"}).status == 400


def test_without_a_database_a_token_of_ours_is_enough_for_what_all_share(way: FakeWay, around: FakeParts) -> None:
    way.is_away = True
    around.dead = 7
    answer = _ask()

    assert answer.status == 503
    assert answer.json()["database"]["status"] == "away"
    assert (answer.json()["queue"]["status"], answer.json()["queue"]["due"]) == ("ok", None)
    assert (answer.json()["deadLetters"]["count"], answer.json()["platforms"]) == (None, [])
    assert _ask(claims=None).status == 401


def test_a_look_reads_nothing_for_who_may_not(stage: Stage, way: FakeWay) -> None:
    who = stage.join(Role.CHATTER)
    with pytest.raises(Forbidden):
        way.look(Principal("anybody", who.workspace_id, who.member_id, who.role))
