"""One house of hostile strings for the module, served to a real browser."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from local.browser import open_browser
from tests.conftest import Database
from tests.integration.hostile import bait
from tests.integration.hostile.house import House
from tests.integration.hostile.rest import fill_the_rest
from tests.integration.pages.conftest import Place, opened, static_files
from tests.support.databases import Databases
from tests.support.page_server import PageServer, serving

__all__ = ["static_files"]


@pytest.fixture(scope="module")
def database(databases: Databases) -> Iterator[Database]:
    with databases.lent() as made:
        yield made


@pytest.fixture(scope="module")
def place(database: Database, static_files: Path) -> Iterator[Place]:
    with pytest.MonkeyPatch.context() as monkeypatch:
        monkeypatch.setenv("REQUESTS_PER_MINUTE", "1000000")
        monkeypatch.setenv("ERASURE_KEY", "a key for tests")
        monkeypatch.setenv("PUBLIC_URL", "https://api.example.com")
        with opened(database, static_files, monkeypatch) as made:
            yield made


@pytest.fixture(scope="module")
def house(place: Place, pytestconfig: pytest.Config) -> House:
    made = House(place, deep=pytestconfig.getoption("--deep"))
    made.fill()
    fill_the_rest(made)
    return made


@pytest.fixture(scope="module")
def server(place: Place) -> Iterator[PageServer]:
    with serving(place.handler, bait.laid) as made:
        yield made


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with open_browser() as browser:
        yield browser
