"""The whole route without the gateway: handler, token, membership, transaction and row-level security."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from uuid import UUID

import pytest

from huntaze import wiring
from huntaze.ids import new_id
from tests.conftest import Database
from tests.integration.fans.conftest import add_workspace
from tests.support.functions import CLIENT, ISSUER, SUBJECT, call
from tests.support.logs import forget_logger

PATH = "/api/crm/fans"
BODY = {"name": "Zoë's first 🎉", "platform": "onlyfans", "platformId": "u1", "valueCents": 1250, "tags": ["vip"]}


@pytest.fixture(autouse=True)
def process(database: Database, monkeypatch: pytest.MonkeyPatch) -> Iterator[wiring.Wiring]:
    """A fresh process with the settings of a deployment."""
    settings = {"DATABASE_URL": database.app, "TOKEN_ISSUER": ISSUER, "TOKEN_CLIENT_ID": CLIENT}
    settings |= {"REQUESTS_PER_MINUTE": "1000"}
    for name, value in settings.items():
        monkeypatch.setenv(name, value)
    wiring.current.cache_clear()
    yield wiring.current()
    wiring.current().postgres.close()
    wiring.current.cache_clear()
    forget_logger()


def _join(database: Database, role: str, currency: str = "USD") -> UUID:
    workspace_id = add_workspace(database, currency)
    database.run(
        "INSERT INTO members (workspace_id, id, subject, email, role, joined_at)"
        " VALUES (%s, %s, %s, 'z@example.com', %s, %s)",
        *(workspace_id, new_id(), SUBJECT, role, datetime.now(UTC)),
    )
    return workspace_id


def test_a_fan_goes_in_and_comes_out(database: Database) -> None:
    _join(database, "owner", "EUR")
    created = call("fans", "POST", PATH, body=BODY)
    assert created.status == 201
    assert created.json()["currency"] == "EUR"
    assert call("fans", "GET", PATH).json() == {"fans": [created.json()], "nextCursor": None}


def test_the_same_fan_twice_is_a_conflict_and_says_nothing_of_the_first(database: Database) -> None:
    _join(database, "owner")
    call("fans", "POST", PATH, body=BODY)
    again = call("fans", "POST", PATH, body={**BODY, "name": "Another"})
    assert again.status == 409
    assert "Zoë" not in again.body


def test_each_workspace_has_its_own(database: Database) -> None:
    first, second = _join(database, "owner"), _join(database, "manager")
    for workspace_id in (first, second):
        assert call("fans", "POST", PATH, body=BODY, headers={"x-workspace": str(workspace_id)}).status == 201
    seen = [
        {fan["id"] for fan in call("fans", "GET", PATH, headers={"x-workspace": str(workspace_id)}).json()["fans"]}
        for workspace_id in (first, second)
    ]
    assert [len(fans) for fans in seen] == [1, 1]
    assert not seen[0] & seen[1]


def test_a_cursor_of_another_workspace_is_as_absent_as_a_fan_that_never_was(database: Database) -> None:
    first, second = (str(_join(database, "owner")) for _ in range(2))
    for number in range(3):
        call("fans", "POST", PATH, body={**BODY, "platformId": f"u{number}"}, headers={"x-workspace": first})
    cursor = call("fans", "GET", PATH, query="limit=1", headers={"x-workspace": first}).json()["nextCursor"]
    answer = call("fans", "GET", PATH, query=f"cursor={cursor}", headers={"x-workspace": second})
    never = call("fans", "GET", f"{PATH}/{new_id()}", headers={"x-workspace": second})
    assert answer.status == 404
    assert answer.body == never.body


def test_with_the_database_away_everybody_is_asked_to_come_back_and_then_served(
    database: Database, process: wiring.Wiring, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    _join(database, "owner")
    monkeypatch.setenv("DATABASE_URL", "postgresql://app:sesame@127.0.0.1:1/huntaze")
    away = call("fans", "GET", PATH)
    assert away.status == 503
    assert int(away.headers["Retry-After"]) > 0
    monkeypatch.setenv("DATABASE_URL", database.app)
    assert call("fans", "GET", PATH).status == 200
    assert "sesame" not in away.body + capsys.readouterr().out
    assert process.postgres


def test_who_acts_is_known_to_the_transaction(database: Database, process: wiring.Wiring) -> None:
    workspace_id = _join(database, "owner")
    who = process.members.principal_for(SUBJECT, None)
    with process.postgres.transaction(who.workspace_id, who.member_id) as connection:
        (row,) = connection.execute("SELECT current_workspace() AS workspace, current_actor() AS actor").fetchall()
    assert row == {"workspace": workspace_id, "actor": who.member_id}


def test_one_request_leaves_one_line(database: Database, capsys: pytest.CaptureFixture[str]) -> None:
    workspace_id = _join(database, "owner")
    call("fans", "POST", PATH, body=BODY)
    (line,) = map(json.loads, capsys.readouterr().out.splitlines())
    assert line["workspaceId"] == str(workspace_id)
