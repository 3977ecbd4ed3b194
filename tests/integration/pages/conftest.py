"""The pages on a real database; the user pool, the queue and the files of exports are replaced behind Protocols."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from huntaze import wiring
from huntaze.clock import FixedClock, SystemClock
from huntaze.exports.service import Exports
from huntaze.fans.model import Fan
from huntaze.ids import new_id
from huntaze.members.model import Principal, Role
from huntaze.security.service import Security
from huntaze.web.static import Static
from infra import static
from tests.conftest import Database
from tests.support import functions
from tests.support.browser import Browser
from tests.support.export_fakes import FakeExportQueue, FakeFiles
from tests.support.fake_monitoring import FakeParts, look_around
from tests.support.imports import Importing, KeptFiles, KeptTickets
from tests.support.logs import forget_logger
from tests.support.people import new_fan
from tests.support.people_of_pages import Account, FakePool
from tests.support.talks import Talks

PASSWORD = "Right-pass-word-1"


@dataclass
class Place:
    """The pages with what is behind them in reach."""

    parts: wiring.Wiring
    pool: FakePool
    queue: FakeExportQueue
    clock: FixedClock
    database: Database
    handler: Callable[[dict[str, Any]], dict[str, Any]]
    around: FakeParts  # the servers and bridges that operations look at

    def workspace(self, name: str = "Luna Vale", timezone: str = "UTC") -> UUID:
        workspace_id = new_id()
        self.run("INSERT INTO workspaces (id, name, timezone) VALUES (%s, %s, %s)", workspace_id, name, timezone)
        return workspace_id

    def member(self, workspace_id: UUID, role: Role = Role.OWNER, email: str = "ana@example.com") -> Principal:
        """Somebody with an account and a seat."""
        account = self.pool.accounts.setdefault(email, Account(f"subject of {email}", PASSWORD))
        member_id = new_id()
        self.run(
            "INSERT INTO members (workspace_id, id, subject, email, display_name, role)"
            " VALUES (%s, %s, %s, %s, %s, %s)",
            *(workspace_id, member_id, account.subject, email, email.partition("@")[0].title(), role),
        )
        return Principal(account.subject, workspace_id, member_id, role)

    def fan(self, who: Principal, **about: object) -> Fan:
        owner = Principal(who.subject, who.workspace_id, who.member_id, Role.OWNER)
        return self.parts.fans.create(owner, new_fan(**about))

    def browser(self, **how: str) -> Browser:
        return Browser(self.handler, **how)

    def signed_in(self, email: str = "ana@example.com", **how: str) -> Browser:
        browser = self.browser(**how)
        browser.get("/sign-in")
        browser.submit("/sign-in", email=email, password=PASSWORD)
        return browser

    def run(self, statement: str, *values: object) -> list[tuple[Any, ...]]:
        return self.database.run(statement, *values)

    def advance(self, by: timedelta) -> None:
        self.clock.advance(by)


@pytest.fixture(scope="session")
def static_files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("pages") / "static"
    static.build(folder)
    return folder


@contextmanager
def opened(database: Database, static_files: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Place]:
    """The pages, for as long as the block runs."""
    for name, value in _environment(database).items():
        monkeypatch.setenv(name, value)
    wiring.current.cache_clear()
    parts, pool, queue = wiring.current(), FakePool(), FakeExportQueue()
    parts.clock = clock = FixedClock(SystemClock().now())
    parts.user_pool = pool  # type: ignore[assignment]  # keeps the same Protocol
    parts.accounts = pool  # type: ignore[assignment]  # keeps the same Protocol
    parts.security = Security(pool, parts.session_store, parts.attempts)
    parts.exports = Exports(parts.in_workspace, parts.fans, queue, FakeFiles(), clock=clock, new_id=new_id)
    around = FakeParts()
    look_around(parts, around)
    parts.import_files = KeptFiles()  # type: ignore[assignment]  # keeps the same Protocol
    parts.import_queue = KeptTickets()  # type: ignore[assignment]  # keeps the same Protocol
    app = functions.load("web").app
    monkeypatch.setattr(app, "static", Static(static_files))
    yield Place(parts, pool, queue, clock, database, app.resolve, around)
    parts.postgres.close()
    wiring.current.cache_clear()
    forget_logger()


@pytest.fixture
def place(database: Database, static_files: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Place]:
    with opened(database, static_files, monkeypatch) as made:
        yield made


@pytest.fixture
def ana(place: Place) -> Principal:
    """The owner of a workspace."""
    return place.member(place.workspace())


def _environment(database: Database) -> dict[str, str]:
    return {
        "STAGE": "test",
        "DATABASE_URL": database.app,
        "USER_POOL_ID": "us-east-1_test",
        "TOKEN_ISSUER": functions.ISSUER,
        "TOKEN_CLIENT_ID": functions.CLIENT,
        "AWS_DEFAULT_REGION": "us-east-1",
    }


def noon(day: int = 1) -> datetime:
    """A moment of a known day."""
    return datetime.fromisoformat(f"2026-05-{day:02}T12:00:00+00:00")


@pytest.fixture
def importing(place: Place, ana: Principal) -> Importing:
    """Her files, and the worker that reads them."""
    return Importing(place.parts, ana)


@pytest.fixture
def talks(place: Place, ana: Principal) -> Talks:
    return Talks(place, ana)


@pytest.fixture
def zoe(talks: Talks) -> UUID:
    return talks.open("Zoë")
