"""Founding on a real database, asked as an operator asks: the function is called by hand."""

from collections.abc import Iterator
from typing import Any

import pytest

from huntaze import wiring
from tests.conftest import Database
from tests.support.fake_team import FakeAccounts
from tests.support.functions import Context, load
from tests.support.logs import forget_logger

LUNA = {"name": "Luna Vale", "owner": "Luna@Example.com", "timezone": "Europe/Paris", "currency": "EUR"}


@pytest.fixture
def accounts(database: Database, monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeAccounts]:
    monkeypatch.setenv("DATABASE_URL", database.app)
    wiring.current.cache_clear()
    parts, accounts = wiring.current(), FakeAccounts()
    parts.accounts = accounts  # type: ignore[assignment]  # keeps the same Protocol
    yield accounts
    parts.postgres.close()
    wiring.current.cache_clear()
    forget_logger()


def found(**about: Any) -> dict[str, Any]:
    return dict(load("founding").handler({**LUNA, **about}, Context()))


@pytest.mark.usefixtures("accounts")
def test_a_founded_workspace_waits_for_its_owner(database: Database) -> None:
    answers = [found(), found()]

    assert [(one["isNew"], one["ownerStatus"], one["mail"]) for one in answers] == [
        (True, "invited", "sent"),
        (False, "invited", "sent"),
    ]
    assert database.run("SELECT name, timezone, currency FROM workspaces") == [("Luna Vale", "Europe/Paris", "EUR")]
    assert database.run("SELECT email, role FROM members") == [("luna@example.com", "owner")]
    assert database.run("SELECT action, actor_id FROM audit_log") == [("workspace.founded", None)]


@pytest.mark.usefixtures("accounts")
@pytest.mark.parametrize(
    ("about", "field"),
    [
        ({"name": " "}, "name"),
        ({"owner": "nobody"}, "owner"),
        ({"timezone": "Mars"}, "timezone"),
        ({"currency": "euro"}, "currency"),
        ({"role": "owner"}, "role"),
    ],
)
def test_what_cannot_be_is_told_by_its_field(database: Database, about: dict[str, str], field: str) -> None:
    assert found(**about)["refused"].startswith(f"{field}: ")
    assert database.run("SELECT 1 FROM workspaces") == []
