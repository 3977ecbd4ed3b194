"""The deployed local stack that every end-to-end test shares: the real servers, the real CDK app."""

from collections.abc import Iterator

import pytest

from local.deployment import deploy
from local.stack import running
from tests.support.arrivals import Begun, begin
from tests.support.deployed import Deployed

MORE_THAN_A_PERSON_ASKS = 1_000_000


@pytest.fixture(scope="session")
def deployed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Deployed]:
    folder = tmp_path_factory.mktemp("stack")
    with running(folder, web_port=0) as servers:
        yield Deployed(folder, servers, deploy(servers, folder, requests_per_minute=MORE_THAN_A_PERSON_ASKS))


@pytest.fixture(scope="session")
def begun(deployed: Deployed) -> Iterator[Begun]:
    made = begin(deployed)
    yield made
    made.people.close()


@pytest.fixture(scope="session", autouse=True)
def _begin_at_once(request: pytest.FixtureRequest) -> None:
    """What takes minutes leaves while the other tests run, if anybody judges it at the end."""
    if any("begun" in getattr(item, "fixturenames", ()) for item in request.session.items):
        request.getfixturevalue("begun")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Those who judge what was begun come last."""
    items.sort(key=lambda item: item.get_closest_marker("last") is not None)


@pytest.fixture(scope="session")
def owner_token(deployed: Deployed) -> str:
    return str(deployed.tokens("zoe@demo.huntaze.test")["AccessToken"])
