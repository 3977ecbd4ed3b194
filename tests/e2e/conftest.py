"""The deployed local stack that every end-to-end test shares: the real servers, the real CDK app."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from local.deployment import deploy
from local.stack import Started, starting
from tests.support.arrivals import Begun, begin
from tests.support.deployed import DEMO_OWNER, Deployed
from tests.support.deployed_creators import DeployedCreators

MORE_THAN_A_PERSON_ASKS = 1_000_000


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("stack")


@pytest.fixture(scope="session")
def started(folder: Path) -> Iterator[Started]:
    with starting(folder, web_port=0) as started:
        yield started


@pytest.fixture(scope="session")
def deployed(folder: Path, started: Started) -> Deployed:
    servers = started.where
    return Deployed(folder, servers, deploy(servers, folder, requests_per_minute=MORE_THAN_A_PERSON_ASKS)).wake()


@pytest.fixture(scope="session")
def creators(deployed: Deployed) -> Iterator[DeployedCreators]:
    made = DeployedCreators(deployed)
    yield made
    made.close()


@pytest.fixture(scope="session")
def begun(creators: DeployedCreators) -> Begun:
    return begin(creators)


@pytest.fixture(scope="session", autouse=True)
def _begin_at_once(request: pytest.FixtureRequest) -> None:
    """What takes minutes leaves while the other tests run, if anybody judges it at the end."""
    if any("begun" in getattr(item, "fixturenames", ()) for item in request.session.items):
        request.getfixturevalue("begun")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Who disturbs all others, and who judges what was begun, come last, in an order of their own."""

    def place(item: pytest.Item) -> int:
        last = item.get_closest_marker("last")
        return int(last.args[0]) if last else 0

    items.sort(key=place)


@pytest.fixture(scope="session")
def owner_token(deployed: Deployed) -> str:
    return str(deployed.tokens(DEMO_OWNER)["AccessToken"])
