"""One simulator for all tests of it; each test has an account of its own there."""

from collections.abc import Iterator
from itertools import count
from typing import Any

import pytest

from tests.support.simulator import Caller, Client, Simulator, running_simulator
from tests.support.webhooks import Receiver, listening

_numbers = count(1)


@pytest.fixture(scope="module")
def simulator(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Simulator]:
    with running_simulator(tmp_path_factory.mktemp("simulator")) as running:
        yield running


@pytest.fixture
def control(simulator: Simulator) -> Client:
    return simulator.client()


@pytest.fixture
def made(control: Client) -> dict[str, Any]:
    return control.make_account(f"account-{next(_numbers)}")


@pytest.fixture
def account(made: dict[str, Any]) -> str:
    return str(made["account"])


@pytest.fixture
def caller(simulator: Simulator, made: dict[str, Any]) -> Caller:
    return Caller(simulator.address, made["token"])


@pytest.fixture
def webhook() -> Iterator[Receiver]:
    with listening() as receiver:
        yield receiver


@pytest.fixture
def simulator_address(simulator: Simulator) -> str:
    return simulator.address
