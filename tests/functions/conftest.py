"""Functions as deployed, except that the database is replaced behind the same Protocols."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from huntaze import wiring
from huntaze.cursors import Cursors
from huntaze.members.model import Membership, Role
from huntaze.members.service import Members
from tests.support import functions
from tests.support.fake_delivery import send_without_servers
from tests.support.fake_imports import FakeImports
from tests.support.fakes import FakeDatabase, FakeMemberships, FakeStores
from tests.support.logs import forget_logger
from tests.support.people import membership


@dataclass
class Stage:
    """The process the handlers run in, with its parts in reach."""

    parts: wiring.Wiring
    database: FakeDatabase
    memberships: FakeMemberships

    def join(self, role: Role = Role.OWNER, subject: str = functions.SUBJECT) -> Membership:
        """Make the caller a member of one more workspace."""
        joined = membership(role)
        self.memberships.known.setdefault(subject, []).append(joined)
        return joined

    def stores(self, of: Membership) -> FakeStores:
        return self.database.workspaces.setdefault(of.workspace_id, FakeStores())


@pytest.fixture
def stage(monkeypatch: pytest.MonkeyPatch) -> Iterator[Stage]:
    for name, value in _environment().items():
        monkeypatch.setenv(name, value)
    wiring.current.cache_clear()
    parts, database, memberships = wiring.current(), FakeDatabase(), FakeMemberships()
    parts.members = Members(memberships)
    parts.in_workspace = database.in_workspace
    parts.as_a_whole = database.as_a_whole
    parts.in_workspace_as_machine = database.in_workspace_as_machine
    send_without_servers(parts)
    parts.cursors = Cursors(lambda: b"a key for tests")
    yield Stage(parts, database, memberships)
    wiring.current.cache_clear()
    forget_logger()


@pytest.fixture
def imports(stage: Stage) -> FakeImports:
    """Imports behind the API, asked by somebody who may import."""
    stage.join(Role.MANAGER)
    fake = FakeImports()
    stage.parts.imports = fake  # type: ignore[assignment]  # as much of it as the API asks
    return fake


def _environment() -> dict[str, str]:
    return {
        "STAGE": "local",
        "REQUESTS_PER_MINUTE": "1000",
        "TOKEN_ISSUER": functions.ISSUER,
        "TOKEN_CLIENT_ID": functions.CLIENT,
        "AWS_DEFAULT_REGION": "us-east-1",
        "AWS_ACCESS_KEY_ID": "testing",
        "AWS_SECRET_ACCESS_KEY": "testing",
    }
