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
    return Deployed(folder, servers, deploy(servers, folder, requests_per_minute=MORE_THAN_A_PERSON_ASKS))


@pytest.fixture(scope="session")
def creators(deployed: Deployed) -> Iterator[DeployedCreators]:
    made = DeployedCreators(deployed)
    yield made
    made.close()


@pytest.fixture(scope="session")
def begun(deployed: Deployed, creators: DeployedCreators) -> Begun:
    deployed.wake()  # a busy machine takes longer for all functions at once than the gateway waits
    return begin(creators)


@pytest.fixture(autouse=True)
def _begin_early(request: pytest.FixtureRequest) -> None:
    """What takes minutes leaves while the other tests run, if anybody judges it at the end."""
    judged = any("begun" in getattr(item, "fixturenames", ()) for item in request.session.items)
    if judged and _turn(request.node) >= 0:
        request.getfixturevalue("begun")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Who disturbs all others comes before anything has begun, or last, as do those who judge what was begun."""
    items.sort(key=_turn)


def _turn(item: pytest.Item) -> int:
    told = item.get_closest_marker("turn")
    return int(told.args[0]) if told else 0


@pytest.fixture(scope="session")
def owner_token(deployed: Deployed) -> str:
    return str(deployed.tokens(DEMO_OWNER)["AccessToken"])
