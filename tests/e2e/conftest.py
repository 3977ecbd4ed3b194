"""The deployed local stack that every end-to-end test shares: the real servers, the real CDK app."""

from collections.abc import Iterator

import pytest

from local.deployment import deploy
from local.stack import running
from tests.support.deployed import Deployed

MORE_THAN_A_PERSON_ASKS = 1_000_000


@pytest.fixture(scope="session")
def deployed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Deployed]:
    folder = tmp_path_factory.mktemp("stack")
    with running(folder, web_port=0) as servers:
        yield Deployed(folder, servers, deploy(servers, folder, requests_per_minute=MORE_THAN_A_PERSON_ASKS))


@pytest.fixture(scope="session")
def owner_token(deployed: Deployed) -> str:
    return str(deployed.tokens("zoe@demo.huntaze.test")["AccessToken"])
